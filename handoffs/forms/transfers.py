"""The form that passes a conversation on."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handoffs.forms.inbox import EpochForm

DESTINATION, AGENT = "destination", "agent"


class TransferForm(EpochForm):
    """`target` is `destination:<key>` or `agent:<id>`. The note goes to whoever takes it."""

    target = forms.CharField(max_length=120, error_messages={"required": _("Choose who takes it from here")})
    note = forms.CharField(
        max_length=2000, error_messages={"required": _("Say in a line what the next person has to know")}
    )

    def clean_target(self) -> tuple[str, Any]:
        kind, _colon, value = str(self.cleaned_data["target"]).partition(":")
        try:
            return {DESTINATION: _destination, AGENT: _agent}[kind](value)
        except (KeyError, ValueError) as error:
            raise forms.ValidationError(_("Choose who takes it from here")) from error


def _destination(value: str) -> tuple[str, Any]:
    return DESTINATION, value


def _agent(value: str) -> tuple[str, Any]:
    return AGENT, uuid.UUID(value)
