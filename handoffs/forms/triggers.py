"""The form of the triggers: the master switch, the level, every toggle a level sets, and how triggers recognise."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.forms.configuration import ConfiguredForm
from handoffs.adapters.embeddings import has_embeddings
from handoffs.domain.levels import PRESET_FIELDS, PRESETS
from handoffs.domain.settings import MEASURED, Level, Sensitivity, SettingsConfig
from handoffs.forms.choices import judge_choices
from handoffs.models import HandoffSettings

LEVEL_NAMES: dict[Level, Any] = {
    Level.AI_ONLY: gettext_lazy("AI only"),
    Level.QUICK: gettext_lazy("Quick"),
    Level.BALANCED: gettext_lazy("Balanced"),
    Level.AI_FIRST: gettext_lazy("AI first"),
}
LEVEL_HINTS: dict[Level, Any] = {
    Level.AI_ONLY: gettext_lazy("Nobody is called, a request is declined kindly"),
    Level.QUICK: gettext_lazy("At the first request, and at the first sign of trouble"),
    Level.BALANCED: gettext_lazy("Collects the data first, when the trouble is clear"),
    Level.AI_FIRST: gettext_lazy("Asks what it is about and tries once, then hands over"),
}
SENSITIVITIES = [
    (Sensitivity.LOW.value, gettext_lazy("Low")),
    (Sensitivity.NORMAL.value, gettext_lazy("Normal")),
    (Sensitivity.HIGH.value, gettext_lazy("High")),
]
TRIES = [(0, gettext_lazy("None")), (1, gettext_lazy("1 try")), (2, gettext_lazy("2 tries"))]
TRIGGER_NAMES: dict[str, Any] = {
    "explicit_request": gettext_lazy("Asks for a person"),
    "frustration": gettext_lazy("Frustration"),
    "unproductive": gettext_lazy("Going nowhere"),
    "forbidden_topic": gettext_lazy("Forbidden topic"),
}
EDITED = ("is_on", "level", *PRESET_FIELDS, "forbidden_sensitivity", "thresholds", "offer_when_inferred",
          "uses_embeddings", "judge")  # fmt: skip


def _sensitivity(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=SENSITIVITIES)


class KeptThresholds(forms.Field):
    """The own thresholds that stay, sent by the names of their triggers: they are set by the calibration and can only
    be taken back here."""

    # Drawn where its trigger stands, never among the form's hidden fields.
    widget = forms.SelectMultiple
    stored: Mapping[str, float] = {}

    def prepare_value(self, value: Any) -> Any:
        return list(value)

    def clean(self, value: Any) -> dict[str, float]:
        return {name: self.stored[name] for name in MEASURED if name in (value or ()) and name in self.stored}


class TriggersForm(ConfiguredForm):
    """What `preview()` says of the form as it stands is what saving it would write."""

    instance: HandoffSettings
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"), choices=[(level.value, name) for level, name in LEVEL_NAMES.items()], coerce=int
    )
    explicit_sensitivity = _sensitivity(gettext_lazy("How readily a request for a person is recognised"))
    frustration_sensitivity = _sensitivity(gettext_lazy("How readily frustration is recognised"))
    unproductive_sensitivity = _sensitivity(gettext_lazy("How readily a conversation counts as going nowhere"))
    forbidden_sensitivity = _sensitivity(gettext_lazy("How readily a forbidden topic is recognised"))
    thresholds = KeptThresholds(label=gettext_lazy("Own thresholds"), required=False)
    tries_before_transfer = forms.TypedChoiceField(
        label=gettext_lazy("The AI tries to help first"), choices=TRIES, coerce=int
    )

    class Meta:
        model = HandoffSettings
        fields = EDITED
        labels = {
            "is_on": gettext_lazy("Handoff"),
            "on_explicit_request": gettext_lazy("The customer asks for a person"),
            "on_frustration": gettext_lazy("The customer is frustrated"),
            "on_unproductive": gettext_lazy("The conversation goes nowhere"),
            "on_ai_decision": gettext_lazy("The AI decides"),
            "offer_when_inferred": gettext_lazy("Offer a person when trouble is only guessed"),
            "collect_first": gettext_lazy("Collect data first"),
            "require_problem_statement": gettext_lazy("Require a problem statement"),
            "confirm_before_transfer": gettext_lazy("Confirm before transfer"),
            "uses_embeddings": gettext_lazy("Compare topics by meaning too"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        cast(KeptThresholds, self.fields["thresholds"]).stored = row.thresholds
        # Switched on where it is not installed, it can still be switched off.
        self.fields["uses_embeddings"].disabled = not (row.uses_embeddings or has_embeddings())
        self.fields["judge"] = forms.ChoiceField(
            label=_("Asked when a score is unsure"), required=False,
            choices=judge_choices(self.project, none=_("Nobody"), current=row.judge),
        )  # fmt: skip

    @property
    def own_thresholds(self) -> dict[str, float]:
        """The own thresholds as the form stands, by trigger."""
        kept = self["thresholds"].value() or ()
        return {name: value for name, value in self.instance.thresholds.items() if name in kept}

    def preview(self, stored: SettingsConfig) -> SettingsConfig:
        """The stored settings with what a valid form says instead."""
        given = {name: self.cleaned_data[name] for name in EDITED}
        return replace(stored, **{name: type(getattr(stored, name))(value) for name, value in given.items()})

    def at_level(self, level: Level) -> "TriggersForm":
        """The same form, as it stands, with everything the level sets."""
        preset: dict[str, Any] = {name: getattr(PRESETS[level], name) for name in PRESET_FIELDS}
        return self._with({**preset, "level": level.value})

    def without_own(self, trigger: str) -> "TriggersForm":
        """The same form, as it stands, without this trigger's own threshold."""
        kept = {name: value for name, value in self.cleaned_data["thresholds"].items() if name != trigger}
        return self._with({"thresholds": kept})

    def in_words(self, name: str, value: Any) -> Any:
        if name != "thresholds":
            return super().in_words(name, value)
        return "; ".join(f"{TRIGGER_NAMES.get(key, key)} {own:.2f}" for key, own in value.items()) or _("None")

    def _with(self, changes: Mapping[str, Any]) -> "TriggersForm":
        initial = {**self.initial, **self.cleaned_data, **changes}
        return TriggersForm(instance=self.instance, project=self.project, initial=initial)
