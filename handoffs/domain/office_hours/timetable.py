"""The hours of a configuration's schedules over one stretch of time, worked out once and looked up often."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handoffs.domain.office_hours.calendar import HoursNow, Stretch, open_stretches
from handoffs.domain.office_hours.schedules import ScheduleConfig

# What is looked at beyond the end, so that a closing soon after it is known.
MARGIN_DAYS = 3


@dataclass(frozen=True, slots=True)
class _Row:
    stretches: tuple[Stretch, ...]
    starts: tuple[datetime, ...]


class Timetable:
    """Answers like `hours_at`, without holidays' names and with no more than MARGIN_DAYS of what comes after `end`."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end
        self._rows: dict[str, _Row] = {}

    def hours_at(self, schedule: ScheduleConfig, at: datetime) -> HoursNow:
        row = self._rows.get(schedule.key) or self._work_out(schedule)
        following = bisect_right(row.starts, at)
        opening = row.starts[following] if following < len(row.starts) else None
        current = row.stretches[following - 1] if following else None
        if current is None or current.end <= at:
            return HoursNow(False, None, opening)
        return HoursNow(True, current.end, opening)

    def _work_out(self, schedule: ScheduleConfig) -> _Row:
        first = self.start.astimezone(ZoneInfo(schedule.time_zone)).date()
        days = (self.end - self.start).days + MARGIN_DAYS
        stretches = open_stretches(schedule, first, days)
        row = self._rows[schedule.key] = _Row(stretches, tuple(stretch.start for stretch in stretches))
        return row
