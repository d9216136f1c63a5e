"""When a silent customer is warned and when their session is over (Messaging API: ten minutes without any frame).

What a process has heard reaches the database at most STAMP_SECONDS later, so nothing is concluded earlier than that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STAMP_SECONDS = 60.0
STAMPED_WITHIN = timedelta(seconds=STAMP_SECONDS)
IDLE_AFTER = timedelta(minutes=10)
WARNED_FOR = 2 * STAMPED_WITHIN


class IdleStep(StrEnum):
    """What is done now."""

    WAIT = "wait"
    WARN = "warn"
    END = "end"


@dataclass(frozen=True, slots=True)
class IdleVerdict:
    """What is done now, and when to look again; None when the session is over."""

    step: IdleStep
    look_again_at: datetime | None


def judge_silence(*, silent_since: datetime, warned_at: datetime | None, at: datetime) -> IdleVerdict:
    """silent_since: the last frame known, or the instant the AI got the conversation; warned_at: the last warning.

    A warning that was followed by a frame is none any more.
    """
    warn_at = silent_since + IDLE_AFTER + STAMPED_WITHIN
    if at < warn_at:
        return IdleVerdict(IdleStep.WAIT, warn_at)
    if warned_at is None or warned_at < silent_since:
        return IdleVerdict(IdleStep.WARN, at + WARNED_FOR)
    if at < warned_at + WARNED_FOR:
        return IdleVerdict(IdleStep.WAIT, warned_at + WARNED_FOR)
    return IdleVerdict(IdleStep.END, None)
