"""What an append came to, from what PostgreSQL answered."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson

from conversations.append.refusals import ConversationEnded, StaleEpoch, UnknownConversation
from conversations.append.statements import instant_of
from conversations.domain.timeline import NewEvent, StoredEvent
from conversations.realtime import rows_topic

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Appended:
    """A stored event, and what those who are told of it need. `topic`: of its outbox entry, None without one."""

    event: StoredEvent
    rows_topic: str
    topic: str | None

    @classmethod
    def of(cls, event: NewEvent, parameters: Row, answer: tuple[Any, ...]) -> Self:
        """`answer`: ONE's columns, as Django or the wire has them."""
        sequence, public, epoch, topic, project_id, environment, instant = answer
        stored = StoredEvent(
            id=parameters["id"],
            conversation_id=parameters["conversation_id"],
            sequence=int(sequence),
            public_sequence=int(public) if parameters["public"] else None,
            type=event.type,
            author=event.author,
            epoch=int(epoch),
            payload=event.payload,
            created_at=instant_of(instant),
            client_id=event.client_id,
        )
        return cls(stored, rows_topic(_words(project_id), _words(environment)), _words(topic) if topic else None)


def repeated(event: NewEvent, parameters: Row, row: Row | None) -> StoredEvent:
    """The event that was there. It is no repeat when it is this very append, whose answer was lost."""
    if row is None:
        raise RuntimeError("the repeated event has vanished")
    return StoredEvent(
        **{**row, "payload": orjson.loads(row["payload"])},
        conversation_id=parameters["conversation_id"],
        author=event.author,
        client_id=event.client_id,
        repeat=row["id"] != parameters["id"],
    )


def refused(event: NewEvent, parameters: Row, again: Row | None, owner: Row | None) -> StoredEvent:
    """A repeat that comes after a change of hands is still the same event; everything else is refused."""
    if again is not None:
        return repeated(event, parameters, again)
    if owner is None:
        raise UnknownConversation(str(parameters["conversation_id"]))
    if owner["ended_at"] is not None and not parameters["after_end"]:
        raise ConversationEnded(owner["ended_at"])
    raise StaleEpoch(
        owner_kind=owner["owner_kind"], owner_id=owner["owner_id"], since=owner["owner_since"], epoch=owner["epoch"]
    )


def _words(value: str | bytes | uuid.UUID) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
