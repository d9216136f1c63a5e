"""The coverage finder: a year of the real routing rule, and every stretch in which a handoff would reach nobody.

Each destination is walked from one change to the next: `find_route` says what a handoff gets at an instant, and the
answer holds until the first of the schedules it asked opens or closes. Nothing is sampled, so nothing is missed
between samples, and the cost grows with the number of changes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from handoffs.domain.chains import chain_of
from handoffs.domain.config import ProjectConfig
from handoffs.domain.office_hours.answers import Timeline
from handoffs.domain.office_hours.days import dates_between
from handoffs.domain.office_hours.holes import Hole, Severity
from handoffs.domain.office_hours.timetable import Timetable
from handoffs.domain.office_hours.walk import Walk


@dataclass(frozen=True, slots=True)
class Coverage:
    """start, end: UTC; timelines: one per destination, in the configuration's order; holes: in order of their start."""

    start: datetime
    end: datetime
    timelines: tuple[Timeline, ...]
    holes: tuple[Hole, ...]

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


def find_coverage(config: ProjectConfig, *, start: datetime, days: int = 365) -> Coverage:
    """Walk every destination from `start` (aware) over the coming days."""
    start = start.astimezone(UTC)
    end = start + timedelta(days=days)
    timetable = Timetable(start, end)
    timelines: list[Timeline] = []
    holes: list[Hole] = []
    for destination in config.destinations:
        walk = Walk(config, chain_of(config, destination.key), timetable)
        timelines.append(walk.timeline())
        holes += walk.holes()
    return Coverage(start, end, tuple(timelines), tuple(sorted(holes, key=lambda hole: hole.start)))


def worst_by_day(coverage: Coverage, *, time_zone: str) -> tuple[tuple[date, Severity | None], ...]:
    """Each local date of the coverage with the worst severity of the holes that touch it, for the strip."""
    worst: dict[date, Severity | None] = dict.fromkeys(dates_between(coverage.start, coverage.end, time_zone))
    for hole in coverage.holes:
        for day in dates_between(hole.start, hole.end, time_zone):
            if worst[day] is not Severity.RED:
                worst[day] = hole.severity
    return tuple(worst.items())
