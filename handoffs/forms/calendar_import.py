"""A calendar file, and the dates chosen out of it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import cattrs
import orjson
from cattrs.errors import BaseValidationError
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.office_hours.ics import (
    LONGEST_NAME,
    MOST_BYTES,
    ImportedCalendar,
    SkippedEvent,
    UnreadableCalendar,
    read_ics,
)
from handoffs.domain.office_hours.schedules import HolidayConfig, ScheduleConfig
from handoffs.domain.office_hours.validation import check_schedule, say_holiday_date
from handoffs.forms.hours import MOST_HOLIDAYS


class CalendarForm(forms.Form):
    """Reads the file: `found` is what would be added to these hours and what would not. today: earlier dates are
    skipped."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file"),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        error_messages={
            "required": gettext_lazy("Choose a calendar file, its name ends in .ics"),
            "empty": gettext_lazy("This file is empty"),
        },
    )

    def __init__(self, *args: Any, schedule: ScheduleConfig, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schedule, self.today = schedule, today
        self.found = ImportedCalendar(())

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 1 MB. Export holidays only, or fewer years"))
        try:
            self.found = _to_add(read_ics(file.read(), schedule=self.schedule), self.schedule, self.today)
        except UnreadableCalendar as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable
        return file


class ChosenDatesForm(forms.Form):
    """The dates ticked in the preview, each as the JSON the preview gave it. revision: of the hours they were shown
    for."""

    revision = forms.IntegerField()
    holiday = forms.Field(required=False)

    def __init__(self, *args: Any, schedule: ScheduleConfig, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schedule = schedule
        self.chosen: tuple[HolidayConfig, ...] = ()

    def clean(self) -> None:
        texts: Sequence[str] = self.data.getlist("holiday") if hasattr(self.data, "getlist") else ()
        if not texts:
            raise forms.ValidationError(_("No date is ticked, so nothing would be added"))
        try:
            self.chosen = tuple(cattrs.structure(orjson.loads(text), HolidayConfig) for text in texts)
        except (orjson.JSONDecodeError, BaseValidationError, KeyError, TypeError, ValueError) as error:
            raise forms.ValidationError(_("These dates cannot be read. Choose the file again")) from error
        if not all(one.name.isprintable() and len(one.name) <= LONGEST_NAME for one in self.chosen):
            raise forms.ValidationError(_("These dates cannot be read. Choose the file again"))
        self._check()

    def _check(self) -> None:
        together = ScheduleConfig(
            key="", name="", time_zone=self.schedule.time_zone, holidays=(*self.schedule.holidays, *self.chosen)
        )
        if len(together.holidays) > MOST_HOLIDAYS:
            raise forms.ValidationError(_("That would be more than {most} own dates").format(most=MOST_HOLIDAYS))
        for problem in check_schedule(together):
            if problem.is_error:
                raise forms.ValidationError(problem.sentence)


def as_choice(holiday: HolidayConfig) -> str:
    """The JSON under which a date is ticked."""
    return orjson.dumps(asdict(holiday)).decode()


def _to_add(imported: ImportedCalendar, schedule: ScheduleConfig, today: date) -> ImportedCalendar:
    """Without what has passed and what the hours have already, and no more than they can hold."""
    known = {holiday.date: holiday.name for holiday in schedule.holidays}
    room = MOST_HOLIDAYS - len(known)
    added: list[HolidayConfig] = []
    skipped = list(imported.skipped)
    for holiday in imported.holidays:
        reason = _reason_to_skip(holiday, known, today) or ("" if len(added) < room else _no_room())
        if reason:
            skipped.append(SkippedEvent(holiday.name, reason))
        else:
            added.append(holiday)
    return ImportedCalendar(tuple(added), tuple(skipped))


def _reason_to_skip(holiday: HolidayConfig, known: dict[str, str], today: date) -> str:
    if holiday.date in known:
        words = _("{date} is here already, as {name}")
        return words.format(date=say_holiday_date(holiday.date), name=known[holiday.date])
    is_past = len(holiday.date) > len("MM-DD") and holiday.date < today.isoformat()
    return _("{date} has passed").format(date=say_holiday_date(holiday.date)) if is_past else ""


def _no_room() -> str:
    return _("{most} own dates are the most these hours can hold").format(most=MOST_HOLIDAYS)
