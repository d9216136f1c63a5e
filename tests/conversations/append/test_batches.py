"""Many appends on one event loop: they share statements, and nobody can tell."""

import asyncio
import threading
import time
import uuid
from collections import Counter

import psycopg
import pytest
from django.db import connection, transaction

from conversations.append import AppendRefused, StaleEpoch, UnknownConversation, append_event, append_event_async
from conversations.append.batcher import current_batcher
from conversations.database import close_async_pool, connection_parameters
from conversations.domain.timeline import NewEvent
from conversations.models import Conversation, Event, OutboxEntry
from conversations.realtime import close_bus
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import open_session

pytestmark = pytest.mark.django_db(transaction=True)
LANES_OPEN_WITHIN, WITHIN = 5.0, 20.0


def said(text: str, client_id: str | None = None) -> NewEvent:
    return NewEvent("customer.message", "customer", {"text": text}, client_id=client_id)


def on_a_loop(work):
    """Run a coroutine function on an event loop whose lanes are open."""

    async def run():
        try:
            async with asyncio.timeout(WITHIN):
                await open_lanes()
                return await work()
        finally:
            await close_bus()
            await close_async_pool()

    return asyncio.run(run())


async def open_lanes() -> None:
    batcher = current_batcher()
    end = time.monotonic() + LANES_OPEN_WITHIN
    while not all(lane.is_free for lane in batcher._lanes):
        # Whoever finds a lane closed has it opened; this event has no conversation and is refused.
        with pytest.raises(UnknownConversation):
            await append_event_async(conversation_id=uuid.uuid4(), event=said("Anybody?"))
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def timeline(conversation_id) -> list[tuple]:
    rows = Event.objects.filter(conversation_id=conversation_id).order_by("sequence")
    return list(rows.values_list("sequence", "public_sequence", "type", "author", "client_id", "epoch", "payload"))


def entries_of(conversation_id) -> list[tuple]:
    rows = OutboxEntry.objects.filter(conversation_id=conversation_id).order_by("id")
    return list(rows.values_list("topic", "sequence", "epoch"))


def check_books(conversation_id) -> None:
    """Dense numbers, no client id twice, an outbox entry for each message the AI owes an answer, and no other."""
    rows = timeline(conversation_id)
    row = Conversation.objects.get(pk=conversation_id)
    assert [event[0] for event in rows] == list(range(1, row.last_sequence + 1))
    assert [event[1] for event in rows if event[1]] == list(range(1, row.last_public + 1))
    named = Counter((event[3], event[4]) for event in rows if event[4])
    assert not [name for name, count in named.items() if count > 1]
    messages = [event[0] for event in rows if event[2] == "customer.message"]
    assert [entry[1] for entry in entries_of(conversation_id)] == messages


# --- many at once ----------------------------------------------------------------------------


class Plain(threading.Thread):
    """Appends by the synchronous form, beside a loop that batches."""

    def __init__(self, number: int, ids: list[uuid.UUID]) -> None:
        super().__init__(name=f"plain-{number}")
        self.number, self.ids, self.broken = number, ids, None

    def run(self) -> None:
        try:
            for step in range(60):
                append_event(conversation_id=self.ids[step % len(self.ids)], event=share(self.number, step))
        except Exception as error:
            self.broken = error
            raise
        finally:
            connection.close()


def share(writer: int, step: int) -> NewEvent:
    """Own messages, messages all writers repeat, and notes."""
    kinds = (
        said(f"{writer}-{step}", f"{writer}-{step}"),
        said(f"shared {step}", f"shared-{step}"),
        NewEvent("note.added", f"user:{writer}", {"text": str(step)}),
    )
    return kinds[(writer + step) % 3]


@pytest.mark.parametrize("conversations", [1, 20])
def test_plain_and_batched_writers_at_once_leave_the_books_in_order(release, connector, conversations):
    ids = [open_session(connector=connector, options={}).pk for _ in range(conversations)]
    plain = [Plain(number, ids) for number in range(4)]

    async def write(writer: int) -> list:
        return [
            await append_event_async(conversation_id=ids[step % len(ids)], event=share(writer, step))
            for step in range(60)
        ]

    async def work() -> list:
        for thread in plain:
            thread.start()
        written = await asyncio.gather(*(write(writer) for writer in range(4, 12)))
        await asyncio.gather(*(asyncio.to_thread(thread.join, 30) for thread in plain))
        return [event for events in written for event in events]

    stored = on_a_loop(work)

    assert [thread.broken for thread in plain] == [None] * 4
    for conversation_id in ids:
        check_books(conversation_id)
    fresh = [(event.conversation_id, event.sequence) for event in stored if not event.repeat]
    assert len(fresh) == len(set(fresh))
    assert {event.id for event in stored} <= set(Event.objects.values_list("id", flat=True))


# --- what goes wrong -------------------------------------------------------------------------


def test_a_conversation_somebody_holds_keeps_nobody_else_waiting(release, connector):
    held, *others = [open_session(connector=connector, options={}).pk for _ in range(8)]
    locked, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock_conversation(held)
            locked.set()
            let_go.wait(WITHIN)
        connection.close()

    async def work() -> tuple:
        await asyncio.to_thread(locked.wait, WITHIN)
        waiting = [
            asyncio.create_task(append_event_async(conversation_id=held, event=said(str(number))))
            for number in range(5)
        ]
        events = await asyncio.gather(
            *(append_event_async(conversation_id=one, event=said(f"{n}")) for one in others for n in range(5))
        )
        patient = [task.done() for task in waiting]
        let_go.set()
        return events, patient, await asyncio.gather(*waiting)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        events, patient, late = on_a_loop(work)
    finally:
        let_go.set()
        holder.join(WITHIN)

    assert len(events) == 35
    assert patient == [False] * 5
    assert [(event.sequence, event.payload["text"]) for event in late] == [(n + 2, str(n)) for n in range(5)]


def test_writers_whose_connections_are_cut_are_answered_once_each_and_nothing_is_doubled(release, connector):
    ids = [open_session(connector=connector, options={}).pk for _ in range(5)]

    async def cut() -> None:
        name = connection.settings_dict["NAME"]
        async with await psycopg.AsyncConnection.connect(**connection_parameters(), autocommit=True) as conn:
            for _ in range(6):
                await conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND pid <> pg_backend_pid() AND query LIKE '%%jsonb%%'",
                    [name],
                )
                await asyncio.sleep(0.05)

    async def write(writer: int) -> list:
        named = [said(f"{writer}-{step}", f"{writer}-{step}" if step % 2 else None) for step in range(60)]
        return [await append_event_async(conversation_id=ids[writer % 5], event=event) for event in named]

    async def work() -> list:
        *written, _ = await asyncio.gather(*(write(writer) for writer in range(20)), cut())
        return [event for events in written for event in events]

    connection.close()
    stored = on_a_loop(work)

    assert len({event.id for event in stored}) == len(stored) == 20 * 60
    assert not any(event.repeat for event in stored)
    for conversation_id in ids:
        check_books(conversation_id)
    texts = Counter(Event.objects.filter(type="customer.message").values_list("payload__text", flat=True))
    assert set(texts.values()) == {1}
    assert len(texts) == 20 * 60


def test_a_writer_who_stops_waiting_takes_nobody_with_him(conversation):
    async def work() -> list:
        tasks = [
            asyncio.create_task(append_event_async(conversation_id=conversation.pk, event=said(str(number))))
            for number in range(20)
        ]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.wait(tasks)
        return [task.result() for task in tasks[1::2]]

    stored = on_a_loop(work)

    assert [event.payload["text"] for event in stored] == [str(number) for number in range(1, 20, 2)]
    check_books(conversation.pk)


def test_a_row_no_database_can_hold_fails_alone(conversation):
    bad = said("\x00")

    async def work() -> list:
        events = [said("One"), bad, said("Two"), NewEvent("ai.message", "ai", {"text": "Late"}, epoch=9), said("Three")]
        return await asyncio.gather(
            *(append_event_async(conversation_id=conversation.pk, event=event) for event in events),
            return_exceptions=True,
        )

    one, failed, two, stale, three = on_a_loop(work)

    assert isinstance(failed, psycopg.errors.UntranslatableCharacter)
    assert isinstance(stale, StaleEpoch)
    assert isinstance(stale, AppendRefused)
    assert [event.sequence for event in (one, two, three)] == [2, 3, 4]
    check_books(conversation.pk)
