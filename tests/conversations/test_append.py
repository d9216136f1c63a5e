"""The append statement on real PostgreSQL: dense sequences, repeats, refusals, and what cannot be changed."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from conversations.append import (
    ConversationEnded,
    StaleEpoch,
    UnknownConversation,
    append_event,
)
from conversations.domain.timeline import EVENT_TYPES, NewEvent
from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Event, OutboxEntry
from conversations.services.sessions import end_session, open_session


def said(text: str, client_id: str | None = None) -> NewEvent:
    return NewEvent("customer.message", "customer", {"text": text}, client_id=client_id)


def timeline(conversation) -> list[tuple]:
    rows = Event.objects.filter(conversation=conversation).order_by("sequence")
    return list(rows.values_list("sequence", "public_sequence", "type", "author", "client_id", "epoch", "payload"))


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
