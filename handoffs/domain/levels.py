"""The four preset levels of the handoff settings: what each sets, and how far settings are from one.

Decisions read the toggles. The level only says which preset they started from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from handoffs.domain.settings import Level, Sensitivity, SettingsConfig

# A trigger's switch -> its sensitivity, which means something only while the switch is on.
SENSITIVITY_OF = {
    "on_explicit_request": "explicit_sensitivity",
    "on_frustration": "frustration_sensitivity",
    "on_unproductive": "unproductive_sensitivity",
}
TRIGGERS = (*SENSITIVITY_OF, "on_ai_decision")


@dataclass(frozen=True, slots=True)
class Preset:
    """What a level sets; the names are those of `SettingsConfig`. An explicit request is recognised alike at every
    level: what follows it differs."""

    on_explicit_request: bool = True
    on_frustration: bool = True
    on_unproductive: bool = True
    on_ai_decision: bool = True
    explicit_sensitivity: Sensitivity = Sensitivity.NORMAL
    frustration_sensitivity: Sensitivity = Sensitivity.NORMAL
    unproductive_sensitivity: Sensitivity = Sensitivity.NORMAL
    collect_first: bool = False
    require_problem_statement: bool = False
    confirm_before_transfer: bool = False
    tries_before_transfer: int = 0


PRESETS: Mapping[Level, Preset] = {
    Level.AI_ONLY: Preset(on_explicit_request=False, on_frustration=False, on_unproductive=False, on_ai_decision=False),
    Level.QUICK: Preset(frustration_sensitivity=Sensitivity.HIGH, unproductive_sensitivity=Sensitivity.HIGH),
    Level.BALANCED: Preset(collect_first=True),
    Level.AI_FIRST: Preset(
        frustration_sensitivity=Sensitivity.LOW,
        unproductive_sensitivity=Sensitivity.LOW,
        collect_first=True,
        require_problem_statement=True,
        tries_before_transfer=1,
    ),
}
PRESET_FIELDS = tuple(field.name for field in fields(Preset))


def apply_level(settings: SettingsConfig, level: Level) -> SettingsConfig:
    """The settings with everything the level sets; the rest stays."""
    preset = PRESETS[level]
    return replace(settings, level=level, **{name: getattr(preset, name) for name in PRESET_FIELDS})


def differences(settings: SettingsConfig, level: Level) -> tuple[str, ...]:
    """The fields that differ from the level's preset, in its order. A sensitivity counts where its trigger is on in
    both."""
    preset = PRESETS[level]
    silent = {
        sensitivity
        for switch, sensitivity in SENSITIVITY_OF.items()
        if not (getattr(settings, switch) and getattr(preset, switch))
    }
    return tuple(
        name for name in PRESET_FIELDS if name not in silent and getattr(settings, name) != getattr(preset, name)
    )


def hands_over(settings: SettingsConfig) -> bool:
    """Whether anything at all reaches a person: the master switch is on, and a trigger too."""
    return settings.is_on and any(getattr(settings, name) for name in TRIGGERS)
