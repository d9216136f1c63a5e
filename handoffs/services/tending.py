"""What the clock looks after once a second, whatever was lost or could not be told at once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from handoffs.services.absences import return_abandoned
from handoffs.services.offers import offer_everywhere
from handoffs.services.one_by_one import do_each
from handoffs.services.presence import turn_away_unseen
from handoffs.services.snooze import wake_answered

LOOKS: tuple[Callable[..., int], ...] = (wake_answered, turn_away_unseen, return_abandoned, offer_everywhere)


def tend_agents(*, at: datetime) -> None:
    """Wake what a customer has written to, let the unseen be away, take back what those have who stay away, and offer
    what waits and is offered to nobody. What fails stops nothing else. Raises ExceptionGroup in the end."""
    do_each(partial(look, at=at) for look in LOOKS)
