"""What follows a handoff nobody took: the destination's policy, else the settings'."""

from datetime import UTC, datetime, timedelta

import pytest

from conversations.models import Conversation, Deadline, Event
from handoffs.models import Destination, Handoff, HandoffSettings, Queue, QueueEntry, Schedule
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import cancel_waiting
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.releases import publish_release
from tests.invariants import check_conversation

LATER = timedelta(seconds=301)
PAUSE = timedelta(seconds=30)


@pytest.fixture
def hands_off(conversation, project, owner, cast, now):
    """Configure billing and hand off to it."""
    Queue.objects.create(project=project, key="second", name="Second line")
    Destination.objects.create(project=project, key="second", name="Second line", queue_key="second")

    def hand_off(**billing) -> Conversation:
        Destination.objects.filter(key="billing").update(**billing)
        publish_release(project=project, publisher=owner, at=now)
        cast.hand_off(conversation)
        conversation.refresh_from_db()
        check_conversation(conversation)
        return conversation

    return hand_off


@pytest.fixture
def passes(conversation, now):
    """Let time pass, to so much after the handoff."""

    def sweep(after: timedelta) -> None:
        sweep_deadlines(at=now + after)
        conversation.refresh_from_db()
        check_conversation(conversation)

    return sweep


def closing_at(project, moment: datetime, *, now: datetime) -> None:
    """Office hours that end at this moment, where it is about noon now: no test may depend on the day's hour."""
    behind = now.hour - 12
    local = moment - timedelta(hours=behind)
    hours = [{"day": local.weekday(), "start": "00:00", "end": f"{local:%H:%M}"}]
    zone = f"Etc/GMT{behind:+d}"
    Schedule.objects.create(project=project, key="office", name="Office", time_zone=zone, intervals=hours)


def states() -> list[tuple[str, str, int]]:
    return [(item.destination_key, item.state, item.attempt) for item in Handoff.objects.order_by("id")]


def types_of(conversation) -> list[str]:
    return list(Event.objects.filter(conversation=conversation).order_by("sequence").values_list("type", flat=True))


def test_the_destinations_policy_goes_before_the_settings(conversation, hands_off, passes):
    HandoffSettings.objects.update(after_timeout="ai")
    hands_off(after_timeout="message")

    passes(LATER)

    assert conversation.is_ticket


def test_a_retry_waits_in_initiated_under_its_deadline(conversation, hands_off, passes):
    hands_off(after_timeout="retry")

    passes(LATER)

    assert states() == [("billing", "timed_out", 1), ("billing", "initiated", 2)]
    deadline = Deadline.objects.get(kind="retry")
    assert deadline.subject_id == conversation.handoff_id
    assert (conversation.owner_kind, conversation.owner_id, conversation.waiting_since) != ("ai", "", None)
    assert types_of(conversation)[-2:] == ["handoff.retrying", "system.message"]


def test_after_the_pause_the_same_destination_is_asked_again(conversation, hands_off, passes):
    hands_off(after_timeout="retry")
    passes(LATER)

    passes(LATER + PAUSE)

    assert states() == [("billing", "timed_out", 1), ("billing", "queued", 2)]
    assert types_of(conversation)[-2:] == ["handoff.requested", "handoff.queue_status"]
    assert types_of(conversation).count("handoff.triggered") == 1
    assert QueueEntry.objects.filter(state="waiting").count() == 1


def test_retries_are_limited_and_then_the_fallback_is_asked(conversation, hands_off, passes):
    hands_off(after_timeout="retry", retry_limit=1, fallback_key="second")

    passes(LATER)
    passes(LATER + PAUSE)
    passes(2 * LATER + PAUSE)

    assert states() == [("billing", "timed_out", 1), ("billing", "timed_out", 2), ("second", "queued", 1)]
    assert conversation.owner_id == "second"
    assert types_of(conversation)[-4:] == [
        "handoff.retrying",
        "handoff.requested",
        "system.message",
        "handoff.queue_status",
    ]


def test_retries_without_a_fallback_end_in_a_message(conversation, hands_off, passes):
    hands_off(after_timeout="retry", retry_limit=1)

    passes(LATER)
    passes(LATER + PAUSE)
    passes(2 * LATER + PAUSE)

    assert conversation.is_ticket
    assert types_of(conversation).count("handoff.timed_out") == 1


def test_an_agent_can_take_it_between_two_tries(conversation, hands_off, passes, agent, now):
    hands_off(after_timeout="retry")
    passes(LATER)

    claimed = claim_conversation(conversation_id=conversation.id, agent=agent, at=now + LATER)

    check_conversation(claimed)
    assert states()[-1] == ("billing", "active", 2)
    assert not Deadline.objects.filter(kind="retry").exists()


def test_a_customer_can_cancel_between_two_tries(conversation, hands_off, passes, now):
    hands_off(after_timeout="retry")
    passes(LATER)

    assert cancel_waiting(conversation_id=conversation.id, at=now + LATER)

    conversation.refresh_from_db()
    check_conversation(conversation)
    assert (conversation.owner_kind, states()[-1]) == ("ai", ("billing", "abandoned", 2))


def test_a_retry_that_finds_the_desk_closed_does_what_its_hours_say(conversation, project, hands_off, passes, now):
    closing_at(project, now + LATER, now=now)

    hands_off(after_timeout="retry", schedule_key="office", out_of_hours="message", wait_limit_seconds=10)
    passes(timedelta(seconds=11))
    passes(LATER + timedelta(minutes=2))

    assert conversation.is_ticket
    assert states()[1][1] == "failed"


def test_the_end_is_said_and_the_session_is_over(conversation, hands_off, passes):
    contact = {"kind": "phone", "label": "Call us", "value": "+442079460177"}
    HandoffSettings.objects.update(alternative_contacts=[contact])
    hands_off(after_timeout="end")

    passes(LATER)

    assert (conversation.owner_kind, conversation.ended_at is None) == ("none", False)
    assert types_of(conversation)[-3:] == ["handoff.timed_out", "system.message", "session.ended"]
    said = Event.objects.get(type="system.message").payload["message"]
    assert said.startswith("Nobody can take this just now")
    assert "Call us: +442079460177" in said


@pytest.mark.parametrize(
    ("policy", "with_whom", "newest"),
    [("ai", "ai", "ai.message"), ("end", "none", "session.ended"), ("retry", "queue", "system.message")],
)
def test_a_handoff_nobody_can_be_asked_for_follows_the_same_policy(conversation, hands_off, policy, with_whom, newest):
    Queue.objects.filter(key="billing").update(is_on=False)

    hands_off(after_timeout=policy)

    assert (conversation.owner_kind, types_of(conversation)[-1]) == (with_whom, newest)
    assert states()[0] == ("billing", "failed", 1)


@pytest.mark.parametrize(
    ("policy", "with_whom", "newest"),
    [
        ("message", "queue", ["handoff.failed", "ticket.opened", "system.message"]),
        ("ai", "ai", ["handoff.failed", "ai.joined", "ai.message"]),
        ("fallback", "queue", ["handoff.requested", "system.message", "handoff.queue_status"]),
    ],
)
def test_a_desk_that_closes_runs_its_hours_policy_on_those_who_wait(
    conversation, project, hands_off, now, policy, with_whom, newest
):
    closes = (now + timedelta(minutes=2)).replace(second=0, microsecond=0)
    closing_at(project, closes, now=now)
    hands_off(schedule_key="office", out_of_hours=policy, fallback_key="second", wait_limit_seconds=3600)
    assert Deadline.objects.get(kind="wait_limit").due_at == closes

    sweep_deadlines(at=closes + timedelta(seconds=1))

    conversation.refresh_from_db()
    check_conversation(conversation)
    first = Handoff.objects.order_by("id")[0]
    assert (first.state, first.cause) == ("failed", "out_of_hours")
    assert (conversation.owner_kind, types_of(conversation)[-3:]) == (with_whom, newest)


def test_a_desk_that_takes_everybody_on_after_closing_leaves_the_wait_limit(conversation, project, hands_off, now):
    closing_at(project, now + timedelta(minutes=2), now=now)

    hands_off(schedule_key="office", out_of_hours="queue", wait_limit_seconds=3600)

    handoff = Handoff.objects.get()
    assert Deadline.objects.get(kind="wait_limit").due_at == handoff.initiated_at + timedelta(hours=1)


def test_every_step_of_a_chain_is_in_its_history(hands_off, passes):
    hands_off(after_timeout="retry", retry_limit=1)
    passes(LATER)
    passes(LATER + PAUSE)

    first, second = Handoff.objects.order_by("id")
    assert [step["state"] for step in first.history] == ["initiated", "requested", "accepted", "queued", "timed_out"]
    assert [step["state"] for step in second.history] == ["initiated", "requested", "accepted", "queued"]
    moments = [datetime.fromisoformat(step["at"]) for step in (*first.history, *second.history)]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is UTC for moment in moments)
