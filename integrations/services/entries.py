"""The outbox, drained lane by lane: one entry after the other, a failing one kept for later and never in anybody's
way."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from structlog.contextvars import bound_contextvars

from conversations.models import OutboxEntry
from conversations.outbox import TURNS_LANE, finish, is_due, keep_lease, kick, lease_next, postpone
from integrations.registry import handler_of

logger = logging.getLogger(__name__)
# A worker's turn ends well inside the broker's visibility time-out, the slowest handler included.
TURN = timedelta(seconds=30)
# Where one entry takes seconds, whoever takes one wakes another thread for the next.
SLOW_LANES = {TURNS_LANE}


def drain_entries(*, lane: str, clock: Callable[[], datetime]) -> Counter[str]:
    """Handle what is due in this lane until nothing is, or the worker's turn is over (then others are kicked).

    Returns how many entries of each topic were handled. Raises ExceptionGroup at the end when entries failed;
    each of them is already postponed with its error.
    """
    over, handled, failures = clock() + TURN, Counter[str](), list[Exception]()
    while entry := lease_next(lane=lane, at=clock()):
        if lane in SLOW_LANES and is_due(lane=lane, at=clock()):
            kick(lane)
        if failure := handle_entry(entry, clock=clock):
            failures.append(failure)
        else:
            handled[entry.topic] += 1
        if clock() >= over:
            kick(lane)
            break
    if failures:
        raise ExceptionGroup("outbox entries were postponed", failures)
    return handled


def handle_entry(entry: OutboxEntry, *, clock: Callable[[], datetime]) -> Exception | None:
    """Run the handler of a leased entry and settle the entry. Returns what the handler raised."""
    try:
        with keep_lease(entry), bound_contextvars(conversation_id=str(entry.conversation_id)):
            handler_of(entry.topic)(entry=entry, at=clock())
    except Exception as error:  # logged, kept on the entry and raised again by whoever drains
        logger.exception("outbox entry %s (%s) failed", entry.pk, entry.topic)
        postpone(entry, error=f"{type(error).__name__}: {error}", at=clock())
        return error
    finish(entry)
    return None
