"""Lines and server-sent events, however the network cuts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.domain.event_stream import StreamTooLong, read_data, read_lines


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ([b"a\nb\n"], ["a", "b"]),
        ([b"a\r", b"\nb\r\n"], ["a", "b"]),
        ([b"a\rb\rc"], ["a", "b", "c"]),
        ([b"a\r"], ["a"]),
        ([b"\n\n"], ["", ""]),
        ([b"caf\xc3", b"\xa9\n"], ["café"]),
        ([b"\xff\n"], ["\ufffd"]),
        ([], []),
    ],
)
def test_lines_end_as_people_and_servers_end_them(chunks, lines):
    assert list(read_lines(chunks)) == lines


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs",)), min_size=1)), st.data())
def test_the_cuts_of_the_network_change_nothing(lines, data):
    body = "".join(f"{line}\r\n" for line in lines).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=5)))
    pieces = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert list(read_lines(pieces)) == lines


@pytest.mark.parametrize(
    ("lines", "data"),
    [
        (["data: a", "", "data:b", ""], ["a", "b"]),
        (["data: a", "data: b", ""], ["a\nb"]),
        ([": comment", "event: x", "id: 1", "retry: 3", "data:  a", ""], [" a"]),
        (["", "", "data: a"], ["a"]),
        (["data", ""], []),
    ],
)
def test_only_the_data_of_events_is_read(lines, data):
    assert list(read_data(lines)) == data


def test_neither_a_line_nor_an_answer_is_endless():
    with pytest.raises(StreamTooLong, match="a line of more than 5"):
        list(read_lines([b"123456"], longest=5))
    with pytest.raises(StreamTooLong, match="more than 5 bytes"):
        list(read_lines([b"12\n", b"12\n"], most=5))
