"""Forms with lists of rows that are kept as one JSON column each, in the order they stand on the page."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _

from conversations.forms.configuration import ConfiguredForm

MOST_ROWS = 50


class RowForm(forms.Form):
    """One row. `content()` is what is kept of it; `unique` names the field that no other row may repeat."""

    unique: ClassVar[str] = ""
    repeated: ClassVar[Any] = ""

    def content(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


if TYPE_CHECKING:  # Django's formsets are generic for the type checker only
    RowFormSet = BaseFormSet[RowForm]
else:
    RowFormSet = BaseFormSet


class RowsFormSet(RowFormSet):
    """The rows of one list; those that repeat what must be unique are refused."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            name = form.unique
            value = str(form.cleaned_data.get(name, "")).casefold() if name and form.is_valid() else ""
            if value and value in seen:
                form.add_error(name, str(form.repeated).format(value=form.cleaned_data[name]))
            seen.add(value)

    def is_valid(self) -> bool:
        # Errors that `clean` gives to rows come after the rows were looked at.
        return super().is_valid() and not any(form.errors for form in self.forms)

    def content(self) -> list[dict[str, Any]]:
        return [form.content() for form in self.forms]


class RowsForm(ConfiguredForm):
    """A configured form beside whose fields stand lists of rows. `rows`: the column and the form of its rows."""

    rows: ClassVar[dict[str, type[RowForm]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = {column: self._list(column, form) for column, form in self.rows.items()}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for listed in self.lists.values():
            if not listed.is_valid():
                self.add_error(None, _list_problem(listed))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {**super().values(), **{column: listed.content() for column, listed in self.lists.items()}}

    def _list(self, column: str, form: type[RowForm]) -> RowsFormSet:
        kind: Any = formset_factory(
            form, formset=RowsFormSet, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 1
        )
        # A row that was added and left empty is refused like any other: silence would drop what somebody meant.
        rows: RowsFormSet = kind(
            self.data if self.is_bound else None,
            prefix=column,
            initial=getattr(self.instance, column),
            form_kwargs={"empty_permitted": False},
        )
        return rows


def _list_problem(listed: RowsFormSet) -> str:
    if problems := listed.non_form_errors():
        return str(problems[0])
    wrong = [str(number) for number, form in enumerate(listed.forms, start=1) if form.errors]
    return _("Look at row {rows} of the list").format(rows=", ".join(wrong))
