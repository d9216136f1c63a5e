"""Waits fired in sets: the same rows as one by one, exactly once, and nobody is held up by a bad one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connections, transaction
from django.utils import timezone

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Conversation, Deadline, Event, OutboxEntry
from conversations.services.idleness import open_watched_session
from conversations.services.ownership import change_projection, lock_conversation
from conversations.services.sessions import open_session
from handoffs.domain.follow_ups import decide_follow_up
from handoffs.domain.lifecycle import Cause, Signal, State
from handoffs.models import Destination, Handoff, QueueEntry
from handoffs.selectors.snapshots import read_config
from handoffs.services.arrivals import arm, disarm
from handoffs.services.claims import leave_queue
from handoffs.services.clock import LENGTH, run_clock_slice, run_follow_up_slice
from handoffs.services.deadlines import SEEN, fire_some, sweep_deadlines
from handoffs.services.episodes import create_next_episode
from handoffs.services.firing import fire_waits
from handoffs.services.follow_up import ending_event, episode_of, next_columns
from handoffs.services.lifecycle import signal_handoff
from handoffs.services.releases import publish_release
from tests.invariants import check_conversation

LATER = timedelta(seconds=301)
OWN = {"id", "conversation_id", "handoff_id", "root_id", "subject_id", "created_at", "due_at", "trace", "payload"}


@pytest.fixture
def line(release, connector, cast) -> list[Conversation]:
    """Customers who wait in the billing queue."""
    conversations = [open_session(connector=connector, options={}) for _ in range(6)]
    for conversation in conversations:
        cast.hand_off(conversation)
    return conversations


def fire_by_rows(conversation_id, at: datetime) -> None:
    """What the set does, with the services that do it for one."""
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        handoff = Handoff.objects.get(pk=str(conversation.handoff_id))
        signal_handoff(handoff=handoff, signal=Signal.WAIT_EXPIRED, cause=Cause.WAIT_LIMIT, at=at)
        leave_queue(handoff)
        plan = decide_follow_up(read_config(handoff.snapshot_hash), episode_of(conversation, handoff), at=at)
        columns = next_columns(str(handoff.id), handoff.attempt, plan)
        following = create_next_episode(after=handoff, at=at, changes=columns)
        change_projection(
            conversation=conversation,
            event=ending_event(State(handoff.state), Cause(handoff.cause), plan),
            changes={
                "handoff_state": following.state,
                "handoff_id": str(following.id),
                "waiting_since": conversation.waiting_since.isoformat(),
            },
        )
        arm(handoff=following, kind="retry", due_at=at)


def rows_of(conversation_id) -> dict[str, list[dict]]:
    """Everything there is of a conversation, without what has to differ."""
    read = {
        "conversation": Conversation.objects.filter(pk=conversation_id),
        "handoffs": Handoff.objects.filter(conversation_id=conversation_id).order_by("id"),
        "entries": QueueEntry.objects.filter(conversation_id=conversation_id),
        "events": Event.objects.filter(conversation_id=conversation_id).order_by("sequence"),
        "deadlines": Deadline.objects.filter(conversation_id=conversation_id).order_by("kind"),
        "outbox": OutboxEntry.objects.filter(conversation_id=conversation_id).order_by("id"),
    }
    # Their moments differ by when they began, and the outbox numbers its rows.
    began = {"owner_since", "waiting_since", "initiated_at", "accepted_at", "entered_at", "told_at", "history"}
    told = {"told_position", "customer_id"}
    left_out = OWN | began | told
    return {
        name: [{key: value for key, value in row.items() if key not in left_out} for row in rows.values()]
        for name, rows in read.items()
    }


@pytest.mark.parametrize("policy", ["message", "retry", "fallback"])
def test_a_set_writes_the_same_rows_as_one_by_one(project, owner, line, cast, connector, policy, now):
    Destination.objects.create(project=project, key="second", name="Second", queue_key="billing")
    Destination.objects.filter(key="billing").update(after_timeout=policy, fallback_key="second")
    publish_release(project=project, publisher=owner, at=now)
    one, other = (open_session(connector=connector, options={}) for _ in range(2))
    for conversation in (one, other):
        cast.hand_off(conversation)
    at = timezone.now() + LATER
    disarm(Handoff.objects.get(conversation=other))

    assert fire_waits(at=at) == len(line) + 1
    fire_by_rows(other.id, at)

    assert rows_of(one.id) == rows_of(other.id)
    for conversation in (one, other):
        check_conversation(conversation)
        steps = Handoff.objects.filter(conversation=conversation).order_by("id").values_list("history", flat=True)
        assert steps[0][-1] == {"state": "timed_out", "at": at.isoformat()}
        newest = Event.objects.filter(conversation=conversation).latest("sequence").payload
        assert newest["now"]["handoff_state"] == "initiated"


def test_the_next_episode_begins_with_the_end_of_the_last(line, now):
    at = now + LATER

    fire_waits(at=at)

    for conversation in line:
        check_conversation(conversation)
        over, begun = Handoff.objects.filter(conversation=conversation).order_by("id")
        assert (over.state, begun.state, over.ended_at, begun.initiated_at) == ("timed_out", "initiated", at, at)
    assert set(Deadline.objects.filter(kind="retry").values_list("due_at", flat=True)) == {at}


def test_what_was_claimed_in_the_meantime_does_not_fire(line, agent, now):
    Deadline.objects.filter(kind="wait_limit").update(due_at=now)
    Handoff.objects.filter(conversation=line[0]).update(state="active")

    assert fire_waits(at=now) == len(line)

    assert Handoff.objects.get(conversation=line[0]).state == "active"
    assert Handoff.objects.filter(state="timed_out").count() == len(line) - 1


def test_a_customer_who_has_gone_is_not_told(line, now):
    Conversation.objects.filter(pk=line[0].pk).update(ended_at=now)

    sweep_deadlines(at=now + LATER)

    assert Handoff.objects.get(conversation=line[0]).state == "queued"
    assert not Event.objects.filter(conversation=line[0], type="handoff.timed_out").exists()


def test_one_that_fails_stops_no_other_and_is_tried_again_later(line, now, caplog):
    at = now + LATER
    Handoff.objects.filter(conversation=line[0]).update(snapshot_hash="gone")

    assert sweep_deadlines(at=at) == len(line) - 1

    (left,) = Deadline.objects.filter(kind="wait_limit")
    assert (left.conversation_id, left.due_at) == (line[0].id, at + timedelta(seconds=1))
    assert f"deadline {left.pk} failed" in caplog.text
    assert sweep_deadlines(at=left.due_at) == 0
    left.refresh_from_db()
    assert left.due_at == at + timedelta(seconds=1 + 2)
    check_conversation(line[0])


def test_a_set_is_told_to_those_who_follow(line, now, monkeypatch):
    told = []
    monkeypatch.setattr("handoffs.services.firing.publish_sync", told.append)

    with transaction.atomic():
        fire_waits(at=now + LATER)
        assert told == []


def test_what_became_due_while_nothing_ran_fires_once_on_return(line, now):
    """Hours later, by slices one after the other."""
    later = iter(now + timedelta(hours=9, milliseconds=number) for number in range(20_000))

    for run in (run_clock_slice, run_follow_up_slice) * 2:
        run(clock=lambda: next(later), sleep=lambda seconds: None)

    assert Event.objects.filter(type="handoff.timed_out").count() == len(line)
    assert Handoff.objects.filter(is_ticket=True, state="queued").count() == len(line)
    for conversation in line:
        check_conversation(conversation)


def test_two_sweepers_never_fire_the_same(transactional_db, line, connector, cast, now):
    more = [open_session(connector=connector, options={}) for _ in range(30)]
    for conversation in more:
        cast.hand_off(conversation)
    start, at = threading.Barrier(2, timeout=20), timezone.now() + LATER

    def sweep() -> int:
        try:
            start.wait()
            fired = 0
            while some := fire_waits(at=at, limit=3):
                fired += some
            return fired
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        fired = [future.result(60) for future in [pool.submit(sweep), pool.submit(sweep)]]

    assert sum(fired) + fire_waits(at=at) == len(line) + len(more)
    assert Event.objects.filter(type="handoff.timed_out").count() == len(line) + len(more)
    sweep_deadlines(at=at)
    for conversation in (*line, *more):
        check_conversation(conversation)
    assert Handoff.objects.filter(is_ticket=True).count() == len(line) + len(more)


def test_a_wait_somebody_holds_is_due_again_at_once(transactional_db, waiting, other_connection, now):
    with transaction.atomic():
        lock_conversation(waiting.id)
        assert other_connection(lambda: fire_some(at=now + LATER)) == {}
    assert fire_some(at=now + LATER)["wait"] == 1


def test_waits_go_before_everything_that_is_fired_alone(line, connector, cast, now):
    """A wait that falls due does not queue up behind what follows the ones before it."""
    at = now + LATER
    assert fire_some(at=at) == {"wait": len(line)}
    another = open_session(connector=connector, options={})
    cast.hand_off(another)
    Deadline.objects.filter(conversation=another).update(due_at=at + timedelta(minutes=1))

    assert fire_some(at=at + timedelta(hours=1)) == {"wait": 1, "retry": 1}


def test_waits_are_found_behind_as_many_others_as_a_look_sees(line, connector, now):
    crowd = [open_watched_session(connector=connector, options={}) for _ in range(SEEN)]
    Deadline.objects.filter(kind="idle").update(due_at=now)

    assert fire_some(at=now + LATER) == {"wait": len(line), "idle": 1}
    assert Deadline.objects.filter(kind="idle", due_at=now).count() == len(crowd) - 1


def test_a_deadline_somebody_holds_does_not_hold_up_the_next(transactional_db, connector, other_connection, now):
    held, free = [open_watched_session(connector=connector, options={}) for _ in range(2)]
    Deadline.objects.filter(conversation=held).update(due_at=now)
    Deadline.objects.filter(conversation=free).update(due_at=now + timedelta(seconds=1))

    with transaction.atomic():
        lock_conversation(held.id)
        assert other_connection(lambda: fire_some(at=now + LATER)) == {"idle": 1}

    assert Deadline.objects.get(due_at__lte=now + LATER).conversation_id == held.id


def test_a_slice_of_the_clock_leaves_what_follows_to_other_hands(line, now):
    def instants():
        return partial(next, iter(now + LATER + timedelta(milliseconds=number) for number in range(10_000)))

    assert run_clock_slice(clock=instants(), sleep=lambda seconds: None) == len(line)
    assert Deadline.objects.filter(kind="retry").count() == len(line)

    assert run_follow_up_slice(clock=instants(), sleep=lambda seconds: None) == len(line)
    assert Handoff.objects.filter(is_ticket=True, state="queued").count() == len(line)


def test_a_look_at_nothing_due_is_one_query(line, django_assert_num_queries, now):
    slept = []
    instants = iter([now, now, now, now + timedelta(hours=1)])

    with django_assert_num_queries(1):
        assert run_clock_slice(clock=lambda: next(instants), sleep=slept.append) == 0

    assert slept == [LENGTH.total_seconds()]


@pytest.mark.parametrize(("run", "seconds"), [(run_clock_slice, 0.5), (run_follow_up_slice, 0.1)])
def test_a_slice_sleeps_to_the_next_deadline_of_its_own(line, now, run, seconds):
    Deadline.objects.filter(conversation=line[0]).update(due_at=now + timedelta(seconds=0.5))
    slept = []
    instants = iter([now, now, now, now + timedelta(hours=1)])

    run(clock=lambda: next(instants), sleep=slept.append)

    assert slept == [seconds]


def test_an_event_of_somebody_else_meanwhile_leaves_no_hole(line, now):
    append_event(conversation_id=line[0].id, event=NewEvent("customer.message", "customer", {"text": "Hello?"}))

    sweep_deadlines(at=now.astimezone(UTC) + LATER)

    check_conversation(line[0])
