"""A soft handoff: the AI keeps answering until a human joins."""

from datetime import timedelta

import pytest
from django.db import transaction

from conversations.domain.vocabulary import EndReason
from conversations.models import Conversation, Event, OutboxEntry
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import end_session
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Handoff, QueueEntry
from handoffs.services.claims import NotWaiting, claim_conversation
from handoffs.services.closing import end_open
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.handoffs import start_handoff
from handoffs.services.queue_status import send_queue_statuses
from handoffs.services.releases import read_current_config
from tests.invariants import check_conversation

LATER = timedelta(seconds=301)


def ask(conversation: Conversation, *, soft: bool, at) -> Handoff | None:
    request = HandoffRequest(Trigger.FUNCTION, "needs_human", "Maya takes over now.", soft=soft)
    with transaction.atomic():
        locked = lock_conversation(conversation.id)
        current = read_current_config(project=conversation.project, environment=conversation.environment)
        handoff = start_handoff(conversation=locked, request=request, current=current, at=at)
    conversation.refresh_from_db()
    check_conversation(conversation)
    return handoff


@pytest.fixture
def soft(conversation, now) -> Conversation:
    """A conversation the AI has, with somebody asked for behind its back."""
    ask(conversation, soft=True, at=now)
    return conversation


def public_types(conversation) -> list[str]:
    events = Event.objects.filter(conversation=conversation, public_sequence__isnull=False).order_by("sequence")
    return [event.type for event in events]


def test_the_ai_keeps_the_conversation_and_the_customer_hears_nothing(soft):
    assert (soft.owner_kind, soft.epoch, soft.handoff_state) == ("ai", 1, "queued")
    assert QueueEntry.objects.get().state == "waiting"
    assert public_types(soft) == ["session.started"]


def test_a_message_of_the_customer_is_the_ais_to_answer(soft, cast):
    cast.customer_says(soft, "And how long does delivery take?")

    assert OutboxEntry.objects.filter(topic="turn.due").exists()


def test_no_place_in_the_queue_is_told(soft, now):
    send_queue_statuses(at=now + timedelta(seconds=30))

    assert public_types(soft) == ["session.started"]


def test_the_announcement_comes_with_the_human(soft, agent, now):
    claimed = claim_conversation(conversation_id=soft.id, agent=agent, at=now)

    check_conversation(claimed)
    assert public_types(soft)[1:] == ["ai.message", "handoff.triggered", "ai.left", "human.joined"]
    assert (claimed.owner_kind, claimed.epoch, Handoff.objects.get().state) == ("human", 2, "active")


def test_nobody_came_and_nobody_is_told(soft, now):
    assert sweep_deadlines(at=now + LATER) == 1

    soft.refresh_from_db()
    check_conversation(soft)
    assert (soft.owner_kind, soft.epoch, soft.handoff_state, soft.waiting_since) == ("ai", 1, "timed_out", None)
    assert public_types(soft) == ["session.started"]
    assert Handoff.objects.get().cause == "wait_limit"


def test_asked_for_in_earnest_it_is_announced_in_its_place(soft, now):
    waiting = ask(soft, soft=False, at=now)

    assert Handoff.objects.get() == waiting
    assert (soft.owner_kind, soft.owner_id, soft.epoch, waiting.is_soft) == ("queue", "billing", 2, False)
    assert public_types(soft)[1:] == [
        "ai.message",
        "handoff.triggered",
        "ai.left",
        "handoff.accepted",
        "handoff.queue_status",
    ]


def test_asked_for_softly_again_it_is_the_same(soft, now):
    assert ask(soft, soft=True, at=now) == Handoff.objects.get()


def test_it_can_be_asked_for_anew_after_nobody_came(soft, now):
    sweep_deadlines(at=now + LATER)

    assert ask(soft, soft=True, at=now) is not None
    assert Handoff.objects.count() == 2


def test_a_customer_who_leaves_takes_it_along(soft, now, agent):
    end_session(conversation_id=soft.id, reason=EndReason.USER_END, at=now)
    end_open(entry=OutboxEntry.objects.get(topic="conversation.ended"), at=now)

    soft.refresh_from_db()
    check_conversation(soft)
    assert Handoff.objects.get().state == "abandoned"
    with pytest.raises(NotWaiting):
        claim_conversation(conversation_id=soft.id, agent=agent, at=now)
