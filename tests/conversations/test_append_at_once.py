"""The append statement under many writers at once, and its two forms, which mean the same."""

import asyncio
import random
import threading
from collections import Counter
from dataclasses import asdict

import pytest
from django.db import connection
from django.utils import timezone

from conversations.append import (
    AppendRefused,
    StaleEpoch,
    append_event,
    append_event_async,
)
from conversations.database import close_async_pool
from conversations.domain.timeline import EVENT_TYPES, NewEvent
from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Event, OutboxEntry
from conversations.realtime import close_bus
from conversations.services.sessions import end_session, open_session
from handoffs.services.claims import claim_conversation

THREADS, EVENTS_EACH = 8, 40


def said(text: str, client_id: str | None = None) -> NewEvent:
    return NewEvent("customer.message", "customer", {"text": text}, client_id=client_id)


def timeline(conversation) -> list[tuple]:
    rows = Event.objects.filter(conversation=conversation).order_by("sequence")
    return list(rows.values_list("sequence", "public_sequence", "type", "author", "client_id", "epoch", "payload"))


def append_in_loop(**given):
    """The asynchronous form, on an event loop of its own."""

    async def run():
        try:
            return await append_event_async(**given)
        finally:
            await close_bus()
            await close_async_pool()

    return asyncio.run(run())


def end(conversation):
    end_session(conversation_id=conversation.id, reason=EndReason.USER_END, at=timezone.now())


# --- many at once ----------------------------------------------------------------------------


def the_share_of(worker: int, epoch: int) -> list[NewEvent]:
    """What one writer appends: its own messages, notes, AI replies, and messages all writers repeat."""
    order = random.Random(worker)
    kinds = {
        "own": lambda n: said(f"{worker}-{n}", f"w{worker}-{n}"),
        "nameless": lambda n: said(f"{worker}-{n}"),
        "shared": lambda n: said(f"shared {n}", f"shared-{n}"),
        "note": lambda n: NewEvent("note.added", f"user:{worker}", {"text": str(n)}),
        "reply": lambda n: NewEvent("ai.message", "ai", {"text": str(n)}, epoch=epoch),
        "stale": lambda n: NewEvent("ai.message", "ai", {"text": str(n)}, epoch=epoch + 1),
    }
    return [kinds[order.choice(list(kinds))](number) for number in range(EVENTS_EACH)]


class Writer(threading.Thread):
    """Appends its share as fast as it can; even ones by the synchronous form, odd ones by the asynchronous."""

    def __init__(self, number: int, conversation: Conversation, together: threading.Barrier) -> None:
        super().__init__(name=f"writer-{number}")
        self.number, self.conversation, self.together = number, conversation, together
        self.stored, self.refused, self.broken = [], 0, None

    def run(self) -> None:
        share = the_share_of(self.number, self.conversation.epoch)
        try:
            self.together.wait()
            if self.number % 2:
                asyncio.run(self._write_in_loop(share))
            else:
                self._write(share)
        except Exception as error:
            self.broken = error
            raise
        finally:
            connection.close()

    def _write(self, share: list[NewEvent]) -> None:
        for event in share:
            try:
                self.stored.append(append_event(conversation_id=self.conversation.id, event=event))
            except StaleEpoch:
                self.refused += 1

    async def _write_in_loop(self, share: list[NewEvent]) -> None:
        for event in share:
            try:
                self.stored.append(await append_event_async(conversation_id=self.conversation.id, event=event))
            except StaleEpoch:
                self.refused += 1
        await close_bus()
        await close_async_pool()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_a_dense_timeline_without_doubles_and_one_entry_for_each_message(conversation):
    together = threading.Barrier(THREADS)
    writers = [Writer(number, conversation, together) for number in range(THREADS)]
    connection.close()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert [writer.broken for writer in writers] == [None] * THREADS

    rows = timeline(conversation)
    conversation.refresh_from_db()
    assert [row[0] for row in rows] == list(range(1, conversation.last_sequence + 1))
    public = [row[1] for row in rows if row[1] is not None]
    assert public == list(range(1, conversation.last_public + 1))
    assert [row[1] is not None for row in rows] == [EVENT_TYPES[row[2]].public for row in rows]

    asked = [event for writer in writers for event in the_share_of(writer.number, 1)]
    wanted = Counter(_identity(event) for event in asked if event.epoch != 2)
    written = Counter((row[2], row[3], row[4] or row[6]["text"]) for row in rows if row[2] != "session.started")
    assert set(written) == set(wanted)
    assert all(count == 1 for (kind, _, identity), count in written.items() if _is_client_id(kind, identity, asked))
    assert sum(writer.refused for writer in writers) == sum(event.epoch == 2 for event in asked)

    fresh = [event for writer in writers for event in writer.stored if not event.repeat]
    assert sorted(event.sequence for event in fresh) == [row[0] for row in rows[1:]]
    messages = sorted(row[0] for row in rows if row[2] == "customer.message")
    entries = OutboxEntry.objects.filter(conversation_id=conversation.id).values_list("topic", "sequence")
    assert sorted(entries) == [("turn.due", sequence) for sequence in messages]


def _identity(event: NewEvent) -> tuple:
    return event.type, event.author, event.client_id or event.payload["text"]


def _is_client_id(kind: str, identity: str, asked: list[NewEvent]) -> bool:
    return any(event.type == kind and event.client_id == identity for event in asked)


# --- two forms, one meaning ------------------------------------------------------------------


def a_script(conversation, agent) -> list:
    """Rows of every kind, and between them what moves the conversation on: every verdict is reached."""
    ai = NewEvent("ai.message", "ai", {"text": "Answer", "confidence": 0.91}, epoch=1)
    reply = NewEvent("human.message", f"user:{agent.id}", {"text": "Hi"}, client_id="r-1", epoch=3)
    note = NewEvent("note.added", f"user:{agent.id}", {"text": "Älter als 2 Tage ✓", "nested": {"list": [1, None]}})
    return [
        said("Hello", "m-1"),
        said("Hello again", "m-1"),
        NewEvent("customer.join_requested", "customer", client_id="join"),
        ai,
        note,
        NewEvent("heartbeat", "system"),
        "hand off",
        ai,
        said("Waiting"),
        "claim",
        reply,
        NewEvent("human.message", f"user:{agent.id}", {"text": "Old"}, client_id="r-2", epoch=2),
        "end",
        said("Too late", "m-9"),
        said("Hello", "m-1"),
        reply,
        NewEvent("human.message", f"user:{agent.id}", {"text": "Late"}, epoch=3),
        note,
        NewEvent("outcome.recorded", f"user:{agent.id}", {"code": "refund_issued"}),
    ]


def play(append, conversation, script, moves) -> list:
    """What each row of the script came to: the stored event or the refusal, without ids and instants."""
    results = []
    for row in script:
        if isinstance(row, str):
            moves[row](conversation)
            continue
        try:
            stored = asdict(append(conversation_id=conversation.id, event=row))
            results.append({name: stored[name] for name in stored.keys() - {"id", "conversation_id", "created_at"}})
        except (AppendRefused, ValueError) as refusal:
            facts = {name: getattr(refusal, name, None) for name in ("owner_kind", "owner_id", "epoch")}
            results.append((type(refusal).__name__, facts))
    return results


@pytest.mark.django_db(transaction=True)
def test_the_synchronous_and_the_asynchronous_form_mean_the_same(release, connector, agent, cast):
    moves = {
        "hand off": cast.hand_off,
        "claim": lambda talk: claim_conversation(conversation_id=talk.id, agent=agent, at=timezone.now()),
        "end": end,
    }
    one, other = (open_session(connector=connector, options={}) for _ in range(2))

    results = play(append_event, one, a_script(one, agent), moves)
    results_in_loop = play(append_in_loop, other, a_script(other, agent), moves)

    assert results == results_in_loop
    assert {item[0] for item in results if isinstance(item, tuple)} == {
        "ConversationEnded",
        "StaleEpoch",
        "ValueError",
    }
    assert [row[:6] for row in timeline(one)] == [row[:6] for row in timeline(other)]
    assert entries_of(one) == entries_of(other)


def entries_of(conversation) -> list[tuple]:
    rows = OutboxEntry.objects.filter(conversation_id=conversation.id).order_by("id")
    return list(rows.values_list("topic", "sequence", "epoch"))
