"""Snoozing frees capacity; the moment, the customer or the agent brings the conversation back."""

from datetime import timedelta

import pytest

from conversations.append import StaleEpoch
from conversations.domain.vocabulary import EndReason
from conversations.models import Deadline, Event
from conversations.services.outcomes import OutcomeFacts
from conversations.services.sessions import end_session
from handoffs.models import Agent, Assignment, Offer
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.snooze import BadMoment, snooze_conversation, wake_answered, wake_conversation
from tests.invariants import check_conversation


@pytest.fixture
def snoozed(claimed, agent, now):
    """The claimed conversation, put aside for an hour."""
    until = now + timedelta(hours=1)
    return snooze_conversation(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, until=until, at=now)


def state() -> str:
    return Assignment.objects.get().state


def test_it_is_put_aside_and_takes_no_capacity(snoozed, project, agent, begin_to_wait, now):
    Agent.objects.update(capacity=1)

    assert state() == "snoozed"
    assert Event.objects.get(conversation=snoozed, type="conversation.snoozed").author == f"user:{agent.pk}"
    assert claim_conversation(conversation_id=begin_to_wait().pk, agent=agent, at=now)


def test_the_moment_brings_it_back_over_the_capacity(snoozed, project, agent, begin_to_wait, now):
    Agent.objects.update(capacity=1)
    claim_conversation(conversation_id=begin_to_wait().pk, agent=agent, at=now)

    assert sweep_deadlines(at=now + timedelta(minutes=59)) == 0
    assert sweep_deadlines(at=now + timedelta(minutes=61)) >= 1

    assert Assignment.objects.filter(state="active").count() == 2
    woken = Event.objects.get(conversation=snoozed, type="conversation.woken")
    assert (woken.author, woken.payload) == ("system", {"because": "due"})
    check_conversation(snoozed)


def test_the_customers_next_word_brings_it_back(snoozed, cast, now):
    assert wake_answered(at=now) == 0

    cast.customer_says(snoozed, "I found the number")

    assert wake_answered(at=now) == 1
    assert wake_answered(at=now) == 0
    assert state() == "active"
    assert not Deadline.objects.filter(kind="snooze").exists()
    check_conversation(snoozed)


def test_the_customers_leaving_brings_it_back(snoozed, now):
    end_session(conversation_id=snoozed.pk, reason=EndReason.USER_END, at=now)

    assert wake_answered(at=now) == 1
    check_conversation(snoozed)


def test_what_was_said_before_does_not(claimed, cast, agent, now):
    cast.customer_says(claimed, "I will look for the number")
    claimed.refresh_from_db()
    snooze_conversation(
        conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, until=now + timedelta(hours=1), at=now
    )

    assert wake_answered(at=now) == 0


def test_the_agent_brings_it_back_and_nobody_else(snoozed, agent, other_agent, now):
    assert not wake_conversation(conversation_id=snoozed.pk, at=now, because="agent", agent=other_agent)
    assert wake_conversation(conversation_id=snoozed.pk, at=now, because="agent", agent=agent)
    assert not wake_conversation(conversation_id=snoozed.pk, at=now, because="agent", agent=agent)


def test_snoozing_once_more_moves_the_moment(snoozed, agent, now):
    snooze_conversation(
        conversation_id=snoozed.pk, agent=agent, epoch=snoozed.epoch, until=now + timedelta(days=2), at=now
    )

    assert Deadline.objects.get(kind="snooze").due_at == now + timedelta(days=2)
    assert Assignment.objects.get().snoozed_until == now + timedelta(days=2)


def test_a_snoozed_conversation_can_be_closed(snoozed, agent, now):
    facts = OutcomeFacts(code="refund_issued", resolved=True)
    close_conversation(conversation_id=snoozed.pk, agent=agent, epoch=snoozed.epoch, facts=facts, at=now)

    assert state() == "ended"
    assert not Deadline.objects.filter(kind="snooze").exists()


def test_what_snoozing_frees_is_offered(
    claimed, offering, ready, begin_to_wait, agent, now, django_capture_on_commit_callbacks
):
    ready(agent, capacity=1)
    begin_to_wait()

    with django_capture_on_commit_callbacks(execute=True):
        snooze_conversation(
            conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, until=now + timedelta(hours=1), at=now
        )

    assert Offer.objects.get(state="open").agent == agent


@pytest.mark.parametrize("until", [timedelta(0), timedelta(seconds=-1), timedelta(days=61)])
def test_a_moment_is_ahead_and_not_too_far(claimed, agent, now, until):
    with pytest.raises(BadMoment):
        snooze_conversation(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, until=now + until, at=now)


def test_nobody_snoozes_anothers(claimed, other_agent, now):
    with pytest.raises(StaleEpoch):
        snooze_conversation(
            conversation_id=claimed.pk, agent=other_agent, epoch=claimed.epoch, until=now + timedelta(hours=1), at=now
        )
