"""Forms that make keys. `key_id` is drawn when the page is shown, so that a form sent twice makes one key."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.forms.days import midnight
from conversations.models import ApiKey
from conversations.models.ids import new_id

SCOPE_WORDS: dict[ApiScope, str | Promise] = {
    ApiScope.HANDOFF: _("Hand conversations off and follow what becomes of them"),
    ApiScope.CHAT: _("Hold chats with the AI"),
    ApiScope.CONVERSATIONS: _("Read conversations and their transcripts"),
    ApiScope.OUTCOMES: _("Report what a handoff achieved"),
}
ENVIRONMENTS = [(Environment.LIVE.value, _("Live")), (Environment.SANDBOX.value, _("Sandbox"))]


def scope_choices() -> list[tuple[str, SafeString]]:
    return [(scope.value, format_html("{} <code>{}</code>", words, scope)) for scope, words in SCOPE_WORDS.items()]


class PersonalTokenForm(forms.Form):
    name = forms.CharField(
        max_length=ApiKey._meta.get_field("name").max_length,
        label=_("Name"),
        help_text=_("What uses it, so that you know later what breaks when it is revoked"),
    )
    last_day = forms.DateField(
        required=False,
        label=_("Valid until"),
        help_text=_("The last day it works. Empty: it does not expire"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    key_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["key_id"] = new_id()
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("This day is over. Choose today or later"))
        return day

    def expires_at(self) -> datetime | None:
        """The end of the last day, in the zone that is active."""
        day: date | None = self.cleaned_data["last_day"]
        if day is None:
            return None
        return midnight(min(day, date.max - timedelta(days=1)) + timedelta(days=1))


class ProjectKeyForm(PersonalTokenForm):
    environment = forms.ChoiceField(choices=ENVIRONMENTS, initial=Environment.LIVE.value, label=_("Environment"))
    scopes = forms.MultipleChoiceField(
        choices=scope_choices,
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("A key that may do nothing opens nothing. Choose one at least")},
    )
    field_order = ("name", "environment", "scopes", "last_day", "key_id")

    def chosen_scopes(self) -> list[ApiScope]:
        return [ApiScope(scope) for scope in self.cleaned_data["scopes"]]
