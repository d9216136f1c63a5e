"""What the handoff settings make happen, situation by situation: the page says it in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handoffs.domain.intake import Stage, stages_before
from handoffs.domain.levels import SENSITIVITY_OF, hands_over
from handoffs.domain.settings import Sensitivity, SettingsConfig
from handoffs.domain.triggers.signal import Trigger


class Situation(StrEnum):
    """What a customer meets."""

    ASKS = "asks"  # for a person
    FRUSTRATED = "frustrated"
    NOWHERE = "nowhere"  # the conversation goes nowhere
    AI_DECIDES = "ai_decides"
    FORBIDDEN = "forbidden"  # touches a forbidden topic
    AI_FAILS = "ai_fails"


class Step(StrEnum):
    """What happens then; a situation has one or more, in order."""

    OFFERS = "offers"  # a person; a no is taken for one
    TRIES = "tries"  # the AI tries to help first, `tries_before_transfer` times
    ASKS_PROBLEM = "asks_problem"
    COLLECTS = "collects"
    CONFIRMS = "confirms"
    TRANSFERS = "transfers"
    TRANSFERS_IN_SILENCE = "transfers_in_silence"  # the topic's text, and over
    APOLOGISES_AND_TRANSFERS = "apologises_and_transfers"
    DECLINES = "declines"
    GOES_ON = "goes_on"
    FIXED_TEXT = "fixed_text"
    APOLOGISES = "apologises"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One situation and its steps. sensitivity: of the trigger that notices it, None where none can be set."""

    situation: Situation
    steps: tuple[Step, ...]
    sensitivity: Sensitivity | None = None


SWITCHES = {
    Situation.ASKS: "on_explicit_request",
    Situation.FRUSTRATED: "on_frustration",
    Situation.NOWHERE: "on_unproductive",
    Situation.AI_DECIDES: "on_ai_decision",
}
# A forbidden topic is never discussed and a responder that fails cannot ask: nothing comes before these transfers.
AT_ONCE = {
    Situation.FORBIDDEN: (Step.TRANSFERS_IN_SILENCE, Step.FIXED_TEXT),
    Situation.AI_FAILS: (Step.APOLOGISES_AND_TRANSFERS, Step.APOLOGISES),
}
TRIGGER_OF = {
    Situation.ASKS: Trigger.EXPLICIT_REQUEST,
    Situation.FRUSTRATED: Trigger.FRUSTRATION,
    Situation.NOWHERE: Trigger.UNPRODUCTIVE,
    Situation.AI_DECIDES: Trigger.AI_DECISION,
}
STEP_OF: Mapping[Stage, Step] = {
    Stage.OFFER: Step.OFFERS,
    Stage.CONFIRM: Step.CONFIRMS,
    Stage.PROBLEM: Step.ASKS_PROBLEM,
    Stage.TRY: Step.TRIES,
    Stage.COLLECT: Step.COLLECTS,
}


def expect(settings: SettingsConfig) -> tuple[Expectation, ...]:
    """What happens in every situation, in the order of `Situation`."""
    return tuple(_expect(settings, situation) for situation in Situation)


def _expect(settings: SettingsConfig, situation: Situation) -> Expectation:
    if situation in AT_ONCE:
        transfers, stays = AT_ONCE[situation]
        return Expectation(situation, (transfers if hands_over(settings) else stays,))
    switch = SWITCHES[situation]
    if not settings.is_on or not getattr(settings, switch):
        return Expectation(situation, (Step.DECLINES if situation is Situation.ASKS else Step.GOES_ON,))
    sensitivity = getattr(settings, SENSITIVITY_OF[switch]) if switch in SENSITIVITY_OF else None
    before = stages_before(TRIGGER_OF[situation], settings=settings)
    return Expectation(situation, (*(STEP_OF[stage] for stage in before), Step.TRANSFERS), sensitivity)
