"""The hours of the weekdays in the editor of office hours: rows people add and remove, seven lists of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.office_hours.schedules import IntervalConfig

WEEKDAYS: tuple[str | Promise, ...] = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
MIDNIGHT = time(0, 0)
MOST = 12

if TYPE_CHECKING:  # Django's formsets are generic for the type checker only
    FormSet = forms.BaseFormSet[forms.Form]
else:
    FormSet = forms.BaseFormSet


class Rows(FormSet):
    """Rows people add and remove in the page: none is required, and one left empty is no row."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        return super().total_form_count() if self.is_bound else len(self.initial or ())


class IntervalForm(forms.Form):
    """One stretch of a weekday. An end at or before the start is on the next day; 00:00 is midnight."""

    start = forms.TimeField(
        label=gettext_lazy("Opens"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Say when it opens"),
            "invalid": gettext_lazy("Times look like 08:30"),
        },
    )
    end = forms.TimeField(
        label=gettext_lazy("Closes"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Say when it closes"),
            "invalid": gettext_lazy("Times look like 17:30"),
        },
    )

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start is not None and start == end and start != MIDNIGHT:
            problem = _("It opens and closes at {time}. For the whole day write 00:00 to 00:00")
            self.add_error("end", problem.format(time=f"{start:%H:%M}"))

    def interval(self, day: int) -> IntervalConfig | None:
        """What a valid row says; None for one left empty or not valid."""
        if not self.is_valid() or self.cleaned_data.get("start") is None:
            return None
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        return IntervalConfig(day, f"{start:%H:%M}", "24:00" if end == MIDNIGHT else f"{end:%H:%M}")


IntervalRows = forms.formset_factory(
    IntervalForm, formset=Rows, extra=0, max_num=MOST, validate_max=True, absolute_max=2 * MOST
)


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said beside a day, or beside the dates."""

    sentence: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday of the editor: its rows, and what is to be said about them."""

    number: int
    name: str
    rows: Rows
    notes: list[Note] = field(default_factory=list)

    def intervals(self) -> Iterator[IntervalConfig]:
        """The rows that can be read."""
        found = (row.interval(self.number) for row in cast(list[IntervalForm], self.rows.forms))
        return (interval for interval in found if interval)


def day_rows(number: int, data: Any, stored: Sequence[Mapping[str, Any]]) -> Day:
    """A weekday's rows: as posted, else as stored."""
    initial = [
        {"start": item["start"], "end": "00:00" if item["end"] == "24:00" else item["end"]}
        for item in stored
        if item["day"] == number
    ]
    rows = IntervalRows(data, initial=None if data is not None else initial, prefix=f"day{number}")
    return Day(number, str(WEEKDAYS[number]), cast(Rows, rows))


def row_notes(rows: Rows, *, while_typing: bool) -> Iterator[Note]:
    """What is wrong in the rows and with their number; a row that is not whole yet is no mistake while typing."""
    for row in rows.forms:
        for errors in row.errors.as_data().values():
            unfinished = while_typing and errors[0].code == "required"
            if not unfinished:
                yield Note(str(errors[0].messages[0]), is_error=True)
    for sentence in rows.non_form_errors():
        yield Note(str(sentence), is_error=True)
