"""The form of the inbox's snooze menu."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoffs.forms.inbox import EpochForm

HOUR, TOMORROW, CHOSEN = "hour", "tomorrow", "chosen"
MORNING = time(9)


class SnoozeForm(EpochForm):
    """In an hour, tomorrow at nine, or a moment of one's own, in the zone of the page."""

    choice = forms.ChoiceField(choices=[(name, name) for name in (HOUR, TOMORROW, CHOSEN)])
    until = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": _("Choose a day and a time")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("choice") == CHOSEN and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose a day and a time"))
        return cleaned

    def moment(self, *, at: datetime) -> datetime:
        """Until when, of a valid form."""
        choice = self.cleaned_data["choice"]
        if choice == HOUR:
            return at + timedelta(hours=1)
        if choice == TOMORROW:
            day = timezone.localtime(at).date() + timedelta(days=1)
            return timezone.make_aware(datetime.combine(day, MORNING))
        chosen: datetime = self.cleaned_data["until"]
        return chosen
