"""Append one event: in a Django transaction, or on the event loop."""

import uuid
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.utils import IntegrityError

from conversations.append import news
from conversations.append.batcher import Verdict, current_batcher
from conversations.append.outcome import Appended, refused, repeated
from conversations.append.statements import ONE, READ_OWNER, READ_REPEAT, is_repeat, parameters_of
from conversations.database import fetch_all
from conversations.domain.timeline import NewEvent, StoredEvent

Row = Mapping[str, Any]


def append_event(*, conversation_id: uuid.UUID, event: NewEvent) -> StoredEvent:
    """Append inside Django: in the caller's transaction when there is one, else committed at once.

    Sockets and workers are told after the commit. Raises AppendRefused.
    """
    parameters = parameters_of(conversation_id, event)
    try:
        # A savepoint: a repeat must not kill the caller's transaction.
        with transaction.atomic():
            row = _fetch_one(ONE, parameters)
    except IntegrityError as error:
        if not is_repeat(error.__cause__):
            raise
        return repeated(event, parameters, _fetch_one(READ_REPEAT, parameters))
    if row is None:
        return refused(event, parameters, _fetch_one(READ_REPEAT, parameters), _fetch_one(READ_OWNER, parameters))
    appended = Appended.of(event, parameters, tuple(row.values()))
    transaction.on_commit(lambda: news.tell_sync(appended))
    return appended.event


async def append_event_async(*, conversation_id: uuid.UUID, event: NewEvent) -> StoredEvent:
    """Append on the event loop; committed when this returns, and told. Raises AppendRefused.

    psycopg.OperationalError: there is no server. Who stops waiting does not take the event back.
    """
    parameters = parameters_of(conversation_id, event)
    answer = await current_batcher().submit(event, parameters)
    if isinstance(answer, StoredEvent):
        return answer
    return await _DECISIONS[answer](event, parameters)


async def _run_again(event: NewEvent, parameters: Row) -> StoredEvent:
    """Run it on the pool: nobody could yet, or the answer of who did was lost."""
    try:
        rows = await fetch_all(ONE, parameters)
    except psycopg.errors.UniqueViolation as error:
        if not is_repeat(error, again=True):
            raise
        return await _read_repeat(event, parameters)
    if not rows:
        return await _refuse(event, parameters)
    appended = Appended.of(event, parameters, tuple(rows[0].values()))
    news.tell([appended])
    return appended.event


async def _read_repeat(event: NewEvent, parameters: Row) -> StoredEvent:
    stored = await fetch_all(READ_REPEAT, parameters)
    # What it repeats may itself have been refused, in the same batch.
    return repeated(event, parameters, stored[0]) if stored else await _run_again(event, parameters)


async def _refuse(event: NewEvent, parameters: Row) -> StoredEvent:
    again, owner = await fetch_all(READ_REPEAT, parameters), await fetch_all(READ_OWNER, parameters)
    return refused(event, parameters, _first(again), _first(owner))


_DECISIONS = {Verdict.REPEAT: _read_repeat, Verdict.REFUSED: _refuse, Verdict.UNKNOWN: _run_again}


def _fetch_one(sql: str, parameters: Row) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
        return dict(zip((column[0] for column in cursor.description), row, strict=True)) if row else None


def _first(rows: list[dict[str, Any]]) -> Row | None:
    return rows[0] if rows else None
