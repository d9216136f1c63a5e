"""What is wrong with a schedule, and what is only surprising."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from handoffs.domain.office_hours.clock_changes import find_repeated_times, find_skipped_times
from handoffs.domain.office_hours.day_hours import span_of
from handoffs.domain.office_hours.places import country_names, subdivision_names
from handoffs.domain.office_hours.schedules import HolidayConfig, IntervalConfig, ScheduleConfig
from handoffs.domain.office_hours.words import MONTHS, WEEKDAYS, say_date

TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
YEARLY = re.compile(r"[0-9]{2}-[0-9]{2}")
DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
A_LEAP_YEAR = 2028
WEEK = 7 * 24 * 60
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. field: `time_zone`, `country`, `subdivision`, `intervals` or `holidays`; row: the position in
    `intervals` or `holidays`, None for the whole; is_error: it cannot be saved, else it is a warning."""

    field: str
    sentence: str
    row: int | None = None
    is_error: bool = True


def check_schedule(schedule: ScheduleConfig) -> tuple[Problem, ...]:
    """Errors about what was typed; the warnings where there is none."""
    errors = (*_check_place(schedule), *_check_week(schedule.intervals), *_check_holidays(schedule.holidays))
    return errors or tuple(_warn(schedule))


def lint_clock_changes(schedule: ScheduleConfig, start: date, days: int = 365) -> tuple[Problem, ...]:
    """Warnings about shifts of a valid schedule that begin or end at a time the clocks skip or show twice."""
    skipped = (
        f"{item.start:%H:%M} to {item.end:%H:%M} does not exist on {say_date(item.start)}, "
        f"the clocks go forward at {item.clocks_change:%H:%M}"
        for item in find_skipped_times(schedule, start, days)
    )
    repeated = (
        f"{wall:%H:%M} comes twice on {say_date(wall)}, the clocks go back. "
        "Opening counts from the first, closing from the second"
        for wall in find_repeated_times(schedule, start, days)
    )
    sentences = dict.fromkeys((*skipped, *repeated))
    return tuple(Problem("intervals", sentence, is_error=False) for sentence in sentences)


def _check_place(schedule: ScheduleConfig) -> Iterator[Problem]:
    if schedule.time_zone not in available_timezones():
        yield Problem("time_zone", f"No time zone is called “{schedule.time_zone}”. Names look like Europe/London")
    country, subdivision = schedule.country, schedule.subdivision
    if country and country not in country_names():
        yield Problem("country", f"No public holidays are known for the country “{country}”")
    elif subdivision and subdivision not in subdivision_names(country):
        whose = f"of {country}" if country else "without a country"
        yield Problem("subdivision", f"No public holidays are known for the region “{subdivision}” {whose}")


def _check_week(intervals: Sequence[IntervalConfig]) -> Iterator[Problem]:
    for row, interval in enumerate(intervals):
        if interval.day not in range(7):
            yield Problem("intervals", f"{interval.day} is not a weekday, 0 is Monday and 6 Sunday", row)
        for sentence in _check_times(interval.start, interval.end):
            yield Problem("intervals", sentence, row)


def _check_holidays(holidays: Sequence[HolidayConfig]) -> Iterator[Problem]:
    first_rows: dict[str, int] = {}
    for row, holiday in enumerate(holidays):
        if not _is_date(holiday.date):
            yield Problem("holidays", f"“{holiday.date}” is not a date. Dates look like 2026-12-24, or 12-24", row)
        elif first_rows.setdefault(holiday.date, row) != row:
            yield Problem("holidays", f"{say_holiday_date(holiday.date)} is listed twice", row)
        for start, end in holiday.intervals:
            for sentence in _check_times(start, end):
                yield Problem("holidays", sentence, row)


def _check_times(start: str, end: str) -> Iterator[str]:
    for text, is_time in ((start, TIME.fullmatch(start)), (end, end == "24:00" or TIME.fullmatch(end))):
        if not is_time:
            yield f"“{text}” is not a time of day. Times look like 08:30"


def _is_date(text: str) -> bool:
    if YEARLY.fullmatch(text):
        text = f"{A_LEAP_YEAR}-{text}"
    if not DATED.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _warn(schedule: ScheduleConfig) -> Iterator[Problem]:
    if not schedule.intervals:
        yield Problem("intervals", "No hours yet, so this never opens", is_error=False)
    week = [_week_span(interval) for interval in schedule.intervals]
    following = [(start + WEEK, end + WEEK, words) for start, end, words in week]
    for sentence in dict.fromkeys(_overlaps((*week, *following))):
        yield Problem("intervals", sentence, is_error=False)
    for row, holiday in enumerate(schedule.holidays):
        spans = [(*span_of((start, end)), f"{start} to {end}") for start, end in holiday.intervals]
        for sentence in _overlaps(spans):
            yield Problem("holidays", f"{say_holiday_date(holiday.date)}: {sentence}", row, is_error=False)
        if holiday.date == "02-29":
            yield Problem("holidays", "29 February comes in leap years only", row, is_error=False)


def _week_span(interval: IntervalConfig) -> Span:
    start, end = span_of((interval.start, interval.end))
    midnight = interval.day * 24 * 60
    return midnight + start, midnight + end, f"{WEEKDAYS[interval.day]} {interval.start} to {interval.end}"


def _overlaps(spans: Sequence[Span]) -> Iterator[str]:
    """A sentence for each span that begins while an earlier one still runs."""
    longest: Span | None = None
    for span in sorted(spans):
        if longest is not None and span[0] < longest[1]:
            yield f"{longest[2]} and {span[2]} overlap, they count as one"
        longest = max(longest or span, span, key=lambda one: one[1])


def say_holiday_date(text: str) -> str:
    """`24 December` of `12-24`, `24 December 2026` of `2026-12-24`."""
    if YEARLY.fullmatch(text):
        month, day = text.split("-")
        return f"{int(day)} {MONTHS[int(month) - 1]}"
    day_of_year = datetime.fromisoformat(text)
    return f"{day_of_year.day} {MONTHS[day_of_year.month - 1]} {day_of_year.year}"
