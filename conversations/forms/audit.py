"""What the audit is filtered by."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.forms.days import midnight
from conversations.models import Project, User
from conversations.selectors.audit import Wanted, audited_people

# What has entries, as people call it; the word before the dot of an action.
NOUNS: dict[str, str | Promise] = {
    "destination": _("Destination"),
    "handoff_settings": _("Handoff settings"),
    "forbidden_topic": _("Forbidden topic"),
    "reason": _("Reason"),
    "schedule": _("Hours"),
    "queue": _("Queue"),
    "topic": _("Topic"),
    "release": _("Release"),
    "line": _("Telephony line"),
    "webhook_endpoint": _("Webhook"),
    "connector": _("Connector"),
    "api_key": _("API key"),
    "personal_token": _("Personal token"),
    "person": _("Person"),
    "membership": _("Membership"),
    "invitation": _("Invitation"),
    "team": _("Team"),
    "project": _("Project"),
    "demo": _("Demo workspace"),
}
DAY = forms.DateInput(attrs={"type": "date"})


class AuditFilters(forms.Form):
    """A GET form; what cannot be read counts as not asked for."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=_("Who"), empty_label=_("Everybody")
    )
    noun = forms.ChoiceField(
        choices=lambda: [("", _("Everything")), *sorted(NOUNS.items(), key=lambda noun: str(noun[1]))],
        required=False,
        label=_("What"),
    )
    since = forms.DateField(required=False, label=_("From"), widget=DAY)
    until = forms.DateField(required=False, label=_("To"), widget=DAY)
    q = forms.CharField(required=False, max_length=200, label=_("Text"), widget=forms.TextInput({"type": "search"}))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["person"]).queryset = audited_people(project)
        for field in self.fields.values():
            field.widget.attrs["class"] = "hs-input"

    def wanted(self) -> Wanted:
        """In the zone that is active: a day is one of the project's days."""
        self.is_valid()
        asked = self.cleaned_data
        until = asked.get("until")
        return Wanted(
            person=asked.get("person"),
            noun=asked.get("noun") or "",
            text=(asked.get("q") or "").strip().replace("\0", ""),
            since=midnight(asked["since"]) if asked.get("since") else None,
            until=midnight(until + timedelta(days=1)) if until and until < date.max else None,
        )
