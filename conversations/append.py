"""The one append statement (plain form, ONE): a batch of one event.

It takes both sequences, refuses a stale epoch or an ended conversation by matching no row, inserts the event
and, where the owner needs one, the outbox entry. Idempotency is the unique key (conversation, author,
client_id): a repeat burns no number and returns the stored event. The key is left to raise: ON CONFLICT DO
NOTHING would keep the number it had taken and leave a hole.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import psycopg.errors
from django.db import connection, transaction
from django.db.utils import IntegrityError

from conversations.database import async_pool
from conversations.domain.timeline import EVENT_TYPES, NewEvent, StoredEvent
from conversations.models.ids import new_id
from conversations.outbox import TOPICS, kick
from conversations.realtime import (
    BusMessage,
    conversation_topic,
    current_bus,
    event_message,
    publish_sync,
    row_message,
    rows_topic,
)

CLIENT_ID_KEY = "event_client_id"

ONE = """
WITH c AS (
    UPDATE conversation
       SET last_sequence = last_sequence + 1, last_public = last_public + %(public)s::int
     WHERE id = %(conversation_id)s AND (ended_at IS NULL OR %(after_end)s)
       AND (%(epoch)s::int IS NULL OR epoch = %(epoch)s)
 RETURNING id, project_id, environment, last_sequence, last_public, epoch, %(topics)s::jsonb ->>
           CASE WHEN owner_kind = 'queue' AND waiting_since IS NULL THEN 'ticket' ELSE owner_kind END AS topic),
e AS (
    INSERT INTO event (id, conversation_id, sequence, public_sequence, type, author, client_id, epoch, payload,
                       created_at)
    SELECT %(id)s, id, last_sequence, CASE WHEN %(public)s::int = 1 THEN last_public END, %(type)s, %(author)s,
           %(client_id)s, epoch, %(payload)s::jsonb, clock_timestamp() FROM c
 RETURNING created_at),
o AS (
    INSERT INTO outbox (topic, conversation_id, sequence, epoch)
    SELECT topic, id, last_sequence, epoch FROM c WHERE topic IS NOT NULL)
SELECT c.project_id, c.environment, c.last_sequence, c.last_public, c.epoch, c.topic, e.created_at FROM c, e
"""
READ_REPEAT = """
SELECT id, sequence, public_sequence, type, epoch, payload::text, created_at FROM event
 WHERE conversation_id = %(conversation_id)s AND author = %(author)s AND client_id = %(client_id)s
"""
READ_OWNER = (
    "SELECT owner_kind, owner_id, owner_since, epoch, ended_at FROM conversation WHERE id = %(conversation_id)s"
)

Row = Mapping[str, Any]


class AppendRefused(Exception):
    """The conversation does not take this event; nothing was written and no number was used."""


class UnknownConversation(AppendRefused):
    """There is no such conversation."""


class ConversationEnded(AppendRefused):
    """The session is over. `ended_at` says since when."""

    def __init__(self, ended_at: datetime) -> None:
        super().__init__(f"ended at {ended_at:%H:%M:%S}")
        self.ended_at = ended_at


class StaleEpoch(AppendRefused):
    """Somebody else has it now. `owner_kind`, `owner_id` and `since` say who and since when."""

    def __init__(self, *, owner_kind: str, owner_id: str, since: datetime, epoch: int) -> None:
        super().__init__(f"{owner_kind} {owner_id} has it since {since:%H:%M:%S}, epoch {epoch}")
        self.owner_kind, self.owner_id, self.since, self.epoch = owner_kind, owner_id, since, epoch


def append_event(*, conversation_id: uuid.UUID, event: NewEvent) -> StoredEvent:
    """Append inside Django: in the caller's transaction when there is one, else committed at once.

    Sockets and workers are told after the commit. Raises AppendRefused.
    """
    parameters = _parameters(conversation_id, event)
    try:
        # A savepoint: a repeat must not kill the caller's transaction.
        with transaction.atomic():
            row = _fetch_one(ONE, parameters)
    except IntegrityError as error:
        if not _is_repeat(error.__cause__):
            raise
        return _repeat(event, parameters, _fetch_one(READ_REPEAT, parameters))
    if row is None:
        return _refused(event, parameters, _fetch_one(READ_REPEAT, parameters), _fetch_one(READ_OWNER, parameters))
    stored = _stored(event, parameters, row)
    transaction.on_commit(lambda: _tell(stored, row))
    return stored


async def append_event_async(*, conversation_id: uuid.UUID, event: NewEvent) -> StoredEvent:
    """Append on the event loop's own connection pool; committed when this returns. Raises AppendRefused."""
    parameters = _parameters(conversation_id, event)
    pool = await async_pool()
    async with pool.connection() as conn:
        try:
            row = await (await conn.execute(ONE, parameters)).fetchone()
        except psycopg.errors.UniqueViolation as error:
            if not _is_repeat(error):
                raise
            return _repeat(event, parameters, await (await conn.execute(READ_REPEAT, parameters)).fetchone())
        if row is None:
            again = await (await conn.execute(READ_REPEAT, parameters)).fetchone()
            owner = await (await conn.execute(READ_OWNER, parameters)).fetchone()
            return _refused(event, parameters, again, owner)
    stored = _stored(event, parameters, row)
    await _tell_async(stored, row)
    return stored


def _parameters(conversation_id: uuid.UUID, event: NewEvent) -> dict[str, Any]:
    row = EVENT_TYPES[event.type]
    if not row.durable:
        raise ValueError(f"{event.type} is transient and has no place in a timeline")
    return {
        "id": new_id(),
        "conversation_id": conversation_id,
        "type": event.type,
        "author": event.author,
        "client_id": event.client_id,
        "epoch": event.epoch,
        "payload": orjson.dumps(event.payload).decode(),
        "public": int(row.public),
        "after_end": row.after_end,
        "topics": orjson.dumps(TOPICS.get(event.type, {})).decode(),
    }


def _fetch_one(sql: str, parameters: Mapping[str, Any]) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
        return dict(zip((column[0] for column in cursor.description), row, strict=True)) if row else None


def _is_repeat(error: BaseException | None) -> bool:
    """Any other violated constraint is a bug of ours."""
    return isinstance(error, psycopg.errors.UniqueViolation) and error.diag.constraint_name == CLIENT_ID_KEY


def _stored(event: NewEvent, parameters: Row, row: Row) -> StoredEvent:
    return StoredEvent(
        id=parameters["id"],
        conversation_id=parameters["conversation_id"],
        sequence=row["last_sequence"],
        public_sequence=row["last_public"] if parameters["public"] else None,
        type=event.type,
        author=event.author,
        epoch=row["epoch"],
        payload=event.payload,
        created_at=row["created_at"],
        client_id=event.client_id,
    )


def _repeat(event: NewEvent, parameters: Row, row: Row | None) -> StoredEvent:
    if row is None:
        raise RuntimeError("the repeated event has vanished")
    return StoredEvent(
        **{**row, "payload": orjson.loads(row["payload"])},
        conversation_id=parameters["conversation_id"],
        author=event.author,
        client_id=event.client_id,
        repeat=True,
    )


def _refused(event: NewEvent, parameters: Row, again: Row | None, owner: Row | None) -> StoredEvent:
    """A repeat that comes after a change of hands is still the same event; everything else is refused."""
    if again is not None:
        return _repeat(event, parameters, again)
    if owner is None:
        raise UnknownConversation(str(parameters["conversation_id"]))
    if owner["ended_at"] is not None and not parameters["after_end"]:
        raise ConversationEnded(owner["ended_at"])
    raise StaleEpoch(
        owner_kind=owner["owner_kind"], owner_id=owner["owner_id"], since=owner["owner_since"], epoch=owner["epoch"]
    )


def _tell(event: StoredEvent, row: Row) -> None:
    publish_sync(_news(event, row))
    if row["topic"]:
        kick()


async def _tell_async(event: StoredEvent, row: Row) -> None:
    await current_bus().publish(_news(event, row))
    if row["topic"]:
        kick()


def _news(event: StoredEvent, row: Row) -> dict[str, BusMessage]:
    """The event for those who follow the conversation, and its number for those who watch the list."""
    return {
        conversation_topic(event.conversation_id): event_message(event),
        rows_topic(row["project_id"], row["environment"]): row_message(event.conversation_id, event.sequence),
    }
