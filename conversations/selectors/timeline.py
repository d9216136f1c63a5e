"""Reads of the timeline, for sockets (asynchronous, one statement for all who ask at once) and for pages."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from conversations.database import fetch_all, gathered
from conversations.domain.timeline import StoredEvent
from conversations.models import Conversation, Event

PAGE_SIZE = 500
# What a stored event has of its row; `repeat` is about one append of it.
STORED = tuple(item.name for item in fields(StoredEvent) if item.name != "repeat")
# One statement, one view of the database: the rows and their events agree, and every read is a dense prefix.
# (Ordered inside: a look-up by index for each conversation, never a join with the whole table.)
READ_PAGES = """
SELECT i.n, c.last_sequence, c.last_public, c.ended_at, c.epoch AS now, e.id, e.sequence, e.public_sequence, e.type,
       e.author, e.epoch, e.payload, e.created_at, e.client_id, e.conversation_id
  FROM unnest(%(ids)s::uuid[], %(after)s::int[], %(after_public)s::int[], %(public_only)s::bool[])
       WITH ORDINALITY AS i(id, after, after_public, public_only, n)
  JOIN conversation c ON c.id = i.id
  LEFT JOIN LATERAL (
       SELECT * FROM event
        WHERE conversation_id = i.id AND sequence > i.after
          AND (NOT i.public_only OR public_sequence > CASE WHEN i.after_public > c.last_public THEN 0
                                                           ELSE i.after_public END)
        ORDER BY sequence) e ON true
 ORDER BY i.n, e.sequence
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
    """Read what follows `after` (a sequence) or, for the customer, `after_public`. Raises LookupError.

    A public cursor from the future counts as 0: whoever lost count gets everything again.
    """
    page = await _read_together((conversation_id, after, after_public, public_only))
    if page is None:
        raise LookupError(f"there is no conversation {conversation_id}")
    return page


@gathered
async def _read_together(places: Sequence[tuple[uuid.UUID, int, int, bool]]) -> Sequence[TimelinePage | None]:
    columns = (list(column) for column in zip(*places, strict=True))
    rows = await fetch_all(READ_PAGES, dict(zip(("ids", "after", "after_public", "public_only"), columns, strict=True)))
    pages = {number: _page(list(part)) for number, part in groupby(rows, itemgetter("n"))}
    return [pages.get(number) for number in range(1, len(places) + 1)]


def _page(rows: Sequence[Mapping[str, Any]]) -> TimelinePage:
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
