"""From which score on a trigger fires, by how readily the settings let it."""

from collections.abc import Mapping

from handoffs.domain.settings import Sensitivity, SettingsConfig
from handoffs.domain.triggers.models import load_model
from handoffs.domain.triggers.signal import Trigger

SENSITIVITIES: Mapping[Trigger, str] = {
    Trigger.EXPLICIT_REQUEST: "explicit_sensitivity",
    Trigger.FRUSTRATION: "frustration_sensitivity",
    Trigger.UNPRODUCTIVE: "unproductive_sensitivity",
    Trigger.FORBIDDEN_TOPIC: "forbidden_sensitivity",
}
THRESHOLDS: Mapping[Trigger, Mapping[Sensitivity, float]] = {
    Trigger.EXPLICIT_REQUEST: {Sensitivity.LOW: 0.9, Sensitivity.NORMAL: 0.8, Sensitivity.HIGH: 0.65},
    Trigger.FRUSTRATION: {
        sensitivity: load_model("frustration").thresholds[sensitivity] for sensitivity in Sensitivity
    },
    Trigger.UNPRODUCTIVE: {Sensitivity.LOW: 0.8, Sensitivity.NORMAL: 0.6, Sensitivity.HIGH: 0.4},
}


def threshold_of(settings: SettingsConfig, trigger: Trigger) -> float:
    """The least score, 0 to 1, that fires; the settings' own one before that of the sensitivity. Raises KeyError for a
    trigger that has no fixed one: a forbidden topic's is its own."""
    own = settings.thresholds.get(trigger.value)
    sensitivity: Sensitivity = getattr(settings, SENSITIVITIES[trigger])
    return THRESHOLDS[trigger][sensitivity] if own is None else own
