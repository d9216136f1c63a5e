"""The door for other systems' desks: what they report, and everything that follows from it."""

from datetime import timedelta

import pytest

from conversations.append import StaleEpoch
from conversations.domain.vocabulary import EndReason
from conversations.models import Deadline, Event, OutboxEntry
from conversations.services.sessions import end_session
from handoffs.domain.lifecycle import NotAllowed, Signal, State
from handoffs.domain.signals import cause_of, is_repeat
from handoffs.models import Destination, Handoff, Queue
from handoffs.services.closing import end_open
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.releases import publish_release
from handoffs.services.signals import apply_signal
from tests.invariants import check_conversation

AGENT = {"id": "005", "name": "Rosa Lind", "avatar_url": ""}
LATER = timedelta(seconds=301)


@pytest.fixture
def at_desk(conversation, project, owner, cast, now):
    """Hand off to a desk of another system; return a way to report from it."""

    def hand_off(**changes):
        Destination.objects.filter(key="billing").update(desk_key="salesforce", **changes)
        publish_release(project=project, publisher=owner, at=now)
        cast.hand_off(conversation)
        return report

    def report(signal: Signal, *, epoch: int | None = 2, **more) -> State:
        newest = Handoff.objects.latest("id")
        try:
            return apply_signal(handoff_id=newest.id, epoch=epoch, signal=signal, at=now, **more)
        finally:
            conversation.refresh_from_db()
            check_conversation(conversation)

    return hand_off


def told(conversation, count: int) -> list[str]:
    events = Event.objects.filter(conversation=conversation).order_by("-sequence")[:count]
    return [event.type for event in reversed(events)]


def promised(topic: str) -> list[str]:
    return list(OutboxEntry.objects.filter(topic=topic).values_list("payload__handoff_id", flat=True))


def test_asking_a_desk_is_a_state_and_a_promise(conversation, at_desk):
    at_desk()

    conversation.refresh_from_db()
    handoff = Handoff.objects.get()
    assert (handoff.state, conversation.owner_kind, conversation.owner_id) == ("requested", "desk", "salesforce")
    assert told(conversation, 4) == ["ai.message", "handoff.triggered", "ai.left", "handoff.requested"]
    assert promised("desk.open") == [str(handoff.id)]
    assert Deadline.objects.filter(kind="accept", subject_id=handoff.id).exists()


def test_a_desk_tells_its_steps_one_by_one(conversation, at_desk):
    report = at_desk()

    assert report(Signal.DESK_ACCEPTED, details={"queue_name": "Tier 1"}) == "accepted"
    assert report(Signal.ENTERED_QUEUE, details={"queue_name": "Tier 1", "position_in_queue": 3}) == "queued"
    assert report(Signal.HUMAN_JOINED, details={"agent": AGENT}) == "active"

    assert told(conversation, 3) == ["handoff.accepted", "handoff.queue_status", "human.joined"]
    assert (conversation.epoch, conversation.waiting_since) == (2, None)
    assert not Deadline.objects.filter(kind="accept").exists()
    assert Event.objects.get(type="human.joined").payload["agent"] == AGENT


@pytest.mark.parametrize(("first", "state"), [(Signal.ENTERED_QUEUE, "queued"), (Signal.HUMAN_JOINED, "active")])
def test_the_first_sign_of_life_stands_for_the_acceptance(at_desk, first, state):
    assert at_desk()(first) == state

    passed = [step["state"] for step in Handoff.objects.get().history]
    assert passed == ["initiated", "requested", "accepted", state]
    assert Event.objects.filter(type="handoff.accepted").count() == 1


def test_a_human_who_leaves_ends_the_session(conversation, at_desk):
    report = at_desk()
    report(Signal.HUMAN_JOINED, details={"agent": AGENT})

    assert report(Signal.HUMAN_LEFT, details={"agent_name": "Rosa Lind"}) == "completed"

    assert told(conversation, 3) == ["handoff.completed", "human.left", "session.ended"]
    assert (Handoff.objects.get().cause, conversation.owner_kind) == ("desk_ended", "none")
    assert promised("desk.end") == []


def test_a_human_can_hand_back_to_the_ai(conversation, at_desk):
    report = at_desk()
    report(Signal.HUMAN_JOINED)

    assert report(Signal.HANDED_BACK) == "returned"

    assert told(conversation, 2) == ["handoff.returned", "ai.joined"]
    assert (conversation.owner_kind, conversation.epoch) == ("ai", 3)
    assert promised("desk.end") == [str(Handoff.objects.get().id)]


@pytest.mark.parametrize("signal", [Signal.DESK_FAILED, Signal.DESK_UNAVAILABLE])
def test_a_desk_that_cannot_leads_on_to_the_fallback_and_is_told_of_the_end(conversation, project, at_desk, signal):
    Queue.objects.create(project=project, key="second", name="Second line")
    Destination.objects.create(project=project, key="second", name="Second line", queue_key="second")
    report = at_desk(after_timeout="fallback", fallback_key="second")

    report(signal)

    failed, following = Handoff.objects.order_by("id")
    assert (failed.state, following.state, following.root_id) == ("failed", "queued", failed.id)
    assert (conversation.owner_kind, conversation.owner_id, conversation.handoff_id) == (
        "queue",
        "second",
        following.id,
    )
    assert promised("desk.end") == [str(failed.id)]
    assert told(conversation, 4) == [
        "handoff.retrying",
        "handoff.requested",
        "system.message",
        "handoff.queue_status",
    ]


def test_a_desk_that_breaks_while_a_human_is_there_fails(conversation, at_desk):
    report = at_desk()
    report(Signal.HUMAN_JOINED)

    assert report(Signal.DESK_FAILED) == "failed"
    assert conversation.is_ticket


@pytest.mark.parametrize(
    ("reason", "state", "cause"),
    [(EndReason.USER_END, "completed", "customer_ended"), (EndReason.USER_ABANDONED, "abandoned", "customer_idle")],
)
def test_a_customer_who_leaves_a_desks_human_ends_the_handoff(conversation, at_desk, now, reason, state, cause):
    report = at_desk()
    report(Signal.HUMAN_JOINED)

    end_session(conversation_id=conversation.id, reason=reason, at=now)
    end_open(entry=OutboxEntry.objects.get(topic="conversation.ended"), at=now)

    conversation.refresh_from_db()
    check_conversation(conversation)
    handoff = Handoff.objects.get()
    assert (handoff.state, handoff.cause, conversation.handoff_state) == (state, cause, state)
    assert promised("desk.end") == [str(handoff.id)]


@pytest.mark.parametrize(
    ("signal", "state"),
    [
        (Signal.HUMAN_LEFT, "completed"),
        (Signal.HANDED_BACK, "returned"),
        (Signal.DESK_FAILED, "failed"),
    ],
)
def test_what_a_desk_reports_just_after_the_customer_left_is_kept_and_told_to_nobody(
    conversation, at_desk, now, signal, state
):
    report = at_desk()
    report(Signal.HUMAN_JOINED)
    end_session(conversation_id=conversation.id, reason=EndReason.USER_END, at=now)

    assert report(signal, epoch=None) == state

    assert (conversation.owner_kind, conversation.handoff_state) == ("none", state)
    public = Event.objects.filter(conversation=conversation, public_sequence__isnull=False).order_by("-sequence")
    assert public[0].type == "session.ended"


def test_a_silent_desk_times_out(conversation, at_desk, now):
    at_desk()

    sweep_deadlines(at=now + LATER)

    conversation.refresh_from_db()
    check_conversation(conversation)
    silent = Handoff.objects.order_by("id")[0]
    assert (silent.state, silent.cause) == ("timed_out", "desk_silent")
    assert promised("desk.end") == [str(silent.id)]


def test_a_late_report_of_a_desk_left_behind_is_refused(at_desk, now):
    report = at_desk()
    first = Handoff.objects.get()
    report(Signal.DESK_FAILED)

    with pytest.raises(StaleEpoch):
        apply_signal(handoff_id=first.id, epoch=2, signal=Signal.HUMAN_JOINED, at=now)
    with pytest.raises(NotAllowed):
        apply_signal(handoff_id=first.id, epoch=None, signal=Signal.HUMAN_JOINED, at=now)
    assert apply_signal(handoff_id=first.id, epoch=2, signal=Signal.DESK_FAILED, at=now) == "failed"


def test_what_the_desk_says_twice_is_heard_once(conversation, at_desk):
    report = at_desk()
    report(Signal.HUMAN_JOINED)
    report(Signal.HUMAN_JOINED)
    report(Signal.HUMAN_LEFT)

    assert report(Signal.HUMAN_LEFT) == "completed"
    assert Event.objects.filter(type__in=["human.joined", "human.left", "session.ended"]).count() == 3


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("signal", Signal)
def test_a_report_is_either_news_or_known_or_refused(state, signal):
    try:
        why = cause_of(state, signal)
    except NotAllowed:
        return
    assert not is_repeat(state, signal)
    assert why is None or isinstance(why.value, str)


def test_silence_names_who_was_silent():
    silent = {state: cause_of(state, Signal.WAIT_EXPIRED) for state in State if state in EXPIRE}
    assert silent == {
        State.REQUESTED: "desk_silent",
        State.ACCEPTED: "wait_limit",
        State.QUEUED: "wait_limit",
        State.CLIENT_REQUIRED: "client_silent",
        State.TRANSFERRING: "no_answer",
    }


EXPIRE = {State.REQUESTED, State.ACCEPTED, State.QUEUED, State.CLIENT_REQUIRED, State.TRANSFERRING}
