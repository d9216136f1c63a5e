"""Forms of the inbox page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.domain.frames import CLIENT_ID_MAX, EPOCH_MAX
from conversations.domain.vocabulary import DraftMode
from conversations.models.choices import choices_of
from conversations.services.outcomes import OutcomeFacts
from handoffs.models import Presence

TEXT_MAX = 10_000
YES_OR_NO = [("true", "yes"), ("false", "no")]


class InboxForm(forms.Form):
    @property
    def problem(self) -> str:
        """The first thing that is wrong, in one sentence."""
        return next((str(texts[0]) for texts in self.errors.values()), "")


class EpochForm(InboxForm):
    """Everything written into a conversation says under which ownership it was made."""

    epoch = forms.IntegerField(min_value=1, max_value=EPOCH_MAX)


class MessageForm(EpochForm):
    text = forms.CharField(
        max_length=TEXT_MAX, strip=False, error_messages={"required": _("There is nothing to send yet")}
    )
    client_id = forms.CharField(max_length=CLIENT_ID_MAX)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(_("There is nothing to send yet"))
        return text.replace("\r\n", "\n")


class DraftForm(InboxForm):
    mode = forms.ChoiceField(choices=choices_of(DraftMode))
    text = forms.CharField(max_length=TEXT_MAX, required=False, strip=False)


class CloseForm(EpochForm):
    code = forms.CharField(max_length=60, error_messages={"required": _("Say what came out of it")})
    resolved = forms.ChoiceField(choices=YES_OR_NO, error_messages={"required": _("Say whether the problem is solved")})
    first_contact_resolved = forms.BooleanField(required=False)
    note = forms.CharField(max_length=2000, required=False)

    def facts(self, *, handled_by: str) -> OutcomeFacts:
        said: dict[str, Any] = self.cleaned_data
        return OutcomeFacts(
            code=said["code"],
            resolved=said["resolved"] == "true",
            first_contact_resolved=said["first_contact_resolved"],
            handled_by=handled_by,
            note=said["note"],
        )


class PresenceForm(InboxForm):
    state = forms.ChoiceField(choices=Presence.STATES)
