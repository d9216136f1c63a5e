"""What a destination answers over a stretch of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handoffs.domain.office_hours.days import dates_between
from handoffs.domain.routing import ASKED, Arrival, Route


class Kind(StrEnum):
    """What a handoff started then gets."""

    OPEN = "open"  # a queue whose hours are open
    QUEUED = "queued"  # a queue although the hours are closed
    MESSAGE = "message"  # a ticket
    AI = "ai"  # the AI carries on
    HOLE = "hole"  # nobody


KINDS: Mapping[Arrival, Kind] = {Arrival.MESSAGE: Kind.MESSAGE, Arrival.AI: Kind.AI, Arrival.NOBODY: Kind.HOLE}


@dataclass(frozen=True, slots=True)
class Answer:
    """One kind of answer for a stretch (UTC)."""

    start: datetime
    end: datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Timeline:
    """A destination's answers, one after the other without a gap over the whole time, equal neighbours joined."""

    destination: str
    time_zone: str
    answers: tuple[Answer, ...]


def kind_of(route: Route) -> Kind:
    if route.arrival not in ASKED:
        return KINDS[route.arrival]
    return Kind.QUEUED if route.considered[-1].hours == "closed" else Kind.OPEN


def kinds_by_day(timeline: Timeline, *, time_zone: str) -> tuple[tuple[date, frozenset[Kind]], ...]:
    """Each local date of the timeline, in order, with the kinds of answers it holds."""
    days: dict[date, set[Kind]] = {}
    for answer in timeline.answers:
        for day in dates_between(answer.start, answer.end, time_zone):
            days.setdefault(day, set()).add(answer.kind)
    return tuple((day, frozenset(kinds)) for day, kinds in days.items())
