"""The form of a connector."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conversations.domain.hosts import HostRefused, read_hosts
from conversations.domain.vocabulary import Environment
from conversations.forms.api_keys import ENVIRONMENTS
from conversations.forms.configuration import ConfiguredForm
from conversations.models import Connector


class HostsField(forms.CharField):
    """Hosts, one a line; a list in Python."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        try:
            return list(read_hosts(super().clean(value)))
        except HostRefused as refused:
            raise ValidationError(str(refused)) from refused


class ConnectorForm(ConfiguredForm):
    """The environment is chosen once: conversations that came through the connector stay where they are."""

    hosts = HostsField(
        label=_("Allowed hosts"),
        help_text=_("One a line: a host name, which covers its subdomains, or the id of an app"),
        error_messages={"required": _("Without a host nobody can connect. Try shop.example.com")},
    )

    class Meta:
        model = Connector
        fields = ["name", "environment", "hosts", "is_active"]
        labels = {"name": _("Name"), "is_active": _("Switched on")}
        help_texts = {
            "name": _("Where the widget or app is used"),
            "is_active": _("Off: nobody starts a conversation through it"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_new:
            self.fields["environment"] = forms.ChoiceField(
                choices=ENVIRONMENTS, initial=Environment.LIVE.value, label=_("Environment")
            )
        else:
            del self.fields["environment"]
