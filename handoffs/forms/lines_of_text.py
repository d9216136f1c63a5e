"""Several short texts in one field, one a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LinesField(forms.CharField):
    """A list of texts: trimmed, without empty lines, each once without regard to case."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, most: int, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        first: dict[str, str] = {}
        for line in lines:
            first.setdefault(line.casefold(), line)
        kept = list(first.values())
        if len(kept) > self.most:
            raise ValidationError(
                _("{most} lines at most, these are {number}").format(most=self.most, number=len(kept))
            )
        if too_long := next((line for line in kept if len(line) > self.longest), None):
            words = _("A line has {longest} characters at most. Shorten “{line}…”")
            raise ValidationError(words.format(longest=self.longest, line=too_long[:30]))
        return kept

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))
