"""Who is gone keeps nobody waiting: their conversations go back to the queue, to where they would stand."""

from datetime import timedelta

import pytest

from conversations.domain.vocabulary import EndReason
from conversations.models import Deadline, Event
from conversations.services.replies import send_reply
from conversations.services.sessions import end_session
from handoffs.domain.inbox import View, Viewer
from handoffs.domain.lifecycle import NotAllowed
from handoffs.management.commands.handoff import write_explanation
from handoffs.models import Assignment, Handoff, Offer, Presence, QueueEntry
from handoffs.selectors.absences import RETURNS_AFTER
from handoffs.selectors.explanations import explain_handoff
from handoffs.selectors.inbox import read_view
from handoffs.services.absences import return_abandoned
from handoffs.services.claims import claim_conversation, claim_next
from handoffs.services.presence import see_agent, set_presence
from handoffs.services.snooze import snooze_conversation, wake_conversation
from handoffs.services.tending import tend_agents
from tests.invariants import check_conversation

MOMENT = timedelta(seconds=1)


@pytest.fixture
def later(now):
    return now + RETURNS_AFTER + MOMENT


@pytest.fixture
def gone(claimed, project, agent, now):
    """A conversation whose agent has said to be away and shut the inbox."""
    Assignment.objects.update(started_at=now)
    set_presence(user=agent, project=project, state="offline", at=now)
    return claimed


def owner_of(conversation) -> tuple[str, str]:
    conversation.refresh_from_db()
    return conversation.owner_kind, conversation.owner_id


def test_it_goes_back_to_its_queue_once_and_the_timeline_says_so(gone, agent, later):
    assert return_abandoned(at=later) == 1
    assert return_abandoned(at=later) == 0

    assert owner_of(gone) == ("queue", "billing")
    first, second = Handoff.objects.filter(conversation=gone).order_by("id")
    assert (first.state, first.cause) == ("transferred", "transferred_by_desk")
    assert (second.state, second.root_id, second.agent_id) == ("queued", first.pk, None)
    assert Assignment.objects.get().state == "ended"
    told = Event.objects.get(conversation=gone, type="handoff.released")
    assert (told.author, told.public_sequence, told.payload["agent_name"]) == ("system", None, "Maya Okafor")
    statuses = Event.objects.filter(conversation=gone, type="handoff.queue_status")
    assert statuses.latest("sequence").sequence > told.sequence
    check_conversation(gone)


def test_it_stands_where_its_age_puts_it_and_before_who_came_later(gone, begin_to_wait, project, other_agent, later):
    entered = QueueEntry.objects.get(conversation=gone).entered_at
    begin_to_wait()

    return_abandoned(at=later)

    assert QueueEntry.objects.get(conversation=gone, state="waiting").entered_at == entered
    assert waiting_in_the_inbox(project, other_agent)[0] == gone.pk
    assert claim_next(project=project, environment="live", agent=other_agent, at=later) == gone


def waiting_in_the_inbox(project, person) -> list:
    viewer = Viewer(str(person.pk), masked=False, can_reply=True)
    shown = read_view(project=project, environment="live", viewer=viewer, view=View.WAITING)
    return [row.conversation_id for row in shown.rows]


def test_its_customer_is_told_the_place_it_stands_at_and_no_other(gone, begin_to_wait, later):
    told = places_told(gone)
    begin_to_wait()

    return_abandoned(at=later)

    assert places_told(gone) == [*told, 1]


def places_told(conversation) -> list[int]:
    told = Event.objects.filter(conversation=conversation, type="handoff.queue_status").order_by("sequence")
    return [event.payload["position_in_queue"] for event in told]


def test_it_waits_as_long_as_anybody_from_now_on(gone, later):
    return_abandoned(at=later)

    assert Deadline.objects.get(kind="wait_limit").due_at > later


def test_there_is_no_decision_to_explain(gone, later):
    return_abandoned(at=later)

    lines = list(write_explanation(explain_handoff(Handoff.objects.latest("id").pk)))

    assert lines[-1].startswith("It cannot be made again: it has no trace of a decision")


def test_it_is_what_the_clock_looks_after(gone, later):
    tend_agents(at=later)

    assert owner_of(gone) == ("queue", "billing")


def test_whoever_shuts_the_inbox_without_a_word_is_gone_as_well(claimed, project, agent, now, later):
    Assignment.objects.update(started_at=now)
    set_presence(user=agent, project=project, state="ready", at=now)

    tend_agents(at=later)

    assert Presence.objects.get().state == "offline"
    assert owner_of(claimed) == ("queue", "billing")


def test_one_that_cannot_be_let_go_keeps_neither_another_nor_the_offers(
    gone, begin_to_wait, ready, offering, agent, now, later
):
    other = claim_conversation(conversation_id=begin_to_wait().pk, agent=agent, at=now)
    Assignment.objects.update(started_at=now)
    Handoff.objects.filter(conversation=gone).update(state="completed", cause="closed_by_agent")
    somebody = ready("Ana Ruiz")
    Presence.objects.filter(user=somebody).update(seen_at=later)

    with pytest.raises(ExceptionGroup) as failed:
        tend_agents(at=later)

    assert failed.group_contains(NotAllowed)
    assert owner_of(other) == ("queue", "billing")
    assert Offer.objects.get(state="open").conversation == other


def sees(gone, project, agent, at):
    see_agent(user=agent, project=project, at=at)


def comes_back(gone, project, agent, at):
    set_presence(user=agent, project=project, state="busy", at=at)


def answers(gone, project, agent, at):
    send_reply(conversation_id=gone.pk, author=agent, text="On my way.", epoch=gone.epoch, client_id=None)


def snoozes(gone, project, agent, at):
    snooze_conversation(
        conversation_id=gone.pk, agent=agent, epoch=gone.epoch, until=at + timedelta(days=1), at=at - RETURNS_AFTER
    )


def comes_back_from_a_snooze(gone, project, agent, at):
    snoozes(gone, project, agent, at)
    wake_conversation(conversation_id=gone.pk, at=at, because="due")


def customer_leaves(gone, project, agent, at):
    end_session(conversation_id=gone.pk, reason=EndReason.USER_END, at=at)


def is_given_it_anew(gone, project, agent, at):
    Assignment.objects.update(started_at=at)


@pytest.mark.parametrize(
    "deed", [sees, comes_back, answers, snoozes, comes_back_from_a_snooze, customer_leaves, is_given_it_anew]
)
def test_it_stays_where_somebody_looks_after_it_or_nobody_waits(gone, project, agent, now, deed):
    deed(gone, project, agent, now + RETURNS_AFTER - MOMENT)
    owner = owner_of(gone)

    assert return_abandoned(at=now + RETURNS_AFTER) == 0

    assert owner_of(gone) == owner
    assert not Event.objects.filter(type="handoff.released").exists()


def test_who_writes_to_what_is_snoozed_need_not_wait_for_somebody_who_is_gone(gone, project, agent, now):
    snoozes(gone, project, agent, now + RETURNS_AFTER)
    wake_conversation(conversation_id=gone.pk, at=now + RETURNS_AFTER, because="customer")

    assert return_abandoned(at=now + RETURNS_AFTER) == 1


def test_a_message_left_for_later_stays_with_who_took_it(ticket, project, agent, now, later):
    claim_conversation(conversation_id=ticket.pk, agent=agent, at=now)
    Assignment.objects.update(started_at=now)
    set_presence(user=agent, project=project, state="offline", at=now)

    assert return_abandoned(at=later) == 0


def test_one_who_was_never_at_an_inbox_is_not_gone(claimed, later):
    Assignment.objects.update(started_at=later - RETURNS_AFTER - MOMENT)

    assert return_abandoned(at=later) == 0
