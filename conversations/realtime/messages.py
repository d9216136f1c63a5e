"""What is told over the Bus, and how it is written.

News of an event travel as the event itself; each process encodes it once for every audience it has a socket of,
not once per socket, and not for those it has none of.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson
from django.conf import settings

from conversations.domain.frames import encode_for
from conversations.domain.timeline import Audience, StoredEvent


class Frames(Protocol):
    """Encoded text by audience; None where that audience sees nothing."""

    def get(self, audience: str, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class BusMessage:
    """News on one topic.

    first/last: the timeline sequences it stands for, None when it is transient; epoch: of the event, or the one
    a transient message is bound to (who has seen a later one drops it), None when it is bound to none.
    """

    first: int | None
    last: int | None
    frames: Frames
    epoch: int | None = None


_AUDIENCES = frozenset(Audience)


class EventFrames:
    """The frames of one event, encoded when first asked for."""

    __slots__ = ("_texts", "event")

    def __init__(self, event: StoredEvent) -> None:
        self.event = event
        self._texts: dict[str, str | None] = {}

    def get(self, audience: str, /) -> str | None:
        if audience not in self._texts:
            # Whoever else is asked about (a list's rows) sees nothing of an event.
            self._texts[audience] = encode_for(Audience(audience), self.event) if audience in _AUDIENCES else None
        return self._texts[audience]


def conversation_topic(conversation_id: uuid.UUID) -> str:
    return f"{settings.BUS_PREFIX}:c:{conversation_id}"


def rows_topic(project_id: uuid.UUID | str, environment: str) -> str:
    """Where changes of inbox rows are told: ids and sequences only, each socket filters by its rights."""
    return f"{settings.BUS_PREFIX}:rows:{project_id}:{environment}"


def event_message(event: StoredEvent) -> BusMessage:
    return BusMessage(event.sequence, event.sequence, EventFrames(event), event.epoch)


def row_message(conversation_id: uuid.UUID, sequence: int) -> BusMessage:
    """Where the timeline of a conversation of the list stands now."""
    return rows_message({conversation_id: sequence})


def rows_message(sequences: Mapping[uuid.UUID, int]) -> BusMessage:
    return BusMessage(None, None, {"row": orjson.dumps([[row, last] for row, last in sequences.items()]).decode()})


def read_rows_message(message: BusMessage) -> dict[uuid.UUID, int]:
    return {uuid.UUID(row): last for row, last in orjson.loads(message.frames.get("row") or "[]")}


def pack(message: BusMessage) -> bytes:
    frames = message.frames
    content = _columns(frames.event) if isinstance(frames, EventFrames) else frames
    return orjson.dumps([message.first, message.last, message.epoch, content])


def unpack(data: bytes) -> BusMessage:
    first, last, epoch, content = orjson.loads(data)
    return BusMessage(first, last, EventFrames(_event(content)) if isinstance(content, list) else content, epoch)


def _columns(event: StoredEvent) -> list[Any]:
    return [
        event.id,
        event.conversation_id,
        event.sequence,
        event.public_sequence,
        event.type,
        event.author,
        event.epoch,
        event.payload,
        event.created_at,
        event.client_id,
    ]


def _event(columns: list[Any]) -> StoredEvent:
    event_id, conversation_id, *numbers, type_name, author, epoch, payload, created_at, client_id = columns
    return StoredEvent(
        id=uuid.UUID(event_id),
        conversation_id=uuid.UUID(conversation_id),
        sequence=numbers[0],
        public_sequence=numbers[1],
        type=type_name,
        author=author,
        epoch=epoch,
        payload=payload,
        created_at=datetime.fromisoformat(created_at),
        client_id=client_id,
    )
