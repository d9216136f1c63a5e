"""The form of a queue."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import Team
from handoffs.domain.config import Assignment
from handoffs.domain.keys import free_key
from handoffs.domain.queueing import MOST_PRIORITY
from handoffs.forms.durations import MinutesField
from handoffs.forms.rows import RowForm, RowsForm
from handoffs.models import Queue
from handoffs.selectors.queues import count_waiting

WAYS = [
    (Assignment.PULL.value, gettext_lazy("They claim it: whoever presses Claim has it")),
    (Assignment.OFFER.value, gettext_lazy("It is offered: to one person who is ready after the other")),
]
PRIORITIES = [
    (number, gettext_lazy("Usual") if number == 0 else f"{number:+d}")
    for number in range(MOST_PRIORITY, -MOST_PRIORITY - 1, -1)
]
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


class DispositionForm(RowForm):
    """One way a conversation can end; the code is made from the label when none is typed."""

    unique = "code"
    repeated = gettext_lazy("Two dispositions have the code {value}. Each needs its own")

    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=80,
        error_messages={"required": gettext_lazy("Say what was achieved, as Refund issued")},
    )
    code = forms.CharField(label=gettext_lazy("Code"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        proposed = free_key(cleaned.get("label", ""), taken=(), fallback="done").replace("-", "_")
        proposed = proposed if CODE.fullmatch(proposed) else f"done_{proposed}"
        cleaned["code"] = cleaned.get("code") or proposed
        if not CODE.fullmatch(cleaned["code"]):
            problem = _("A code has lower-case letters, digits and underscores, a letter first. Try {code}")
            self.add_error("code", problem.format(code=proposed))
        return cleaned


class QueueForm(RowsForm):
    """Switching a queue off in which customers wait is asked about once more."""

    instance: Queue
    rows = {"dispositions": DispositionForm}
    confirmed = forms.BooleanField(required=False)
    target_seconds = MinutesField(
        label=gettext_lazy("Service target"),
        least=5,
        most=86_400,
        help_text=gettext_lazy("The wait you aim at, as 2:00. Clocks turn red beyond it"),
        error_messages={"required": gettext_lazy("Say how long customers should wait at most, as 2:00")},
    )
    assignment = forms.ChoiceField(
        label=gettext_lazy("How work comes to people"), choices=WAYS, widget=forms.RadioSelect
    )
    offer_seconds = MinutesField(
        label=gettext_lazy("Time to answer an offer"),
        least=5,
        most=600,
        help_text=gettext_lazy("As 0:30. Whoever is silent gets a break, and the next one is asked"),
        error_messages={"required": gettext_lazy("Say how long an offer stands, as 0:30")},
    )
    wrap_up_seconds = MinutesField(
        label=gettext_lazy("Time to wrap up"),
        least=0,
        most=3600,
        help_text=gettext_lazy("As 1:00. A closed conversation keeps its place that long, or until Done is pressed"),
        error_messages={"required": gettext_lazy("Say how long wrapping up takes, 0:00 for no time")},
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        coerce=int,
        choices=PRIORITIES,
        help_text=gettext_lazy("Whom people who work several queues serve first. Urgent reasons come before all"),
    )

    class Meta:
        model = Queue
        fields = (
            "name",
            "is_on",
            "target_seconds",
            "assignment",
            "offer_seconds",
            "wrap_up_seconds",
            "priority",
            "is_sticky",
            "teams",
        )
        labels = {
            "name": gettext_lazy("Name"),
            "is_on": gettext_lazy("On"),
            "is_sticky": gettext_lazy("First to who knows the customer"),
            "teams": gettext_lazy("Teams that work it"),
        }
        help_texts = {
            "is_on": gettext_lazy("Off: nobody new is put in it, and fallbacks apply"),
            "is_sticky": gettext_lazy(
                "An offer goes to the person who had the customer last, while they are ready and have room"
            ),
        }
        widgets = {"teams": forms.CheckboxSelectMultiple}
        error_messages = {"name": {"required": gettext_lazy("Give the queue a name, as Billing")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(project=self.project).order_by("name")
        self.fields["teams"] = forms.ModelMultipleChoiceField(
            queryset=teams, required=False, widget=forms.CheckboxSelectMultiple, label=_("Teams that work it")
        )
        self.was_on = not self.is_new and self.instance.is_on
        self.must_confirm = False

    @property
    def listed(self) -> Any:
        return self.lists["dispositions"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Queue.objects.filter(project=self.project, name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(str(self.taken))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        switched_off = self.was_on and not cleaned.get("is_on")
        if switched_off and not cleaned.get("confirmed") and count_waiting(self.instance).customers:
            self.must_confirm = True
            self.add_error("is_on", _("Customers wait in it. Confirm below, or switch it on again"))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {**({"key": self._free_key()} if self.is_new else {}), **super().values()}

    def _free_key(self) -> str:
        taken = Queue.objects.filter(project=self.project).values_list("key", flat=True)
        return free_key(self.cleaned_data["name"], taken=set(taken), fallback="queue")
