"""How many handoffs to expect while a hole lasts: as many as came at those hours of the week lately."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handoffs.domain.office_hours.holes import Hole

WEEKS = 12
FEWEST = 20  # from how many handoffs on a number is said
HOUR = timedelta(hours=1)
WeekHour = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The handoffs asked of one destination over the past WEEKS, by weekday (0 Monday) and hour on the clock of
    `time_zone`."""

    counts: Mapping[WeekHour, int]
    time_zone: str

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def expect_handoffs(holes: Iterable[Hole], rhythm: Rhythm) -> int | None:
    """The handoffs to expect in all the holes together, to the nearest; None while there are too few to say."""
    if rhythm.total < FEWEST:
        return None
    zone = ZoneInfo(rhythm.time_zone)
    parts = (part for hole in holes for part in _hours(hole.start, hole.end))
    expected = sum(rhythm.counts.get(_week_hour(start, zone), 0) * (end - start) / HOUR for start, end in parts)
    return round(expected / WEEKS)


def _hours(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretch cut at full hours, UTC."""
    while start < end:
        following = min(end, start.replace(minute=0, second=0, microsecond=0) + HOUR)
        yield start, following
        start = following


def _week_hour(instant: datetime, zone: ZoneInfo) -> WeekHour:
    local = instant.astimezone(zone)
    return local.weekday(), local.hour
