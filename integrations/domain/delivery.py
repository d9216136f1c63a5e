"""One series of attempts to bring one event to one target: its states, and what an attempt changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from integrations.domain.retry import SCHEDULE, Judgement, next_attempt

MOST_ATTEMPTS = len(SCHEDULE)


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    DEAD = "dead"


OPEN_STATES = (DeliveryState.PENDING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt brought. `status` is None when no answer came; `error` is empty when it was delivered."""

    judgement: Judgement
    status: int | None = None
    error: str = ""
    excerpt: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    state: DeliveryState
    next_attempt_at: datetime | None  # set exactly while pending


def advance_delivery(attempt: Attempt, *, attempts: int, at: datetime, jitter: float) -> Progress:
    """Return what follows an attempt that ended at `at`, the `attempts`-th of its delivery."""
    if attempt.judgement is Judgement.DELIVERED:
        return Progress(DeliveryState.DELIVERED, None)
    later = next_attempt(attempts, at, jitter=jitter, retry_after=attempt.retry_after)
    if later is None or attempt.judgement is Judgement.GIVE_UP:
        return Progress(DeliveryState.DEAD, None)
    return Progress(DeliveryState.PENDING, later)
