"""The drawings of office hours: where things stand, and the words for who does not see them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from handoffs.domain.office_hours.holes import Severity
from handoffs.domain.office_hours.schedules import IntervalConfig, ScheduleConfig
from handoffs.templatetags.hours import as_uses, coverage_strip, percent, week_grid, week_strip

SATURDAY_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def schedule(*intervals: tuple[int, str, str]) -> ScheduleConfig:
    return ScheduleConfig("office", "Office", "UTC", tuple(IntervalConfig(*item) for item in intervals))


@pytest.mark.parametrize(("part", "text"), [(0, "0%"), (540, "37.5%"), (1440, "100%"), (1, "0.069%")])
def test_places_are_percents_of_the_day_in_every_language(part, text):
    with translation.override("de"):
        assert percent(part) == text


def test_a_block_stands_where_its_hours_are():
    grid = week_grid(schedule((0, "09:00", "18:00")), SATURDAY_NOON)
    (drawn,) = grid["blocks"]

    assert (drawn.x, drawn.width, drawn.y) == ("37.5%", "37.5%", 5)
    assert grid["now"] == {"x": "50%", "top": 228, "bottom": 276}
    assert [line.is_today for line in grid["lines"]] == [False] * 5 + [True, False]


@pytest.mark.parametrize(
    ("hours", "css"),
    [
        (("08:00", "12:30"), "hs-week-block hs-week-block--650"),
        (("13:15", "20:00"), "hs-week-block hs-week-block--450"),
        (("00:00", "24:00"), "hs-week-block hs-week-block--350"),
        (("12:00", "12:15"), "hs-week-block hs-week-block--never"),
    ],
)
def test_a_block_too_short_for_its_words_shows_them_in_a_wider_grid_only(hours, css):
    (drawn,) = week_grid(schedule((0, *hours)), SATURDAY_NOON)["blocks"]

    assert drawn.css == css


def test_a_day_without_hours_says_what_happens_and_who_is_back_when():
    grid = week_grid(schedule((0, "08:00", "18:00")), SATURDAY_NOON, "Closed. Answered {opening}")

    assert grid["lines"][6].words == "Closed. Answered Monday from 08:00"
    assert grid["lines"][0].words == ""


def test_hours_that_never_open_are_closed_every_day():
    grid = week_grid(schedule(), SATURDAY_NOON, "Closed. Answered {opening}")

    assert {line.words for line in grid["lines"]} == {"Closed"}
    assert grid["label"] == "Weekly hours, UTC: Never open"


def test_the_drawn_grid_has_no_number_a_language_could_spoil():
    grid = week_grid(schedule((4, "13:15", "02:00")), SATURDAY_NOON)
    with translation.override("de"):
        drawn = render_to_string("handoffs/hours/_grid.html", grid)

    assert re.findall(r'(?:x|y|x1|x2|y1|y2|width|height)="[^"]*,[^"]*"', drawn) == []
    assert 'role="img"' in drawn


def test_a_week_strip_shows_every_piece_and_the_present():
    strip = week_strip(schedule((0, "00:00", "12:00"), (6, "22:00", "02:00")), SATURDAY_NOON)

    assert len(strip["blocks"]) == 3
    assert strip["now"] == "78.571%"


def test_a_year_counts_its_days_by_their_worst():
    first = date(2026, 11, 21)
    worst = [None] * 365
    worst[3], worst[4] = Severity.RED, Severity.AMBER
    strip = coverage_strip([(first + timedelta(days=number), one) for number, one in enumerate(worst)])

    assert strip["red"] == "M3 0h.76v1h-.76z"
    assert strip["amber"] == "M4 0h.76v1h-.76z"
    assert strip["fine"].count("M") == 363
    assert strip["label"] == (
        "21 November 2026 to 20 November 2027: 1 day on which a handoff would reach nobody, 1 day worth a look"
    )
    assert [name for _, name in strip["months"]][:3] == ["Dec", "Jan", "Feb"]


def test_nothing_uses_what_nothing_uses():
    assert as_uses(()) == []
