"""When a failed delivery is tried again, and what an answer's status means for it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

# The wait before each attempt, counted from the end of the one before it.
SCHEDULE = (
    timedelta(0),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)
SPREAD = 0.1  # a wait is stretched by up to this share, so that one outage is not answered by one stampede
LONGEST_RETRY_AFTER = timedelta(hours=4)
GONE = 410


class Judgement(StrEnum):
    DELIVERED = "delivered"
    RETRY = "retry"
    GIVE_UP = "give_up"


def next_attempt(
    attempts: int, at: datetime, *, jitter: float = 0.0, retry_after: timedelta | None = None
) -> datetime | None:
    """Return when to try next after `attempts` tries, the last of which ended at `at`; None: never again.

    `jitter` is drawn by the caller from 0 to 1. `retry_after` is what the receiver asked for: honoured when
    it is later than the schedule, up to four hours. Raises ValueError for a negative count or a jitter outside.
    """
    if attempts < 0 or not 0 <= jitter <= 1:
        raise ValueError(f"attempts={attempts} jitter={jitter}")
    if attempts >= len(SCHEDULE):
        return None
    wait = SCHEDULE[attempts] * (1 + SPREAD * jitter)
    return at + max(wait, min(retry_after or timedelta(0), LONGEST_RETRY_AFTER))


def parse_retry_after(text: str, *, at: datetime) -> timedelta | None:
    """Return the wait a `Retry-After` header asks for (seconds or an HTTP date); None when it asks for none."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000": the sender names no zone; HTTP dates are in UTC
        moment = moment.replace(tzinfo=UTC)
    return max(moment - at, timedelta(0))


def judge_status(status: int) -> Judgement:
    """Return what a webhook receiver's status means.

    Everything but 2xx is tried again: a receiver that is being deployed answers 404, 401 or a redirect for a
    while. Only 410 says "never again".
    """
    if 200 <= status < 300:
        return Judgement.DELIVERED
    return Judgement.GIVE_UP if status == GONE else Judgement.RETRY
