"""Other systems' desks, asked and let go. A desk nobody can speak to says no at once: what follows a failure helps the
customer, a silence does not."""

import logging
from datetime import datetime

from conversations.models import OutboxEntry
from handoffs.domain.lifecycle import NotAllowed, Signal
from handoffs.models import Handoff
from handoffs.services.signals import apply_signal

logger = logging.getLogger(__name__)


def open_desk(*, entry: OutboxEntry, at: datetime) -> None:
    """Outbox handler of `desk.open`. No connection speaks to a desk yet: the handoff fails, its policy follows."""
    handoff = Handoff.objects.get(pk=entry.payload["handoff_id"])
    logger.warning("handoff %s: no connection speaks to the desk %s", handoff.pk, handoff.desk_key)
    try:
        apply_signal(handoff_id=handoff.pk, epoch=None, signal=Signal.DESK_UNAVAILABLE, at=at)
    except NotAllowed as late:
        logger.info("handoff %s has moved on: %s", handoff.pk, late)


def end_desk(*, entry: OutboxEntry, at: datetime) -> None:
    """Outbox handler of `desk.end`: a desk that was never opened has nothing to end."""
    logger.info("handoff %s leaves its desk, which was never opened", entry.payload["handoff_id"])
