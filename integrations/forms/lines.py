"""The form of a telephony line. What its kind does not have is left out; its sign-in goes in and never comes out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from conversations.models import User
from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.lines import check_line
from handoffs.domain.sip.numbers import read_e164
from handoffs.domain.sip.voice import HeaderPlace, LineKind, SipMethod, Transport
from handoffs.forms.lines_of_text import LinesField
from handoffs.models import Line
from handoffs.selectors.working_copy import read_line
from integrations.services.lines import save_line

MOST_ALLOWED = 50
ANY_METHOD = ""
METHODS = [(ANY_METHOD, gettext_lazy("Any")), *((method.value, method.name) for method in SipMethod)]
TRANSPORTS = [(transport.value, transport.name) for transport in Transport]
PLACES = [
    (HeaderPlace.REQUEST.value, gettext_lazy("On the request")),
    (HeaderPlace.REFER_TO.value, gettext_lazy("In Refer-To")),
    (HeaderPlace.BOTH.value, gettext_lazy("Both")),
]
# Fields a kind does not have.
LACKS = {
    LineKind.SIP_TRUNK: ("number",),
    LineKind.TWILIO_NUMBER: ("domain", "transport", "caller"),
}
# What it cannot do without, and what is said where that is missing.
NEEDS = {
    LineKind.SIP_TRUNK: {"domain": gettext_lazy("A trunk needs the host of its SBC. Try sbc.example.com")},
    LineKind.TWILIO_NUMBER: {"number": gettext_lazy("It is known by its number. Try +442079460142")},
}
SIGN_IN = {
    LineKind.SIP_TRUNK: (gettext_lazy("User name"), gettext_lazy("Password")),
    LineKind.TWILIO_NUMBER: (gettext_lazy("Account SID"), gettext_lazy("Auth token")),
}


class LineForm(ConfiguredForm):
    """The instance carries project, environment and kind."""

    required_method = forms.ChoiceField(
        choices=METHODS,
        required=False,
        label=gettext_lazy("Accepts"),
        help_text=gettext_lazy("The one method it takes. Destinations with another one are warned about"),
    )
    transport = forms.ChoiceField(choices=TRANSPORTS, label=gettext_lazy("Transport"))
    header_place = forms.ChoiceField(
        choices=PLACES,
        label=gettext_lazy("Headers of a REFER stand"),
        help_text=gettext_lazy("In Refer-To, whoever calls the target copies them into its own request"),
    )
    allowed_headers = LinesField(
        most=MOST_ALLOWED,
        longest=64,
        required=False,
        label=gettext_lazy("Also carries"),
        help_text=gettext_lazy("Header names without X-, or names about the caller, one a line"),
    )
    user_name = forms.CharField(required=False, max_length=200)
    password = forms.CharField(required=False, max_length=400, widget=forms.PasswordInput)
    forgets_sign_in = forms.BooleanField(required=False, label=gettext_lazy("Remove the stored sign-in"))

    class Meta:
        model = Line
        fields = [
            "name", "domain", "transport", "number", "caller", "required_method", "hides_route", "hides_headers",
            "header_place", "requires_x_prefix", "allowed_headers",
        ]  # fmt: skip
        labels = {
            "name": gettext_lazy("Name"),
            "domain": gettext_lazy("Domain of the SBC"),
            "number": gettext_lazy("Number"),
            "caller": gettext_lazy("Our own address"),
            "hides_route": gettext_lazy("The carrier routes the call"),
            "hides_headers": gettext_lazy("Own headers are not carried"),
            "requires_x_prefix": gettext_lazy("Own headers must begin with X-"),
        }
        help_texts = {
            "domain": gettext_lazy("With the port where it is not the usual one, as sbc.example.com:5061"),
            "number": gettext_lazy("With its country code, as +442079460142"),
            "caller": gettext_lazy("Whom calls come from, as sip:ai@sbc.example.com. Empty: ai at the domain"),
            "hides_route": gettext_lazy("Destinations show no route; what they hold is kept"),
            "hides_headers": gettext_lazy("Destinations show no headers; what they hold is kept"),
            "requires_x_prefix": gettext_lazy("Others may be dropped on the way; destinations are warned"),
        }

    def __init__(self, *args: Any, has_sign_in: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = LineKind(self._line.kind)
        for name in LACKS[self.kind]:
            del self.fields[name]
        if not has_sign_in:
            del self.fields["forgets_sign_in"]
        self.fields["user_name"].label, self.fields["password"].label = SIGN_IN[self.kind]
        self.fields["user_name"].widget.attrs["autocomplete"] = "off"
        self.fields["password"].widget.attrs["autocomplete"] = "new-password"
        for name, words in NEEDS[self.kind].items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = str(words)

    @property
    def _line(self) -> Line:
        return cast(Line, self.instance)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        mine = Line.objects.filter(project=self.project, environment=self._line.environment, name__iexact=name)
        if mine.exclude(pk=self._line.pk).exists():
            raise ValidationError(_("Another line of this environment has this name"))
        return name

    def clean_number(self) -> str:
        try:
            return read_e164(self.cleaned_data["number"])
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_sip(cleaned)
        self._check_sign_in(cleaned)
        return cleaned

    def credentials(self) -> dict[str, str] | None:
        """What is stored from now on; None keeps what there is."""
        if self.cleaned_data.get("forgets_sign_in"):
            return {}
        entered = {name: self.cleaned_data[name] for name in ("user_name", "password")}
        return entered if any(entered.values()) else None

    def _check_sip(self, cleaned: Mapping[str, Any]) -> None:
        """What the grammar of SIP says about the line as it would be."""
        typed = {name: cleaned.get(name, getattr(self._line, name)) for name in self._meta.fields or ()}
        would_be = Line(**{**typed, "kind": self.kind.value})
        for lint in check_line(read_line(would_be)):
            if lint.subject in self.fields and lint.subject not in self.errors:
                self.add_error(lint.subject, lint.sentence)

    def _check_sign_in(self, cleaned: Mapping[str, Any]) -> None:
        if bool(cleaned.get("user_name")) != bool(cleaned.get("password")):
            missing = "password" if cleaned.get("user_name") else "user_name"
            self.add_error(missing, _("A sign-in has both. Type the other one too"))

    def _write(self, user: User, at: datetime, why: str) -> None:
        revision = None if self.is_new else self.cleaned_data["revision"] or 0
        save_line(
            line=self._line, values=self.values(), user=user, at=at, revision=revision,
            credentials=self.credentials(), why=why,
        )  # fmt: skip
