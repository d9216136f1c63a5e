"""Testing a destination hands a made-up customer off for real, and leaves nothing behind."""

from datetime import UTC, datetime
from itertools import count

import pytest

from conversations.models import Conversation
from handoffs.models import Destination, Handoff, Line, Queue, QueueEntry, Schedule
from handoffs.services.destination_tests import run_destination_test

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def billing(project) -> Destination:
    return Destination.objects.get(project=project)


@pytest.fixture
def run(owner, now):
    """Run a test; every look at the stopwatch takes 10 ms."""

    def run(destination: Destination, at: datetime = now):
        ticks = count()
        return run_destination_test(destination=destination, user=owner, at=at, stopwatch=lambda: next(ticks) / 100)

    return run


def outcome(test) -> list[tuple[str, bool]]:
    return [(step["label"], step["passed"]) for step in test.steps]


def test_a_text_destination_is_reached_seen_and_closed_again(run, billing, release):
    test = run(billing)

    assert outcome(test) == [
        ("Find a queue that is open now", True),
        ("Open a sandbox conversation", True),
        ("Hand it off", True),
        ("See it in the queue", True),
        ("Close it again", True),
    ]
    assert {step["milliseconds"] for step in test.steps} == {10}
    assert (test.passed, test.summary) == (True, "Reached the queue and was closed again, 50 ms")
    assert (test.release_number, test.destination_key) == (1, "billing")

    conversation = Conversation.objects.get()
    assert (conversation.environment, conversation.options["test_of"]) == ("sandbox", "billing")
    assert conversation.customer.name == "Robin (test)"
    assert conversation.ended_at is not None
    assert conversation.owner_kind == "none"
    handoff = Handoff.objects.get()
    assert (handoff.destination_key, handoff.queue_key, handoff.cause) == ("billing", "billing", "customer_cancelled")
    assert QueueEntry.objects.get().state == "left"


def test_before_the_first_release_there_is_no_number(run, billing):
    assert run(billing).release_number is None


@pytest.mark.parametrize(
    ("policy", "words"),
    [("message", "Closed now, a handoff becomes a message"), ("ai", "Closed now, the AI carries on")],
)
def test_closed_hours_are_said_and_no_conversation_is_opened(run, billing, project, policy, words):
    Schedule.objects.create(
        project=project,
        key="week",
        name="Week",
        time_zone="UTC",
        intervals=[{"day": 0, "start": "09:00", "end": "17:00"}],
    )
    Destination.objects.update(schedule_key="week", out_of_hours=policy)
    test = run(billing, SUNDAY)
    assert test.passed is False
    assert test.summary == f"{words}. People are back tomorrow at 09:00 UTC"
    assert not Conversation.objects.exists()


def test_a_queue_that_is_off_is_said(run, billing):
    Queue.objects.update(is_on=False)
    test = run(billing)
    assert (test.passed, test.summary) == (False, "No queue takes a chat now: each one it leads to is off")
    assert outcome(test) == [("Find a queue that is open now", False)]


def test_going_on_to_a_fallback_is_no_success_of_this_destination(run, billing, project):
    Queue.objects.create(project=project, key="second", name="Second")
    Destination.objects.create(project=project, key="second", name="Second line", queue_key="second")
    Queue.objects.filter(key="billing").update(is_on=False)
    Destination.objects.filter(pk=billing.pk).update(fallback_key="second")
    test = run(billing)
    assert (test.passed, test.summary) == (False, "It takes nobody now, handoffs go on to Second line")


def test_of_a_voice_route_the_plan_is_checked_and_nothing_is_called(run, billing):
    Destination.objects.update(desk_key="", method="refer", route="sip:desk@sbc.example.com")
    test = run(billing)
    assert (test.passed, test.summary) == (True, "The plan holds. No call was placed")
    assert [step["detail"] for step in test.steps] == ["REFER sip:desk@sbc.example.com. No call was placed"]
    assert not Conversation.objects.exists()


def test_a_plan_with_a_problem_fails_in_its_words(run, billing, project):
    Line.objects.create(project=project, environment="live", key="trunk", name="Trunk")
    Destination.objects.update(desk_key="", method="invite", route="5001")
    test = run(billing)
    assert (test.passed, test.summary) == (
        False, "5001 is dialled at the line's domain, and the line has none. Add one",
    )  # fmt: skip
