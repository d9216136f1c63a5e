"""A slow and obviously right office clock: every minute of UTC, looked up on the wall.

It shares nothing with the product but the configuration's form: plain integers, no intervals of instants, no search
for changes of the clocks. A shift is open at a minute when the wall clock has by then shown its start, and shows a time
before its end then or later, or its end itself later.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, compress
from operator import ge, ne, or_
from zoneinfo import ZoneInfo

import holidays

from handoffs.domain.office_hours.schedules import ScheduleConfig

EPOCH = date(1970, 1, 1)
MARGIN = 3 * 1440


def minute_of(instant: datetime) -> int:
    """Minutes since 1970 in UTC."""
    return int(instant.timestamp()) // 60


def wall_minute(zone: ZoneInfo, minute: int) -> int:
    """What the wall clock shows at a minute of UTC, as minutes since 1970-01-01 00:00 on the wall."""
    local = datetime.fromtimestamp(minute * 60, zone)
    return (local.date() - EPOCH).days * 1440 + local.hour * 60 + local.minute


@lru_cache(maxsize=12)
def wall_minutes(time_zone: str, first: int, count: int) -> array:
    """The wall clock at each of `count` minutes. A quarter of an hour that begins and ends with the same offset from
    UTC has it throughout; any other is asked minute by minute."""
    zone, shown = ZoneInfo(time_zone), array("q")
    for quarter in range(first, first + count, 15):
        begin, end = wall_minute(zone, quarter), wall_minute(zone, quarter + 14)
        steady = end - begin == 14
        shown.extend(range(begin, end + 1) if steady else (wall_minute(zone, quarter + n) for n in range(15)))
    return shown[:count]


def shifts_of(schedule: ScheduleConfig, day: date, public: Mapping[date, str]) -> Iterator[tuple[int, int]]:
    """The shifts that start on a date, in minutes on the wall."""
    midnight = (day - EPOCH).days * 1440
    for start, end in hours_of(schedule, day, public):
        opens, closes = minutes(start), minutes(end)
        yield midnight + opens, midnight + (closes if closes > opens else closes + 1440)


def hours_of(schedule: ScheduleConfig, day: date, public: Mapping[date, str]) -> list[tuple[str, str]]:
    for text in (day.isoformat(), f"{day.month:02}-{day.day:02}"):
        own = [holiday for holiday in schedule.holidays if holiday.date == text]
        if own:
            return list(own[0].intervals)
    if day in public:
        return []
    return [(item.start, item.end) for item in schedule.intervals if item.day == day.weekday()]


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def public_of(schedule: ScheduleConfig, start: date, days: int) -> Mapping[date, str]:
    if not schedule.country:
        return {}
    years = range(start.year - 1, (start + timedelta(days=days)).year + 2)
    return holidays.country_holidays(schedule.country, subdiv=schedule.subdivision or None, years=years)


def open_minutes(schedule: ScheduleConfig, start: date, days: int) -> tuple[int, bytes]:
    """The first minute (UTC) of the local date `start`, and a byte, 1 for open, for each minute of `days` dates."""
    noon = minute_of(datetime(start.year, start.month, start.day, 12, tzinfo=UTC))
    first, count = noon - MARGIN, days * 1440 + 2 * MARGIN
    shown = wall_minutes(schedule.time_zone, first, count)
    shown_so_far = array("q", accumulate(shown, max))
    still_to_come = array("q", accumulate(reversed(shown), min))[::-1]

    public = public_of(schedule, start, days)
    base = (start - EPOCH - timedelta(days=6)).days * 1440
    shifts = [
        shift for number in range(-6, days + 6) for shift in shifts_of(schedule, start + timedelta(days=number), public)
    ]
    wall = bytearray((days + 14) * 1440)
    for begin, end in shifts:
        wall[begin - base : end - base] = b"\1" * (end - begin)

    # Where the clock runs evenly, what it shows decides; around a change of the clocks each shift is asked.
    is_open = bytearray(map(wall.__getitem__, (minute - base for minute in shown)))
    seen_before, comes_again = map(ne, shown_so_far, still_to_come), map(ge, shown, still_to_come[1:])
    for index in compress(range(count), map(or_, seen_before, comes_again)):
        has_shown, will_show, shows_later = shown_so_far[index], still_to_come[index], still_to_come[index + 1]
        is_open[index] = any(begin <= has_shown and (will_show < end or shows_later <= end) for begin, end in shifts)

    midnight = (start - EPOCH).days * 1440
    begin, end = bisect_left(shown_so_far, midnight), bisect_left(shown_so_far, midnight + days * 1440)
    return first + begin, bytes(is_open[begin:end])
