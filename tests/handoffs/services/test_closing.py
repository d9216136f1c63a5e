"""The end of the human part: closed, handed back, left by the customer, no longer waited for."""

import pytest

from conversations.append import StaleEpoch
from conversations.domain.vocabulary import EndReason
from conversations.models import Event, OutboxEntry, Outcome
from conversations.services.outcomes import OutcomeFacts
from conversations.services.sessions import end_session
from handoffs.models import Handoff, QueueEntry
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import (
    UnknownDisposition,
    cancel_waiting,
    close_conversation,
    end_open,
    hand_back,
)

FACTS = OutcomeFacts(code="refund_issued", resolved=True, first_contact_resolved=True, handled_by="Maya Okafor")


def last_types(conversation, count: int) -> list[str]:
    newest = Event.objects.filter(conversation=conversation).order_by("-sequence")[:count]
    return [event.type for event in reversed(newest)]


def test_closing_records_the_outcome_and_ends_the_session(claimed, agent, now):
    close_conversation(conversation_id=claimed.id, agent=agent, epoch=claimed.epoch, facts=FACTS, at=now)

    claimed.refresh_from_db()
    assert last_types(claimed, 3) == ["outcome.recorded", "human.left", "session.ended"]
    assert (claimed.owner_kind, claimed.ended_at) == ("none", now)
    assert (Handoff.objects.get().state, Handoff.objects.get().cause) == ("completed", "closed_by_agent")
    assert Outcome.objects.get().handoff_id == Handoff.objects.get().id
    assert OutboxEntry.objects.filter(payload__event="outcome.recorded").count() == 1


def test_an_unknown_disposition_is_refused_and_changes_nothing(claimed, agent, now):
    events = Event.objects.count()

    with pytest.raises(UnknownDisposition) as refusal:
        close_conversation(
            conversation_id=claimed.id,
            agent=agent,
            epoch=claimed.epoch,
            facts=OutcomeFacts(code="nonsense", resolved=True),
            at=now,
        )

    assert refusal.value.allowed == ("refund_issued", "no_action")
    assert Event.objects.count() == events


def test_a_stale_epoch_cannot_close(claimed, agent, now):
    with pytest.raises(StaleEpoch):
        close_conversation(conversation_id=claimed.id, agent=agent, epoch=claimed.epoch - 1, facts=FACTS, at=now)


def test_somebody_elses_conversation_cannot_be_closed(claimed, other_agent, now):
    with pytest.raises(StaleEpoch):
        close_conversation(conversation_id=claimed.id, agent=other_agent, epoch=claimed.epoch, facts=FACTS, at=now)


def test_handing_back_makes_the_ai_the_owner_again(claimed, agent, now):
    hand_back(conversation_id=claimed.id, agent=agent, epoch=claimed.epoch, note="Knows the price now", at=now)

    claimed.refresh_from_db()
    assert (claimed.owner_kind, Handoff.objects.get().state) == ("ai", "returned")
    assert last_types(claimed, 2) == ["note.added", "ai.joined"]


def test_the_customer_may_stop_waiting(waiting, now):
    assert cancel_waiting(conversation_id=waiting.id, at=now)

    waiting.refresh_from_db()
    assert (waiting.owner_kind, waiting.waiting_since) == ("ai", None)
    assert QueueEntry.objects.get().state == "left"
    assert not cancel_waiting(conversation_id=waiting.id, at=now)


def test_a_customer_who_leaves_abandons_the_handoff(waiting, now):
    end_session(conversation_id=waiting.id, reason=EndReason.USER_END, at=now)

    end_open(entry=OutboxEntry.objects.get(topic="conversation.ended"), at=now)

    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.cause) == ("abandoned", "customer_ended")
    assert QueueEntry.objects.get().state == "left"


def test_a_customer_who_leaves_a_human_leaves_them_their_work(claimed, agent, now):
    end_session(conversation_id=claimed.id, reason=EndReason.USER_END, at=now)
    end_open(entry=OutboxEntry.objects.get(topic="conversation.ended"), at=now)
    claimed.refresh_from_db()
    assert (claimed.owner_kind, Handoff.objects.get().state) == ("human", "active")

    close_conversation(conversation_id=claimed.id, agent=agent, epoch=claimed.epoch, facts=FACTS, at=now)

    claimed.refresh_from_db()
    assert (claimed.owner_kind, claimed.handoff_state) == ("none", "completed")
    assert last_types(claimed, 2) == ["outcome.recorded", "handoff.closed"]


def test_a_ticket_outlives_its_session_and_can_be_closed(ticket, agent, now):
    end_session(conversation_id=ticket.id, reason=EndReason.USER_END, at=now)
    end_open(entry=OutboxEntry.objects.get(topic="conversation.ended"), at=now)

    claimed = claim_conversation(conversation_id=ticket.id, agent=agent, at=now)
    close_conversation(conversation_id=ticket.id, agent=agent, epoch=claimed.epoch, facts=FACTS, at=now)

    ticket.refresh_from_db()
    assert last_types(ticket, 4) == ["ticket.claimed", "handoff.completed", "outcome.recorded", "handoff.closed"]
    assert (ticket.owner_kind, ticket.handoff_state) == ("none", "completed")
