"""The lists inside a destination's form: SIP headers in order, and hints for the desk."""

from typing import Any

from django import forms
from django.forms.formsets import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.sip.voice import MissingVariable
from handoffs.forms.rows import MOST_ROWS, RowForm, RowsFormSet

WHEN_MISSING = [
    (MissingVariable.DROP.value, gettext_lazy("Leave out")),
    (MissingVariable.EMPTY.value, gettext_lazy("Send empty")),
    (MissingVariable.REFUSE.value, gettext_lazy("No transfer")),
]
BYTES = {"class": "hs-input--mono", "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}


class HeaderRow(RowForm):
    """One header. What a name and a value may be is the domain's to say."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, widget=forms.TextInput(attrs=BYTES))
    value = forms.CharField(label=gettext_lazy("Value"), required=False, widget=forms.TextInput(attrs=BYTES))
    when_missing = forms.ChoiceField(
        label=gettext_lazy("If a variable has no value"), choices=WHEN_MISSING, required=False
    )

    def content(self) -> dict[str, Any]:
        return {**self.cleaned_data, "when_missing": self.cleaned_data["when_missing"] or MissingVariable.DROP.value}


class HintRow(RowForm):
    """One hint for the desk, as `skills` and `refunds, billing`."""

    unique = "name"
    repeated = gettext_lazy("{value} stands twice. Put both values into one")
    name = forms.CharField(
        label=gettext_lazy("Hint"),
        max_length=60,
        error_messages={"required": gettext_lazy("A hint needs a name. Try skills")},
        widget=forms.TextInput(attrs={"list": "hint-names", "autocomplete": "off"}),
    )
    value = forms.CharField(label=gettext_lazy("Value"), required=False, max_length=300)


def header_rows(data: Any, stored: list[dict[str, Any]]) -> RowsFormSet:
    """The headers as posted, else as stored."""
    return _rows(HeaderRow, "headers", data, stored)


def hint_rows(data: Any, stored: dict[str, str]) -> RowsFormSet:
    """The hints as posted, else as stored."""
    return _rows(HintRow, "hints", data, [{"name": name, "value": value} for name, value in stored.items()])


def say_rows(rows: RowsFormSet) -> str:
    """Which rows must be mended, or what is wrong with the list as a whole."""
    if problems := rows.non_form_errors():
        return str(problems[0])
    wrong = ", ".join(str(number) for number, form in enumerate(rows.forms, start=1) if form.errors)
    texts = {"headers": _("Look at SIP header {rows}"), "hints": _("Look at hint {rows}")}
    return texts[rows.prefix or ""].format(rows=wrong)


def _rows(row: type[RowForm], prefix: str, data: Any, stored: list[dict[str, Any]]) -> RowsFormSet:
    kind: Any = formset_factory(
        row, formset=RowsFormSet, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 1
    )
    rows: RowsFormSet = kind(data, prefix=prefix, initial=stored, form_kwargs={"empty_permitted": False})
    return rows
