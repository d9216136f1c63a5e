"""A human takes a conversation nobody gave them."""

import pytest

from conversations.append import StaleEpoch, append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Channel, EndReason, Role
from conversations.models import Event
from conversations.services.replies import ReplyRefused, send_reply
from conversations.services.sessions import end_session, open_session
from handoffs.models import Handoff
from handoffs.services.claims import AlreadyClaimed, NotWaiting
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
