"""When holes are, in a reader's words."""

from datetime import UTC, datetime, timedelta

import pytest

from handoffs.domain.office_hours.coverage import Coverage
from handoffs.domain.office_hours.hole_words import say_chain, say_weekdays, say_when
from handoffs.domain.office_hours.holes import Hole, HoleGroup, HoleKind

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
YEAR = Coverage(START, START + timedelta(days=365), (), ())


def hole(start: datetime, end: datetime) -> Hole:
    return Hole(
        destination="spanish", kind=HoleKind.NOWHERE, start=start, end=end, wall_start=start.replace(tzinfo=None),
        wall_end=end.replace(tzinfo=None), time_zone="UTC", chain=("spanish", "billing"), ending="nowhere", sentence="",
    )  # fmt: skip


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("holes", "words"),
    [
        ([hole(at(12, 24, 14), at(12, 29, 8))], "Thu 24 Dec 14:00 \u2013 Tue 29 Dec 08:00"),
        ([hole(at(11, 29, 18), at(11, 29, 18, 30))], "Sun 29 Nov 18:00 \u2013 18:30"),
        ([hole(YEAR.start, YEAR.end)], "All year"),
        ([hole(YEAR.start, at(11, 23, 8))], "Now until Mon 23 Nov 08:00"),
        ([hole(at(12, 24, 14), YEAR.end)], "From Thu 24 Dec 14:00 on"),
        ([hole(at(11, day, 17), at(11, day, 17, 5)) for day in (23, 24, 25)], "Mon to Wed 17:00 \u2013 17:05"),
        ([hole(at(11, day, 17), at(11, day + 1, 9)) for day in (23, 26)], "Mon, Thu 17:00 \u2013 09:00 next day"),
        ([hole(at(11, day, 17), at(11, day + 3, 9)) for day in (27, 20)], "Fri 17:00 \u2013 09:00, 3 days later"),
    ],
)
def test_a_hole_is_said_as_short_as_it_can_be(holes, words):
    assert say_when(HoleGroup(tuple(holes)), coverage=YEAR) == words


def test_all_weekdays_are_every_day():
    assert say_weekdays(tuple(range(7))) == "Every day"


def test_a_chain_ends_where_it_leads():
    one = hole(at(12, 24, 14), at(12, 29, 8))

    assert say_chain(one, {"spanish": "Spanish desk"}) == "Spanish desk \u203a billing \u203a nowhere"
