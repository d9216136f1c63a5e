"""The form of a forbidden topic."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from handoffs.domain.keys import free_key
from handoffs.forms.choices import destination_choices, reason_choices
from handoffs.forms.lines_of_text import LinesField
from handoffs.models import ForbiddenTopic


class ForbiddenTopicForm(ConfiguredForm):
    """The key is made from the first name and stays."""

    instance: ForbiddenTopic

    examples = LinesField(
        label=gettext_lazy("What customers say, one a line"),
        most=50,
        longest=200,
        required=False,
        help_text=gettext_lazy("A few real sentences help to recognise it in other words"),
    )

    class Meta:
        model = ForbiddenTopic
        fields = ("name", "description", "examples", "destination_key", "reason_code", "utterance", "is_on")
        labels = {
            "name": gettext_lazy("Name"),
            "description": gettext_lazy("What it is, in plain words"),
            "utterance": gettext_lazy("What the customer is told"),
            "is_on": gettext_lazy("Watched for"),
        }
        help_texts = {
            "description": gettext_lazy("As you would explain it to a new colleague: what counts, and what does not"),
            "utterance": gettext_lazy("The AI says this and nothing more. Empty: the built-in text of a transfer"),
            "is_on": gettext_lazy("Off: it is kept here, and no conversation is checked for it"),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "utterance": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {
            "name": {"required": gettext_lazy("Give it a name, as Threat of legal action")},
            "description": {"required": gettext_lazy("Say what it is: without this nothing can be recognised")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self.fields["destination_key"] = forms.ChoiceField(
            label=_("Goes to"), required=False,
            choices=destination_choices(
                self.project, none=_("The reason's destination, else the default"), current=row.destination_key
            ),
        )  # fmt: skip
        self.fields["reason_code"] = forms.ChoiceField(
            label=_("Reason"), required=False,
            choices=reason_choices(self.project, none=_("None"), current=row.reason_code),
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        return {**({"key": self._free_key()} if self.is_new else {}), **super().values()}

    def _free_key(self) -> str:
        taken = ForbiddenTopic.objects.filter(project=self.project).values_list("key", flat=True)
        return free_key(self.cleaned_data["name"], taken=set(taken), fallback="topic")
