"""Reads of the timeline, for sockets (asynchronous, one statement) and for pages."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from conversations.database import fetch_all
from conversations.domain.timeline import StoredEvent
from conversations.models import Conversation, Event

PAGE_SIZE = 500
# What a stored event has of its row; `repeat` is about one append of it.
STORED = tuple(item.name for item in fields(StoredEvent) if item.name != "repeat")
# One statement, one view of the database: the row and its events agree, and every read is a dense prefix.
READ_PAGE = """
SELECT c.last_sequence, c.last_public, c.ended_at, c.epoch AS now, e.id, e.sequence, e.public_sequence, e.type,
       e.author, e.epoch, e.payload, e.created_at, e.client_id, e.conversation_id
  FROM conversation c
  LEFT JOIN event e ON e.conversation_id = c.id AND e.sequence > %(after)s
        AND (NOT %(public_only)s OR e.public_sequence > CASE WHEN %(after_public)s > c.last_public THEN 0
                                                             ELSE %(after_public)s END)
 WHERE c.id = %(conversation_id)s
 ORDER BY e.sequence
"""
READ_LAST_SEQUENCES = "SELECT id, last_sequence FROM conversation WHERE id = ANY(%(ids)s)"


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Events after a cursor, and where the timeline stood when they were read; epoch: the one that held then."""

    last_sequence: int
    last_public: int
    ended_at: datetime | None
    epoch: int
    events: tuple[StoredEvent, ...]


async def read_page(
    conversation_id: uuid.UUID, *, after: int = 0, after_public: int = 0, public_only: bool = False
) -> TimelinePage:
    """Read what follows `after` (a sequence) or, for the customer, `after_public`.

    A public cursor from the future counts as 0: whoever lost count gets everything again.
    """
    parameters = {
        "conversation_id": conversation_id,
        "after": after,
        "after_public": after_public,
        "public_only": public_only,
    }
    rows = await fetch_all(READ_PAGE, parameters)
    head = rows[0]
    return TimelinePage(
        head["last_sequence"],
        head["last_public"],
        head["ended_at"],
        head["now"],
        tuple(_stored(row) for row in rows if row["id"] is not None),
    )


async def read_last_sequences(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = await fetch_all(READ_LAST_SEQUENCES, {"ids": list(ids)})
    return {row["id"]: row["last_sequence"] for row in rows}


def events_after(conversation_id: uuid.UUID, sequence: int = 0) -> list[StoredEvent]:
    """Return a conversation's events after a sequence, in order."""
    found = Event.objects.filter(conversation_id=conversation_id, sequence__gt=sequence)
    return [_stored(vars(event)) for event in found.order_by("sequence")]


def events_with_head(conversation: Conversation, sequence: int = 0) -> tuple[list[StoredEvent], Conversation]:
    """Return at most PAGE_SIZE events after a sequence, and the conversation as it was when they were read.

    One statement: owner, epoch and last sequence agree with the events.
    """
    found = Event.objects.filter(conversation=conversation, sequence__gt=sequence).select_related("conversation")
    page = list(found.order_by("sequence")[:PAGE_SIZE])
    return [_stored(vars(event)) for event in page], page[0].conversation if page else conversation


def _stored(row: Mapping[str, Any]) -> StoredEvent:
    return StoredEvent(**{name: row[name] for name in STORED})
