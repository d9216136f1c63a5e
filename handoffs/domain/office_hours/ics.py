"""Holidays out of an iCalendar file (RFC 5545).

An all-day event closes its days. A timed one closes the schedule during it: its dates get their weekly hours without
the event, as the week stands at the import. An event of every year becomes a date of every year.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from handoffs.domain.office_hours.day_hours import Interval, NightShiftCut, cut_out, hours_of_weekday
from handoffs.domain.office_hours.schedules import HolidayConfig, ScheduleConfig

MOST_BYTES = 1_000_000
MOST_ENTRIES = 4_000
MOST_DATES = 2_000
MOST_DAYS_OF_EVENT = 366
MOST_YEARS = 50
YEARS = range(1970, 2200)
LONGEST_NAME = 120
DAY = timedelta(days=1)
NO_CALENDAR = "This file cannot be read as a calendar. It has to be an ICS file, which begins with BEGIN:VCALENDAR"
# What the parser raises for damaged input, found by feeding it such; OSError: it looks for a file of a zone's name.
PARSER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError, OSError)


class UnreadableCalendar(Exception):
    """The file is no calendar, or too large; the message says which, as a sentence for the admin."""


class _Skip(Exception):
    """This event becomes no holiday; the message says why."""


@dataclass(frozen=True, slots=True)
class SkippedEvent:
    """An event that became no holiday, and why, as a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedCalendar:
    """holidays: by date, each date once."""

    holidays: tuple[HolidayConfig, ...]
    skipped: tuple[SkippedEvent, ...] = ()


def read_ics(content: bytes, *, schedule: ScheduleConfig) -> ImportedCalendar:
    """Read a calendar's events as holidays of this schedule. Raises UnreadableCalendar."""
    collected = _Collected(schedule)
    for event in _parse(content):
        collected.add(event)
    return ImportedCalendar(collected.as_holidays(), tuple(collected.skipped))


def _parse(content: bytes) -> Iterator[Event]:
    if len(content) > MOST_BYTES:
        raise UnreadableCalendar(f"This file is larger than {MOST_BYTES // 1_000_000} MB")
    if content.upper().count(b"BEGIN:") > MOST_ENTRIES:
        raise UnreadableCalendar(f"This calendar holds more than {MOST_ENTRIES:,} entries")
    try:
        calendar = Calendar.from_ical(content.decode("utf-8-sig"))
        events = [item for item in calendar.walk("VEVENT") if isinstance(item, Event)]
    except PARSER_ERRORS:
        raise UnreadableCalendar(NO_CALENDAR) from None
    if calendar.name != "VCALENDAR":
        raise UnreadableCalendar(NO_CALENDAR)
    return iter(events)


@dataclass
class _Collected:
    """The holidays so far: names and hours by `YYYY-MM-DD` or `MM-DD`."""

    schedule: ScheduleConfig
    hours: dict[str, tuple[Interval, ...]] = field(default_factory=dict)
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    skipped: list[SkippedEvent] = field(default_factory=list)

    def add(self, event: Event) -> None:
        name = _name_of(event)
        try:
            dates = self._dates_of(event)
            if not dates:
                raise _Skip("Its rule comes to no date")
            for text, hours in dates:
                self._close(text, name, hours)
        except _Skip as skip:
            self.skipped.append(SkippedEvent(name, str(skip)))
        except PARSER_ERRORS:
            self.skipped.append(SkippedEvent(name, "Its dates cannot be read"))

    def as_holidays(self) -> tuple[HolidayConfig, ...]:
        return tuple(
            HolidayConfig(text, ", ".join(self.names[text])[:LONGEST_NAME], hours)
            for text, hours in sorted(self.hours.items())
        )

    def _close(self, text: str, name: str, hours: tuple[Interval, ...]) -> None:
        self.hours[text] = hours
        self.names.setdefault(text, {})[name] = None
        if len(self.hours) > MOST_DATES:
            raise UnreadableCalendar(f"This calendar closes more than {MOST_DATES:,} days")

    def _dates_of(self, event: Event) -> list[tuple[str, tuple[Interval, ...]]]:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            raise _Skip("It is cancelled")
        start, end = _span_of(event)
        if isinstance(start, datetime) and isinstance(end, datetime):
            if "RRULE" in event:
                raise _Skip("It repeats and has a time of day. Add its dates by hand")
            return list(self._cut_dates(self._wall(start), self._wall(end)))
        days = [start + number * DAY for number in range((end - start).days)]
        return [(text, ()) for text in _repeated(event, days)]

    def _cut_dates(self, start: datetime, end: datetime) -> Iterator[tuple[str, tuple[Interval, ...]]]:
        """The dates whose shifts lose time to the event, with what is left of them."""
        dates = [start.date() - DAY + number * DAY for number in range((end.date() - start.date()).days + 2)]
        cut = [(day.isoformat(), self._cut(day, start, end)) for day in dates]
        changed = [(text, left) for text, left in cut if left is not None]
        if not changed:
            raise _Skip("It lies outside the opening hours")
        yield from changed

    def _cut(self, day: date, start: datetime, end: datetime) -> tuple[Interval, ...] | None:
        hours = self.hours.get(day.isoformat(), hours_of_weekday(self.schedule, day.weekday()))
        midnight = datetime.combine(day, datetime.min.time())
        try:
            left = cut_out(hours, _minutes(start - midnight), _minutes(end - midnight))
        except NightShiftCut:
            raise _Skip("It takes a part out of a night shift. Set this day's hours by hand") from None
        return None if left == hours else left

    def _wall(self, at: datetime) -> datetime:
        """On the schedule's clock, naive; a time without a zone is meant there."""
        return at.astimezone(ZoneInfo(self.schedule.time_zone)).replace(tzinfo=None) if at.tzinfo else at


def _name_of(event: Event) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in str(event.get("SUMMARY", "")))
    return " ".join(printable.split())[:LONGEST_NAME] or "Holiday"


def _span_of(event: Event) -> tuple[date, date]:
    """First and end (exclusive) of the event, both dates or both datetimes."""
    if "DTSTART" not in event or isinstance(event["DTSTART"], list):
        raise _Skip("It has no start, or more than one")
    start, end = event.start, event.end
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise _Skip("Only one of its start and end has a time of day")
    if not isinstance(start, datetime):
        end = max(end, start + DAY)
    if start.year not in YEARS or end.year not in YEARS:
        raise _Skip(f"It lies outside the years {YEARS[0]} to {YEARS[-1]}")
    length = end - start
    if length <= timedelta() or length > MOST_DAYS_OF_EVENT * DAY:
        raise _Skip("It has no length" if length <= timedelta() else "It lasts longer than a year")
    return start, end


def _repeated(event: Event, days: list[date]) -> Iterator[str]:
    """The texts of an all-day event's dates: as they are, of every year, or of each year it comes again."""
    if {"RDATE", "EXDATE", "RECURRENCE-ID"} & set(event):
        raise _Skip("Single dates of its series are changed. Add its dates by hand")
    rule = event.get("RRULE")
    if rule is None:
        return (day.isoformat() for day in days)
    if not isinstance(rule, vRecur) or not _is_yearly(rule, days[0]):
        raise _Skip("It repeats in another way than on the same date every year. Add its dates by hand")
    if "COUNT" not in rule and "UNTIL" not in rule:
        return (day.isoformat()[5:] for day in days)
    lengths = [day - days[0] for day in days]
    return ((begin + length).isoformat() for begin in _years_of(rule, days[0]) for length in lengths)


def _is_yearly(rule: vRecur, start: date) -> bool:
    """Whether a rule means this date in every year, up to its end."""
    said = {"FREQ": ["YEARLY"], "INTERVAL": [1], "BYMONTH": [start.month], "BYMONTHDAY": [start.day]}
    limits = ("COUNT", "UNTIL", "WKST")
    return "FREQ" in rule and all(name in limits or said.get(name) == values for name, values in rule.items())


def _years_of(rule: vRecur, start: date) -> Iterator[date]:
    """The dates a limited rule comes to; one that does not exist in a year is left out and not counted."""
    count, until = rule.get("COUNT", [MOST_YEARS])[0], rule.get("UNTIL", [date.max])[0]
    last = until.date() if isinstance(until, datetime) else until
    left = count if isinstance(count, int) else 0
    for year in range(start.year, start.year + MOST_YEARS):
        if (start.month, start.day) == (2, 29) and year % 4:
            continue
        day = start.replace(year=year)
        if left <= 0 or not isinstance(last, date) or day > last:
            return
        left -= 1
        yield day


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
