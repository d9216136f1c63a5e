"""The form of the triggers: the master switch, the level, and every toggle a level sets."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.forms.configuration import ConfiguredForm
from handoffs.domain.levels import PRESET_FIELDS, PRESETS
from handoffs.domain.settings import Level, Sensitivity, SettingsConfig
from handoffs.models import HandoffSettings

LEVEL_NAMES: dict[Level, Any] = {
    Level.AI_ONLY: _("AI only"),
    Level.QUICK: _("Quick"),
    Level.BALANCED: _("Balanced"),
    Level.AI_FIRST: _("AI first"),
}
LEVEL_HINTS: dict[Level, Any] = {
    Level.AI_ONLY: _("Nobody is called, a request is declined kindly"),
    Level.QUICK: _("At the first request, and at the first sign of trouble"),
    Level.BALANCED: _("Collects the data first, when the trouble is clear"),
    Level.AI_FIRST: _("Asks what it is about and tries once, then hands over"),
}
SENSITIVITIES = [
    (Sensitivity.LOW.value, _("Low")),
    (Sensitivity.NORMAL.value, _("Normal")),
    (Sensitivity.HIGH.value, _("High")),
]
TRIES = [(0, _("None")), (1, _("1 try")), (2, _("2 tries"))]


def _sensitivity(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=SENSITIVITIES)


class TriggersForm(ConfiguredForm):
    """What `preview()` says of the form as it stands is what saving it would write."""

    instance: HandoffSettings
    level = forms.TypedChoiceField(
        label=_("Level"), choices=[(level.value, name) for level, name in LEVEL_NAMES.items()], coerce=int
    )
    explicit_sensitivity = _sensitivity(_("How readily a request for a person is recognised"))
    frustration_sensitivity = _sensitivity(_("How readily frustration is recognised"))
    unproductive_sensitivity = _sensitivity(_("How readily a conversation counts as going nowhere"))
    tries_before_transfer = forms.TypedChoiceField(label=_("The AI tries to help first"), choices=TRIES, coerce=int)

    class Meta:
        model = HandoffSettings
        fields = ("is_on", "level", *PRESET_FIELDS)
        labels = {
            "is_on": _("Handoff"),
            "on_explicit_request": _("The customer asks for a person"),
            "on_frustration": _("The customer is frustrated"),
            "on_unproductive": _("The conversation goes nowhere"),
            "on_ai_decision": _("The AI decides"),
            "collect_first": _("Collect data first"),
            "require_problem_statement": _("Require a problem statement"),
            "confirm_before_transfer": _("Confirm before transfer"),
        }

    def preview(self, stored: SettingsConfig) -> SettingsConfig:
        """The stored settings with what a valid form says instead."""
        given = {name: self.cleaned_data[name] for name in ("is_on", "level", *PRESET_FIELDS)}
        return replace(stored, **{name: type(getattr(stored, name))(value) for name, value in given.items()})

    def at_level(self, level: Level) -> "TriggersForm":
        """The same form, as it stands, with everything the level sets."""
        preset: dict[str, Any] = {name: getattr(PRESETS[level], name) for name in PRESET_FIELDS}
        initial = {**self.initial, **self.cleaned_data, **preset, "level": level.value}
        return TriggersForm(instance=self.instance, project=self.project, initial=initial)
