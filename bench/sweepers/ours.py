"""The studio's sweeper, by itself and in slices of the clock; and the policy that follows, alone and beside them."""

import time
from collections.abc import Mapping

from django.utils import timezone

import bench.ours  # noqa: F401 - sets Django up
from bench.lines import answer_lines
from conversations.domain.vocabulary import DeadlineKind
from conversations.models import Deadline
from handoffs.services.clock import run_clock_slice, run_follow_up_slice
from handoffs.services.deadlines import fire_deadline
from handoffs.services.firing import fire_waits

GRACE_SECONDS = 30


def fire() -> Mapping[str, float]:
    """Fire waits until none is due and free."""
    fired = 0
    while some := fire_waits(at=timezone.now()):
        fired += some
    return {"fired": fired}


def watch(seconds: float) -> Mapping[str, float]:
    """Run slices of the clock, as its worker does, for so long and until nobody's wait is over."""
    begun, fired = time.monotonic(), 0
    while (passed := time.monotonic() - begun) < seconds or (passed < seconds + GRACE_SECONDS and is_due()):
        fired += run_clock_slice(clock=timezone.now, sleep=time.sleep)
    return {"fired": fired}


def tend(seconds: float) -> Mapping[str, float]:
    """Run slices of what follows, as its worker does, for so long."""
    begun, taken_up = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        taken_up += run_follow_up_slice(clock=timezone.now, sleep=time.sleep)
    return {"taken_up": taken_up}


def is_due() -> bool:
    return Deadline.objects.filter(kind=DeadlineKind.WAIT_LIMIT, due_at__lte=timezone.now()).exists()


def follow(count: int) -> Mapping[str, float]:
    """Take up the next episode of some handoffs that have timed out."""
    due = list(Deadline.objects.filter(kind=DeadlineKind.RETRY).values_list("pk", flat=True)[:count])
    begun = time.perf_counter()
    for deadline_id in due:
        fire_deadline(deadline_id=deadline_id, at=timezone.now())
    return {"milliseconds": (time.perf_counter() - begun) / max(1, len(due)) * 1e3}


if __name__ == "__main__":
    answer_lines({"fire": fire, "watch": watch, "tend": tend, "follow": follow})
