"""What the calibration page is asked: over which conversations, for which trigger, and with which target."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.domain.vocabulary import Environment
from handoffs.domain.calibration import THRESHOLDS, Aim
from handoffs.domain.settings import MEASURED
from handoffs.domain.triggers.signal import Trigger

TRIGGER_LABELS: dict[Trigger, Any] = {
    Trigger.EXPLICIT_REQUEST: _("Asks for a person"),
    Trigger.FRUSTRATION: _("Frustration"),
    Trigger.UNPRODUCTIVE: _("Going nowhere"),
    Trigger.FORBIDDEN_TOPIC: _("Forbidden topics"),
}
AIM_LABELS: dict[Aim, Any] = {Aim.PRECISION: _("precision"), Aim.RECALL: _("recall")}
DAYS = [(7, _("Last 7 days")), (30, _("Last 30 days")), (90, _("Last 90 days")), (365, _("Last 365 days"))]
ENVIRONMENTS = [(Environment.LIVE.value, _("Live")), (Environment.SANDBOX.value, _("Sandbox"))]
USUAL_DAYS, USUAL_PERCENT = 90, 90


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is shown. percent: the target, None where none has been asked for."""

    trigger: Trigger = Trigger.EXPLICIT_REQUEST
    days: int = USUAL_DAYS
    aim: Aim = Aim.PRECISION
    percent: int | None = None

    def since(self, at: datetime) -> datetime:
        return at - timedelta(days=self.days)


class CalibrationForm(forms.Form):
    """The page's query; what is not asked is as usual. The environment is the page's own."""

    trigger = forms.ChoiceField(choices=[(one.value, label) for one, label in TRIGGER_LABELS.items()], required=False)
    days = forms.TypedChoiceField(label=_("Begun in"), choices=DAYS, coerce=int, required=False, empty_value=None)
    aim = forms.ChoiceField(
        label=_("Of what"), choices=[(aim.value, label) for aim, label in AIM_LABELS.items()], required=False
    )
    percent = forms.IntegerField(
        label=_("At least, in percent"),
        min_value=1,
        max_value=100,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("A target is a whole number from 1 to 100")
        ),
    )

    def wanted(self) -> Wanted:
        """What a form asks for; a field that makes no sense is as usual, and `errors` says so."""
        self.full_clean()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        kinds: dict[str, Any] = {"trigger": Trigger, "days": int, "aim": Aim, "percent": int}
        return Wanted(**{name: kinds[name](value) for name, value in given.items()})


class ThresholdForm(forms.Form):
    """A threshold to set; without one, the trigger goes back to its sensitivity."""

    trigger = forms.ChoiceField(choices=[(name, name) for name in MEASURED])
    threshold = forms.TypedChoiceField(
        choices=[(f"{value:.2f}", f"{value:.2f}") for value in THRESHOLDS],
        coerce=float,
        required=False,
        empty_value=None,
    )

    @property
    def trigger_meant(self) -> Trigger:
        return Trigger(self.cleaned_data["trigger"])
