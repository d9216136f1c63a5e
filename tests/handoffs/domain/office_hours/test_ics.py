"""Holidays out of an ICS file: what is read, what is skipped with a reason, and that nothing breaks it."""

import gc
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.domain.office_hours.ics import MOST_BYTES, ImportedCalendar, SkippedEvent, UnreadableCalendar, read_ics
from handoffs.domain.office_hours.schedules import HolidayConfig, IntervalConfig, ScheduleConfig

OFFICE = ScheduleConfig(
    "office",
    "Office",
    "Europe/London",
    (*(IntervalConfig(day, "09:00", "17:00") for day in range(5)), IntervalConfig(4, "22:00", "02:00")),
)

# As a public feed writes them (gov.uk: bank holidays of England and Wales, shortened).
GOV_UK = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
METHOD:PUBLISH\r
PRODID:-//uk.gov/GOVUK calendars//EN\r
CALSCALE:GREGORIAN\r
BEGIN:VEVENT\r
DTEND;VALUE=DATE:20261226\r
DTSTART;VALUE=DATE:20261225\r
SUMMARY:Christmas Day\r
UID:ca6af7456b0088abad9a69f9f620f5ac-0@gov.uk\r
SEQUENCE:0\r
DTSTAMP:20260306T140622Z\r
END:VEVENT\r
BEGIN:VEVENT\r
DTEND;VALUE=DATE:20261229\r
DTSTART;VALUE=DATE:20261228\r
SUMMARY:Boxing Day\r
UID:ca6af7456b0088abad9a69f9f620f5ac-1@gov.uk\r
SEQUENCE:0\r
DTSTAMP:20260306T140622Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


def calendar(*events: str) -> bytes:
    """A calendar of events, each given by its lines separated by |."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: str) -> ImportedCalendar:
    return read_ics(calendar(*events), schedule=OFFICE)


def test_a_public_feed_becomes_closed_days():
    assert read_ics(GOV_UK, schedule=OFFICE) == ImportedCalendar(
        (HolidayConfig("2026-12-25", "Christmas Day"), HolidayConfig("2026-12-28", "Boxing Day"))
    )


@pytest.mark.parametrize(
    ("event", "dates"),
    [
        ("DTSTART;VALUE=DATE:20261224", ["2026-12-24"]),
        ("DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261224", ["2026-12-24"]),
        ("DTSTART;VALUE=DATE:20261230|DTEND;VALUE=DATE:20270102", ["2026-12-30", "2026-12-31", "2027-01-01"]),
        ("DTSTART;VALUE=DATE:20261224|DURATION:P2D", ["2026-12-24", "2026-12-25"]),
        ("DTSTART;VALUE=DATE:20201225|RRULE:FREQ=YEARLY", ["12-25"]),
        ("DTSTART;VALUE=DATE:20201225|RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=12;BYMONTHDAY=25;WKST=MO", ["12-25"]),
        ("DTSTART;VALUE=DATE:20201224|DTEND;VALUE=DATE:20201226|RRULE:FREQ=YEARLY", ["12-24", "12-25"]),
        ("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY", ["02-29"]),
        ("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;COUNT=2", ["2026-12-25", "2027-12-25"]),
        ("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;UNTIL=20271225", ["2026-12-25", "2027-12-25"]),
        ("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY;COUNT=2", ["2024-02-29", "2028-02-29"]),
    ],
)
def test_an_all_day_event_closes_its_dates(event, dates):
    assert read(f"SUMMARY:Closed|{event}").holidays == tuple(HolidayConfig(text, "Closed") for text in dates)


@pytest.mark.parametrize(
    ("event", "holidays"),
    [
        ("DTSTART:20261217T140000|DTEND:20261217T230000", {"2026-12-17": (("09:00", "14:00"),)}),
        ("DTSTART:20261217T120000Z|DURATION:PT1H", {"2026-12-17": (("09:00", "12:00"), ("13:00", "17:00"))}),
        (
            "DTSTART;TZID=America/New_York:20261217T080000|DTEND;TZID=America/New_York:20261217T090000",
            {"2026-12-17": (("09:00", "13:00"), ("14:00", "17:00"))},
        ),
        ("DTSTART:20260618T120000Z|DURATION:PT1H", {"2026-06-18": (("09:00", "13:00"), ("14:00", "17:00"))}),
        ("DTSTART:20261217T000000|DTEND:20261218T000000", {"2026-12-17": ()}),
        (
            "DTSTART:20261216T120000|DTEND:20261218T120000",
            {
                "2026-12-16": (("09:00", "12:00"),),
                "2026-12-17": (),
                "2026-12-18": (("12:00", "17:00"), ("22:00", "02:00")),
            },
        ),
        (
            "DTSTART:20261218T220000|DTEND:20261218T233000",
            {"2026-12-18": (("09:00", "17:00"), ("23:30", "02:00"))},
        ),
        (
            "DTSTART:20261219T010000|DTEND:20261219T030000",
            {"2026-12-18": (("09:00", "17:00"), ("22:00", "01:00"))},
        ),
    ],
)
def test_a_timed_event_closes_while_it_lasts(event, holidays):
    read_dates = {holiday.date: holiday.intervals for holiday in read(event).holidays}

    assert read_dates == holidays


def test_events_of_one_date_add_up():
    holidays = read(
        "SUMMARY:Training|DTSTART:20261217T100000|DURATION:PT1H",
        "SUMMARY:Party|DTSTART:20261217T150000|DURATION:PT4H",
    ).holidays

    assert holidays == (HolidayConfig("2026-12-17", "Training, Party", (("09:00", "10:00"), ("11:00", "15:00"))),)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("STATUS:CANCELLED|DTSTART;VALUE=DATE:20261224", "It is cancelled"),
        ("UID:1", "It has no start, or more than one"),
        ("DTSTART;VALUE=DATE:20261224|DTSTART;VALUE=DATE:20261225", "It has no start, or more than one"),
        ("DTSTART;VALUE=DATE:18991224", "It lies outside the years 1970 to 2199"),
        ("DTSTART;VALUE=DATE:20261224|DURATION:P400D", "It lasts longer than a year"),
        ("DTSTART:20261217T120000", "It has no length"),
        ("DTSTART:20261217T200000|DURATION:PT1H", "It lies outside the opening hours"),
        (
            "DTSTART:20261218T233000|DTEND:20261219T010000",
            "It takes a part out of a night shift. Set this day's hours by hand",
        ),
        (
            "DTSTART:20261217T120000|DURATION:PT1H|RRULE:FREQ=YEARLY",
            "It repeats and has a time of day. Add its dates by hand",
        ),
        (
            "DTSTART;VALUE=DATE:20261217|RRULE:FREQ=WEEKLY",
            "It repeats in another way than on the same date every year. Add its dates by hand",
        ),
        (
            "DTSTART;VALUE=DATE:20261126|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "It repeats in another way than on the same date every year. Add its dates by hand",
        ),
        (
            "DTSTART;VALUE=DATE:20261126|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH|EXDATE;VALUE=DATE:20271125",
            "Single dates of its series are changed. Add its dates by hand",
        ),
        ("DTSTART;VALUE=DATE:20261217|RRULE:FREQ=YEARLY;COUNT=-3", "Its rule comes to no date"),
        ("DTSTART;VALUE=DATE:20261224|DURATION:P999999999999D", "Its dates cannot be read"),
    ],
)
def test_what_becomes_no_holiday_is_named_with_its_reason(event, reason):
    imported = read(f"SUMMARY:Something|{event}", "SUMMARY:Good|DTSTART;VALUE=DATE:20261224")

    assert imported.skipped == (SkippedEvent("Something", reason),)
    assert imported.holidays == (HolidayConfig("2026-12-24", "Good"),)


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        ("SUMMARY:Christmas\\, in short\\nat home", "Christmas, in short at home"),
        ("SUMMARY:" + "x" * 500, "x" * 120),
        ("SUMMARY:", "Holiday"),
        ("UID:1", "Holiday"),
        ("SUMMARY:\u202eabc\u0007", "abc"),
    ],
)
def test_a_name_is_one_short_printable_line(summary, name):
    assert read(f"{summary}|DTSTART;VALUE=DATE:20261224").holidays[0].name == name


NO_CALENDAR = "This file cannot be read as a calendar. It has to be an ICS file, which begins with BEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", NO_CALENDAR),
        (b"<!doctype html>", NO_CALENDAR),
        (b"\xff\xfe\x00", NO_CALENDAR),
        (bytes(range(256)) * 40, NO_CALENDAR),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", NO_CALENDAR),
        (calendar() + calendar(), NO_CALENDAR),
        (calendar("DTSTART;TZID=Europe/:20261217T120000|DURATION:PT1H"), NO_CALENDAR),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 3_900, NO_CALENDAR),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 4_001, "This calendar holds more than 4,000 entries"),
        (b" " * (MOST_BYTES + 1), "This file is larger than 1 MB"),
        (
            calendar(*(f"DTSTART;VALUE=DATE:20{year}0101|DURATION:P366D" for year in range(26, 40))),
            "This calendar closes more than 2,000 days",
        ),
    ],
)
def test_what_is_no_calendar_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(UnreadableCalendar) as refusal:
        read_ics(content, schedule=OFFICE)

    assert str(refusal.value) == sentence


PIECES = st.sampled_from(
    [
        *(b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"BEGIN:VTIMEZONE\r\n", b"RRULE:FREQ=", b"DTSTART:", b"VALUE=DATE:"),
        *(b";", b":", b"=", b"\r\n ", b"\r\n", b"\xff", b"\0", b'"', b"-", b"T", b"Z", b"\\", b","),
        *(b"9" * 30, b"TZID=/etc/passwd:", b"TZID=Europe/:"),
    ]
)
WHOLE = calendar(
    "SUMMARY:Christmas|DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;COUNT=3",
    "SUMMARY:Party|DTSTART;TZID=Europe/London:20261218T140000|DTEND;TZID=Europe/London:20261218T230000",
    "DTSTART:20261217T120000Z|DURATION:PT1H|EXDATE:20260101|RDATE;VALUE=PERIOD:20260101T000000Z/PT1H",
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 20), PIECES | st.binary(max_size=4)), max_size=6))
@settings(max_examples=300)
def test_a_damaged_calendar_is_read_or_refused_and_nothing_else(damages):
    content = WHOLE
    for place, length, piece in damages:
        content = content[:place] + piece + content[place + length :]

    with suppress(UnreadableCalendar):
        imported = read_ics(content, schedule=OFFICE)
        assert all(holiday.name and holiday.date for holiday in imported.holidays)


HOSTILE = {
    "folded lines": lambda size: "SUMMARY:" + "x\r\n " * (size // 4) + "|DTSTART;VALUE=DATE:20261224",
    "parameters": lambda size: "SUMMARY" + ";A=b" * (size // 4) + ":x|DTSTART;VALUE=DATE:20261224",
    "quotes": lambda size: "SUMMARY;A=" + '"' * size + ":x|DTSTART;VALUE=DATE:20261224",
    "commas": lambda size: "CATEGORIES:" + "," * size + "|DTSTART;VALUE=DATE:20261224",
    "escapes": lambda size: "SUMMARY:" + "\\n" * (size // 2) + "|DTSTART;VALUE=DATE:20261224",
    "properties": lambda size: "X-A:b|" * (size // 7) + "DTSTART;VALUE=DATE:20261224",
    "weekdays": lambda size: "DTSTART;VALUE=DATE:20261224|RRULE:FREQ=YEARLY;BYDAY=MO" + ",MO" * (size // 3),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_on_hostile_input_grows_with_its_length(kind):
    """Eight times the input may take twenty times as long on a busy machine; a quadratic reader would take 64 times."""
    small, large = (calendar(HOSTILE[kind](size)) for size in (10_000, 80_000))
    pairs = [(timed(small), timed(large)) for _ in range(3)]

    assert min(large for _, large in pairs) <= 20 * min(small for small, _ in pairs) + 0.02


def timed(content: bytes) -> float:
    """Seconds of reading alone: collecting garbage costs by everything that other tests have left in the process."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        read_ics(content, schedule=OFFICE)
        return time.process_time() - began
    finally:
        gc.enable()
