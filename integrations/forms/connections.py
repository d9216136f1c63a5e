"""The forms of connections that answer as the AI, by kind. A key goes in and never comes out."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from conversations.models import User
from integrations.domain.responder_settings import (
    CONNECT_SECONDS,
    FIRST_BYTE_SECONDS,
    MAX_TOKENS,
    SENT_TO,
    TOTAL_SECONDS,
    Bounds,
    HttpSettings,
    OpenAiSettings,
    ResponderKind,
    TokenLimit,
)
from integrations.domain.signing import BadSecret, check_secret, new_secret
from integrations.domain.targets import parse_target
from integrations.forms.addresses import check_callable
from integrations.models import Connection, Sealed
from integrations.services.connections import free_connection_key

TOKEN_LIMITS = [
    (TokenLimit.CLASSIC.value, "max_tokens"),
    (TokenLimit.CURRENT.value, "max_completion_tokens"),
]


def number_between(bounds: Bounds, label: Any, help_text: Any = "") -> forms.IntegerField:
    shown = {"inputmode": "numeric"}
    return forms.IntegerField(
        min_value=bounds.least, max_value=bounds.most, label=label, help_text=help_text,
        widget=forms.NumberInput(attrs=shown),
    )  # fmt: skip


class ConnectionForm(ConfiguredForm):
    """What every kind has. The instance carries project, environment and kind; subclasses name the fields that are
    kept as settings, and the one credential. One that is itself sent goes to where it was entered for and nowhere
    else: whoever may change the address could read it there."""

    taken = gettext_lazy("Another connection of this environment has this name")
    kept: ClassVar[tuple[str, ...]] = ("url", "connect_seconds", "first_byte_seconds", "total_seconds")
    credential: ClassVar[str] = ""
    is_credential_sent: ClassVar[bool] = False
    usual: ClassVar[Mapping[str, Any]] = {}

    url = forms.CharField(max_length=2000, label=gettext_lazy("URL"), widget=forms.URLInput)
    secret = forms.CharField(
        required=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"}),
    )
    forgets_secret = forms.BooleanField(required=False)
    connect_seconds = number_between(CONNECT_SECONDS, gettext_lazy("To connect"))
    first_byte_seconds = number_between(FIRST_BYTE_SECONDS, gettext_lazy("To begin"))
    total_seconds = number_between(TOTAL_SECONDS, gettext_lazy("To end"))

    class Meta:
        model = Connection
        fields: tuple[str, ...] = ("name", "is_active")
        labels = {"name": gettext_lazy("Name"), "is_active": gettext_lazy("Switched on")}
        help_texts = {"is_active": gettext_lazy("Off: it is not asked, and customers are passed to people")}

    def __init__(self, *args: Any, has_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({**self.usual, **self._connection.settings})
        if not has_secret:
            del self.fields["forgets_secret"]

    @property
    def _connection(self) -> Connection:
        return cast(Connection, self.instance)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        mine = Connection.objects.filter(
            project=self.project, environment=self._connection.environment, kind__in=list(ResponderKind),
            name__iexact=name,
        )  # fmt: skip
        if mine.exclude(pk=self._connection.pk).exists():
            raise ValidationError(str(self.taken))
        return name

    def clean_url(self) -> str:
        return check_callable(self.cleaned_data["url"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        total = cleaned.get("total_seconds")
        for name in ("connect_seconds", "first_byte_seconds"):
            if total is not None and cleaned.get(name) is not None and cleaned[name] > total:
                self.add_error(name, _("No longer than the whole answer may take, {number} s").format(number=total))
        if cleaned.get("secret") and cleaned.get("forgets_secret"):
            self.add_error("forgets_secret", _("A new one takes the place of the stored one: leave this off"))
        if self._goes_elsewhere(cleaned):
            self.add_error("secret", _("Enter it again: the stored one was entered for another address"))
        return cleaned

    def _goes_elsewhere(self, cleaned: Mapping[str, Any]) -> bool:
        stays = "forgets_secret" in self.fields and not (cleaned.get("secret") or cleaned.get("forgets_secret"))
        if not (self.is_credential_sent and stays and cleaned.get("url")):
            return False
        return parse_target(cleaned["url"]).origin != parse_target(self._connection.settings["url"]).origin

    def values(self) -> dict[str, Any]:
        settings = {name: self.cleaned_data[name] for name in self.kept}
        return {**super().values(), "settings": settings, **self._sealed()}

    def in_words(self, name: str, value: Any) -> Any:
        if name == "settings":
            return "; ".join(f"{self.label_of(field)}: {item}" for field, item in value.items())
        return super().in_words(name, value)

    def _sealed(self) -> dict[str, Any]:
        """The credential where one was entered, or is to be forgotten; else what is stored stays."""
        if self.cleaned_data.get("forgets_secret"):
            return {"credentials": Sealed.of({})}
        entered = self.cleaned_data["secret"]
        if not entered:
            return {}
        bound = {SENT_TO: parse_target(self.cleaned_data["url"]).origin} if self.is_credential_sent else {}
        return {"credentials": Sealed.of({self.credential: entered, **bound})}

    def _write(self, user: User, at: datetime, why: str) -> None:
        if self.is_new:
            self._connection.key = free_connection_key(self.project, name=self.cleaned_data["name"])
        super()._write(user, at, why)


class HttpResponderForm(ConnectionForm):
    """Your own agent. A new one is offered a signing secret, to be copied to it before it is stored."""

    kept = (*ConnectionForm.kept, "sends_topics")
    credential = "secret"
    usual = asdict(HttpSettings(url=""))

    sends_topics = forms.BooleanField(
        required=False,
        label=gettext_lazy("Send the topics"),
        help_text=gettext_lazy("With every turn, for an agent that does not know them"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].help_text = _("Every turn of the customer is posted to it")
        self.fields["secret"].label = _("Signing secret")
        if self.is_new:
            # Seen once, by the person who has to give it to the agent; a stored one is never shown.
            self.fields["secret"].widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
            self.initial["secret"] = new_secret()

    def clean_secret(self) -> str:
        entered: str = self.cleaned_data["secret"]
        try:
            return check_secret(entered) if entered else ""
        except BadSecret as refused:
            raise ValidationError(str(refused)) from refused


class OpenAiForm(ConnectionForm):
    kept = (*ConnectionForm.kept, "model", "instructions", "streams", "max_tokens", "token_limit")
    credential = "api_key"
    is_credential_sent = True
    usual = asdict(OpenAiSettings(url="https://api.openai.com/v1", model=""))

    model = forms.CharField(max_length=200, label=gettext_lazy("Model"))
    instructions = forms.CharField(
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=gettext_lazy("Instructions"),
        help_text=gettext_lazy("What it is told besides the topics: its tone, what it never promises"),
    )
    streams = forms.BooleanField(
        required=False,
        label=gettext_lazy("Ask for the answer as it is written"),
        help_text=gettext_lazy("Customers whose client takes it so read along"),
    )
    max_tokens = number_between(MAX_TOKENS, gettext_lazy("Longest answer"), gettext_lazy("In tokens"))
    token_limit = forms.ChoiceField(choices=TOKEN_LIMITS, label=gettext_lazy("The limit is called"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].help_text = _("Up to and including /v1; /chat/completions follows")
        self.fields["secret"].label = _("API key")


FORMS: Mapping[ResponderKind, type[ConnectionForm]] = {
    ResponderKind.HTTP: HttpResponderForm,
    ResponderKind.OPENAI: OpenAiForm,
}
