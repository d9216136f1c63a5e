"""The base of every form that edits a configuration row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import Project, User
from conversations.models.configured import Configured
from conversations.services.configuration import StaleRevision, add_row, change_row, recorded_fields

if TYPE_CHECKING:  # Django's forms are generic for the type checker only
    ConfiguredModelForm = forms.ModelForm[Configured]
else:
    ConfiguredModelForm = forms.ModelForm


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed meanwhile, and what this person would write over it."""

    label: str
    theirs: Any
    yours: Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """Who saved meanwhile, when, and in which fields that differs from what was about to be saved."""

    by: str
    at: datetime
    differences: tuple[Difference, ...]


class ConfiguredForm(ConfiguredModelForm):
    """Edits one row and audits it. `revision` travels in the page: saving over a newer one is refused with the
    difference, and the form then carries the newer number, so that saving again is a decision.

    Subclasses name the model and the fields; `values()` is what is written. Show `conflict` with
    `studio/forms/_conflict.html`.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    taken = gettext_lazy("Another one has this name. Names differ by more than upper and lower case")
    conflict: Conflict | None = None

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.is_new = self.instance._state.adding
        if not self.is_new:
            self.initial["revision"] = self.instance.revision

    def values(self) -> dict[str, Any]:
        """What is written, by field of the model."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}

    def related(self) -> dict[str, Any]:
        """The many-to-many part of `values()`."""
        many = {field.name for field in self.instance._meta.many_to_many}
        return {name: value for name, value in self.values().items() if name in many}

    def save_by(self, user: User, *, at: datetime, why: str = "") -> bool:
        """Write a valid form; False when it was refused after all: then `errors` or `conflict` say why."""
        try:
            with transaction.atomic():
                self._write(user, at, why)
        except StaleRevision as stale:
            self._tell(stale.row)
        except IntegrityError as refused:
            self.add_error(*self.refusal(str(refused)))
        return not self.errors and self.conflict is None

    def refusal(self, constraint: str) -> tuple[str | None, str]:
        """The field and the words for a named constraint that refused the row; the name's, most often."""
        if "name" in self.fields:
            return "name", str(self.taken)
        return None, _("This does not fit what is stored: {problem}").format(problem=constraint.splitlines()[0])

    def _write(self, user: User, at: datetime, why: str) -> None:
        if self.is_new:
            owner = {} if isinstance(self.instance, Project) else {"project": self.project}
            for name, value in {**owner, **self.values()}.items():
                if name not in self.related():
                    setattr(self.instance, name, value)
            add_row(row=self.instance, user=user, project=self.project, why=why, related=self.related())
        else:
            change_row(
                row=self.instance, values=self.values(), user=user, project=self.project, at=at,
                revision=self.cleaned_data["revision"] or 0, why=why,
            )  # fmt: skip

    def _tell(self, row: Configured) -> None:
        theirs, yours = recorded_fields(row), self._recorded_values()
        differences = tuple(
            Difference(str(self.label_of(name)), self.in_words(name, theirs[name]), self.in_words(name, value))
            for name, value in yours.items()
            if theirs.get(name) != value
        )
        self.conflict = Conflict(str(row.updated_by or _("Somebody")), row.updated_at, differences)
        carried = self.data.copy() if isinstance(self.data, QueryDict) else {**self.data}
        carried[self.add_prefix("revision")] = str(row.revision)
        self.data = carried

    def label_of(self, name: str) -> str:
        field = self.fields.get(name)
        return str(field.label) if field is not None and field.label else name.replace("_", " ").capitalize()

    def in_words(self, name: str, value: Any) -> Any:
        """A field's value as a person reads it in a conflict: a choice by its label, a list item by item."""
        field = self.fields.get(name)
        if isinstance(value, bool):
            return _("On") if value else _("Off")
        if isinstance(value, list):
            return "; ".join(map(_shown_item, value)) or _("Nothing")
        if isinstance(field, forms.ChoiceField):
            labels: dict[Any, Any] = dict(field.widget.choices)
            return labels.get(value, value)
        return value

    def _recorded_values(self) -> Mapping[str, Any]:
        return {
            name: sorted(map(str, value)) if name in self.related() else value for name, value in self.values().items()
        }


def _shown_item(item: Any) -> str:
    """One item of a list column: its texts, the label first."""
    if not isinstance(item, Mapping):
        return str(item)
    texts = {name: value for name, value in item.items() if isinstance(value, str) and value}
    return ", ".join([*filter(None, [texts.pop("label", "")]), *texts.values()])
