"""What the changes of the clocks do to shifts: times that are skipped, times that are shown twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handoffs.domain.office_hours.calendar import Shift, first_instant, shifts_between, utc_offsets
from handoffs.domain.office_hours.schedules import ScheduleConfig


@dataclass(frozen=True, slots=True)
class SkippedTime:
    """The part of a shift the wall clock never shows. start, end: naive local times; clocks_change: the naive local
    time at which the clocks go forward; at: that instant, UTC."""

    start: datetime
    end: datetime
    clocks_change: datetime
    at: datetime


def find_skipped_times(schedule: ScheduleConfig, start: date, days: int) -> Iterator[SkippedTime]:
    """The skipped parts of the shifts that start on these local dates, where a shift begins or ends in them. A shift
    that only runs across the change is an hour shorter and no finding."""
    zone = ZoneInfo(schedule.time_zone)
    for shift in shifts_between(schedule, start, days):
        if found := _skipped_part(shift, zone):
            yield found


def find_repeated_times(schedule: ScheduleConfig, start: date, days: int) -> Iterator[datetime]:
    """The starts and ends of shifts, naive local times, which the wall clock shows twice."""
    zone = ZoneInfo(schedule.time_zone)
    for shift in shifts_between(schedule, start, days):
        yield from (wall for wall in (shift.start, shift.end) if _is_repeated(wall, zone))


def _is_repeated(wall: datetime, zone: ZoneInfo) -> bool:
    before, after = utc_offsets(wall, zone)
    return before > after


def _skipped_part(shift: Shift, zone: ZoneInfo) -> SkippedTime | None:
    gap = _gap_at(shift.start, zone) or _gap_at(shift.end - timedelta(minutes=1), zone)
    if gap is None:
        return None
    at, opens, closes = gap
    is_cut = opens < shift.start < closes or opens < shift.end < closes
    if not is_cut and (shift.start, shift.end) != (opens, closes):
        return None
    return SkippedTime(max(shift.start, opens), min(shift.end, closes), opens, at)


def _gap_at(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, datetime] | None:
    """The gap this naive local time falls into: its instant (UTC), its first local time, the first after it."""
    before, after = utc_offsets(wall, zone)
    if before >= after:
        return None
    at = first_instant(wall, zone)
    change = at.replace(tzinfo=None)
    return at, change + before, change + after
