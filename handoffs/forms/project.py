"""The form of the project itself."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from conversations.models import Project
from handoffs.domain.time_zones import find_time_zone, suggest_time_zone


class ProjectForm(ConfiguredForm):
    """The zone is searched by typing: the browser offers the IANA names, a city alone will do."""

    taken = gettext_lazy("Another project of the account has this name")
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        help_text=gettext_lazy("Type a city. Dates and times of this console are shown in it"),
        error_messages={"required": gettext_lazy("Say which zone, as Europe/London")},
    )

    class Meta:
        model = Project
        fields = ("name", "ai_name", "greeting", "time_zone")
        labels = {
            "name": gettext_lazy("Project"),
            "ai_name": gettext_lazy("Name of the AI"),
            "greeting": gettext_lazy("First words"),
        }
        help_texts = {
            "ai_name": gettext_lazy("Customers see it beside the words AI assistant"),
            "greeting": gettext_lazy("What the AI says before the customer has said anything"),
        }
        widgets = {"greeting": forms.Textarea(attrs={"rows": 2})}
        error_messages = {
            "name": {"required": gettext_lazy("Give the project a name")},
            "ai_name": {"required": gettext_lazy("Give the AI a name, as Fern")},
            "greeting": {"required": gettext_lazy("Say how the AI begins, as Hello. How can I help?")},
        }

    def clean_time_zone(self) -> str:
        typed: str = self.cleaned_data["time_zone"]
        if found := find_time_zone(typed):
            return found
        near = suggest_time_zone(typed) or "Europe/London"
        raise ValidationError(_("There is no zone “{typed}”. Try {near}").format(typed=typed[:40], near=near))
