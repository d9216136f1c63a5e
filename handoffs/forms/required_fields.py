"""The names of a handoff's data that whoever answers must receive."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from handoffs.forms.lines_of_text import LinesField

# As functions name them: `order_number`, and `order.number` for a value inside an object.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


class RequiredFieldsField(LinesField):
    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"})

    def clean(self, value: Any) -> Any:
        names = super().clean(value)
        if bad := next((name for name in names if not NAME.fullmatch(name)), None):
            words = _("“{name}” is no name of a field. Letters, digits and underscores, as order_number")
            raise ValidationError(words.format(name=bad[:30]))
        return names
