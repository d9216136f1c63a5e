"""One destination walked over a stretch of time, from one change of its answer to the next."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from handoffs.domain.chains import following_destination
from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig
from handoffs.domain.lifecycle import Cause
from handoffs.domain.office_hours.answers import Answer, Kind, Timeline, kind_of
from handoffs.domain.office_hours.clock_changes import SkippedTime, find_skipped_times
from handoffs.domain.office_hours.holes import (
    NOWHERE,
    Hole,
    HoleKind,
    say_loop,
    say_nowhere,
    say_skipped,
    say_wait_limit,
)
from handoffs.domain.office_hours.timetable import Timetable
from handoffs.domain.routing import Arrival, Route, find_route
from handoffs.domain.settings import AfterTimeout

ENDINGS = {Arrival.MESSAGE: "leave a message", Arrival.AI: "the AI carries on", Arrival.NOBODY: NOWHERE}
AFTER_TIMEOUT = {
    AfterTimeout.MESSAGE: "leave a message",
    AfterTimeout.FALLBACK: "leave a message",
    AfterTimeout.AI: "the AI carries on",
    AfterTimeout.RETRY: "leave a message",
    AfterTimeout.END: "the session ends",
}
SAME = attrgetter("kind", "chain", "ending", "sentence")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch over which the route is the same."""

    start: datetime
    end: datetime
    route: Route


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a piece, or in a part of it."""

    start: datetime
    end: datetime
    kind: HoleKind
    chain: tuple[str, ...]
    ending: str
    sentence: str


class Walk:
    """One destination over the whole time, by the part of the configuration its chain can reach."""

    def __init__(self, config: ProjectConfig, chain: tuple[DestinationConfig, ...], timetable: Timetable) -> None:
        schedules, queues = {item.schedule for item in chain}, {item.queue for item in chain}
        self.config = replace(
            config,
            destinations=chain,
            schedules=tuple(item for item in config.schedules if item.key in schedules),
            queues=tuple(item for item in config.queues if item.key in queues),
        )
        self.destination, self.timetable = chain[0], timetable
        self.schedule = self.config.schedule(self.destination.schedule)
        self.time_zone = self.schedule.time_zone if self.schedule else config.time_zone
        self.pieces = tuple(self._pieces())

    def timeline(self) -> Timeline:
        answers = (Answer(piece.start, piece.end, kind_of(piece.route)) for piece in self.pieces)
        return Timeline(self.destination.key, self.time_zone, tuple(_join(answers, key=attrgetter("kind"))))

    def holes(self) -> Iterator[Hole]:
        """Red ones, wait limits, skipped times: each maximal."""
        lost = (self._lost(piece) for piece in self.pieces if piece.route.arrival is Arrival.NOBODY)
        waits = (late for piece in self.pieces if (late := self._late_wait(piece)))
        for finding in (*_join(lost, key=SAME), *_join(waits, key=SAME)):
            yield self._hole(finding, self._wall(finding.start), self._wall(finding.end))
        yield from self._skipped()

    def _pieces(self) -> Iterator[Piece]:
        """One route per set of open schedules is asked for: the rule reads nothing else of the clock. It holds until
        the first of the schedules it looked at changes."""
        known: dict[tuple[bool, ...], tuple[Route, tuple[int, ...]]] = {}
        at, end = self.timetable.start, self.timetable.end
        while at < end:
            hours = [self.timetable.hours_at(schedule, at) for schedule in self.config.schedules]
            state = tuple(now.is_open for now in hours)
            if state not in known:
                route = self._route(self.destination.key, at)
                known[state] = route, self._asked_in(route)
            route, asked = known[state]
            changes = (hours[number].closes_at or hours[number].next_opening for number in asked)
            until = min((change for change in changes if change), default=end)
            yield Piece(at, min(until, end), route)
            at = until

    def _asked_in(self, route: Route) -> tuple[int, ...]:
        """The positions of the schedules whose hours led to this route."""
        looked_at = {item.destination for item in route.considered}
        keys = {item.schedule for item in self.config.destinations if item.key in looked_at}
        return tuple(number for number, item in enumerate(self.config.schedules) if item.key in keys)

    def _route(self, key: str, at: datetime) -> Route:
        return find_route(self.config, asked_for=key, at=at, hours=self.timetable.hours_at)

    def _lost(self, piece: Piece) -> Finding:
        chain = _keys_of(piece.route)
        if piece.route.cause is Cause.LOOP_GUARD and piece.route.destination:
            again = following_destination(self.config, piece.route.destination)
            chain += (again.key,) if again else ()
            return Finding(piece.start, piece.end, HoleKind.LOOP, chain, "", say_loop(self._names(chain)))
        sentence = say_nowhere(self._names(chain), piece.route.considered[-1].finding)
        return Finding(piece.start, piece.end, HoleKind.NOWHERE, chain, NOWHERE, sentence)

    def _late_wait(self, piece: Piece) -> Finding | None:
        """The end of an open stretch, from where the wait limit runs out after closing and before anybody is back."""
        reached = piece.route.destination
        schedule = self.config.schedule(reached.schedule) if reached and reached.schedule else None
        if reached is None or schedule is None or not _closes(piece.route, reached):
            return None
        hours, limit = self.timetable.hours_at(schedule, piece.start), timedelta(seconds=reached.wait_limit_seconds)
        if hours.closes_at is None or self._is_taken_on(reached, hours.closes_at, limit):
            return None
        start = max(piece.start, hours.closes_at - limit)
        end = min(piece.end, hours.next_opening - limit) if hours.next_opening else piece.end
        if start >= end:
            return None
        ending = AFTER_TIMEOUT[self.config.settings.after_timeout]
        sentence = say_wait_limit(reached.wait_limit_seconds)
        return Finding(start, end, HoleKind.WAIT_LIMIT_PAST_CLOSING, _keys_of(piece.route), ending, sentence)

    def _is_taken_on(self, reached: DestinationConfig, closing: datetime, limit: timedelta) -> bool:
        """Whether who times out after the closing is passed on to a fallback's queue."""
        following = following_destination(self.config, reached)
        if self.config.settings.after_timeout is not AfterTimeout.FALLBACK or following is None:
            return False
        routes = (self._route(following.key, at) for at in (closing, closing + limit))
        return all(kind_of(route) is Kind.OPEN and route.destination != reached for route in routes)

    def _skipped(self) -> Iterator[Hole]:
        if self.schedule is None:
            return
        first = self._wall(self.timetable.start).date()
        days = (self.timetable.end - self.timetable.start).days + 1
        for skipped in find_skipped_times(self.schedule, first, days):
            if self.timetable.start <= skipped.at < self.timetable.end:
                yield self._hole(self._skipped_finding(skipped), skipped.start, skipped.end)

    def _skipped_finding(self, skipped: SkippedTime) -> Finding:
        route = self._route(self.destination.key, skipped.at)
        sentence = say_skipped(skipped.end - skipped.start, skipped.clocks_change)
        ending = ENDINGS.get(route.arrival, "")
        return Finding(skipped.at, skipped.at, HoleKind.NONEXISTENT_TIME, _keys_of(route), ending, sentence)

    def _hole(self, finding: Finding, wall_start: datetime, wall_end: datetime) -> Hole:
        return Hole(
            destination=self.destination.key,
            kind=finding.kind,
            start=finding.start,
            end=finding.end,
            wall_start=wall_start,
            wall_end=wall_end,
            time_zone=self.time_zone,
            chain=finding.chain,
            ending=finding.ending,
            sentence=finding.sentence,
        )

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    def _names(self, chain: Iterable[str]) -> list[str]:
        found = (self.config.destination(key) for key in chain)
        return [item.name for item in found if item]


def _closes(route: Route, reached: DestinationConfig) -> bool:
    """Whether a queue was reached that closes at some time and then takes nobody."""
    return kind_of(route) is Kind.OPEN and reached.out_of_hours is not OutOfHours.QUEUE


def _keys_of(route: Route) -> tuple[str, ...]:
    return tuple(item.destination for item in route.considered)


Span = TypeVar("Span", Answer, Finding)


def _join(spans: Iterable[Span], *, key: Callable[[Span], Any]) -> Iterator[Span]:
    """Make one of neighbours that touch and have the same key."""
    current: Span | None = None
    for span in spans:
        if current is not None and current.end == span.start and key(current) == key(span):
            current = replace(current, end=span.end)
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current
