"""The weekly hours as they are drawn and read out."""

import pytest

from handoffs.domain.office_hours.schedules import IntervalConfig
from handoffs.domain.office_hours.week import Block, following_opening, say_week, week_blocks

FRIDAY_NIGHT = IntervalConfig(4, "13:15", "02:00")


def test_what_runs_past_midnight_is_drawn_on_the_next_day_too():
    assert list(week_blocks([FRIDAY_NIGHT])) == [
        Block(4, 795, 1440, "13:15 \u2013 02:00 next day", 0),
        Block(5, 0, 120, "to 02", 0, is_tail=True),
    ]


def test_sundays_night_comes_back_on_monday():
    _, tail = week_blocks([IntervalConfig(6, "22:00", "06:30")])

    assert (tail.day, tail.end, tail.label) == (0, 390, "to 06:30")


def test_midnight_has_no_tail():
    assert list(week_blocks([IntervalConfig(0, "00:00", "24:00")])) == [Block(0, 0, 1440, "00:00 \u2013 24:00", 0)]


def test_the_week_is_read_out_by_day():
    week = [IntervalConfig(0, "08:00", "12:00"), IntervalConfig(0, "13:00", "17:00"), FRIDAY_NIGHT]

    assert say_week(week) == "Monday 08:00\u201312:00 and 13:00\u201317:00; Friday 13:15\u201302:00"
    assert say_week([]) == "Never open"


@pytest.mark.parametrize(("day", "words"), [(5, "Friday from 13:15"), (3, "Friday from 13:15"), (4, "")])
def test_after_a_closed_day_the_week_goes_on(day, words):
    assert following_opening([FRIDAY_NIGHT], day) == words
