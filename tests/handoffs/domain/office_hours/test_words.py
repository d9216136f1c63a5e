"""Office hours as a customer reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from handoffs.domain.office_hours.calendar import HoursNow
from handoffs.domain.office_hours.words import (
    HoursWords,
    describe_hours,
    fill_closed_text,
    say_duration,
    say_opening,
)

LONDON, MADRID = "Europe/London", "Europe/Madrid"
SATURDAY = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_everything_at_once():
    hours = HoursNow(True, at("2026-11-21T18:00"), MONDAY)

    assert describe_hours(hours, at=SATURDAY, time_zone=LONDON, customer_zone=MADRID) == HoursWords(
        state="Open now, closes at 18:00",
        opening="Monday 23 November, 08:00",
        distance="in 1 day 19 h",
        there="09:00 in Madrid",
    )


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (HoursNow(False), "Closed now"),
        (HoursNow(False, holiday="Christmas Day"), "Closed now, Christmas Day"),
        (HoursNow(True), "Always open"),
        (HoursNow(True, at("2026-11-21T18:00"), holiday="Christmas Eve"), "Open now, closes at 18:00"),
        (HoursNow(True, at("2026-11-22T00:00")), "Open now, closes at 24:00"),
        (HoursNow(True, at("2026-11-22T02:00")), "Open now, closes Sunday at 02:00"),
        (HoursNow(True, at("2026-11-23T00:00")), "Open now, closes Monday at 00:00"),
        (HoursNow(True, at("2026-12-25T00:00")), "Open now, closes Friday 25 December at 00:00"),
    ],
)
def test_the_state(hours, state):
    assert describe_hours(hours, at=SATURDAY, time_zone=LONDON) == HoursWords(state)


@pytest.mark.parametrize(
    ("customer_zone", "there"),
    [
        ("", ""),
        (LONDON, ""),
        ("Africa/Accra", ""),  # another zone, the same clock
        ("America/New_York", "03:00 in New York"),
        ("Pacific/Auckland", "21:00 in Auckland"),
        ("Pacific/Honolulu", "Sunday 22:00 in Honolulu"),
    ],
)
def test_the_customers_clock_is_named_where_it_differs(customer_zone, there):
    hours = HoursNow(False, None, MONDAY)

    assert describe_hours(hours, at=SATURDAY, time_zone=LONDON, customer_zone=customer_zone).there == there


@pytest.mark.parametrize(
    ("opening", "zone", "words"),
    [
        (None, LONDON, "later"),
        ("2026-11-21T13:15", LONDON, "today at 13:15 London time"),
        ("2026-11-22T09:00", LONDON, "tomorrow at 09:00 London time"),
        ("2026-11-23T08:00", LONDON, "on Monday 23 November at 08:00 London time"),
        ("2026-11-23T08:00", "UTC", "on Monday 23 November at 08:00 UTC"),
        ("2026-11-21T23:30", MADRID, "tomorrow at 00:30 Madrid time"),
        ("2026-11-21T23:30", "America/Argentina/Buenos_Aires", "today at 20:30 Buenos Aires time"),
    ],
)
def test_what_follows_people_are_back(opening, zone, words):
    assert say_opening(opening and at(opening), at=SATURDAY, time_zone=zone) == words


def test_only_the_opening_is_filled_in():
    filled = fill_closed_text("{opening} {name} {} {{x}}", opening=None, at=SATURDAY, time_zone="UTC")

    assert filled == "later {name} {} {{x}}"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (0.5, "1 min"),
        (45, "45 min"),
        (60, "1 h"),
        (75, "1 h 15 min"),
        (1440, "1 day"),
        (2 * 1440 + 61, "2 days 1 h"),
        (1440 + 5, "1 day 5 min"),
    ],
)
def test_a_duration_in_its_two_greatest_units(minutes, words):
    assert say_duration(timedelta(minutes=minutes)) == words
