"""The coverage finder: exactly the holes that were planted, and the same answers as the routing rule and the oracle."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig, QueueConfig
from handoffs.domain.office_hours.answers import Kind, kind_of, kinds_by_day
from handoffs.domain.office_hours.coverage import find_coverage, worst_by_day
from handoffs.domain.office_hours.holes import Hole, HoleKind, Severity, group_holes
from handoffs.domain.office_hours.schedules import HolidayConfig, IntervalConfig, ScheduleConfig
from handoffs.domain.routing import find_route
from handoffs.domain.settings import AfterTimeout, SettingsConfig
from tests.handoffs.domain.office_hours.oracle import minute_of, open_minutes

START = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY_DAY = tuple(IntervalConfig(day, "00:00", "24:00") for day in range(7))
ON = QueueConfig("queue", "Queue")


def hours(key: str, *intervals: IntervalConfig, zone: str = "Europe/London", **own: tuple) -> ScheduleConfig:
    """Hours with own dates, written as d2026_12_24=(("08:00", "14:00"),)."""
    dates = tuple(HolidayConfig(text[1:].replace("_", "-"), text, times) for text, times in own.items())
    return ScheduleConfig(key, key.title(), zone, intervals or EVERY_DAY, holidays=dates)


def destination(key: str, policy: OutOfHours = OutOfHours.FALLBACK, **changes) -> DestinationConfig:
    return DestinationConfig(
        key,
        key.title(),
        **{"queue": "queue", "schedule": key, "out_of_hours": policy, "wait_limit_seconds": 0, **changes},
    )


def config(*destinations: DestinationConfig, schedules: tuple[ScheduleConfig, ...] = (), **changes) -> ProjectConfig:
    return ProjectConfig(
        destinations=destinations, queues=(ON, replace(ON, key="off", is_on=False)), schedules=schedules, **changes
    )


def holes_of(configuration: ProjectConfig, *, start: datetime = START, days: int = 365) -> tuple[Hole, ...]:
    return find_coverage(configuration, start=start, days=days).holes


def on_the_wall(hole: Hole) -> tuple[str, HoleKind, str, str]:
    return hole.destination, hole.kind, f"{hole.wall_start:%Y-%m-%d %H:%M}", f"{hole.wall_end:%Y-%m-%d %H:%M}"


# One configuration with everything planted, each in a place of its own; all else is open day and night.
PLANTED = config(
    destination("spanish", fallback="billing"),
    destination("billing"),
    destination("first", fallback="second"),
    destination("second", fallback="third"),
    destination("third", fallback="first"),
    destination("night", OutOfHours.MESSAGE),
    destination("overlapping", OutOfHours.MESSAGE),
    destination("complaints", OutOfHours.MESSAGE, wait_limit_seconds=300),
    destination("careful", OutOfHours.AI),
    destination("silent", queue="off", schedule=""),
    schedules=(
        hours("spanish", d2026_12_24=(("00:00", "14:00"),), d2026_12_25=(), d2026_12_28=(("12:00", "24:00"),)),
        hours("billing", d2026_12_24=(("00:00", "15:00"),), d2026_12_25=(), d2027_02_01=()),
        hours("first", d2027_02_14=(), d2027_05_01=()),
        hours("second", d2027_02_14=(("00:00", "18:00"),)),
        hours("third", d2027_02_14=(("00:00", "17:00"), ("18:30", "24:00"))),
        hours("night", IntervalConfig(6, "01:15", "01:45")),
        hours("overlapping", *EVERY_DAY, IntervalConfig(0, "09:00", "12:00"), IntervalConfig(0, "11:00", "14:00")),
        hours("complaints", d2026_12_24=(("00:00", "14:00"),)),
        hours("careful", d2026_12_31=()),
    ),
)


def test_exactly_what_was_planted_is_found():
    nowhere, loop = HoleKind.NOWHERE, HoleKind.LOOP
    assert [on_the_wall(hole) for hole in holes_of(PLANTED)] == [
        ("silent", nowhere, "2026-11-21 12:07", "2027-11-21 12:07"),
        ("complaints", HoleKind.WAIT_LIMIT_PAST_CLOSING, "2026-12-24 13:55", "2026-12-24 14:00"),
        ("spanish", nowhere, "2026-12-24 15:00", "2026-12-26 00:00"),
        ("billing", nowhere, "2026-12-24 15:00", "2026-12-26 00:00"),
        ("billing", nowhere, "2027-02-01 00:00", "2027-02-02 00:00"),
        ("first", loop, "2027-02-14 18:00", "2027-02-14 18:30"),
        ("second", loop, "2027-02-14 18:00", "2027-02-14 18:30"),
        ("third", loop, "2027-02-14 18:00", "2027-02-14 18:30"),
        ("night", HoleKind.NONEXISTENT_TIME, "2027-03-28 01:15", "2027-03-28 01:45"),
    ]


def test_each_hole_says_what_happens_along_which_chain():
    said = {(hole.destination, hole.kind): (hole.sentence, hole.chain, hole.ending) for hole in holes_of(PLANTED)}

    assert said == {
        ("spanish", HoleKind.NOWHERE): (
            "Spanish sends to Billing, which is closed and has no fallback",
            ("spanish", "billing"),
            "nowhere",
        ),
        ("billing", HoleKind.NOWHERE): ("Billing is closed and has no fallback", ("billing",), "nowhere"),
        ("silent", HoleKind.NOWHERE): ("Silent has no queue that is on, and no fallback", ("silent",), "nowhere"),
        ("first", HoleKind.LOOP): (
            "First, Second and Third send round in a circle",
            ("first", "second", "third", "first"),
            "",
        ),
        ("second", HoleKind.LOOP): (
            "Second, Third and First send round in a circle",
            ("second", "third", "first", "second"),
            "",
        ),
        ("third", HoleKind.LOOP): (
            "Third, First and Second send round in a circle",
            ("third", "first", "second", "third"),
            "",
        ),
        ("complaints", HoleKind.WAIT_LIMIT_PAST_CLOSING): (
            "The 5 min wait limit runs past closing time, nobody would answer",
            ("complaints",),
            "leave a message",
        ),
        ("night", HoleKind.NONEXISTENT_TIME): (
            "This half hour does not exist, the clocks go forward at 01:00",
            ("night",),
            "leave a message",
        ),
    }


def test_only_who_is_lost_is_red():
    reds = {hole.kind for hole in holes_of(PLANTED) if hole.severity is Severity.RED}

    assert reds == {HoleKind.NOWHERE, HoleKind.LOOP}


def test_a_message_and_the_ai_are_answers():
    coverage = find_coverage(PLANTED, start=START)
    kinds = {line.destination: {answer.kind for answer in line.answers} for line in coverage.timelines}

    assert kinds["complaints"] == {Kind.OPEN, Kind.MESSAGE}
    assert kinds["careful"] == {Kind.OPEN, Kind.AI}
    assert kinds["overlapping"] == {Kind.OPEN}
    assert kinds["silent"] == {Kind.HOLE}


def test_the_answers_cover_the_whole_time_without_a_gap():
    coverage = find_coverage(PLANTED, start=START)

    assert coverage.minutes == 525_600
    for line in coverage.timelines:
        ends = [coverage.start, *(answer.end for answer in line.answers)]
        assert [answer.start for answer in line.answers] == ends[:-1]
        assert ends[-1] == coverage.end
        assert all(one.kind != other.kind for one, other in zip(line.answers, line.answers[1:], strict=False))


def test_queue_anyway_is_told_from_open():
    office = hours("sales", *(IntervalConfig(day, "09:00", "17:00") for day in range(5)))
    sales = destination("sales", OutOfHours.QUEUE, wait_limit_seconds=300)

    coverage = find_coverage(config(sales, schedules=(office,)), start=SATURDAY, days=3)

    assert [answer.kind for answer in coverage.timelines[0].answers] == [Kind.QUEUED, Kind.OPEN, Kind.QUEUED]
    assert coverage.holes == ()


WEEKDAYS = tuple(IntervalConfig(day, "09:00", "17:00") for day in range(5))


@pytest.mark.parametrize(
    ("after_timeout", "fallback", "limit", "found"),
    [
        (AfterTimeout.MESSAGE, "", 300, "16:55"),
        (AfterTimeout.MESSAGE, "always", 300, "16:55"),
        (AfterTimeout.FALLBACK, "", 300, "16:55"),
        (AfterTimeout.FALLBACK, "always", 300, None),
        (AfterTimeout.FALLBACK, "sales", 300, "16:55"),
        (AfterTimeout.AI, "", 300, "16:55"),
        (AfterTimeout.MESSAGE, "", 9 * 3600, "09:00"),
    ],
)
def test_a_wait_limit_past_closing_is_found_unless_a_fallback_takes_it_on(after_timeout, fallback, limit, found):
    sales = destination("sales", OutOfHours.MESSAGE, wait_limit_seconds=limit, fallback=fallback)
    always = destination("always", schedule="")
    office = hours("sales", *WEEKDAYS)

    holes = holes_of(
        config(sales, always, schedules=(office,), settings=SettingsConfig(after_timeout=after_timeout)),
        start=SATURDAY,
        days=3,
    )

    assert [f"{hole.wall_start:%H:%M}" for hole in holes] == ([found] if found else [])


def test_nobody_waits_past_a_break_that_is_over_before_the_limit():
    sales = destination("sales", OutOfHours.MESSAGE, wait_limit_seconds=3600)
    office = hours("sales", IntervalConfig(0, "09:00", "12:00"), IntervalConfig(0, "12:30", "17:00"))

    holes = holes_of(config(sales, schedules=(office,)), days=3)

    assert [(f"{hole.wall_start:%H:%M}", f"{hole.wall_end:%H:%M}") for hole in holes] == [
        ("11:00", "11:30"),
        ("16:00", "17:00"),
    ]


@pytest.mark.parametrize(
    ("interval", "found"),
    [
        (("01:15", "01:45"), ("01:15", "01:45", "This half hour does not exist, the clocks go forward at 01:00")),
        (("01:00", "02:00"), ("01:00", "02:00", "This hour does not exist, the clocks go forward at 01:00")),
        (("01:40", "09:00"), ("01:40", "02:00", "These 20 minutes do not exist, the clocks go forward at 01:00")),
        (("00:00", "01:10"), ("01:00", "01:10", "These 10 minutes do not exist, the clocks go forward at 01:00")),
        (("00:00", "09:00"), None),
        (("01:00", "09:00"), None),
        (("00:00", "01:00"), None),
        (("00:00", "02:00"), None),
        (("02:00", "09:00"), None),
    ],
)
def test_a_shift_that_begins_or_ends_in_a_skipped_hour_is_found(interval, found):
    night = destination("night", OutOfHours.QUEUE)
    configuration = config(night, schedules=(hours("night", IntervalConfig(6, *interval)),))

    holes = holes_of(configuration)

    said = [(f"{hole.wall_start:%H:%M}", f"{hole.wall_end:%H:%M}", hole.sentence) for hole in holes]
    assert said == ([found] if found else [])


@pytest.mark.parametrize(
    ("fallbacks", "sentence"),
    [
        ({"one": "one"}, "One is its own fallback"),
        ({"one": "two", "two": "one"}, "One and Two send to each other"),
        ({"zero": "one", "one": "two", "two": "one"}, "Zero sends to One: One and Two send to each other"),
    ],
)
def test_a_loop_names_who_is_in_it(fallbacks, sentence):
    destinations = [destination(key, queue="off", schedule="", fallback=target) for key, target in fallbacks.items()]

    assert holes_of(config(*destinations), days=1)[0].sentence == sentence


def test_a_destination_for_calls_only_says_so():
    calls = destination("calls", desk="", schedule="")

    assert holes_of(config(calls), days=1)[0].sentence == "Calls takes calls only and has no fallback"


def test_what_differs_in_its_date_only_is_put_together_red_first():
    office = hours("sales", *WEEKDAYS)
    sales = destination("sales", OutOfHours.MESSAGE, wait_limit_seconds=300)
    lost = destination("lost", schedule="sales")

    groups = group_holes(holes_of(config(sales, lost, schedules=(office,)), days=28))

    assert [(group.first.severity, group.weekdays, len(group.holes)) for group in groups] == [
        (Severity.RED, (5,), 1),  # begins where the walk does
        (Severity.RED, (0, 1, 2, 3), 16),
        (Severity.RED, (4,), 3),
        (Severity.RED, (4,), 1),  # ends where the walk does
        (Severity.AMBER, (0, 1, 2, 3, 4), 20),
    ]


def test_the_strip_shows_the_worst_of_each_day():
    strip = worst_by_day(
        find_coverage(replace(PLANTED, destinations=PLANTED.destinations[:-1]), start=START), time_zone="UTC"
    )

    marked = {day: worst for day, worst in strip if worst}
    assert [day for day, _ in strip] == [date(2026, 11, 21) + timedelta(days=number) for number in range(366)]
    assert marked == {
        date(2026, 12, 24): Severity.RED,
        date(2026, 12, 25): Severity.RED,
        date(2027, 2, 1): Severity.RED,
        date(2027, 2, 14): Severity.RED,
        date(2027, 3, 28): Severity.AMBER,
    }


def test_each_day_knows_its_kinds():
    coverage = find_coverage(PLANTED, start=START, days=60)
    complaints = next(line for line in coverage.timelines if line.destination == "complaints")

    kinds = dict(kinds_by_day(complaints, time_zone="Europe/London"))

    assert kinds.pop(date(2026, 12, 24)) == {Kind.OPEN, Kind.MESSAGE}
    assert set(kinds.values()) == {frozenset({Kind.OPEN})}


def test_no_destination_is_no_hole():
    coverage = find_coverage(ProjectConfig(), start=START)

    assert (coverage.timelines, coverage.holes) == ((), ())


def test_a_loop_of_three_is_the_minutes_in_which_all_three_are_shut():
    """Every minute of a year, by the oracle's clock, in three zones."""
    zones = ("Europe/London", "America/New_York", "Australia/Lord_Howe")
    keys = ("first", "second", "third")
    schedules = tuple(
        replace(hours(key, *(IntervalConfig(day, "06:30", "16:45") for day in range(7)), zone=zone), holidays=own)
        for key, zone, own in zip(keys, zones, ((HolidayConfig("12-25", "Christmas"),), (), ()), strict=True)
    )
    ring = [destination(key, fallback=after) for key, after in zip(keys, (*keys[1:], keys[0]), strict=True)]
    start, days = datetime(2026, 11, 21, tzinfo=UTC), 365
    begin, count = minute_of(start), days * 1440

    is_open = bytearray(count)
    for schedule in schedules:
        first, minutes = open_minutes(schedule, date(2026, 11, 19), days + 4)
        is_open = bytearray(map(int.__or__, is_open, minutes[begin - first : begin - first + count]))
    holes = find_coverage(config(*ring, schedules=schedules), start=start, days=days).holes

    for key in keys:
        found = bytearray(b"\1" * count)
        for hole in (hole for hole in holes if hole.destination == key):
            assert hole.kind is HoleKind.LOOP
            span = minute_of(hole.start) - begin, minute_of(hole.end) - begin
            found[slice(*span)] = bytes(span[1] - span[0])
        assert found == is_open
    assert Counter(is_open)[0] > 0


TIMES = st.integers(0, 47).map(lambda halves: f"{halves // 2:02}:{halves % 2 * 30:02}")
ZONES = st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/New_York"])
KEYS = ("a", "b", "c", "d")


@st.composite
def configurations(draw) -> ProjectConfig:
    intervals = st.lists(st.builds(IntervalConfig, st.integers(0, 6), TIMES, TIMES), max_size=5)
    targets = st.sampled_from(("", *KEYS))
    destinations = [
        DestinationConfig(
            key,
            key,
            desk=draw(st.sampled_from(("inbox", "inbox", "inbox", ""))),
            is_default=key == "a",
            queue=draw(st.sampled_from(("queue", "queue", "off", ""))),
            schedule=draw(st.sampled_from(("", *KEYS))),
            out_of_hours=draw(st.sampled_from(OutOfHours)),
            fallback=draw(targets),
        )
        for key in KEYS
    ]
    schedules = tuple(ScheduleConfig(key, key, draw(ZONES), tuple(draw(intervals))) for key in KEYS)
    return config(*destinations, schedules=schedules)


@given(configurations(), st.lists(st.integers(0, 10 * 1440 - 1), min_size=5, max_size=5))
@settings(max_examples=60)
def test_at_any_instant_the_finder_and_the_routing_rule_agree(configuration, minutes):
    start = datetime(2026, 10, 20, tzinfo=UTC)  # the clocks go back on the 25th in London
    coverage = find_coverage(configuration, start=start, days=10)

    for line in coverage.timelines:
        lost = [
            hole
            for hole in coverage.holes
            if hole.destination == line.destination and hole.kind in (HoleKind.NOWHERE, HoleKind.LOOP)
        ]
        for at in (start + minute * MINUTE for minute in minutes):
            kind = kind_of(find_route(configuration, asked_for=line.destination, at=at))
            answer = next(answer for answer in line.answers if answer.start <= at < answer.end)
            assert answer.kind == kind
            assert any(hole.start <= at < hole.end for hole in lost) == (kind is Kind.HOLE)
