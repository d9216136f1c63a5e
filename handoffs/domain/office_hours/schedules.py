"""Office hours as they are configured: weekly intervals in wall time, holidays, a zone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IntervalConfig:
    """A stretch of one weekday (0 Monday to 6 Sunday) in local wall time, `HH:MM`. An end at or before the start
    is on the next day; `24:00` is midnight at the day's end."""

    day: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class HolidayConfig:
    """A date's own hours, which replace the weekday's. date: `YYYY-MM-DD`, or `MM-DD` for every year;
    intervals: (start, end) as `HH:MM`, none for closed."""

    date: str
    name: str
    intervals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """Office hours, shared by destinations. country and subdivision: ISO 3166 codes whose public holidays close
    the schedule (package `holidays`), empty for none; a date in `holidays` goes before the public one."""

    key: str
    name: str
    time_zone: str
    intervals: tuple[IntervalConfig, ...] = ()
    country: str = ""
    subdivision: str = ""
    holidays: tuple[HolidayConfig, ...] = ()
