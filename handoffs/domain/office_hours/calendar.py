"""Office hours as instants: what the wall clock of a schedule's zone means in UTC.

A shift is one interval on one date. A start or end that does not exist, because the clocks go forward, moves to the
first instant after the gap; of one that comes twice, because they go back, the start is the first and the end the
second: nobody closes early. A holiday's hours replace the shifts that *start* on its date; the night shift of the day
before runs to its end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handoffs.domain.office_hours.day_hours import hours_of_weekday, span_of
from handoffs.domain.office_hours.holidays import HolidayBook
from handoffs.domain.office_hours.schedules import ScheduleConfig

# How far ahead an opening or a closing is looked for: a year, and what a holiday at its end may add.
HORIZON_DAYS = 400
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` up to but not including `end`, both UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """One interval of one date as the wall clock shows it, both naive local times."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class HoursNow:
    """What a schedule answers at an instant. closes_at: None while closed, or when it stays open for longer than
    HORIZON_DAYS; next_opening: the first opening after the instant, also while open, None when there is none within
    HORIZON_DAYS; holiday: the name of the local date's holiday, else empty. Instants are UTC."""

    is_open: bool
    closes_at: datetime | None = None
    next_opening: datetime | None = None
    holiday: str = ""


ALWAYS_OPEN = HoursNow(is_open=True)


def hours_at(schedule: ScheduleConfig, at: datetime) -> HoursNow:
    """Is it open at this instant, until when, and when does it open next? A schedule without intervals never opens."""
    zone = ZoneInfo(schedule.time_zone)
    today = at.astimezone(zone).date()
    book = HolidayBook(schedule)
    shifts = _shifts_between(schedule, book, today - DAY, HORIZON_DAYS + 1)
    coming = (stretch for stretch in merge(_stretches(shifts, zone)) if stretch.end > at)
    first = next(coming, None)
    holiday = book.on(today)
    name = holiday.name if holiday else ""
    if first is None or first.start > at:
        return HoursNow(False, None, first.start if first else None, name)
    following = next(coming, None)
    is_bounded = first.end < midnight(today + timedelta(days=HORIZON_DAYS), zone)
    return HoursNow(True, first.end if is_bounded else None, following.start if following else None, name)


def open_stretches(schedule: ScheduleConfig, start: date, days: int) -> tuple[Stretch, ...]:
    """The open time of `days` local dates from `start` on, merged, in order and cut at both ends."""
    zone = ZoneInfo(schedule.time_zone)
    first, last = midnight(start, zone), midnight(start + timedelta(days=days), zone)
    shifts = _shifts_between(schedule, HolidayBook(schedule), start - DAY, days + 1)
    return tuple(clip(merge(_stretches(shifts, zone)), first, last))


def shifts_between(schedule: ScheduleConfig, start: date, days: int) -> Iterator[Shift]:
    """The shifts that start on `days` local dates from `start` on, in order of their start."""
    return _shifts_between(schedule, HolidayBook(schedule), start, days)


def merge(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Join what touches or overlaps; takes and gives stretches in order of their start, drops empty ones."""
    current: Stretch | None = None
    for stretch in stretches:
        if stretch.end <= stretch.start:
            continue
        if current is None:
            current = stretch
        elif stretch.start <= current.end:
            current = Stretch(current.start, max(current.end, stretch.end))
        else:
            yield current
            current = stretch
    if current is not None:
        yield current


def clip(stretches: Iterable[Stretch], start: datetime, end: datetime) -> Iterator[Stretch]:
    """What of each stretch lies between the two instants."""
    for stretch in stretches:
        inside = Stretch(max(stretch.start, start), min(stretch.end, end))
        if inside.start < inside.end:
            yield inside


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local date begins, UTC."""
    return first_instant(datetime.combine(day, time.min), zone)


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive local time, UTC: the first of two, the first after a gap."""
    before, after = utc_offsets(wall, zone)
    if before < after:
        return _end_of_gap(wall, before, after, zone)
    return (wall - before).replace(tzinfo=UTC)


def last_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive local time, UTC: the second of two, the first after a gap."""
    before, after = utc_offsets(wall, zone)
    if before < after:
        return _end_of_gap(wall, before, after, zone)
    return (wall - after).replace(tzinfo=UTC)


def utc_offsets(wall: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """The UTC offsets before and after a change of the clocks this time falls into (PEP 495); equal at all others."""
    before = wall.replace(tzinfo=zone).utcoffset()
    after = wall.replace(tzinfo=zone, fold=1).utcoffset()
    return before or timedelta(), after or timedelta()


def _shifts_between(schedule: ScheduleConfig, book: HolidayBook, start: date, days: int) -> Iterator[Shift]:
    weekly = [_weekday_hours(schedule, weekday) for weekday in range(7)]
    for number in range(days):
        day = start + timedelta(days=number)
        holiday = book.on(day)
        hours = sorted(map(span_of, holiday.intervals)) if holiday else weekly[day.weekday()]
        begin = datetime.combine(day, time.min)
        for opens, closes in hours:
            yield Shift(begin + timedelta(minutes=opens), begin + timedelta(minutes=closes))


def _weekday_hours(schedule: ScheduleConfig, weekday: int) -> list[tuple[int, int]]:
    return sorted(map(span_of, hours_of_weekday(schedule, weekday)))


def _stretches(shifts: Iterable[Shift], zone: ZoneInfo) -> Iterator[Stretch]:
    return (Stretch(first_instant(shift.start, zone), last_instant(shift.end, zone)) for shift in shifts)


def _end_of_gap(wall: datetime, before: timedelta, after: timedelta, zone: ZoneInfo) -> datetime:
    """The instant of the change, found by halving: seconds from one that is before it to one that is not."""
    early = (wall - after).replace(tzinfo=UTC)
    low, high = -1, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        changed = (early + timedelta(seconds=middle)).astimezone(zone).utcoffset() == after
        low, high = (low, middle) if changed else (middle, high)
    return early + timedelta(seconds=high)
