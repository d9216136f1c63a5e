"""What is refused in a schedule, what is only said."""

from dataclasses import replace
from datetime import date

import pytest

from handoffs.domain.office_hours.schedules import HolidayConfig, IntervalConfig, ScheduleConfig
from handoffs.domain.office_hours.validation import Problem, check_schedule, lint_clock_changes

OFFICE = ScheduleConfig(
    "office", "Office hours", "Europe/London", (IntervalConfig(0, "09:00", "17:00"),), country="GB", subdivision="ENG"
)


def with_times(start: str, end: str) -> ScheduleConfig:
    return replace(OFFICE, intervals=(IntervalConfig(0, start, end),))


def with_dates(*dates: str) -> ScheduleConfig:
    return replace(OFFICE, holidays=tuple(HolidayConfig(text, "A day") for text in dates))


def test_good_hours_have_no_problem():
    good = replace(
        OFFICE,
        intervals=(
            IntervalConfig(0, "09:00", "12:00"),
            IntervalConfig(0, "12:00", "24:00"),
            IntervalConfig(6, "22:00", "00:00"),
        ),
        holidays=(HolidayConfig("12-24", "Christmas Eve", (("09:00", "12:00"),)), HolidayConfig("2026-12-24", "Once")),
    )

    assert check_schedule(good) == ()


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        (
            replace(OFFICE, time_zone="London"),
            Problem("time_zone", "No time zone is called “London”. Names look like Europe/London"),
        ),
        (
            replace(OFFICE, time_zone="../../etc/passwd"),
            Problem("time_zone", "No time zone is called “../../etc/passwd”. Names look like Europe/London"),
        ),
        (
            replace(OFFICE, country="ZZ", subdivision=""),
            Problem("country", "No public holidays are known for the country “ZZ”"),
        ),
        (
            replace(OFFICE, subdivision="ZZ"),
            Problem("subdivision", "No public holidays are known for the region “ZZ” of GB"),
        ),
        (
            replace(OFFICE, country=""),
            Problem("subdivision", "No public holidays are known for the region “ENG” without a country"),
        ),
        (with_times("9:00", "17:00"), Problem("intervals", "“9:00” is not a time of day. Times look like 08:30", 0)),
        (with_times("09:00", "25:00"), Problem("intervals", "“25:00” is not a time of day. Times look like 08:30", 0)),
        (with_times("09:00", "17:60"), Problem("intervals", "“17:60” is not a time of day. Times look like 08:30", 0)),
        (with_times("24:00", "02:00"), Problem("intervals", "“24:00” is not a time of day. Times look like 08:30", 0)),
        (
            with_times("09:00", "17:00\n"),
            Problem("intervals", "“17:00\n” is not a time of day. Times look like 08:30", 0),
        ),
        (with_times("٠٩:00", "17:00"), Problem("intervals", "“٠٩:00” is not a time of day. Times look like 08:30", 0)),
        (
            replace(OFFICE, intervals=(IntervalConfig(7, "09:00", "17:00"),)),
            Problem("intervals", "7 is not a weekday, 0 is Monday and 6 Sunday", 0),
        ),
        (
            with_dates("2027-02-29"),
            Problem("holidays", "“2027-02-29” is not a date. Dates look like 2026-12-24, or 12-24", 0),
        ),
        (with_dates("13-01"), Problem("holidays", "“13-01” is not a date. Dates look like 2026-12-24, or 12-24", 0)),
        (
            with_dates("20261224"),
            Problem("holidays", "“20261224” is not a date. Dates look like 2026-12-24, or 12-24", 0),
        ),
        (with_dates("12-24", "12-25", "12-24"), Problem("holidays", "24 December is listed twice", 2)),
        (with_dates("2026-12-24", "2026-12-24"), Problem("holidays", "24 December 2026 is listed twice", 1)),
        (
            replace(OFFICE, holidays=(HolidayConfig("12-24", "A day", (("9", "12:00"),)),)),
            Problem("holidays", "“9” is not a time of day. Times look like 08:30", 0),
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(schedule, problem):
    assert check_schedule(schedule) == (problem,)


def week(*intervals: tuple[int, str, str]) -> ScheduleConfig:
    return replace(OFFICE, intervals=tuple(IntervalConfig(*interval) for interval in intervals))


@pytest.mark.parametrize(
    ("schedule", "sentences"),
    [
        (week(), ["No hours yet, so this never opens"]),
        (
            week((0, "09:00", "12:00"), (0, "11:00", "14:00")),
            ["Monday 09:00 to 12:00 and Monday 11:00 to 14:00 overlap, they count as one"],
        ),
        (
            week((0, "09:00", "18:00"), (0, "10:00", "11:00"), (0, "17:00", "19:00")),
            [
                "Monday 09:00 to 18:00 and Monday 10:00 to 11:00 overlap, they count as one",
                "Monday 09:00 to 18:00 and Monday 17:00 to 19:00 overlap, they count as one",
            ],
        ),
        (
            week((6, "22:00", "02:00"), (0, "01:00", "03:00")),
            ["Sunday 22:00 to 02:00 and Monday 01:00 to 03:00 overlap, they count as one"],
        ),
        (week((0, "09:00", "12:00"), (0, "12:00", "14:00"), (6, "22:00", "00:00"), (0, "00:00", "01:00")), []),
        (with_dates("02-29"), ["29 February comes in leap years only"]),
        (
            replace(OFFICE, holidays=(HolidayConfig("12-24", "A day", (("09:00", "12:00"), ("11:00", "13:00"))),)),
            ["24 December: 09:00 to 12:00 and 11:00 to 13:00 overlap, they count as one"],
        ),
    ],
)
def test_what_is_surprising_is_a_warning(schedule, sentences):
    problems = check_schedule(schedule)

    assert [problem.sentence for problem in problems] == sentences
    assert not any(problem.is_error for problem in problems)


def test_the_changes_of_the_clocks_are_said():
    night = week((6, "01:15", "01:45"), (0, "09:00", "17:00"))

    problems = lint_clock_changes(night, date(2026, 9, 1))

    counts = "the clocks go back. Opening counts from the first, closing from the second"
    assert [problem.sentence for problem in problems] == [
        "01:15 to 01:45 does not exist on Sunday 28 March, the clocks go forward at 01:00",
        f"01:15 comes twice on Sunday 25 October, {counts}",
        f"01:45 comes twice on Sunday 25 October, {counts}",
    ]
    assert not any(problem.is_error for problem in problems)


def test_hours_by_day_know_no_change_of_the_clocks():
    assert lint_clock_changes(OFFICE, date(2026, 1, 1)) == ()
