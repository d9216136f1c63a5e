"""A field for a stretch of time, as people write one."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WRITTEN = re.compile(r"(?:(?P<hours>\d{1,2}):(?=\d{1,2}:))?(?P<minutes>\d{1,4})(?::(?P<seconds>\d{2}))?")


class MinutesField(forms.Field):
    """Seconds, written as minutes (`5`), minutes and seconds (`5:00`) or with hours (`1:30:00`)."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most
        self.widget.attrs.update({"inputmode": "text", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return write_minutes(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        found = WRITTEN.fullmatch(str(value).strip())
        if found is None or int(found["seconds"] or 0) > 59:
            raise ValidationError(_("Write minutes and seconds. Try 5:00"))
        seconds = int(found["hours"] or 0) * 3600 + int(found["minutes"]) * 60 + int(found["seconds"] or 0)
        if not self.least <= seconds <= self.most:
            limits = {"least": write_minutes(self.least), "most": write_minutes(self.most)}
            raise ValidationError(_("From {least} to {most}").format(**limits))
        return seconds

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


def write_minutes(seconds: int) -> str:
    """`5:00`, from an hour on `1:30:00`."""
    minutes, rest = divmod(seconds, 60)
    hours, below = divmod(minutes, 60)
    return f"{hours}:{below:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
