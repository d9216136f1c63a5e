"""How many handoffs to expect while a hole lasts."""

from datetime import UTC, datetime, timedelta

from handoffs.domain.office_hours.expected import FEWEST, WEEKS, Rhythm, expect_handoffs
from handoffs.domain.office_hours.holes import Hole, HoleKind

MONDAY_NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def hole(start: datetime, **length: float) -> Hole:
    end = start + timedelta(**length)
    return Hole("billing", HoleKind.NOWHERE, start, end, start, end, "UTC", ("billing",), "nowhere", "")


def rhythm(counts: dict[tuple[int, int], int], time_zone: str = "UTC") -> Rhythm:
    return Rhythm(counts, time_zone)


def test_a_hole_meets_what_came_at_its_hours():
    busy = rhythm({(0, 9): 2 * WEEKS, (0, 10): 4 * WEEKS, (1, 9): 50 * WEEKS})

    assert expect_handoffs([hole(MONDAY_NINE, hours=1)], busy) == 2
    assert expect_handoffs([hole(MONDAY_NINE, hours=2)], busy) == 6
    assert expect_handoffs([hole(MONDAY_NINE, minutes=30)], busy) == 1
    assert expect_handoffs([hole(MONDAY_NINE + timedelta(minutes=30), hours=1)], busy) == 3
    assert expect_handoffs([hole(MONDAY_NINE + timedelta(days=7 * week), hours=1) for week in range(3)], busy) == 6


def test_hours_are_those_of_the_clock_it_was_counted_on():
    assert expect_handoffs([hole(MONDAY_NINE, hours=1)], rhythm({(0, 10): 3 * WEEKS}, "Europe/Madrid")) == 3


def test_a_time_that_does_not_exist_meets_nobody():
    assert expect_handoffs([hole(MONDAY_NINE, hours=0)], rhythm({(0, 9): 600})) == 0


def test_few_handoffs_say_nothing():
    assert expect_handoffs([hole(MONDAY_NINE, hours=1)], rhythm({(0, 9): FEWEST - 1})) is None
    assert expect_handoffs([hole(MONDAY_NINE, hours=1)], rhythm({})) is None
