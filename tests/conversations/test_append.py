"""The append statement on real PostgreSQL: dense sequences, repeats, refusals, and its two forms."""

import asyncio
import random
import threading
import uuid
from collections import Counter
from dataclasses import asdict

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from conversations.append import (
    AppendRefused,
    ConversationEnded,
    StaleEpoch,
    UnknownConversation,
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


def everything_refused(conversation) -> tuple:
    """What must not move when an event is refused."""
    row = Conversation.objects.get(pk=conversation.pk)
    return timeline(conversation), row.last_sequence, row.last_public, OutboxEntry.objects.count()


# --- sequences -------------------------------------------------------------------------------


def test_public_and_private_events_take_their_numbers_and_what_they_set_off(conversation):
    first = append_event(conversation_id=conversation.id, event=said("Hello"))
    note = append_event(conversation_id=conversation.id, event=NewEvent("note.added", "user:7", {"text": "Hm"}))
    second = append_event(conversation_id=conversation.id, event=said("Anyone?"))

    assert [(event.sequence, event.public_sequence) for event in (first, note, second)] == [(2, 2), (3, None), (4, 3)]
    conversation.refresh_from_db()
    assert (conversation.last_sequence, conversation.last_public) == (4, 3)
    entries = OutboxEntry.objects.order_by("id").values_list("topic", "conversation_id", "sequence", "epoch")
    assert list(entries) == [("turn.due", conversation.id, 2, 1), ("turn.due", conversation.id, 4, 1)]


def test_a_customers_message_is_stamped_with_the_epoch_that_holds(waiting):
    stored = append_event(conversation_id=waiting.id, event=said("Still there?"))

    assert stored.epoch == waiting.epoch == 2


def test_nobody_is_told_to_answer_while_a_person_has_the_conversation(claimed):
    before = OutboxEntry.objects.count()

    append_event(conversation_id=claimed.id, event=said("Thanks"))

    assert OutboxEntry.objects.count() == before


def test_a_message_to_a_ticket_is_kept_for_whoever_claims_it(waiting):
    Conversation.objects.filter(pk=waiting.pk).update(waiting_since=None)

    stored = append_event(conversation_id=waiting.id, event=said("joan@example.com"))

    entry = OutboxEntry.objects.latest("id")
    assert (entry.topic, entry.sequence) == ("ticket.message", stored.sequence)


@pytest.mark.parametrize("name", [name for name, row in EVENT_TYPES.items() if not row.durable])
def test_what_is_transient_has_no_place_in_a_timeline(conversation, name):
    before = everything_refused(conversation)

    with pytest.raises(ValueError, match="transient"):
        append_event(conversation_id=conversation.id, event=NewEvent(name, "system"))

    assert everything_refused(conversation) == before


# --- repeats ---------------------------------------------------------------------------------


def test_a_repeat_by_client_id_is_the_same_row_and_burns_no_number(conversation):
    first = append_event(conversation_id=conversation.id, event=said("Where is it?", "m-1"))
    before = everything_refused(conversation)

    again = append_event(conversation_id=conversation.id, event=said("Where is it?", "m-1"))

    assert (again.id, again.sequence, again.created_at) == (first.id, first.sequence, first.created_at)
    assert (first.repeat, again.repeat) == (False, True)
    assert everything_refused(conversation) == before
    following = append_event(conversation_id=conversation.id, event=said("Hello?", "m-2"))
    assert following.sequence == first.sequence + 1


def test_a_repeat_returns_what_was_stored_not_what_was_sent(conversation):
    append_event(conversation_id=conversation.id, event=said("First", "m-1"))

    again = append_event(conversation_id=conversation.id, event=said("Changed", "m-1"))

    assert again.payload == {"text": "First"}


def test_the_same_client_id_of_another_author_or_conversation_is_another_event(conversation, connector):
    elsewhere = open_session(connector=connector, options={})
    append_event(conversation_id=conversation.id, event=said("One", "m-1"))
    other_author = NewEvent("human.message", "user:7", {"text": "Two"}, client_id="m-1", epoch=1)

    repeats = [
        append_event(conversation_id=conversation.id, event=other_author).repeat,
        append_event(conversation_id=elsewhere.id, event=said("Three", "m-1")).repeat,
    ]

    assert repeats == [False, False]


def test_a_repeat_after_a_change_of_hands_and_after_the_end_is_still_the_same_event(claimed, agent):
    reply = NewEvent("human.message", f"user:{agent.id}", {"text": "Hi"}, client_id="r-1", epoch=claimed.epoch)
    first = append_event(conversation_id=claimed.id, event=reply)
    end(claimed)

    again = append_event(conversation_id=claimed.id, event=reply)

    assert (again.id, again.repeat) == (first.id, True)


def test_a_repeat_leaves_the_callers_transaction_usable(conversation):
    append_event(conversation_id=conversation.id, event=said("One", "m-1"))

    with transaction.atomic():
        append_event(conversation_id=conversation.id, event=said("One", "m-1"))
        append_event(conversation_id=conversation.id, event=said("Two", "m-2"))

    assert [row[0] for row in timeline(conversation)] == [1, 2, 3]


def test_another_broken_constraint_is_raised_and_not_taken_for_a_repeat(conversation):
    # Somebody has set the counter back: the next number is taken already.
    Conversation.objects.filter(pk=conversation.pk).update(last_sequence=0)

    with pytest.raises(IntegrityError, match="event_sequence"):
        append_event(conversation_id=conversation.id, event=said("One", "m-1"))


# --- refusals --------------------------------------------------------------------------------


def test_a_stale_epoch_is_refused_says_who_has_it_and_changes_nothing(claimed, agent):
    before = everything_refused(claimed)
    reply = NewEvent("ai.message", "ai", {"text": "Late"}, epoch=claimed.epoch - 1)

    with pytest.raises(StaleEpoch) as refusal:
        append_event(conversation_id=claimed.id, event=reply)

    told = refusal.value
    assert (told.owner_kind, told.owner_id, told.epoch) == ("human", str(agent.id), claimed.epoch)
    assert told.since == claimed.owner_since
    assert everything_refused(claimed) == before


def test_an_epoch_from_the_future_is_refused_as_well(conversation):
    with pytest.raises(StaleEpoch):
        append_event(conversation_id=conversation.id, event=NewEvent("ai.message", "ai", {"text": "Hm"}, epoch=2))


@pytest.mark.parametrize("name", [row.name for row in EVENT_TYPES.values() if row.durable and not row.after_end])
def test_an_ended_conversation_refuses_what_may_not_follow_the_end(conversation, name):
    end(conversation)
    conversation.refresh_from_db()
    before = everything_refused(conversation)

    with pytest.raises(ConversationEnded) as refusal:
        append_event(conversation_id=conversation.id, event=NewEvent(name, "system"))

    assert refusal.value.ended_at == conversation.ended_at
    assert everything_refused(conversation) == before


@pytest.mark.parametrize("name", ["outcome.recorded", "annotation.added", "note.added"])
def test_an_ended_conversation_takes_outcome_annotation_and_note(conversation, name):
    end(conversation)
    conversation.refresh_from_db()

    stored = append_event(conversation_id=conversation.id, event=NewEvent(name, "user:7", {"text": "After"}))

    assert (stored.sequence, stored.public_sequence) == (conversation.last_sequence + 1, None)


def test_an_unknown_conversation_is_refused(db):
    with pytest.raises(UnknownConversation):
        append_event(conversation_id=uuid.uuid4(), event=said("Hello"))


def test_a_refusal_leaves_the_callers_transaction_usable(claimed):
    with transaction.atomic():
        with pytest.raises(StaleEpoch):
            append_event(conversation_id=claimed.id, event=NewEvent("ai.message", "ai", {"text": "Late"}, epoch=1))
        stored = append_event(conversation_id=claimed.id, event=said("And?"))

    assert Event.objects.filter(pk=stored.id).exists()


def test_what_is_rolled_back_was_never_there_and_its_number_is_used_again(conversation):
    with transaction.atomic():
        append_event(conversation_id=conversation.id, event=said("Lost"))
        transaction.set_rollback(True)

    assert append_event(conversation_id=conversation.id, event=said("Kept")).sequence == 2
    assert OutboxEntry.objects.get().sequence == 2


# --- append-only -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"text": "Never said"}},
        {"sequence": 99},
        {"created_at": timezone.now()},
        {"payload": {"erased_at": "2026-11-21T12:00:00Z"}, "author": "somebody"},
    ],
)
def test_the_database_refuses_to_change_an_event(conversation, change):
    stored = append_event(conversation_id=conversation.id, event=said("Said"))
    before = timeline(conversation)

    with pytest.raises(DatabaseError, match=f"event {stored.sequence} of conversation"), transaction.atomic():
        Event.objects.filter(pk=stored.id).update(**change)

    assert timeline(conversation) == before


def test_erasure_is_the_one_change_that_is_let_through(conversation):
    stored = append_event(conversation_id=conversation.id, event=said("My card is 4111"))

    Event.objects.filter(pk=stored.id).update(payload={"erased_at": "2026-11-21T12:00:00Z"})

    kept = Event.objects.get(pk=stored.id)
    assert (kept.sequence, kept.payload) == (stored.sequence, {"erased_at": "2026-11-21T12:00:00Z"})


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
