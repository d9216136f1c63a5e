"""The form of the data that is collected before a transfer: an ordered list of fields."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.keys import free_key
from handoffs.domain.settings import FieldKind
from handoffs.forms.lines_of_text import LinesField
from handoffs.forms.rows import RowForm, RowsForm
from handoffs.models import HandoffSettings

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
KINDS = [
    (FieldKind.TEXT.value, gettext_lazy("Short text")),
    (FieldKind.LONG_TEXT.value, gettext_lazy("Long text")),
    (FieldKind.EMAIL.value, gettext_lazy("E-mail address")),
    (FieldKind.PHONE.value, gettext_lazy("Phone number")),
    (FieldKind.NUMBER.value, gettext_lazy("Number")),
    (FieldKind.DATE.value, gettext_lazy("Date")),
    (FieldKind.CHOICE.value, gettext_lazy("One of a list")),
]


def usual_fields() -> list[dict[str, Any]]:
    """What is asked for most often, to begin with. The keys are those desks and CRMs look for."""
    return [
        {"key": "name", "label": _("Name"), "kind": FieldKind.TEXT.value, "is_required": True},
        {"key": "email", "label": _("E-mail address"), "kind": FieldKind.EMAIL.value, "is_required": True},
        {"key": "phone", "label": _("Phone number"), "kind": FieldKind.PHONE.value, "is_required": False},
        {"key": "order_number", "label": _("Order number"), "kind": FieldKind.TEXT.value, "is_required": False},
        {"key": "problem", "label": _("What it is about"), "kind": FieldKind.LONG_TEXT.value, "is_required": True},
    ]


class CollectedFieldForm(RowForm):
    """One field. Its key is made from the label when none is typed."""

    unique = "key"
    repeated = gettext_lazy("Two fields have the key {value}. Each needs its own")

    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=60,
        error_messages={"required": gettext_lazy("Say what the customer is asked for, as Order number")},
    )
    key = forms.CharField(label=gettext_lazy("Key"), max_length=40, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Type"), choices=KINDS, initial=FieldKind.TEXT.value)
    is_required = forms.BooleanField(label=gettext_lazy("Required"), required=False)
    choices = LinesField(label=gettext_lazy("Choices, one a line"), most=50, longest=80, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_key(cleaned)
        if cleaned.get("kind") != FieldKind.CHOICE:
            cleaned["choices"] = []
        elif len(cleaned.get("choices", ())) < 2 and "choices" not in self.errors:
            self.add_error("choices", _("Write two choices at least, one a line"))
        return cleaned

    def _check_key(self, cleaned: dict[str, Any]) -> None:
        proposed = free_key(cleaned.get("label", ""), taken=(), fallback="field").replace("-", "_")[:40]
        proposed = proposed if KEY.fullmatch(proposed) else f"field_{proposed}"[:40]
        cleaned["key"] = cleaned.get("key") or proposed
        if not KEY.fullmatch(cleaned["key"]):
            problem = _("A key has lower-case letters, digits and underscores, a letter first. Try {key}")
            self.add_error("key", problem.format(key=proposed))


class CollectedDataForm(RowsForm):
    """The list alone: whether it is asked for is a trigger's setting."""

    rows = {"collected_fields": CollectedFieldForm}

    class Meta:
        model = HandoffSettings
        fields = ()

    @property
    def listed(self) -> Any:
        return self.lists["collected_fields"]
