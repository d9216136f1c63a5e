"""The form of office hours: a name, a zone, the hours of each weekday, a country's holidays and own dates.

The page also draws from it while somebody types: `draft()` reads as much as can be read.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from handoffs.domain.office_hours.places import country_names, subdivision_names
from handoffs.domain.office_hours.schedules import HolidayConfig, IntervalConfig, ScheduleConfig
from handoffs.domain.office_hours.validation import Problem, check_schedule, lint_clock_changes
from handoffs.domain.office_hours.week import say_week
from handoffs.forms.holidays import HolidayForm, holiday_row, write_hours
from handoffs.forms.intervals import Note, Rows, day_rows, row_notes
from handoffs.models import Schedule
from handoffs.services.schedules import choose_schedule_key

NINE_TO_FIVE = [{"day": day, "start": "09:00", "end": "17:00"} for day in range(5)]
# Django takes 1,000 fields a form: four a date, two an interval.
MOST_HOLIDAYS = 200
SUBDIVISION_MAX = 10
LABELS = {"intervals": gettext_lazy("Hours"), "holidays": gettext_lazy("Own dates")}

HolidayRows = forms.formset_factory(
    HolidayForm, formset=Rows, extra=0, max_num=MOST_HOLIDAYS, validate_max=True, absolute_max=2 * MOST_HOLIDAYS
)


def countries() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("None")), *country_names().items()]


class HoursForm(ConfiguredForm):
    """today: the project's date, from which dates of every year and changes of the clocks are looked for."""

    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Choose the zone these hours are in, as Europe/London")},
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        choices=countries,
        error_messages={"invalid_choice": gettext_lazy("No public holidays are known for the country “%(value)s”")},
    )
    subdivision = forms.ChoiceField(
        label=gettext_lazy("Region"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("That country has no public holidays for “%(value)s”")},
    )

    class Meta:
        model = Schedule
        fields = ("name", "time_zone", "country", "subdivision")
        labels = {"name": gettext_lazy("Name")}
        error_messages = {"name": {"required": gettext_lazy("Give these hours a name, as Billing hours")}}

    def __init__(self, data: Any = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        self.schedule = cast(Schedule, self.instance)
        country = data.get("country", "") if data is not None else self.schedule.country
        cast(forms.ChoiceField, self.fields["subdivision"]).choices = region_choices(country)
        stored = NINE_TO_FIVE if self.is_new else self.schedule.intervals
        self.days = tuple(day_rows(number, data, stored) for number in range(7))
        own = sorted(self.schedule.holidays, key=_by_date)
        shown = None if self.is_bound else [holiday_row(item, today=today) for item in own]
        self.own_dates = cast(Rows, HolidayRows(data, initial=shown, prefix="holidays"))
        self.date_notes: list[Note] = []

    def clean(self) -> None:
        broken = [day.name for day in self.days if not day.rows.is_valid()]
        if broken:
            self.add_error(None, _("Mend the hours of {days}").format(days=", ".join(broken)))
        if not self.own_dates.is_valid():
            self.add_error(None, _("Mend the own dates that are marked"))
        for problem in check_schedule(self._as_typed()):
            if problem.is_error:
                self._refuse(problem)

    def values(self) -> dict[str, Any]:
        frozen = self._as_typed()
        key = {"key": choose_schedule_key(project=self.project, name=frozen.name)} if self.is_new else {}
        holidays = [{**asdict(item), "intervals": [list(pair) for pair in item.intervals]} for item in frozen.holidays]
        rows = {"intervals": [asdict(item) for item in frozen.intervals], "holidays": sorted(holidays, key=_by_date)}
        return {**super().values(), **key, **rows}

    def draft(self) -> ScheduleConfig:
        """What can be read of the form, in a zone that exists: what the page draws. For one that is not bound, what
        is stored."""
        frozen = self._as_typed() if self.is_bound else self._as_stored()
        zone = frozen.time_zone if frozen.time_zone in available_timezones() else self.project.time_zone
        return replace(frozen, time_zone=zone)

    def take_notes(self, *, while_typing: bool) -> None:
        """Fill `notes` of the days and `date_notes`: what is wrong, then what is only surprising."""
        draft = self.draft()
        for day in self.days:
            if self.is_bound:
                day.notes.extend(row_notes(day.rows, while_typing=while_typing))
        if self.is_bound:
            self.date_notes.extend(row_notes(self.own_dates, while_typing=while_typing))
        for problem in check_schedule(draft):
            self._note(problem, draft)
        self._note_clock_changes(draft)

    def _note(self, problem: Problem, draft: ScheduleConfig) -> None:
        note = Note(problem.sentence, problem.is_error)
        if problem.field == "holidays":
            self.date_notes.append(note)
        elif problem.field == "intervals":
            named = [day for day in self.days if problem.sentence.startswith(day.name)]
            (named or self.days)[0].notes.append(note)

    def _note_clock_changes(self, draft: ScheduleConfig) -> None:
        """Each interval alone, so that what the clocks do to it stands beside its day."""
        of_dates = lint_clock_changes(replace(draft, intervals=()), self.today)
        self.date_notes.extend(Note(problem.sentence) for problem in of_dates)
        for day in self.days:
            alone = replace(draft, intervals=tuple(item for item in draft.intervals if item.day == day.number))
            found = lint_clock_changes(alone, self.today) if alone.intervals else ()
            day.notes.extend(Note(problem.sentence) for problem in found if problem not in of_dates)

    def _refuse(self, problem: Problem) -> None:
        if problem.field == "holidays" and problem.row is not None:
            self._readable_dates()[problem.row].add_error("date", problem.sentence)
            self.add_error(None, problem.sentence)
        else:
            self.add_error(problem.field if problem.field in self.fields else None, problem.sentence)

    def _as_typed(self) -> ScheduleConfig:
        cleaned = self.cleaned_data
        return ScheduleConfig(
            key=self.schedule.key,
            name=cleaned.get("name", ""),
            time_zone=cleaned.get("time_zone", ""),
            intervals=tuple(sorted(self._intervals(), key=lambda item: (item.day, item.start, item.end))),
            country=cleaned.get("country", ""),
            subdivision=cleaned.get("subdivision", ""),
            holidays=tuple(item for form in self._readable_dates() if (item := form.holiday())),
        )

    def _as_stored(self) -> ScheduleConfig:
        stored = self.schedule
        return ScheduleConfig(
            key=stored.key,
            name=stored.name,
            time_zone=stored.time_zone,
            intervals=tuple(IntervalConfig(**item) for item in (NINE_TO_FIVE if self.is_new else stored.intervals)),
            country=stored.country,
            subdivision=stored.subdivision,
            holidays=tuple(_frozen_holiday(item) for item in stored.holidays),
        )

    def _intervals(self) -> Iterator[IntervalConfig]:
        return (interval for day in self.days for interval in day.intervals())

    def _readable_dates(self) -> list[HolidayForm]:
        return [form for form in cast(list[HolidayForm], self.own_dates.forms) if form.holiday()]

    def label_of(self, name: str) -> str:
        return str(LABELS[name]) if name in LABELS else super().label_of(name)

    def in_words(self, name: str, value: Any) -> Any:
        return _say(value)


def region_choices(country: str) -> list[tuple[str, Any]]:
    """The parts of a country to choose from. Some the package has go by names too long for a code; they are left
    out."""
    parts = subdivision_names(country).items()
    return [
        ("", gettext_lazy("Whole country")),
        *((code, name) for code, name in parts if len(code) <= SUBDIVISION_MAX),
    ]


def _by_date(holiday: dict[str, Any]) -> str:
    return str(holiday["date"])


def _frozen_holiday(holiday: dict[str, Any]) -> HolidayConfig:
    pairs = tuple((start, end) for start, end in holiday["intervals"])
    return HolidayConfig(holiday["date"], holiday["name"], pairs)


def _say(value: Any) -> Any:
    """Lists of hours and of dates in words, for the table of what differs."""
    if not isinstance(value, list):
        return value
    if value and "day" in value[0]:
        return say_week([IntervalConfig(**item) for item in value])
    said = (f"{item['date']} {item['name']} {write_hours(item['intervals']) or _('closed')}" for item in value)
    return "; ".join(said) or _("none")
