"""Which waiting handoff is offered to whom."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handoffs.domain.capacity import Limits, Load, has_room, is_worth_waiting_for, load_ratio

# Whoever declined a handoff is asked again only when nobody else can take it, and not before this has passed.
ASKED_AGAIN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who takes work now. is_asked: an offer is open to them; last_given_at: when they were last given
    work, None for never."""

    agent_id: uuid.UUID
    limits: Limits
    load: Load = field(default_factory=Load)
    skills: frozenset[str] = frozenset()
    is_asked: bool = False
    last_given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What waits. members: who works its queue, None for everybody; previous: who had this customer last, where the
    queue prefers them; refused: who declined it or did not answer, and when last."""

    handoff_id: uuid.UUID
    conversation_id: uuid.UUID
    channel: str
    weight: int = 1
    skills: frozenset[str] = frozenset()
    members: frozenset[uuid.UUID] | None = None
    previous: uuid.UUID | None = None
    refused: Mapping[uuid.UUID, datetime] = field(default_factory=dict, hash=False)


def match_offers(needs: Iterable[Need], workers: Iterable[Worker], *, at: datetime) -> Iterator[tuple[Need, uuid.UUID]]:
    """Go through what waits, first served first, and yield to whom each is offered: one offer a person at a time.

    What nobody can take stays where it is. Who has too little room for it only now is kept for it: a lighter one
    that came later does not overtake.
    """
    free = {worker.agent_id: worker for worker in workers if not worker.is_asked}
    for need in needs:
        if not free:
            return
        suited = [worker for worker in free.values() if is_suited(worker, need)]
        chosen = choose_worker(need, suited, at=at)
        if chosen is not None:
            del free[chosen]
            yield need, chosen
        else:
            for worker in _kept_for(need, suited):
                del free[worker.agent_id]


def is_suited(worker: Worker, need: Need) -> bool:
    """Whether the person works the queue and can do what is needed, room or not."""
    works_it = need.members is None or worker.agent_id in need.members
    return works_it and need.skills <= worker.skills


def choose_worker(need: Need, suited: Collection[Worker], *, at: datetime) -> uuid.UUID | None:
    """Who is asked: first those who have not been, then those who refused a while ago. Of each the previous agent
    of the customer, then who is least full, then who was given nothing for longest."""
    able = [
        worker for worker in suited if has_room(worker.load, worker.limits, channel=need.channel, weight=need.weight)
    ]
    fresh = [worker for worker in able if worker.agent_id not in need.refused]
    again = [worker for worker in able if _may_be_asked_again(worker, need, at)]
    ordered = sorted(fresh or again, key=lambda worker: _rank(worker, need))
    return ordered[0].agent_id if ordered else None


def _may_be_asked_again(worker: Worker, need: Need, at: datetime) -> bool:
    refused_at = need.refused.get(worker.agent_id)
    return refused_at is not None and at - refused_at >= ASKED_AGAIN_AFTER


def _rank(worker: Worker, need: Need) -> tuple[bool, float, bool, float, uuid.UUID]:
    given = worker.last_given_at
    return (
        worker.agent_id != need.previous,
        load_ratio(worker.load, worker.limits),
        given is not None,
        given.timestamp() if given else 0.0,
        worker.agent_id,
    )


def _kept_for(need: Need, suited: Iterable[Worker]) -> list[Worker]:
    return [
        worker
        for worker in suited
        if is_worth_waiting_for(worker.load, worker.limits, channel=need.channel, weight=need.weight)
    ]
