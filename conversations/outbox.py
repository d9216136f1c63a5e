"""The outbox: work promised in the same transaction as the event that asks for it.

Entries are leased one by one, so that a slow one holds up nobody else. A lease is short and renewed as long as
its process lives: what a killed worker held is taken over within seconds. Each topic belongs to a lane, and each lane
is drained by a worker of its own, from the queue of the same name.
"""

import logging
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from conversations.models import OutboxEntry

logger = logging.getLogger(__name__)

# Which event of a customer needs work, by who has the conversation. `ticket`: in a queue, nobody waiting.
TOPICS: Mapping[str, Mapping[str, str]] = {
    "customer.join_requested": {"ai": "turn.due"},
    "customer.message": {"ai": "turn.due", "ticket": "ticket.message"},
}
# An AI may take many seconds to answer; what is promised to everybody else must not wait behind it.
USUAL_LANE, TURNS_LANE = "work", "turns"
LANES: Mapping[str, str] = {"turn.due": TURNS_LANE}
LEASE = timedelta(seconds=4)
RENEW_SECONDS = 1.0
BACKOFF = (1, 2, 5, 15, 60, 300)  # seconds before try 2, 3, …; the last value repeats
MOST_ATTEMPTS = 12
KICK_INTERVAL = 0.005


def add_entry(
    *,
    topic: str,
    conversation_id: uuid.UUID,
    sequence: int | None = None,
    epoch: int | None = None,
    payload: Mapping[str, Any] | None = None,
) -> OutboxEntry:
    """Promise work inside the caller's transaction; workers are kicked after its commit."""
    entry = OutboxEntry.objects.create(
        topic=topic, conversation_id=conversation_id, sequence=sequence, epoch=epoch, payload=dict(payload or {})
    )
    transaction.on_commit(partial(kick, lane_of(topic)))
    return entry


def lane_of(topic: str) -> str:
    return LANES.get(topic, USUAL_LANE)


def is_due(*, lane: str, at: datetime) -> bool:
    """Whether an entry of this lane waits to be leased."""
    return _due(lane, at).exists()


def lease_next(*, lane: str, at: datetime) -> OutboxEntry | None:
    """Take the oldest entry of the lane that is due for as long as LEASE; None when nothing is due."""
    with transaction.atomic():
        entry = _due(lane, at).select_for_update(skip_locked=True, no_key=True).order_by("due_at", "id").first()
        if entry is None:
            return None
        entry.due_at, entry.attempts = at + LEASE, entry.attempts + 1
        entry.save(update_fields=["due_at", "attempts"])
    return entry


@contextmanager
def keep_lease(entry: OutboxEntry) -> Iterator[None]:
    """Renew a leased entry's lease for as long as the block runs."""
    _keeper.held.add(entry.pk)
    _keeper.start()
    try:
        yield
    finally:
        _keeper.held.discard(entry.pk)


def finish(entry: OutboxEntry) -> None:
    entry.delete()


def postpone(entry: OutboxEntry, *, error: str, at: datetime) -> None:
    """Keep a failed entry for another try, or dead-letter it after MOST_ATTEMPTS."""
    wait = BACKOFF[min(entry.attempts, len(BACKOFF)) - 1]
    OutboxEntry.objects.filter(pk=entry.pk).update(
        last_error=error[:2000],
        due_at=at + timedelta(seconds=wait),
        dead_at=at if entry.attempts >= MOST_ATTEMPTS else None,
    )


def _due(lane: str, at: datetime) -> QuerySet[OutboxEntry]:
    entries = OutboxEntry.objects.filter(dead_at__isnull=True, due_at__lte=at)
    if lane == USUAL_LANE:  # topics nobody knows included
        return entries.exclude(topic__in=LANES)
    return entries.filter(topic__in=[topic for topic, its_lane in LANES.items() if its_lane == lane])


class _Background:
    """A daemon thread of this process, started at first use and again should it have died."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        raise TypeError("a background thread says what it runs")


class _LeaseKeeper(_Background):
    """Renews what this process holds: one statement a second, none while it holds nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.held: set[int] = set()

    def _run(self) -> None:
        while True:
            time.sleep(RENEW_SECONDS)
            if held := tuple(self.held):
                OutboxEntry.objects.filter(pk__in=held).update(due_at=timezone.now() + LEASE)
                close_old_connections()


class _Kicker(_Background):
    """Wakes each lane's workers at most once in KICK_INTERVAL, never on the event loop; beat drains too, so a
    lost kick costs a second."""

    def __init__(self) -> None:
        super().__init__()
        self._lanes: set[str] = set()
        self._wanted = threading.Event()

    def kick(self, lane: str) -> None:
        self._lanes.add(lane)
        self._wanted.set()
        self.start()

    def _run(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            while self._lanes:
                self._send(self._lanes.pop())
            time.sleep(KICK_INTERVAL)

    @staticmethod
    def _send(lane: str) -> None:
        task = settings.OUTBOX_KICK_TASK
        try:
            current_app.send_task(task, kwargs={"lane": lane}, queue=lane, expires=5, ignore_result=True)
        except OperationalError as error:
            logger.warning("outbox kick lost, beat will drain: %s", error)


_keeper = _LeaseKeeper()
kick = _Kicker().kick
