"""A human takes a conversation nobody gave them."""

import pytest
from django.db import transaction

from conversations.append import StaleEpoch, append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Channel, EndReason, Role
from conversations.models import Deadline, Event, OutboxEntry
from conversations.services.ownership import lock_conversation
from conversations.services.replies import ReplyRefused, send_reply
from conversations.services.sessions import end_session, open_session
from handoffs.domain.lifecycle import NotAllowed, Signal
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Agent, Destination, Handoff
from handoffs.services.capacity import NoCapacity
from handoffs.services.claims import AlreadyClaimed, NotWaiting
from handoffs.services.handoffs import start_handoff
from handoffs.services.releases import publish_release, read_current_config
from handoffs.services.signals import apply_signal
from handoffs.services.takeovers import CustomerUnreachable, take_over
from tests.conftest import member
from tests.invariants import check_conversation


@pytest.fixture
def supervisor(project):
    return member(project, Role.SUPERVISOR, "Sam Lindqvist")


def test_taking_over_from_the_ai_is_a_handoff_of_its_own(conversation, agent, now):
    taken = take_over(conversation_id=conversation.pk, agent=agent, at=now)

    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.trigger, handoff.agent) == ("active", "human_takeover", agent)
    assert (taken.owner_kind, taken.owner_id, taken.epoch) == ("human", str(agent.pk), conversation.epoch + 1)
    check_conversation(taken)


def test_the_customer_sees_the_ai_leave_and_the_human_join(conversation, agent, now):
    before = Event.objects.count()

    take_over(conversation_id=conversation.pk, agent=agent, at=now)

    seen = Event.objects.filter(conversation=conversation, sequence__gt=before).order_by("sequence")
    public = [event.type for event in seen if event.public_sequence is not None]
    assert public == ["handoff.triggered", "ai.left", "human.joined"]


def test_what_the_ai_was_about_to_say_is_refused_after_the_takeover(conversation, agent, now):
    epoch = conversation.epoch
    take_over(conversation_id=conversation.pk, agent=agent, at=now)

    with pytest.raises(StaleEpoch):
        append_event(
            conversation_id=conversation.pk, event=NewEvent("ai.message", "ai", {"text": "As I said"}, epoch=epoch)
        )


def test_taking_over_what_waits_is_a_claim(waiting, agent, now):
    take_over(conversation_id=waiting.pk, agent=agent, at=now)

    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.trigger) == ("active", "explicit_request")


def test_an_agent_cannot_take_it_from_a_colleague(claimed, other_agent, now):
    with pytest.raises(AlreadyClaimed):
        take_over(conversation_id=claimed.pk, agent=other_agent, at=now)


def test_a_supervisor_can_and_the_agents_words_become_a_draft(claimed, agent, supervisor, now):
    taken = take_over(conversation_id=claimed.pk, agent=supervisor, at=now, may_take_from=True)

    assert taken.owner_id == str(supervisor.pk)
    check_conversation(taken)
    with pytest.raises(ReplyRefused) as refused:
        send_reply(conversation_id=claimed.pk, author=agent, text="Let me see", epoch=claimed.epoch, client_id="late")
    assert (refused.value.draft.text, refused.value.because.owner_id) == ("Let me see", str(supervisor.pk))


def test_ones_own_stays_as_it_is(claimed, agent, now):
    again = take_over(conversation_id=claimed.pk, agent=agent, at=now, may_take_from=True)

    assert again.epoch == claimed.epoch


def test_what_is_over_cannot_be_taken(conversation, agent, now):
    end_session(conversation_id=conversation.pk, reason=EndReason.USER_END, at=now)

    with pytest.raises(NotWaiting):
        take_over(conversation_id=conversation.pk, agent=agent, at=now)


def test_what_only_a_program_hears_is_not_taken(release, connector, agent, now):
    conversation = open_session(connector=connector, options={}, channel=Channel.CHAT_API)

    with pytest.raises(CustomerUnreachable):
        take_over(conversation_id=conversation.pk, agent=agent, at=now)

    conversation.refresh_from_db()
    assert (conversation.owner_kind, Handoff.objects.count()) == ("ai", 0)


@pytest.fixture
def asked_elsewhere(conversation, project, owner, now) -> Handoff:
    """Behind the AI's back another system's desk has been asked for a human."""
    Destination.objects.filter(key="billing").update(desk_key="salesforce")
    publish_release(project=project, publisher=owner, at=now)
    request = HandoffRequest(Trigger.FUNCTION, "needs_human", "Somebody takes over now.", soft=True)
    with transaction.atomic():
        locked = lock_conversation(conversation.pk)
        current = read_current_config(project=project, environment="live")
        start_handoff(conversation=locked, request=request, current=current, at=now)
    asked = Handoff.objects.get()
    assert (asked.state, asked.is_soft) == ("requested", True)
    return asked


def test_a_desk_asked_behind_the_ais_back_is_told_that_nobody_waits_any_more(asked_elsewhere, agent, now):
    taken = take_over(conversation_id=asked_elsewhere.conversation_id, agent=agent, at=now)

    check_conversation(taken)
    asked_elsewhere.refresh_from_db()
    assert (asked_elsewhere.state, asked_elsewhere.cause) == ("returned", "ai_takeback")
    assert (taken.owner_kind, taken.owner_id, taken.handoff_state) == ("human", str(agent.pk), "active")
    assert taken.handoff_id != asked_elsewhere.pk
    told = OutboxEntry.objects.filter(topic="desk.end").values_list("payload__handoff_id", flat=True)
    assert list(told) == [str(asked_elsewhere.pk)]
    assert not Deadline.objects.filter(subject_id=asked_elsewhere.pk).exists()


@pytest.mark.parametrize(("epoch", "refused"), [(1, StaleEpoch), (None, NotAllowed)])
def test_what_that_desk_still_answers_is_stale(asked_elsewhere, agent, now, epoch, refused):
    taken = take_over(conversation_id=asked_elsewhere.conversation_id, agent=agent, at=now)
    before = Event.objects.count()

    with pytest.raises(refused):
        apply_signal(handoff_id=asked_elsewhere.pk, epoch=epoch, signal=Signal.DESK_ACCEPTED, at=now)

    taken.refresh_from_db()
    assert (taken.owner_kind, taken.owner_id, Event.objects.count()) == ("human", str(agent.pk), before)


def test_who_cannot_carry_it_leaves_the_desk_asked(asked_elsewhere, agent, now, project):
    Agent.objects.create(user=agent, project=project, capacity=0)

    with pytest.raises(NoCapacity):
        take_over(conversation_id=asked_elsewhere.conversation_id, agent=agent, at=now)

    asked_elsewhere.refresh_from_db()
    assert asked_elsewhere.state == "requested"
    assert not OutboxEntry.objects.filter(topic="desk.end").exists()
