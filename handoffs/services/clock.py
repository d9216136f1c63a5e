"""Slices of the clock: fire what is due, sleep to the next deadline, repeat, return after about a second.

Slices may overlap, a lost one costs a second. What takes as long as there are people who wait runs beside them, in
another process: no deadline may be late for that.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from conversations.domain.vocabulary import DeadlineKind
from handoffs.services.deadlines import FOLLOW_UPS, PROMPT, fire_seen, look_ahead
from handoffs.services.queue_status import send_queue_statuses
from handoffs.services.tending import tend_agents

# Longer than the second between two beginnings: no instant is left to a slice that has ended and one that is to come.
LENGTH = timedelta(milliseconds=1250)
# A deadline whose conversation somebody holds is still due: it is tried again after this.
SHORTEST_SLEEP = timedelta(milliseconds=10)
# What follows a wait is due at once, and armed by others: it is looked for this often.
FOLLOW_UP_SLEEP = timedelta(milliseconds=100)


def run_clock_slice(*, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> int:
    """Fire what is due, but not what follows; return how many deadlines were fired."""
    return _run_slice(clock, sleep, kinds=PROMPT, longest_sleep=LENGTH)


def run_follow_up_slice(*, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> int:
    """Take up what follows waits that have run out; return how many."""
    return _run_slice(clock, sleep, kinds=FOLLOW_UPS, longest_sleep=FOLLOW_UP_SLEEP)


def look_after_queues(*, clock: Callable[[], datetime]) -> None:
    """Tell waiting customers their place, and look after the agents."""
    send_queue_statuses(at=clock())
    tend_agents(at=clock())


def _run_slice(
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    *,
    kinds: Collection[DeadlineKind],
    longest_sleep: timedelta,
) -> int:
    over = clock() + LENGTH
    fired = 0
    while (now := clock()) < over:
        seen = look_ahead(kinds)
        if some := fire_seen(seen, at=now, kinds=kinds):
            fired += sum(some.values())
            continue
        wake = min([over, now + longest_sleep, *(one.due_at for one in seen if one.due_at > now)])
        sleep(max(wake - clock(), SHORTEST_SLEEP).total_seconds())
    return fired
