"""The form of a webhook endpoint. Header values go in and never come out; the secret is made here, once."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from integrations.domain.signing import new_secret
from integrations.domain.targets import TargetRefused, check_custom_headers
from integrations.domain.webhook_events import EVENTS
from integrations.forms.addresses import check_callable
from integrations.models import Sealed, WebhookEndpoint

EVENT_WORDS: dict[str, str | Promise] = {
    "handoff.triggered": gettext_lazy("A handoff begins"),
    "handoff.accepted": gettext_lazy("A desk accepts it"),
    "handoff.queued": gettext_lazy("The customer waits in a queue"),
    "handoff.joined": gettext_lazy("A person joins"),
    "handoff.completed": gettext_lazy("A handoff is completed"),
    "handoff.failed": gettext_lazy("A handoff fails"),
    "handoff.timed_out": gettext_lazy("Nobody came in time"),
    "handoff.client_required": gettext_lazy("Your own app must take over"),
    "conversation.ended": gettext_lazy("A conversation ends"),
    "outcome.recorded": gettext_lazy("An outcome is recorded"),
    "annotation.created": gettext_lazy("A reviewer marks something"),
    "alert.*": gettext_lazy("Alerts"),
}
ALL, CHOSEN = "all", "chosen"


class HeadersField(forms.CharField):
    """Headers as `Name: value`, one a line; an object in Python, None when nothing was entered."""

    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: Any) -> dict[str, str] | None:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        headers = dict(self._read(line) for line in lines)
        try:
            check_custom_headers(headers)
        except TargetRefused as refused:
            raise ValidationError(str(refused)) from refused
        return headers or None

    @staticmethod
    def _read(line: str) -> tuple[str, str]:
        name, colon, value = line.partition(":")
        if not colon:
            # The line may be a secret: it is not repeated.
            raise ValidationError(_("Each line is a name, a colon and a value. Try Authorization: Bearer …"))
        return name.strip(), value.strip()


class WebhookForm(ConfiguredForm):
    """`secret` is what a new endpoint signs with, once it is stored. A form sent twice meets the name it has taken."""

    taken = gettext_lazy("Another webhook of this environment has this name")
    told = forms.ChoiceField(
        choices=[(ALL, gettext_lazy("Everything")), (CHOSEN, gettext_lazy("Only what is chosen"))],
        initial=ALL,
        label=gettext_lazy("It is told"),
    )
    events = forms.MultipleChoiceField(
        choices=lambda: event_choices(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("Events"),
    )
    new_headers = HeadersField(
        required=False,
        label=gettext_lazy("Headers of your own"),
        help_text=gettext_lazy("One a line: name, colon, value. Encrypted before they are stored"),
    )
    forgets_headers = forms.BooleanField(required=False, label=gettext_lazy("Remove the stored headers"))

    class Meta:
        model = WebhookEndpoint
        fields = ["name", "url", "events", "source", "is_active"]
        labels = {
            "name": gettext_lazy("Name"),
            "url": gettext_lazy("URL"),
            "source": gettext_lazy("System behind it"),
            "is_active": gettext_lazy("Switched on"),
        }
        help_texts = {
            "url": gettext_lazy("The http or https address that events are posted to"),
            "source": gettext_lazy("Outcomes that came from this system are not sent back to it"),
            "is_active": gettext_lazy("Off: events are not recorded for it; what waits keeps waiting"),
        }

    def __init__(self, *args: Any, environment: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environment = environment
        self.secret = ""
        if self.is_new:
            del self.fields["forgets_headers"]
        else:
            self.initial["told"] = CHOSEN if self.initial["events"] else ALL

    def clean_url(self) -> str:
        return check_callable(self.cleaned_data["url"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("told") == CHOSEN and not cleaned.get("events"):
            self.add_error("events", _("Choose one event at least, or everything"))
        if cleaned.get("new_headers") and cleaned.get("forgets_headers"):
            self.add_error("forgets_headers", _("New headers take the place of the stored ones: leave this off"))
        return cleaned

    def values(self) -> dict[str, Any]:
        chosen = self.cleaned_data["events"] if self.cleaned_data["told"] == CHOSEN else []
        return {**super().values(), "events": chosen, **self._sealed()}

    def _sealed(self) -> dict[str, Any]:
        """What is sealed and written: only what was entered, and a new endpoint's own secret."""
        sealed: dict[str, Any] = {}
        if self.cleaned_data.get("forgets_headers"):
            sealed["headers"] = Sealed.of({})
        elif (entered := self.cleaned_data["new_headers"]) is not None:
            sealed["headers"] = Sealed.of(dict(entered))
        if self.is_new:
            self.secret = self.secret or new_secret()
            sealed |= {"secret": Sealed.of(self.secret), "environment": self.environment}
        return sealed


def event_choices() -> list[tuple[str, SafeString]]:
    return [(name, format_html("{} <code>{}</code>", EVENT_WORDS.get(name, name), name)) for name in EVENTS]
