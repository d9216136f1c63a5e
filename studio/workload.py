"""How the installation's work goes: what waits, for how long, and what failed. Findings as `diagnosis` makes them."""

from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db.models import Min

from conversations.models import Deadline, OutboxEntry
from integrations.models import Delivery
from integrations.selectors.deliveries import due_deliveries
from studio.diagnosis import Finding, Level
from studio.processes import QUEUES

# The clock fires within 50 ms, beat drains each second: what is later than this is stuck and not busy.
LATE = timedelta(seconds=5)
VERY_LATE = timedelta(seconds=60)
MANY_TASKS = 100
STUCK = "see whether the workers above answer, and their logs"


def judge_lag(lag: timedelta) -> Level:
    """How much a wait that should be a moment weighs."""
    return Level.FAIL if lag >= VERY_LATE else Level.WARN if lag >= LATE else Level.OK


def check_clock(at: datetime) -> Finding:
    """Deadlines that are due and not fired: each belongs to a customer who waits."""
    due = Deadline.objects.filter(due_at__lte=at)
    oldest, number = due.aggregate(oldest=Min("due_at"))["oldest"], due.count()
    if oldest is None:
        return Finding(Level.OK, "no deadline is late")
    level = judge_lag(at - oldest)
    return Finding(level, f"{_count(number, 'deadline')} late, by {_span(at - oldest)}", "" if _fine(level) else STUCK)


def check_outbox(at: datetime) -> Finding:
    """Promised work that nobody took, and work given up."""
    waiting = OutboxEntry.objects.filter(dead_at__isnull=True, attempts=0, due_at__lte=at)
    oldest, number = waiting.aggregate(oldest=Min("created_at"))["oldest"], waiting.count()
    dead = OutboxEntry.objects.filter(dead_at__isnull=False).count()
    lag = at - oldest if oldest else timedelta(0)
    text = f"{_count(number, 'entry', 'entries')} waiting, {_span(lag)} behind, {dead} given up"
    if dead:
        return Finding(max_level(judge_lag(lag), Level.WARN), text, "read why under Outbox entries in Django's admin")
    return Finding(judge_lag(lag), text, "" if _fine(judge_lag(lag)) else STUCK)


def check_deliveries(at: datetime, *, failures: int) -> Finding:
    """Webhooks that are due and not sent, and (failures) those that failed for good in the last 24 hours."""
    due: Delivery | None = due_deliveries(at=at).filter(endpoint__is_active=True).first()
    lag = at - due.next_attempt_at if due and due.next_attempt_at else timedelta(0)
    text = f"{_span(lag)} behind, {failures} failed in 24 h"
    if failures:
        return Finding(max_level(judge_lag(lag), Level.WARN), text, "look at the webhooks, mend the receiver, replay")
    return Finding(judge_lag(lag), text, "" if _fine(judge_lag(lag)) else STUCK)


def check_queues() -> Finding:
    """Tasks that wait for a worker, by queue."""
    try:
        depths = queue_depths()
    except redis.RedisError:
        return Finding(Level.FAIL, "cannot be read without Redis", "see the line on Redis")
    text = ", ".join(f"{queue} {number}" for queue, number in depths.items())
    if max(depths.values()) >= MANY_TASKS:
        return Finding(Level.WARN, text, "more comes in than is done: add a worker, or see why one is slow")
    return Finding(Level.OK, text)


def queue_depths() -> dict[str, int]:
    """How many tasks wait in each queue. Raises RedisError."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        return {queue: int(str(client.llen(queue))) for queue in QUEUES}


def max_level(*levels: Level) -> Level:
    return max(levels, key=list(Level).index)


def _fine(level: Level) -> bool:
    return level is Level.OK


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _span(lag: timedelta) -> str:
    seconds = lag.total_seconds()
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"
