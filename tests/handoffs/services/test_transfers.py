"""Passing a conversation on: to a destination's queue, to a colleague, by a supervisor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.append import StaleEpoch
from conversations.domain.vocabulary import Role
from conversations.models import Event, OutboxEntry
from conversations.services.outcomes import OutcomeFacts
from handoffs.models import Assignment, Destination, Handoff, Queue, QueueEntry
from handoffs.services.claims import NotWaiting, claim_conversation
from handoffs.services.closing import close_conversation
from handoffs.services.releases import publish_release
from handoffs.services.transfers import (
    TargetRefused,
    reassign_conversation,
    transfer_to_agent,
    transfer_to_destination,
)
from tests.conftest import member
from tests.invariants import check_conversation


@pytest.fixture
def retention(release, project, owner):
    """A second destination with a queue of its own, published."""
    Queue.objects.create(project=project, key="retention", name="Retention")
    destination = Destination.objects.create(
        project=project, key="retention", name="Retention", queue_key="retention", wait_limit_seconds=90
    )
    publish_release(project=project, publisher=owner, at=timezone.now())
    return destination


@pytest.fixture
def supervisor(project):
    return member(project, Role.SUPERVISOR, "Sam Lindqvist")


@pytest.fixture
def pass_to(now):
    """The agent passes the claimed conversation to a destination."""

    def act(conversation, agent, destination="retention", epoch=None, note="Wants to leave us"):
        return transfer_to_destination(
            conversation_id=conversation.pk,
            agent=agent,
            epoch=epoch or conversation.epoch,
            destination=destination,
            note=note,
            at=now,
        )

    return act


@pytest.fixture
def mine(retention, conversation, cast, agent, now):
    """A conversation of the agent's, handed off by the release that knows both destinations."""
    cast.hand_off(conversation)
    return claim_conversation(conversation_id=conversation.pk, agent=agent, at=now)


def wire_types(conversation, after: int) -> list[str]:
    events = Event.objects.filter(conversation=conversation, sequence__gt=after).order_by("sequence")
    return [event.type for event in events if event.public_sequence is not None]


def test_a_transfer_is_a_new_episode_in_the_other_queue(mine, agent, pass_to):
    first = Handoff.objects.get()

    passed = pass_to(mine, agent)

    second = Handoff.objects.exclude(pk=first.pk).get()
    first.refresh_from_db()
    assert (first.state, first.cause) == ("transferred", "transferred_by_agent")
    assert (second.state, second.root_id, second.queue_key) == ("queued", first.pk, "retention")
    assert (passed.owner_kind, passed.owner_id, passed.epoch) == ("queue", "retention", mine.epoch + 1)
    assert QueueEntry.objects.get(state="waiting").handoff == second
    check_conversation(passed)


def test_the_episode_a_transfer_begins_is_told_to_webhooks_from_its_start(mine, agent, pass_to):
    pass_to(mine, agent)

    following = str(Handoff.objects.latest("id").pk)
    told = OutboxEntry.objects.filter(topic="webhook.emit", payload__handoff_id=following).order_by("id")
    names = [entry.payload["event"] for entry in told]
    assert names == ["handoff.triggered", "handoff.accepted", "handoff.queued"]


def test_the_customer_sees_the_new_queue_and_nobody_leaving(mine, agent, pass_to):
    before = Event.objects.count()

    pass_to(mine, agent)

    seen = wire_types(mine, before)
    assert "handoff.queue_status" in seen
    assert not {"human.left", "handoff.triggered", "handoff.failed", "handoff.timed_out", "session.ended"} & set(seen)


def test_the_note_reaches_whoever_takes_it_and_not_the_customer(mine, agent, pass_to):
    pass_to(mine, agent, note="Refund promised by Friday")

    note = Event.objects.get(conversation=mine, type="note.added")
    assert (note.payload["text"], note.public_sequence) == ("Refund promised by Friday", None)


def test_a_transfer_frees_the_agents_capacity(mine, agent, pass_to):
    pass_to(mine, agent)

    assert not Assignment.objects.filter(agent=agent, state__in=Assignment.TAKES_CAPACITY).exists()


def test_who_passed_it_on_can_no_longer_close_it(mine, agent, pass_to, now):
    pass_to(mine, agent)

    with pytest.raises(StaleEpoch):
        close_conversation(
            conversation_id=mine.pk,
            agent=agent,
            epoch=mine.epoch - 1,
            facts=OutcomeFacts(code="no_action", resolved=True),
            at=now,
        )


def test_only_under_the_epoch_of_now(mine, agent, pass_to):
    with pytest.raises(StaleEpoch):
        pass_to(mine, agent, epoch=mine.epoch - 1)

    assert Handoff.objects.count() == 1


def test_an_unknown_destination_is_refused_and_nothing_changes(mine, agent, pass_to):
    with pytest.raises(TargetRefused) as refused:
        pass_to(mine, agent, destination="nowhere")

    assert refused.value.code == "unknown_destination"
    mine.refresh_from_db()
    assert (mine.owner_kind, mine.owner_id) == ("human", str(agent.pk))


def test_a_destination_whose_queue_is_off_is_refused(
    conversation, cast, agent, retention, project, owner, now, pass_to
):
    Queue.objects.filter(key="retention").update(is_on=False)
    publish_release(project=project, publisher=owner, at=now)
    cast.hand_off(conversation)
    mine = claim_conversation(conversation_id=conversation.pk, agent=agent, at=now)

    with pytest.raises(TargetRefused) as refused:
        pass_to(mine, agent)

    assert refused.value.code == "closed"


def test_straight_to_a_colleague(mine, agent, other_agent, now):
    given = transfer_to_agent(
        conversation_id=mine.pk, agent=agent, epoch=mine.epoch, to=other_agent.pk, note="Speaks Spanish", at=now
    )

    assert (given.owner_kind, given.owner_id, given.epoch) == ("human", str(other_agent.pk), mine.epoch + 1)
    episodes = list(Handoff.objects.order_by("initiated_at", "pk").values_list("state", "cause"))
    assert sorted(episodes) == [("active", ""), ("transferred", "transferred_by_agent")]
    assert Assignment.objects.get(state="active").agent == other_agent
    check_conversation(given)


@pytest.mark.parametrize("who", ["reviewer", "outsider", "agent"])
def test_only_to_somebody_else_who_works_this_inbox(request, mine, agent, who, now):
    target = request.getfixturevalue(who)

    with pytest.raises(TargetRefused) as refused:
        transfer_to_agent(conversation_id=mine.pk, agent=agent, epoch=mine.epoch, to=target.pk, note="", at=now)

    assert refused.value.code == ("same_agent" if who == "agent" else "unknown_agent")


def test_a_supervisor_gives_a_colleagues_conversation_to_an_agent(mine, other_agent, supervisor, now):
    given = reassign_conversation(
        conversation_id=mine.pk, supervisor=supervisor, to=other_agent.pk, note="", at=now + timedelta(seconds=1)
    )

    assert given.owner_id == str(other_agent.pk)
    assert Handoff.objects.filter(cause="transferred_by_supervisor").count() == 1
    check_conversation(given)


def test_a_supervisor_gives_a_waiting_conversation_to_an_agent(waiting, other_agent, supervisor, now):
    given = reassign_conversation(conversation_id=waiting.pk, supervisor=supervisor, to=other_agent.pk, note="", at=now)

    assert (given.owner_kind, given.owner_id) == ("human", str(other_agent.pk))
    assert Handoff.objects.get().state == "active"


def test_what_the_ai_has_cannot_be_reassigned(conversation, other_agent, supervisor, now):
    with pytest.raises(NotWaiting):
        reassign_conversation(
            conversation_id=conversation.pk, supervisor=supervisor, to=other_agent.pk, note="", at=now
        )
