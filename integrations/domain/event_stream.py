"""Answers that come bit by bit: lines, and server-sent events out of them.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. Of an event only its
data is read: names, ids and retry times mean nothing to a single answer.
"""

import codecs
import re
from collections.abc import Iterable, Iterator

LONGEST_LINE = 262_144  # characters
MOST_BYTES = 4_194_304  # of one answer: a stream that never ends ends here
# A carriage return at the very end may be half of a line end.
LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")


class StreamTooLong(ValueError):
    """A line, or the whole answer, is longer than anything an answer needs."""


def read_lines(chunks: Iterable[bytes], *, longest: int = LONGEST_LINE, most: int = MOST_BYTES) -> Iterator[str]:
    """Yield lines without their ends as soon as each is whole; bytes that are no UTF-8 become U+FFFD.

    Raises StreamTooLong.
    """
    decoder, left, received = codecs.getincrementaldecoder("utf-8")("replace"), "", 0
    for chunk in chunks:
        received += len(chunk)
        if received > most:
            raise StreamTooLong(f"more than {most} bytes")
        *lines, left = LINE_END.split(left + decoder.decode(chunk))
        yield from lines
        if len(left) > longest:
            raise StreamTooLong(f"a line of more than {longest} characters")
    rest = (left + decoder.decode(b"", final=True)).removesuffix("\r")
    if rest:
        yield rest


def read_data(lines: Iterable[str]) -> Iterator[str]:
    """Yield the data of each server-sent event; comments and other fields are passed over. The last event counts
    even without the blank line after it: some servers leave it out."""
    data: list[str] = []
    for line in lines:
        if not line and data:
            yield "\n".join(data)
            data = []
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
    if data:
        yield "\n".join(data)
