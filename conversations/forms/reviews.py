"""Forms of the ground's pages: what reviewers say, and what they look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.domain.vocabulary import Environment, TurnMark, Verdict
from conversations.models.choices import choices_of
from conversations.selectors.reviews import UNREVIEWED, VERDICT_LABELS, ReviewFilter

COMMENT_MAX = 1000


class VerdictForm(forms.Form):
    """A verdict and why. `next`: where to go once it is saved."""

    verdict = forms.ChoiceField(
        choices=list(VERDICT_LABELS.items()),
        error_messages={
            "required": _("Choose a verdict, then the comment is saved with it"),
            "invalid_choice": _("There is no such verdict"),
        },
    )
    comment = forms.CharField(required=False, max_length=COMMENT_MAX)
    next = forms.CharField(required=False)

    @property
    def verdict_given(self) -> Verdict:
        return Verdict(self.cleaned_data["verdict"])

    @property
    def problem(self) -> str:
        """The first thing that is wrong, in one sentence."""
        return next((str(texts[0]) for texts in self.errors.values()), "")


class MarkForm(forms.Form):
    """A mark on one turn; `marked` false takes it away."""

    sequence = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    mark = forms.ChoiceField(choices=choices_of(TurnMark))
    # Not a checkbox: the button of a marked turn sends "false".
    marked = forms.TypedChoiceField(choices=[("true", "true"), ("false", "false")], coerce=lambda text: text == "true")
    comment = forms.CharField(required=False, max_length=COMMENT_MAX)


class ReviewFilterForm(forms.Form):
    """The list's query; what makes no sense in it narrows nothing."""

    environment = forms.ChoiceField(choices=choices_of(Environment), required=False)
    reason = forms.CharField(required=False, max_length=60)
    destination = forms.CharField(required=False, max_length=60)
    verdict = forms.ChoiceField(choices=[*VERDICT_LABELS.items(), (UNREVIEWED, UNREVIEWED)], required=False)
    q = forms.CharField(required=False, max_length=200)

    def wanted(self) -> ReviewFilter:
        self.full_clean()
        given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        return ReviewFilter(**given)
