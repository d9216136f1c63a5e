"""Office hours against the oracle, minute by minute, and what each rule means."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.domain.office_hours.calendar import HORIZON_DAYS, HoursNow, Stretch, hours_at, open_stretches
from handoffs.domain.office_hours.schedules import HolidayConfig, IntervalConfig, ScheduleConfig
from tests.handoffs.domain.office_hours.oracle import minute_of, open_minutes

# Half an hour of summer time, three quarters off the hour, winter time in Ramadan, none at all.
ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
)
COUNTRIES = dict(
    zip(ZONES, (("GB", "ENG"), ("US", "NY"), ("AU", "NSW"), ("NP", ""), ("MA", ""), ("CA", "NL")), strict=True)
)
FIRST, THREE_YEARS, A_YEAR = date(2026, 1, 1), 1096, 365
MINUTE = timedelta(minutes=1)


def week(*hours: tuple[str, str], days: Iterable[int] = range(7)) -> tuple[IntervalConfig, ...]:
    return tuple(IntervalConfig(day, start, end) for day in days for start, end in hours)


def schedule(*intervals: IntervalConfig, zone: str = "Europe/London", **changes) -> ScheduleConfig:
    return ScheduleConfig("hours", "Hours", zone, intervals, **changes)


# Everything at once: a break, a night, overlaps, ends in the hours that are skipped or shown twice (the clocks change
# on Sundays), holidays of every kind.
RICH = (
    *week(("08:00", "12:30"), ("13:15", "20:00"), days=range(4)),
    *week(("08:00", "12:30"), ("12:00", "15:00"), ("22:00", "02:00"), days=[4]),
    *week(("09:00", "18:00"), ("23:30", "01:20"), days=[5]),
    *week(("01:25", "01:35"), ("01:40", "02:10"), ("02:15", "02:20"), ("02:25", "02:45"), ("21:00", "24:00"), days=[6]),
)
OWN = (
    HolidayConfig("12-24", "Christmas Eve", (("08:00", "14:00"),)),
    HolidayConfig("2026-12-24", "Moved", (("10:00", "11:00"), ("22:00", "03:00"))),
    HolidayConfig("12-26", "Open all the same", (("00:00", "24:00"),)),
    HolidayConfig("02-29", "Leap day", (("09:00", "09:30"),)),
    HolidayConfig("2027-08-13", "Outing"),
)
SCHEDULES = {
    "rich": lambda zone: schedule(
        *RICH, zone=zone, country=COUNTRIES[zone][0], subdivision=COUNTRIES[zone][1], holidays=OWN
    ),
    "nights": lambda zone: schedule(*week(("22:00", "06:00")), zone=zone),
    "all but an hour": lambda zone: schedule(*week(("02:30", "01:30")), zone=zone),
    "always": lambda zone: schedule(*week(("00:00", "24:00")), zone=zone),
}


def as_minutes(stretches: Iterable[Stretch], first: int, count: int) -> bytes:
    found = bytearray(count)
    for stretch in stretches:
        begin, end = minute_of(stretch.start) - first, minute_of(stretch.end) - first
        assert 0 <= begin < end <= count
        found[begin:end] = b"\1" * (end - begin)
    return bytes(found)


def assert_agrees(configured: ScheduleConfig, start: date, days: int) -> None:
    first, expected = open_minutes(configured, start, days)
    stretches = open_stretches(configured, start, days)
    found = as_minutes(stretches, first, len(expected))
    if found != expected:
        wrong = next(index for index in range(len(found)) if found[index] != expected[index])
        pytest.fail(f"{configured} is wrong from {datetime.fromtimestamp((first + wrong) * 60, UTC)} on")
    assert all(one.end < other.start for one, other in pairwise(stretches))


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_of_three_years_is_what_the_wall_clock_says(zone):
    assert_agrees(SCHEDULES["rich"](zone), FIRST, THREE_YEARS)


@pytest.mark.parametrize("kind", ["nights", "all but an hour", "always"])
@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_every_minute_of_a_year_of_nights_and_of_always(zone, kind):
    assert_agrees(SCHEDULES[kind](zone), FIRST, A_YEAR)


@pytest.mark.soak
@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("zone", [*ZONES, "Pacific/Chatham", "America/Santiago", "Asia/Gaza", "UTC"])
def test_every_minute_of_eight_years(zone, kind):
    assert_agrees(replace(SCHEDULES[kind](ZONES[0]), time_zone=zone), FIRST, 2922)


def test_a_date_the_island_skipped_has_no_minute():
    """Samoa went from 29 to 31 December 2011."""
    assert_agrees(schedule(*RICH, zone="Pacific/Apia"), date(2011, 12, 25), 14)


# Weeks in which the clocks change, and one in which they do not.
WEEKS = [
    ("Europe/London", date(2026, 3, 26)),
    ("Europe/London", date(2026, 10, 22)),
    ("America/New_York", date(2026, 3, 5)),
    ("America/New_York", date(2026, 10, 29)),
    ("Australia/Lord_Howe", date(2026, 4, 2)),
    ("Australia/Lord_Howe", date(2026, 10, 1)),
    ("Africa/Casablanca", date(2026, 2, 12)),
    ("Africa/Casablanca", date(2026, 3, 19)),
    ("America/Santiago", date(2026, 4, 2)),  # at midnight
    ("America/Santiago", date(2026, 9, 3)),
    ("America/St_Johns", date(2026, 3, 5)),
    ("Asia/Kathmandu", date(2026, 6, 4)),
]
TIMES = st.integers(0, 24 * 12 - 1).map(lambda fives: f"{fives // 12:02}:{fives % 12 * 5:02}")
# Most of them at night, when the clocks change.
NIGHT_TIMES = st.integers(0, 3 * 12).map(lambda fives: f"{fives // 12:02}:{fives % 12 * 5:02}")
STARTS, ENDS = NIGHT_TIMES | TIMES, NIGHT_TIMES | TIMES | st.just("24:00")
INTERVALS = st.lists(st.builds(IntervalConfig, st.integers(0, 6), STARTS, ENDS), max_size=8)


@st.composite
def weeks(draw) -> tuple[ScheduleConfig, date]:
    zone, first = draw(st.sampled_from(WEEKS))
    dates = st.integers(0, 6).map(lambda number: (first + timedelta(days=number)).isoformat())
    texts = draw(st.lists(dates | dates.map(lambda text: text[5:]), max_size=3, unique=True))
    hours = st.lists(st.tuples(STARTS, ENDS), max_size=2).map(tuple)
    own = tuple(HolidayConfig(text, text, draw(hours)) for text in texts)
    return schedule(*draw(INTERVALS), zone=zone, holidays=own), first


@given(weeks())
@settings(max_examples=100)
def test_any_hours_agree_with_the_wall_clock_in_the_weeks_in_which_it_changes(case):
    configured, first = case
    assert_agrees(configured, first, 7)


@given(weeks(), st.integers(0, 7 * 1440 - 1))
@settings(max_examples=100)
def test_the_answer_at_an_instant_is_that_of_the_stretches(case, minute):
    configured, first = case
    at = datetime(first.year, first.month, first.day, 12, tzinfo=UTC) + minute * MINUTE
    stretches = open_stretches(configured, first - timedelta(days=3), HORIZON_DAYS)

    current = next((stretch for stretch in stretches if stretch.start <= at < stretch.end), None)
    following = next((stretch.start for stretch in stretches if stretch.start > at), None)

    now = hours_at(configured, at)
    assert (now.is_open, now.closes_at, now.next_opening) == (bool(current), current and current.end, following)


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_the_answer_at_an_instant_is_the_oracles_around_every_change_of_a_year(zone):
    configured = SCHEDULES["rich"](zone)
    first, expected = open_minutes(configured, FIRST, A_YEAR + 30)
    runs, index = [], 0
    for value, group in groupby(expected):
        length = len(list(group))
        runs.append((value, index, index + length))
        index += length
    for number, (value, begin, end) in enumerate(runs[1:-3], start=1):
        opens_next = runs[number + 1][1] if not value else runs[number + 2][1]
        for index in (begin, (begin + end) // 2, end - 1):
            at = datetime.fromtimestamp((first + index) * 60, UTC)
            now = hours_at(configured, at)
            closes = minute_of(now.closes_at) - first if now.closes_at else None
            assert (now.is_open, closes) == (bool(value), end if value else None), at
            assert now.next_opening is not None
            assert minute_of(now.next_opening) - first == opens_next, at


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stretches_on(configured: ScheduleConfig, day: str, days: int = 1) -> list[tuple[str, str]]:
    found = open_stretches(configured, date.fromisoformat(day), days)
    return [(f"{stretch.start:%m-%d %H:%M}", f"{stretch.end:%m-%d %H:%M}") for stretch in found]


@pytest.mark.parametrize(
    ("hours", "day", "found"),
    [
        # Sunday 28 March 2027: from 00:59 UTC straight to 02:00 on the wall
        (("01:30", "04:00"), "2027-03-28", [("03-28 01:00", "03-28 03:00")]),
        (("00:00", "01:30"), "2027-03-28", [("03-28 00:00", "03-28 01:00")]),
        (("01:15", "01:45"), "2027-03-28", []),
        # Sunday 25 October 2026: 01:00 to 02:00 twice
        (("01:30", "04:00"), "2026-10-25", [("10-25 00:30", "10-25 04:00")]),
        (("00:00", "01:30"), "2026-10-25", [("10-24 23:00", "10-25 01:30")]),
        (("01:15", "01:45"), "2026-10-25", [("10-25 00:15", "10-25 01:45")]),
        # any other
        (("22:00", "02:00"), "2026-06-07", [("06-07 21:00", "06-07 23:00")]),
        (("09:00", "09:00"), "2026-06-07", [("06-07 08:00", "06-07 23:00")]),
        (("00:00", "24:00"), "2026-06-07", [("06-06 23:00", "06-07 23:00")]),
        (("00:00", "00:00"), "2026-06-07", [("06-06 23:00", "06-07 23:00")]),
    ],
)
def test_a_sundays_hours_in_london(hours, day, found):
    assert stretches_on(schedule(*week(hours, days=[6])), day) == found


def test_what_touches_or_overlaps_is_one_stretch():
    configured = schedule(*week(("09:00", "12:00"), ("12:00", "14:00"), ("13:00", "15:00"), days=[0]), zone="UTC")

    assert stretches_on(configured, "2026-11-23") == [("11-23 09:00", "11-23 15:00")]


def test_a_holiday_takes_the_shifts_that_start_on_it_and_leaves_the_night_before():
    christmas = HolidayConfig("12-25", "Christmas Day")
    configured = schedule(*week(("22:00", "02:00")), zone="UTC", holidays=(christmas,))

    assert stretches_on(configured, "2026-12-24", 4) == [
        ("12-24 00:00", "12-24 02:00"),
        ("12-24 22:00", "12-25 02:00"),
        ("12-26 22:00", "12-27 02:00"),
        ("12-27 22:00", "12-28 00:00"),
    ]


def test_a_date_goes_before_every_year_and_both_before_a_public_holiday():
    own = (
        HolidayConfig("12-25", "Ours", (("10:00", "11:00"),)),
        HolidayConfig("2026-12-25", "Once", (("12:00", "13:00"),)),
    )
    configured = schedule(*week(("09:00", "17:00")), country="GB", subdivision="ENG", holidays=own)

    assert stretches_on(configured, "2026-12-25") == [("12-25 12:00", "12-25 13:00")]
    assert stretches_on(configured, "2027-12-25") == [("12-25 10:00", "12-25 11:00")]
    assert stretches_on(replace(configured, holidays=()), "2026-12-25") == []


def test_a_country_the_package_does_not_know_closes_nothing():
    configured = schedule(*week(("09:00", "17:00")), zone="UTC", country="ZZ", subdivision="Q")

    assert stretches_on(configured, "2026-12-25") == [("12-25 09:00", "12-25 17:00")]


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ((), HoursNow(False)),
        (week(("00:00", "24:00")), HoursNow(True)),
        (
            week(("08:00", "18:00"), days=[5]),
            HoursNow(True, instant("2026-11-21T18:00"), instant("2026-11-28T08:00")),
        ),
        (week(("13:00", "18:00"), days=[5]), HoursNow(False, None, instant("2026-11-21T13:00"))),
        (week(("23:00", "13:00"), days=[4]), HoursNow(True, instant("2026-11-21T13:00"), instant("2026-11-27T23:00"))),
        (week(("08:00", "12:07"), days=[5]), HoursNow(False, None, instant("2026-11-28T08:00"))),
        (week(("12:07", "13:00"), days=[5]), HoursNow(True, instant("2026-11-21T13:00"), instant("2026-11-28T12:07"))),
    ],
)
def test_the_answer_on_a_saturday_at_seven_past_noon(intervals, expected):
    assert hours_at(schedule(*intervals), instant("2026-11-21T12:07")) == expected


def test_what_is_open_but_for_a_day_of_the_year_closes_then():
    new_year = HolidayConfig("01-01", "New Year's Day")
    configured = schedule(*week(("00:00", "24:00")), zone="UTC", holidays=(new_year,))

    assert hours_at(configured, instant("2026-01-02T00:00")) == HoursNow(
        True, instant("2027-01-01T00:00"), instant("2027-01-02T00:00")
    )
    assert hours_at(configured, instant("2027-01-01T12:00")) == HoursNow(
        False, None, instant("2027-01-02T00:00"), "New Year's Day"
    )


def test_hours_that_only_a_date_of_long_past_had_never_open():
    configured = schedule(zone="UTC", holidays=(HolidayConfig("2020-01-01", "Once", (("09:00", "10:00"),)),))

    assert hours_at(configured, instant("2026-01-01T00:00")) == HoursNow(False)
