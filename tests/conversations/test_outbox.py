"""The outbox: leased one by one, kept when it fails, dead in the end, and promised only with its transaction."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conversations.models import OutboxEntry
from conversations.models.ids import new_id
from conversations.outbox import (
    BACKOFF,
    LANES,
    LEASE,
    MOST_ATTEMPTS,
    USUAL_LANE,
    add_entry,
    finish,
    is_due,
    lease_next,
    postpone,
)
from studio.processes import QUEUES

pytestmark = pytest.mark.django_db
TALK = new_id()


def entry(topic: str = "webhook.emit") -> OutboxEntry:
    return add_entry(topic=topic, conversation_id=TALK, sequence=3, epoch=1, payload={"event": "x"})


def soon():
    return timezone.now() + timedelta(seconds=1)


def test_the_oldest_that_is_due_is_leased_and_hidden_from_others():
    first, second = entry(), entry()
    at = soon()

    leased = [lease_next(lane="work", at=at) for _ in range(3)]

    assert leased == [first, second, None]
    assert [item.attempts for item in leased[:2]] == [1, 1]
    assert OutboxEntry.objects.get(pk=first.pk).due_at == at + LEASE


@pytest.mark.parametrize(
    ("topic", "lane", "other"),
    [("turn.due", "turns", "work"), ("webhook.emit", "work", "turns"), ("nobody.knows", "work", "turns")],
)
def test_each_lane_leases_its_own_topics_only(topic, lane, other):
    promised, at = entry(topic), soon()

    assert (is_due(lane=lane, at=at), is_due(lane=other, at=at)) == (True, False)
    assert (lease_next(lane=other, at=at), lease_next(lane=lane, at=at)) == (None, promised)
    assert not is_due(lane=lane, at=at)


def test_every_lane_has_a_worker():
    assert {USUAL_LANE, *LANES.values()} <= set(QUEUES)


def test_a_lease_that_ran_out_is_taken_over():
    kept, at = entry(), soon()
    lease_next(lane="work", at=at)

    assert lease_next(lane="work", at=at + LEASE) == kept
    assert OutboxEntry.objects.get().attempts == 2


def test_what_is_done_is_gone():
    finish(entry())

    assert not OutboxEntry.objects.exists()


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 2), (6, 300), (7, 300), (MOST_ATTEMPTS - 1, 300)])
def test_what_failed_waits_longer_each_time(attempt, seconds):
    failed, at = entry(), soon()
    failed.attempts = attempt

    postpone(failed, error="no route", at=at)

    kept = OutboxEntry.objects.get()
    assert (kept.due_at, kept.last_error, kept.dead_at) == (at + timedelta(seconds=seconds), "no route", None)
    assert list(BACKOFF) == sorted(BACKOFF)


def test_what_failed_too_often_is_dead_and_leased_no_more():
    failed, at = entry(), soon()
    failed.attempts = MOST_ATTEMPTS

    postpone(failed, error="x" * 5000, at=at)

    kept = OutboxEntry.objects.get()
    assert (kept.dead_at, len(kept.last_error)) == (at, 2000)
    assert lease_next(lane="work", at=at + timedelta(days=1)) is None


def test_a_promise_is_rolled_back_with_its_transaction():
    with transaction.atomic():
        entry()
        transaction.set_rollback(True)

    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_lease_each_entry_once():
    wanted = {entry().pk for _ in range(40)}
    at, together, taken = soon(), Barrier(4), []

    def work() -> None:
        together.wait()
        try:
            while leased := lease_next(lane="work", at=at):
                taken.append(leased.pk)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)

    assert sorted(taken) == sorted(wanted)
