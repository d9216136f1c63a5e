"""Nobody is given more than they can carry, unless a supervisor decides so."""

from datetime import timedelta

import pytest

from conversations.models import Conversation
from conversations.services.outcomes import OutcomeFacts
from handoffs.models import Agent, Assignment, Queue, QueueEntry
from handoffs.selectors.agents import read_load
from handoffs.selectors.handoffs import current_handoff
from handoffs.services.assignments import begin_assignment, end_assignment, ensure_assignment, finish_wrap_up
from handoffs.services.capacity import NoCapacity, ensure_agent, take_capacity
from handoffs.services.claims import claim_conversation, claim_next
from handoffs.services.closing import close_conversation, hand_back
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.releases import publish_release

REFUNDED = OutcomeFacts(code="refund_issued", resolved=True)


@pytest.fixture
def small(project, agent) -> Agent:
    """The agent carries one conversation at a time."""
    return Agent.objects.create(project=project, user=agent, capacity=1)


def load_of(project, agent) -> int:
    return read_load(project_id=project.pk, agent_id=agent.pk).weight


def states(conversation) -> list[str]:
    rows = Assignment.objects.filter(conversation=conversation).order_by("started_at")
    return list(rows.values_list("state", flat=True))


def test_a_claim_takes_capacity_and_a_hand_back_frees_it(project, claimed, agent, now):
    assert load_of(project, agent) == 1

    hand_back(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, note="", at=now)

    assert load_of(project, agent) == 0
    assert states(claimed) == ["ended"]


def test_a_claim_beyond_the_capacity_is_refused_and_changes_nothing(project, small, begin_to_wait, release, agent, now):
    first, second = begin_to_wait(), begin_to_wait()
    claim_conversation(conversation_id=first.pk, agent=agent, at=now)

    with pytest.raises(NoCapacity) as refused:
        claim_conversation(conversation_id=second.pk, agent=agent, at=now)

    assert (refused.value.load, refused.value.capacity, refused.value.channel) == (1, 1, "")
    assert Conversation.objects.get(pk=second.pk).owner_kind == "queue"
    assert QueueEntry.objects.get(conversation=second).state == "waiting"
    assert load_of(project, agent) == 1


def test_claiming_what_is_mine_already_takes_nothing_more(small, release, begin_to_wait, agent, now):
    waiting = begin_to_wait()

    once, again = (claim_conversation(conversation_id=waiting.pk, agent=agent, at=now) for _ in range(2))

    assert once.epoch == again.epoch


def test_a_supervisor_decides_over_the_limit(project, small, release, begin_to_wait, agent, now):
    for _ in range(2):
        claim_conversation(conversation_id=begin_to_wait().pk, agent=agent, at=now, force=True)

    assert load_of(project, agent) == 2


def test_the_next_is_refused_to_who_is_full(project, small, release, begin_to_wait, agent, now):
    begin_to_wait(), begin_to_wait()
    assert claim_next(project=project, environment="live", agent=agent, at=now)

    with pytest.raises(NoCapacity):
        claim_next(project=project, environment="live", agent=agent, at=now)


def test_a_heavy_conversation_takes_its_weight_and_is_not_overtaken(project, release, begin_to_wait, agent, now):
    Agent.objects.create(project=project, user=agent, capacity=3)
    heavy, lighter = begin_to_wait(), begin_to_wait()
    QueueEntry.objects.filter(conversation=heavy).update(weight=3)
    first = begin_to_wait()
    QueueEntry.objects.filter(conversation=first).update(priority=5)
    assert claim_next(project=project, environment="live", agent=agent, at=now).pk == first.pk

    with pytest.raises(NoCapacity):
        claim_next(project=project, environment="live", agent=agent, at=now)

    QueueEntry.objects.filter(conversation=heavy).update(weight=4)
    assert claim_next(project=project, environment="live", agent=agent, at=now).pk == lighter.pk


def test_a_channel_has_a_limit_of_its_own(project, release, begin_to_wait, agent, now):
    Agent.objects.create(project=project, user=agent, channel_limits={"web_chat": 1})
    first, second, mail = begin_to_wait(), begin_to_wait(), begin_to_wait()
    Conversation.objects.filter(pk=mail.pk).update(channel="email")

    taken = [claim_next(project=project, environment="live", agent=agent, at=now).pk for _ in range(2)]
    assert taken == [first.pk, mail.pk]
    with pytest.raises(NoCapacity) as refused:
        claim_conversation(conversation_id=second.pk, agent=agent, at=now)
    assert (refused.value.load, refused.value.capacity, refused.value.channel) == (1, 1, "web_chat")


def test_the_next_is_what_one_works_and_can_do(project, release, begin_to_wait, agent, other_agent, now):
    Agent.objects.create(project=project, user=agent, skills=["german"])
    german, french = begin_to_wait(), begin_to_wait()
    QueueEntry.objects.filter(conversation=german).update(skills=["german"])
    QueueEntry.objects.filter(conversation=french).update(skills=["french"])

    assert claim_next(project=project, environment="live", agent=other_agent, at=now) is None
    assert claim_next(project=project, environment="live", agent=agent, at=now).pk == german.pk
    assert claim_next(project=project, environment="live", agent=agent, at=now) is None

    team = project.teams.create(key="care", name="Care")
    team.members.add(other_agent)
    Queue.objects.get(project=project).teams.add(team)
    plain = begin_to_wait()
    assert claim_next(project=project, environment="live", agent=agent, at=now) is None
    assert claim_next(project=project, environment="live", agent=other_agent, at=now).pk == plain.pk


def test_a_closed_conversation_takes_its_weight_until_the_wrap_up_is_over(
    project, owner, begin_to_wait, offering, agent, now
):
    for ends in ("the agent", "the clock"):
        claimed = claim_conversation(conversation_id=begin_to_wait().pk, agent=agent, at=now)
        close_conversation(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, facts=REFUNDED, at=now)
        assert (load_of(project, agent), states(claimed)) == (1, ["wrap_up"])

        if ends == "the agent":
            assert finish_wrap_up(conversation_id=claimed.pk, agent=agent, at=now)
            assert not finish_wrap_up(conversation_id=claimed.pk, agent=agent, at=now)
        else:
            assert sweep_deadlines(at=now + timedelta(seconds=59)) == 0
            assert sweep_deadlines(at=now + timedelta(seconds=60)) == 1
        assert (load_of(project, agent), states(claimed)) == (0, ["ended"])


def test_nobody_ends_anothers_wrap_up(begin_to_wait, offering, agent, other_agent, now):
    claimed = claim_conversation(conversation_id=begin_to_wait().pk, agent=agent, at=now)
    close_conversation(conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, facts=REFUNDED, at=now)

    assert not finish_wrap_up(conversation_id=claimed.pk, agent=other_agent, at=now)


def test_who_takes_over_frees_whoever_had_it(project, claimed, agent, other_agent, now):
    take_capacity(project_id=project.pk, agent=other_agent, channel="web_chat", weight=1)
    begin_assignment(conversation=claimed, handoff=current_handoff(claimed), agent=other_agent, at=now)

    assert (load_of(project, agent), load_of(project, other_agent)) == (0, 1)
    end_assignment(conversation=claimed, at=now)
    assert end_assignment(conversation=claimed, at=now) is None


def test_what_an_older_version_left_without_an_assignment_gets_one(project, claimed, agent, now):
    Assignment.objects.all().delete()

    for _ in range(2):
        ensure_assignment(conversation=claimed, handoff=current_handoff(claimed), agent=agent, at=now)

    assert load_of(project, agent) == 1


def test_channels_weigh_as_the_snapshot_of_the_handoff_says(project, owner, conversation, cast, agent, now):
    project.handoff_settings.channel_weights = {"web_chat": 3}
    project.handoff_settings.save()
    publish_release(project=project, publisher=owner, at=now)

    cast.hand_off(conversation)
    project.handoff_settings.channel_weights = {}
    project.handoff_settings.save()
    claim_conversation(conversation_id=conversation.pk, agent=agent, at=now)

    assert load_of(project, agent) == 3


def test_an_agent_has_one_row_however_often_it_is_made_sure_of(project, agent):
    assert ensure_agent(project_id=project.pk, user=agent).pk == ensure_agent(project_id=project.pk, user=agent).pk
