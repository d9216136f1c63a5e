"""Own dates out of a calendar file: shown first, added after, and nothing lost to a file that is none."""

import json
from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conversations.models import AuditEntry
from handoffs.models import Schedule

YEAR = datetime.now(UTC).year + 1
CALENDAR = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Fernhill//Staff calendar//EN
BEGIN:VEVENT
UID:1@fernhill.example
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:{YEAR}0614
DTEND;VALUE=DATE:{YEAR}0616
SUMMARY:Stocktaking
END:VEVENT
BEGIN:VEVENT
UID:2@fernhill.example
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20211224
DTEND;VALUE=DATE:20211225
RRULE:FREQ=YEARLY
SUMMARY:Christmas Eve
END:VEVENT
BEGIN:VEVENT
UID:3@fernhill.example
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/London:{YEAR}0701T130000
DTEND;TZID=Europe/London:{YEAR}0701T230000
SUMMARY:Summer party
END:VEVENT
BEGIN:VEVENT
UID:4@fernhill.example
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20200501
SUMMARY:Long ago
END:VEVENT
BEGIN:VEVENT
UID:5@fernhill.example
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:{YEAR}0101
SUMMARY:New Year again
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
DAILY = [{"day": day, "start": "09:00", "end": "18:00"} for day in range(7)]
NEW_YEAR = {"date": f"{YEAR}-01-01", "name": "New Year", "intervals": [["12:00", "18:00"]]}


@pytest.fixture
def schedule(project) -> Schedule:
    return Schedule.objects.create(
        project=project, key="billing", name="Billing hours", time_zone="Europe/London", intervals=DAILY,
        holidays=[NEW_YEAR],
    )  # fmt: skip


@pytest.fixture
def read(client, owner, schedule):
    """Upload a file and return the page that shows what is in it."""
    client.force_login(owner)

    def read(content: str | bytes):
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile("staff.ics", data, "text/calendar")
        return client.post(reverse("hours-import", args=[schedule.pk]), {"file": file})

    return read


@pytest.fixture
def add(client, owner, schedule):
    client.force_login(owner)

    def add(*texts: str, revision: int = 1):
        return client.post(reverse("hours-import-add", args=[schedule.pk]), {"holiday": texts, "revision": revision})

    return add


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def choice(day: str, name: str = "Stocktaking", intervals: list[list[str]] | None = None) -> str:
    return json.dumps({"date": day, "name": name, "intervals": intervals or []})


def test_a_calendar_is_shown_before_anything_is_added(read, schedule):
    response = read(CALENDAR)
    page = response.content.decode()

    found = [json.loads(text) for _, text in response.context["choices"]]
    assert [(item["date"], item["name"], item["intervals"]) for item in found] == [
        ("12-24", "Christmas Eve", []),
        (f"{YEAR}-06-14", "Stocktaking", []),
        (f"{YEAR}-06-15", "Stocktaking", []),
        (f"{YEAR}-07-01", "Summer party", [["09:00", "13:00"]]),
    ]
    assert "4 dates to add" in page
    assert "2 events left out" in page
    assert "1 May 2020 has passed" in page
    assert f"1 January {YEAR} is here already, as New Year" in page
    schedule.refresh_from_db()
    assert schedule.holidays == [NEW_YEAR]


def test_the_dates_ticked_are_added_beside_the_own_and_audited(read, add, schedule, owner):
    texts = [text for _, text in read(CALENDAR).context["choices"]]
    response = add(texts[0], texts[3])

    schedule.refresh_from_db()
    added = [
        {"date": "12-24", "name": "Christmas Eve", "intervals": []},
        {"date": f"{YEAR}-07-01", "name": "Summer party", "intervals": [["09:00", "13:00"]]},
    ]
    assert schedule.holidays == [added[0], NEW_YEAR, added[1]]
    entry = AuditEntry.objects.get(action="schedule.changed")
    assert (entry.before, entry.after, entry.why) == (
        {"holidays": [NEW_YEAR]}, {"holidays": schedule.holidays}, "Calendar file",
    )  # fmt: skip
    assert told(response) == "2 dates added"
    assert response.url == reverse("hours-edit", args=[schedule.pk])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "This file is empty"),
        ("Dear all, we are closed on Monday", "calendar"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "calendar"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "calendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * 1_000_001, "larger than 1 MB"),
    ],
    ids=["empty", "a letter", "a picture", "cut off", "too large"],
)
def test_a_file_that_is_no_calendar_is_refused_with_the_reason(read, schedule, content, words):
    response = read(content)

    assert response.status_code == 422
    (problem,) = response.context["form"].errors["file"]
    assert words in problem
    schedule.refresh_from_db()
    assert schedule.holidays == [NEW_YEAR]


def test_without_a_file_the_page_asks_for_one(client, owner, schedule):
    client.force_login(owner)
    response = client.post(reverse("hours-import", args=[schedule.pk]))

    assert "Choose a calendar file, its name ends in .ics" in response.content.decode()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "No date is ticked"),
        (["{"], "These dates cannot be read"),
        (["[1]"], "These dates cannot be read"),
        ([choice("yesterday")], "is not a date"),
        ([choice(f"{YEAR}-06-14"), choice(f"{YEAR}-06-14")], "listed twice"),
        ([choice(f"{YEAR}-06-14", intervals=[["8", "9"]])], "is not a time of day"),
        ([choice(f"{YEAR}-{1 + day // 28:02}-{1 + day % 28:02}") for day in range(28, 229)], "more than 200 own dates"),
    ],
    ids=["none", "no JSON", "another shape", "no date", "twice", "no time", "too many"],
)
def test_dates_that_make_no_sense_are_not_added(add, schedule, texts, words):
    assert words in told(add(*texts))
    schedule.refresh_from_db()
    assert schedule.holidays == [NEW_YEAR]
    assert not AuditEntry.objects.exists()


def test_dates_chosen_for_an_older_version_are_not_added(add, schedule):
    Schedule.objects.update(revision=2)

    assert "saved these hours meanwhile" in told(add(choice(f"{YEAR}-06-14")))
    schedule.refresh_from_db()
    assert schedule.holidays == [NEW_YEAR]


@pytest.mark.parametrize("name", ["a\\u0000b", "x" * 121])
def test_a_date_nobody_was_shown_is_not_added(client, project, owner, name):
    hours = Schedule.objects.create(project=project, key="forged", name="Forged", time_zone="Europe/London")
    forged = f'{{"date": "2027-01-01", "name": "{name}", "intervals": []}}'
    client.force_login(owner)
    client.post(reverse("hours-import-add", args=[hours.pk]), {"revision": hours.revision, "holiday": [forged]})
    hours.refresh_from_db()
    assert hours.holidays == []
