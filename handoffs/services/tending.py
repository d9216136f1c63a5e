"""What the clock looks after once a second, whatever was lost or could not be told at once."""

from datetime import datetime

from handoffs.services.absences import return_abandoned
from handoffs.services.offers import offer_everywhere
from handoffs.services.presence import turn_away_unseen
from handoffs.services.snooze import wake_answered


def tend_agents(*, at: datetime) -> None:
    """Wake what a customer has written to, let the unseen be away, take back what those have who stay away, and offer
    what waits and is offered to nobody."""
    wake_answered(at=at)
    turn_away_unseen(at=at)
    return_abandoned(at=at)
    offer_everywhere(at=at)
