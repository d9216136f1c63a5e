"""Forms that take secrets in and never show them again."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from integrations.domain.signing import BadSecret, check_secret
from integrations.domain.targets import TargetRefused, check_custom_headers
from integrations.models import Connection, Sealed, WebhookEndpoint

if TYPE_CHECKING:  # Django's forms are generic for the type checker only
    ConnectionModelForm = forms.ModelForm[Connection]
    EndpointModelForm = forms.ModelForm[WebhookEndpoint]
else:
    ConnectionModelForm = EndpointModelForm = forms.ModelForm

KEEP = "Never shown. Leave empty to keep what is stored."


class SecretField(forms.CharField):
    """One line that is always empty when the page opens."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "size": 80})


class SecretJsonField(forms.CharField):
    """A JSON object that is always empty when the page opens; None when nothing was entered."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 80, "autocomplete": "off"})

    def clean(self, value: Any) -> dict[str, Any] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            entered = json.loads(text)
        except ValueError as error:
            raise ValidationError("This is no JSON") from error
        if not isinstance(entered, dict):
            raise ValidationError('Write a JSON object, as {"name": "value"}')
        return entered


class ConnectionForm(ConnectionModelForm):
    new_credentials = SecretJsonField(required=False, help_text=KEEP)

    class Meta:
        model = Connection
        fields = ["project", "environment", "key", "kind", "name", "is_active"]

    def save(self, commit: bool = True) -> Connection:
        if (entered := self.cleaned_data["new_credentials"]) is not None:
            self.instance.credentials = Sealed.of(entered)
        return super().save(commit)


class WebhookEndpointForm(EndpointModelForm):
    """`new_secret` is stored for a new endpoint; for an old one it is left to the rotation, which keeps both."""

    new_secret = SecretField(
        required=False,
        help_text=f"`whsec_` and at least 24 random bytes in base64. {KEEP} A new one is used at once and the old one "
        "stays valid for 24 hours.",
    )
    new_headers = SecretJsonField(
        required=False, help_text=f'Sent with every call, as {{"Authorization": "Bearer …"}}. {KEEP}'
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["project", "environment", "name", "url", "events", "source", "is_active"]

    def clean_new_secret(self) -> str:
        entered: str = self.cleaned_data["new_secret"]
        if not entered and self.instance._state.adding:
            raise ValidationError("A new endpoint needs a secret")
        try:
            return check_secret(entered) if entered else ""
        except BadSecret as error:
            raise ValidationError(str(error)) from error

    def clean_new_headers(self) -> dict[str, str] | None:
        entered: dict[str, Any] | None = self.cleaned_data["new_headers"]
        if entered is None:
            return None
        if not all(isinstance(value, str) for value in entered.values()):
            raise ValidationError("Every header's value is text")
        try:
            check_custom_headers(entered)
        except TargetRefused as error:
            raise ValidationError(str(error)) from error
        return entered

    def save(self, commit: bool = True) -> WebhookEndpoint:
        if self.instance._state.adding:
            self.instance.secret = Sealed.of(self.cleaned_data["new_secret"])
        if (entered := self.cleaned_data["new_headers"]) is not None:
            self.instance.headers = Sealed.of(dict(entered))
        return super().save(commit)
