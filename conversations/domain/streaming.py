"""A streamed answer on one socket: chunks as they come, and the stored message as the chunk that completes them.

Only a socket that saw every chunk from the first is told the rest; any other gets the stored message whole. So
nothing is shown twice, nothing in part, and the frame that completes carries the message's `sequence`: a cursor taken
from it is right. A replay always gives the whole message.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.domain.frames import Frame
from conversations.domain.timeline import WIRE_PREFIX

CHUNK, MESSAGE = f"{WIRE_PREFIX}POLY_AGENT_MESSAGE_CHUNK", f"{WIRE_PREFIX}POLY_AGENT_MESSAGE"
# What ends an answer that was being given: it was cut off, and nothing more of it will come.
CUTS = frozenset(
    f"{WIRE_PREFIX}{name}"
    for name in ("POLY_AGENT_TRIGGERED_HANDOFF", "POLY_AGENT_LEFT", "LIVE_AGENT_JOINED", "SESSION_END")
)


@dataclass(slots=True)
class _Stream:
    message_id: str
    chunks: int
    text: str


class ChunkFilter:
    """What one streaming socket has seen of the answer that is being given."""

    def __init__(self) -> None:
        self._open: _Stream | None = None

    def take(self, frame: Frame) -> Iterator[Frame]:
        """The frames to send in place of this one, in order."""
        if frame["type"] == CHUNK:
            yield from self._take_chunk(frame)
        elif frame["type"] == MESSAGE:
            yield from self._take_message(frame)
        else:
            if frame["type"] in CUTS:
                yield from self._cut(frame)
            yield frame

    def _take_chunk(self, frame: Frame) -> Iterator[Frame]:
        payload = frame["payload"]
        message_id, index = payload["message_id"], payload["chunk_index"]
        if index == 1:
            yield from self._cut(frame)
            self._open = _Stream(message_id, 0, "")
        if self._open is None or (self._open.message_id, self._open.chunks + 1) != (message_id, index):
            return
        self._open.text += payload["text"]
        # Who speaks says when it is over; the socket is told by the stored message, which has a number.
        if payload["text"]:
            self._open.chunks = index
            yield {**frame, "payload": {**payload, "is_complete": False}}

    def _take_message(self, frame: Frame) -> Iterator[Frame]:
        stream, payload = self._open, frame["payload"]
        if stream is None or stream.message_id != payload["message_id"]:
            yield from self._cut(frame)
            yield frame
            return
        self._open = None
        yield _completion(frame, stream) if payload["text"].startswith(stream.text) else frame

    def _cut(self, cause: Frame) -> Iterator[Frame]:
        """Complete what was begun and will not be stored."""
        if stream := self._open:
            self._open = None
            yield {
                "id": str(uuid.uuid4()),
                "sequence": None,
                "timestamp": cause["timestamp"],
                "type": CHUNK,
                "payload": {
                    "message_id": stream.message_id,
                    "text": "",
                    "chunk_index": stream.chunks + 1,
                    "is_complete": True,
                },
            }


def _completion(message: Frame, stream: _Stream) -> Frame:
    """The stored message as the last chunk: what is left of its text, and all that hangs on it. A chunk names no
    speaker."""
    payload = {name: value for name, value in message["payload"].items() if name != "agent_name"}
    rest = payload["text"].removeprefix(stream.text)
    completed = {**payload, "text": rest, "chunk_index": stream.chunks + 1, "is_complete": True}
    return {**message, "type": CHUNK, "payload": completed}
