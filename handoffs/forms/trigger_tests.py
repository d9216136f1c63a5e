"""What is tried on the triggers: a message, a transcript, or a conversation that has happened."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.domain.rehearsal import (
    MOST_CHARACTERS,
    MOST_MESSAGES,
    NO_CUSTOMER,
    NOBODY,
    TOO_LONG,
    TOO_MANY,
    UnreadableTranscript,
    heard_by_ai,
    read_transcript,
)
from handoffs.domain.triggers.dialogue import Said

LONGEST_MESSAGE = 4_000
PROBLEMS: dict[str, Callable[[UnreadableTranscript], str]] = {
    NOBODY: lambda problem: _("Line {line} does not say who speaks. Begin it with Customer:, AI: or Agent:").format(
        line=problem.line
    ),
    NO_CUSTOMER: lambda problem: _("No line begins with Customer: and only a customer's messages are looked at"),
    TOO_LONG: lambda problem: _("{most} characters at most. Leave out the beginning").format(most=MOST_CHARACTERS),
    TOO_MANY: lambda problem: _("{most} messages at most. Leave out the beginning").format(most=MOST_MESSAGES),
}


class Tried(StrEnum):
    MESSAGE = "message"
    TRANSCRIPT = "transcript"
    CONVERSATION = "conversation"


TRIED = [
    (Tried.MESSAGE.value, gettext_lazy("A message")),
    (Tried.TRANSCRIPT.value, gettext_lazy("A transcript")),
    (Tried.CONVERSATION.value, gettext_lazy("A conversation")),
]


@dataclass(frozen=True, slots=True)
class Words:
    """What was said, and the places of what the AI would answer."""

    dialogue: tuple[Said, ...]
    heard: frozenset[int]


class TriggerTestForm(forms.Form):
    """`words` of a valid form are what is tried; of a conversation only its id is known here: `conversation_id`."""

    what = forms.ChoiceField(label=gettext_lazy("What is tried"), choices=TRIED, initial=Tried.MESSAGE.value)
    message = forms.CharField(
        label=gettext_lazy("The customer's message"), required=False, max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In any language. Nothing of it is stored"),
        error_messages={"max_length": gettext_lazy("%(limit_value)d characters at most: the triggers read no more")},
    )  # fmt: skip
    transcript = forms.CharField(
        label=gettext_lazy("The transcript"), required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One message a line, each begins with Customer:, AI: or Agent:. Up to 200 messages"),
    )  # fmt: skip
    conversation = forms.CharField(
        label=gettext_lazy("Id of the conversation"), required=False, max_length=100,
        help_text=gettext_lazy("As it stands in the address of the inbox and the review"),
    )  # fmt: skip

    words: Words | None = None
    conversation_id: uuid.UUID | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        what = cleaned.get("what", "")
        if what and what not in self.errors and not cleaned.get(what):
            self.add_error(what, EMPTY[Tried(what)])
        elif what and what not in self.errors:
            READERS[Tried(what)](self, cleaned[what])
        return cleaned

    def read_message(self, typed: str) -> None:
        self.words = Words((Said("customer", typed, 1),), frozenset({0}))

    def read_transcript(self, typed: str) -> None:
        try:
            dialogue = read_transcript(typed)
        except UnreadableTranscript as problem:
            self.add_error("transcript", PROBLEMS[problem.why](problem))
        else:
            self.words = Words(dialogue, heard_by_ai(dialogue))

    def read_conversation(self, typed: str) -> None:
        try:
            self.conversation_id = uuid.UUID(typed)
        except ValueError:
            self.add_error("conversation", _("This is no id of a conversation. One has 36 signs, in five parts"))


EMPTY: dict[Tried, Any] = {
    Tried.MESSAGE: gettext_lazy("Write a message first"),
    Tried.TRANSCRIPT: gettext_lazy("Paste a transcript first"),
    Tried.CONVERSATION: gettext_lazy("Paste the conversation's id first"),
}
READERS: dict[Tried, Callable[[TriggerTestForm, str], None]] = {
    Tried.MESSAGE: TriggerTestForm.read_message,
    Tried.TRANSCRIPT: TriggerTestForm.read_transcript,
    Tried.CONVERSATION: TriggerTestForm.read_conversation,
}
