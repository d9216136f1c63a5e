"""A timeline as people read it: one dict per event, with names instead of ids and masked where it must be."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from conversations.domain.frames import MASK
from conversations.domain.names import nameless
from conversations.domain.timeline import EVENT_TYPES, StoredEvent
from conversations.models import Conversation, User

# What was collected of the customer: told elsewhere, to whom it may be told.
COLLECTED = frozenset({"handoff_data", "state"})
# Written by the system, told as what the AI or the customer did.
ACTS_OF = {
    "handoff.triggered": "ai",
    "ai.joined": "ai",
    "ai.left": "ai",
    "session.idle_warning": "customer",
}
USER_PREFIX, DESK_PREFIX = "user:", "desk:"


class DrawnEvent(TypedDict):
    """What the transcript's templates draw. author_kind: customer, ai, human or system; text: None once erased."""

    sequence: int
    public_sequence: int | None
    type: str
    author_kind: str
    author_name: str
    mine: bool
    text: str | None
    at: datetime
    payload: Mapping[str, Any]
    topic: str
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a conversation. masked: without `pii.view`; names: of the people in it, by id."""

    user_id: uuid.UUID
    masked: bool
    customer: str
    ai: str
    names: Mapping[str, str]


def read_as(*, conversation: Conversation, user: User, masked: bool, events: Iterable[StoredEvent]) -> Reader:
    """Look up the names these events need, in one query."""
    ids = {event.author.removeprefix(USER_PREFIX) for event in events if event.author.startswith(USER_PREFIX)}
    people = User.objects.filter(pk__in=ids) if ids else ()
    return Reader(
        user_id=user.pk,
        masked=masked,
        customer=customer_name(conversation, masked=masked),
        ai=conversation.project.ai_name,
        names={str(person.pk): person.get_full_name() for person in people},
    )


def customer_name(conversation: Conversation, *, masked: bool) -> str:
    return nameless(conversation.pk) if masked else conversation.customer.name or nameless(conversation.pk)


def draw_events(events: Sequence[StoredEvent], *, reader: Reader) -> list[DrawnEvent]:
    return [draw_event(event, reader=reader) for event in events]


def draw_event(event: StoredEvent, *, reader: Reader) -> DrawnEvent:
    payload = _payload(event, masked=reader.masked)
    kind, name = _author(event, reader)
    return {
        "sequence": event.sequence,
        "public_sequence": event.public_sequence,
        "type": event.type,
        "author_kind": kind,
        "author_name": name,
        "mine": event.author == f"{USER_PREFIX}{reader.user_id}",
        "text": None if "erased_at" in payload else str(payload.get("text", "")),
        "at": event.created_at,
        "payload": payload,
        "topic": str(payload.get("topic_name") or payload.get("topic") or ""),
        "confidence": payload.get("confidence"),
    }


def _author(event: StoredEvent, reader: Reader) -> tuple[str, str]:
    author = ACTS_OF.get(event.type, event.author)
    if author.startswith(USER_PREFIX):
        return "human", reader.names.get(author.removeprefix(USER_PREFIX), "")
    if author.startswith(DESK_PREFIX):
        return "human", str(event.payload.get("agent_name") or author.removeprefix(DESK_PREFIX))
    return {"customer": ("customer", reader.customer), "ai": ("ai", reader.ai)}.get(author, ("system", ""))


def _payload(event: StoredEvent, *, masked: bool) -> dict[str, Any]:
    """The payload without the collected data a projection change carries; personal fields masked where due."""
    row = EVENT_TYPES.get(event.type)
    personal = row.personal if row and masked else ()
    payload: dict[str, Any] = {name: MASK if name in personal else value for name, value in event.payload.items()}
    if "now" in payload:
        payload["now"] = {name: value for name, value in payload["now"].items() if name not in COLLECTED}
    return payload
