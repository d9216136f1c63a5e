"""The form of office hours: what it refuses, in which words, and what it keeps."""

from datetime import date

import pytest

from handoffs.forms.holidays import UnreadableHours, read_hours, write_hours
from handoffs.forms.hours import HoursForm
from handoffs.models import Schedule
from tests.handoffs.hours import posted_hours

TODAY = date(2026, 11, 21)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.fixture
def fill(project):
    """The form as somebody filled it in, for new hours."""

    def fill(**fields) -> HoursForm:
        return HoursForm(posted_hours(**fields), instance=Schedule(project=project), project=project, today=TODAY)

    return fill


def notes_of(form: HoursForm, *, while_typing: bool = False) -> dict[str, list[str]]:
    form.is_valid()
    form.take_notes(while_typing=while_typing)
    return {day.name: [note.sentence for note in day.notes] for day in form.days if day.notes}


def test_a_whole_form_is_stored_in_order_of_day_and_start(fill):
    form = fill(hours={4: [("13:15", "02:00"), ("08:00", "12:30")], 0: [("09:00", "17:00")]})

    assert form.is_valid()
    assert form.values()["intervals"] == [
        {"day": 0, "start": "09:00", "end": "17:00"},
        {"day": 4, "start": "08:00", "end": "12:30"},
        {"day": 4, "start": "13:15", "end": "02:00"},
    ]


@pytest.mark.parametrize(
    ("start", "end", "stored"),
    [
        ("00:00", "00:00", ("00:00", "24:00")),
        ("18:00", "00:00", ("18:00", "24:00")),
        ("22:00", "06:00", ("22:00", "06:00")),
    ],
)
def test_midnight_and_the_next_day_can_be_said_with_a_time_input(fill, start, end, stored):
    form = fill(hours={5: [(start, end)]})

    assert form.is_valid()
    assert [(item["start"], item["end"]) for item in form.values()["intervals"]] == [stored]


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        ("09:00", "09:00", "It opens and closes at 09:00. For the whole day write 00:00 to 00:00"),
        ("9 o'clock", "17:00", "Times look like 08:30"),
        ("25:00", "17:00", "Times look like 08:30"),
        ("09:00", "", "Say when it closes"),
        ("", "17:00", "Say when it opens"),
    ],
)
def test_hours_that_make_no_sense_are_refused_beside_their_day(fill, start, end, sentence):
    form = fill(hours={1: [(start, end)]})

    assert notes_of(form)["Tuesday"][0] == sentence
    assert form.non_field_errors() == ["Mend the hours of Tuesday"]
    assert form.days[1].rows.forms[0]["start"].value() == start


def test_a_row_left_empty_is_no_row(fill):
    form = fill(hours={1: [("", ""), ("09:00", "17:00")]})

    assert form.is_valid()
    assert len(form.values()["intervals"]) == 1


def test_hours_that_overlap_are_told_and_count_as_one(fill):
    form = fill(hours={2: [("08:00", "12:00"), ("11:00", "15:00")]})

    assert form.is_valid()
    (sentence,) = notes_of(form)["Wednesday"]
    assert "overlap" in sentence


def test_a_night_that_runs_into_the_next_day_overlaps_there(fill):
    form = fill(hours={0: [("22:00", "06:00")], 1: [("05:00", "09:00")]})

    (sentence,) = notes_of(form)["Monday"]
    assert "overlap" in sentence


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"time_zone": "Europe/Londn"}, "time_zone", "Names look like Europe/London"),
        ({"time_zone": ""}, "time_zone", "Choose the zone"),
        ({"country": "XX"}, "country", "No public holidays are known for the country “XX”"),
        ({"country": "GB", "subdivision": "BY"}, "subdivision", "That country has no public holidays for “BY”"),
        ({"subdivision": "ENG"}, "subdivision", "That country has no public holidays for “ENG”"),
        ({"name": ""}, "name", "Give these hours a name"),
    ],
)
def test_a_wrong_field_is_refused_with_a_way_out(fill, fields, field, words):
    form = fill(**fields)

    assert not form.is_valid()
    assert words in form.errors[field][0]


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({"date": "", "name": "Party"}, "date", "Choose a date"),
        ({"date": "2026-02-30", "name": "Party"}, "date", "This is not a date"),
        ({"date": "2026-12-18", "name": ""}, "name", "Give it a name"),
        ({"date": "2026-12-18", "name": "Party", "hours": "mornings"}, "hours", "Hours look like"),
    ],
)
def test_a_wrong_own_date_is_refused_in_its_row(fill, row, field, words):
    form = fill(dates=[row])

    assert not form.is_valid()
    assert words in form.own_dates.forms[0].errors[field][0]
    assert form.non_field_errors() == ["Mend the own dates that are marked"]


def test_the_same_date_twice_is_refused_at_the_second(fill):
    twice = {"date": "2026-12-24", "name": "Christmas Eve"}
    form = fill(dates=[twice, {**twice, "name": "Party"}])

    assert not form.is_valid()
    assert form.own_dates.forms[0].errors == {}
    assert "listed twice" in form.own_dates.forms[1].errors["date"][0]


def test_times_of_a_date_that_do_not_exist_are_refused(fill):
    form = fill(dates=[{"date": "2026-12-24", "name": "Christmas Eve", "hours": "08:00-25:00"}])

    assert not form.is_valid()
    assert "is not a time of day" in form.own_dates.forms[0].errors["date"][0]


def test_own_dates_are_kept_with_or_without_their_year(fill):
    form = fill(
        dates=[
            {"date": "2027-01-01", "name": "New Year", "hours": "12:00\u201318:00"},
            {"date": "2026-12-24", "name": "Christmas Eve", "every_year": "on", "hours": "closed"},
        ]
    )

    assert form.is_valid()
    assert form.values()["holidays"] == [
        {"date": "12-24", "name": "Christmas Eve", "intervals": []},
        {"date": "2027-01-01", "name": "New Year", "intervals": [["12:00", "18:00"]]},
    ]


def test_a_date_of_every_year_is_shown_by_its_next_coming(project):
    stored = [
        {"date": "02-29", "name": "Leap day", "intervals": []},
        {"date": "11-20", "name": "Founders' day", "intervals": [["10:00", "12:00"], ["13:00", "24:00"]]},
    ]
    row = Schedule.objects.create(project=project, key="a", name="A", time_zone="UTC", holidays=stored)
    shown = [form.initial for form in HoursForm(instance=row, project=project, today=TODAY).own_dates]

    assert [(item["date"], item["every_year"], item["hours"]) for item in shown] == [
        ("2028-02-29", True, ""),
        ("2027-11-20", True, "10:00\u201312:00, 13:00\u201324:00"),
    ]


def test_more_intervals_than_a_day_can_have_are_refused(fill):
    form = fill(hours={0: [(f"{hour:02}:00", f"{hour:02}:30") for hour in range(13)]})

    assert not form.is_valid()
    assert "Mend the hours of Monday" in form.non_field_errors()


def test_a_time_the_clocks_skip_is_noted_beside_its_day_and_nowhere_else(fill):
    form = fill(hours={6: [("01:15", "01:45")], 0: [("09:00", "17:00")]})

    notes = notes_of(form)
    assert list(notes) == ["Sunday"]
    assert "does not exist on Sunday 28 March" in notes["Sunday"][0]


def test_while_somebody_types_a_row_that_is_not_whole_yet_is_no_mistake(fill):
    form = fill(hours={0: [("09:00", ""), ("10:00", "12:00")]})

    assert notes_of(form, while_typing=True) == {}
    assert [(item.start, item.end) for item in form.draft().intervals] == [("10:00", "12:00")]


def test_a_zone_that_does_not_exist_yet_draws_in_the_projects(fill, project):
    form = fill(time_zone="Europe/Lon")
    form.is_valid()

    assert form.draft().time_zone == project.time_zone


def test_a_post_without_the_lists_is_refused_and_not_a_crash(project):
    form = HoursForm({"name": "A"}, instance=Schedule(project=project), project=project, today=TODAY)

    assert not form.is_valid()


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", ()),
        ("Closed", ()),
        ("8:00-14:00", (("08:00", "14:00"),)),
        ("08:00 \u2013 12:00, 13:00 to 17:00", (("08:00", "12:00"), ("13:00", "17:00"))),
        ("08.00\u201412.00 and 22:00-00:00", (("08:00", "12:00"), ("22:00", "24:00"))),
    ],
)
def test_hours_of_a_date_are_read_as_people_write_them(text, pairs):
    assert read_hours(text) == pairs
    assert read_hours(write_hours(pairs)) == pairs


@pytest.mark.parametrize("text", ["8-14", "08:00", "08:00-", "morning", "08:00-12:00,,13:00-14:00"])
def test_hours_of_a_date_that_cannot_be_read_are_refused(text):
    with pytest.raises(UnreadableHours, match="Hours look like 08:00\u201314:00"):
        read_hours(text)
