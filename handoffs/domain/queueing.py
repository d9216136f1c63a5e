"""Positions and estimates as the customer is told them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

# A durable queue status is written only when the position enters another band; the rest is transient.
BANDS = (1, 2, 3, 5, 10, 20)
LEAST_CLAIMS = 5
REPEAT_EVERY = timedelta(seconds=15)


def band_of(position: int) -> int:
    """Return the band's last position: 1, 2, 3, 5, 10, 20, or 21 for everything beyond."""
    return next((last for last in BANDS if position <= last), BANDS[-1] + 1)


def estimate_wait(position: int, claimed_at: Sequence[datetime]) -> int | None:
    """Seconds until this position is claimed, from the pace of recent claims of its queue.

    `claimed_at`: newest first. None when there are too few to say: an estimate is never invented.
    """
    if len(claimed_at) < LEAST_CLAIMS:
        return None
    pace = (claimed_at[0] - claimed_at[-1]) / (len(claimed_at) - 1)
    return max(1, round(position * pace.total_seconds()))
