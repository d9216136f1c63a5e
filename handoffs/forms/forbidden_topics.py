"""The form of a forbidden topic."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from handoffs.domain.config import ForbiddenTopicConfig
from handoffs.domain.keys import free_key
from handoffs.forms.choices import destination_choices, reason_choices
from handoffs.forms.lines_of_text import LinesField
from handoffs.models import ForbiddenTopic

MOST_KEYWORDS, MOST_EXAMPLES, WANTED_EXAMPLES = 100, 50, 5
MOST_TOPICS = 200  # each is compared with every message


def keywords_field() -> LinesField:
    return LinesField(
        label=gettext_lazy("Keywords, one a line"),
        most=MOST_KEYWORDS,
        longest=80,
        required=False,
        help_text=gettext_lazy(
            "A message with one of these is always a match. Whole words, capitals and accents do not count; "
            "an asterisk at the end takes every ending, as in lawyer*"
        ),
    )


def examples_field() -> LinesField:
    return LinesField(
        label=gettext_lazy("What customers say, one a line"),
        most=MOST_EXAMPLES,
        longest=200,
        required=False,
        help_text=gettext_lazy("Real sentences, each in other words. From five on it is recognised well"),
    )


class TopicTrialForm(forms.Form):
    """A topic as it is being written, and a sentence tried on it. Of the topic, what it is recognised by."""

    name = forms.CharField(required=False, max_length=120)
    description = forms.CharField(required=False, max_length=20_000)
    keywords, examples = keywords_field(), examples_field()
    sentence = forms.CharField(label=gettext_lazy("Try a sentence"), required=False, max_length=1_000)

    @classmethod
    def of(cls, row: ForbiddenTopic) -> "TopicTrialForm":
        """The trial of a stored topic, nothing tried yet."""
        lines = {"keywords": "\n".join(row.keywords), "examples": "\n".join(row.examples)}
        form = cls({"name": row.name, "description": row.description, "sentence": "", **lines})
        form.full_clean()
        return form

    @property
    def topic(self) -> ForbiddenTopicConfig:
        """Of a valid form."""
        said = self.cleaned_data
        return ForbiddenTopicConfig(
            key="tried", name=said["name"], description=said["description"],
            examples=tuple(said["examples"]), keywords=tuple(said["keywords"]),
        )  # fmt: skip

    @property
    def phrases(self) -> int:
        return len(self.cleaned_data.get("examples") or ())

    @property
    def wanted(self) -> int:
        return WANTED_EXAMPLES

    @property
    def is_blind(self) -> bool:
        """Neither keywords nor phrases: nothing to recognise it by."""
        return not (self.cleaned_data.get("keywords") or self.phrases)


class ForbiddenTopicForm(ConfiguredForm):
    """The key is made from the first name and stays."""

    instance: ForbiddenTopic

    keywords, examples = keywords_field(), examples_field()

    class Meta:
        model = ForbiddenTopic
        fields = ("name", "description", "keywords", "examples", "destination_key", "reason_code", "utterance", "is_on")
        labels = {
            "name": gettext_lazy("Name"),
            "description": gettext_lazy("What it is, in plain words"),
            "utterance": gettext_lazy("What the customer is told"),
            "is_on": gettext_lazy("Watched for"),
        }
        help_texts = {
            "description": gettext_lazy("As you would explain it to a new colleague: what counts, and what does not"),
            "utterance": gettext_lazy(
                "The AI says this and nothing more, also while handoff is off and nobody is called. "
                "Empty: the text for forbidden topics, under When nobody answers"
            ),
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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.is_new and ForbiddenTopic.objects.filter(project=self.project).count() >= MOST_TOPICS:
            raise forms.ValidationError(_("{most} forbidden topics at most").format(most=MOST_TOPICS))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {**({"key": self._free_key()} if self.is_new else {}), **super().values()}

    def _free_key(self) -> str:
        taken = ForbiddenTopic.objects.filter(project=self.project).values_list("key", flat=True)
        return free_key(self.cleaned_data["name"], taken=set(taken), fallback="topic")
