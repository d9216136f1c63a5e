"""Own dates of office hours: one form a date, and the hours of a date as a person writes them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.office_hours.ics import LONGEST_NAME
from handoffs.domain.office_hours.schedules import HolidayConfig

SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|\u2013|\u2014|to)\s*(\d{1,2})[:.](\d{2})")
BETWEEN = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
CLOSED = "closed"
MOST_HOURS = 120
HOURS_HINT = gettext_lazy("As 08:00\u201314:00, several with commas. Empty: closed")


class UnreadableHours(ValueError):
    """The text names no hours; the message offers a correction."""


def read_hours(text: str) -> tuple[tuple[str, str], ...]:
    """`08:00-12:00, 13:00-17:00` as pairs of `HH:MM`; none for an empty text or `closed`. An end of 00:00 is midnight,
    `24:00`. Whether the times exist is the schedule's check. Raises UnreadableHours."""
    if text.strip().lower() in ("", CLOSED):
        return ()
    found = [SPAN.fullmatch(part) for part in BETWEEN.split(text.strip())]
    if not all(found):
        raise UnreadableHours(_("Hours look like 08:00\u201314:00, several with commas between them"))
    return tuple(_pair(match) for match in found if match)


def write_hours(intervals: Sequence[Sequence[str]]) -> str:
    """Pairs of `HH:MM` as `read_hours` takes them."""
    return ", ".join(f"{start}\u2013{end}" for start, end in intervals)


def _pair(match: "re.Match[str]") -> tuple[str, str]:
    start, end = f"{int(match[1]):02}:{match[2]}", f"{int(match[3]):02}:{match[4]}"
    return start, "24:00" if end == "00:00" else end


class HolidayForm(forms.Form):
    """A date with hours of its own, in one year or in every."""

    date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a date"), "invalid": gettext_lazy("This is not a date")},
    )
    every_year = forms.BooleanField(label=gettext_lazy("Every year"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Give it a name, as Christmas party")},
    )
    hours = forms.CharField(label=gettext_lazy("Open"), max_length=MOST_HOURS, required=False)

    def clean_hours(self) -> tuple[tuple[str, str], ...]:
        try:
            return read_hours(self.cleaned_data["hours"])
        except UnreadableHours as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable

    def holiday(self) -> HolidayConfig | None:
        """What a valid row says; None for one left empty or not valid."""
        if not self.is_valid() or not self.cleaned_data.get("date"):
            return None
        day: date = self.cleaned_data["date"]
        text = f"{day:%m-%d}" if self.cleaned_data["every_year"] else day.isoformat()
        return HolidayConfig(text, self.cleaned_data["name"], self.cleaned_data["hours"])


def holiday_row(holiday: dict[str, Any], *, today: date) -> dict[str, Any]:
    """A stored date as the form shows it; one of every year by its next coming."""
    text = str(holiday["date"])
    is_yearly = len(text) == len("MM-DD")
    day = _next_coming(text, today) if is_yearly else text
    return {"date": day, "every_year": is_yearly, "name": holiday["name"], "hours": write_hours(holiday["intervals"])}


def _next_coming(month_and_day: str, today: date) -> str:
    years = (f"{today.year + ahead}-{month_and_day}" for ahead in range(9))
    return next(text for text in years if _exists(text) and text >= today.isoformat())


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
