"""A slice of the clock: fire what is due, sleep to the next deadline, repeat, return within about a second.

Slices may overlap, a lost one costs a second. What is looked after once a second runs beside them: it takes as long as
there are people who wait, and no deadline may be late for that.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from handoffs.services.deadlines import fire_some, next_due_at
from handoffs.services.queue_status import send_queue_statuses
from handoffs.services.tending import tend_agents

LENGTH = timedelta(seconds=1)
# A deadline whose conversation somebody holds is still due: it is tried again after this.
SHORTEST_SLEEP = timedelta(milliseconds=10)


def run_clock_slice(*, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> int:
    """Return how many deadlines were fired."""
    over = clock() + LENGTH
    fired = 0
    while (now := clock()) < over:
        if some := fire_some(at=now):
            fired += sum(some.values())
            continue
        wake = min(next_due_at() or over, over)
        sleep(max(wake - clock(), SHORTEST_SLEEP).total_seconds())
    return fired


def look_after_queues(*, clock: Callable[[], datetime]) -> None:
    """Tell waiting customers their place, and look after the agents."""
    send_queue_statuses(at=clock())
    tend_agents(at=clock())
