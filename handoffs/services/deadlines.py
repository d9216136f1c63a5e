"""The sweep: fires what is due, late if it must be, never twice, never not at all."""

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from conversations.domain.vocabulary import DeadlineKind
from conversations.models import Deadline
from conversations.services.idleness import fire_idle
from handoffs.services.assignments import expire_wrap_up
from handoffs.services.firing import BATCH, WAITS, fire_waits
from handoffs.services.follow_up import carry_on
from handoffs.services.offer_answers import expire_offer
from handoffs.services.snooze import expire_snooze

logger = logging.getLogger(__name__)
# Seconds before a deadline that failed is tried again, the last one repeated.
BACKOFF = (1, 2, 5, 15, 60)
# What follows a wait takes as long as asking anew does; nothing else may be late for it, so it has hands of its own.
FOLLOW_UPS = frozenset({DeadlineKind.RETRY})
EVERY = frozenset(DeadlineKind)
PROMPT = EVERY - FOLLOW_UPS
# So many are seen in one look. More than one, since somebody may hold the first.
SEEN = 6
# How often each deadline has failed here; another process counts for itself.
_failures: Counter[uuid.UUID] = Counter()


def sweep_deadlines(*, at: datetime) -> int:
    """Fire every deadline that is due and free; return how many, episodes that are taken up again not counted.

    Several sweepers may run at once. One that fails is logged and tried again later; it stops no other.
    """
    fired = 0
    while some := fire_some(at=at):
        fired += sum(some.values()) - some[DeadlineKind.RETRY]
    return fired


@dataclass(frozen=True, slots=True)
class Seen:
    """A deadline as a look found it; by the time it is fired, somebody else may have."""

    id: uuid.UUID
    kind: str
    due_at: datetime


def look_ahead(kinds: Collection[DeadlineKind] = EVERY) -> list[Seen]:
    """Return the first deadlines of these kinds: what is due, and when the next will be."""
    first = Deadline.objects.filter(kind__in=kinds).order_by("due_at")
    return [Seen(*row) for row in first.values_list("pk", "kind", "due_at")[:SEEN]]


def fire_some(*, at: datetime) -> Counter[str]:
    """Look at all kinds, and fire what was seen."""
    return fire_seen(look_ahead(), at=at)


def fire_seen(seen: Sequence[Seen], *, at: datetime, kinds: Collection[DeadlineKind] = EVERY) -> Counter[str]:
    """Fire the waits that are due and free, in sets, and one of the others: after it, waits are looked for again.

    kinds: which were looked for. Return how many of which kind (`wait` for those in sets).
    """
    due = [one for one in seen if one.due_at <= at]
    # Behind as many others as a look sees, waits may be due as well.
    has_waits = any(one.kind in WAITS for one in due) or (len(due) == SEEN and not FOLLOW_UPS.issuperset(kinds))
    fired = Counter({"wait": _fire_waits(at) if has_waits else 0})
    others = (one for one in due if one.kind not in WAITS)
    done = next((one for one in others if _try_to_fire(one.id, at)), None)
    return +fired + Counter([done.kind] if done else [])


def fire_deadline(*, deadline_id: uuid.UUID, at: datetime) -> bool:
    """Fire one deadline; False when somebody holds its conversation (it is still due) or has disarmed it. Of a wait
    that has run out, what follows is a deadline of its own, due at once."""
    kind = Deadline.objects.filter(pk=deadline_id).values_list("kind", flat=True).first()
    if kind in WAITS:
        return fire_waits(at=at, only=deadline_id) == 1
    with transaction.atomic():
        deadline = (
            Deadline.objects.select_related("conversation")
            .select_for_update(of=("conversation",), no_key=True, skip_locked=True)
            .filter(pk=deadline_id, due_at__lte=at)
            .first()
        )
        if deadline is None:
            return False
        # The row was read before its conversation was locked: only who deletes it may act on it.
        deleted, _ = Deadline.objects.filter(pk=deadline_id, due_at__lte=at).delete()
        if deleted:
            ON_DUE[DeadlineKind(deadline.kind)](deadline, at)
        return bool(deleted)


def expire_wait(deadline: Deadline, at: datetime) -> None:
    """A wait's row of the table below: it is claimed by the sets and not by its own transaction."""
    raise RuntimeError(f"{deadline.kind} is fired in sets")


def resume_episode(deadline: Deadline, at: datetime) -> None:
    """The next episode of a chain is taken up: asked for, again or elsewhere, or made a ticket."""
    carry_on(handoff_id=deadline.subject_id, at=at)


def _fire_waits(at: datetime) -> int:
    """A set that fails is fired one by one, so that only what is wrong with it stays."""
    try:
        return fire_waits(at=at)
    except Exception:
        logger.exception("a set of waits failed and is fired one by one")
    due = Deadline.objects.filter(due_at__lte=at, kind__in=WAITS).order_by("due_at").values_list("pk", flat=True)
    return sum(_try_to_fire(deadline_id, at) for deadline_id in due[:BATCH])


def _try_to_fire(deadline_id: uuid.UUID, at: datetime) -> bool:
    try:
        fired = fire_deadline(deadline_id=deadline_id, at=at)
    except Exception:
        logger.exception("deadline %s failed and is tried again later", deadline_id)
        _postpone(deadline_id, at)
        return False
    _failures.pop(deadline_id, None)
    return fired


def _postpone(deadline_id: uuid.UUID, at: datetime) -> None:
    wait = BACKOFF[min(_failures[deadline_id], len(BACKOFF) - 1)]
    _failures[deadline_id] += 1
    Deadline.objects.filter(pk=deadline_id).update(due_at=at + timedelta(seconds=wait))


ON_DUE: Mapping[DeadlineKind, Callable[[Deadline, datetime], None]] = {
    DeadlineKind.WAIT_LIMIT: expire_wait,
    DeadlineKind.ACCEPT: expire_wait,
    DeadlineKind.RETRY: resume_episode,
    DeadlineKind.OFFER: expire_offer,
    DeadlineKind.WRAP_UP: expire_wrap_up,
    DeadlineKind.SNOOZE: expire_snooze,
    DeadlineKind.IDLE: fire_idle,
}
