"""What a turn decides before any responder is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handoffs.domain.levels import hands_over
from handoffs.domain.settings import SettingsConfig
from handoffs.domain.triggers.explicit import detect_explicit_request
from handoffs.domain.triggers.signal import Signal, Trigger

# A request stands in the first few sentences; a message may hold 128 KB.
CONSIDERED_CHARACTERS = 4_000
# The reason of a handoff for want of an answer. It counts as no decision of the AI's: it made none.
AI_UNAVAILABLE = "ai_unavailable"
# The switch a trigger needs beside the master switch; without one here it needs what `hands_over` says.
SWITCH_OF_TRIGGER = {
    Trigger.EXPLICIT_REQUEST: "on_explicit_request",
    Trigger.FRUSTRATION: "on_frustration",
    Trigger.UNPRODUCTIVE: "on_unproductive",
    Trigger.AI_DECISION: "on_ai_decision",
    Trigger.TOPIC_ACTION: "on_ai_decision",
    Trigger.FUNCTION: "on_ai_decision",
}
REASON_OF_TRIGGER = {Trigger.EXPLICIT_REQUEST: "needs_human"}


class ClientReason(StrEnum):
    """Why the customer's own app has to take over, as the Messaging API publishes it."""

    COMPLEX_QUERY = "COMPLEX_QUERY"
    AGENT_DECISION = "AGENT_DECISION"
    POLICY = "POLICY"


CLIENT_REASONS = {
    Trigger.FORBIDDEN_TOPIC: ClientReason.POLICY,
    Trigger.FRUSTRATION: ClientReason.COMPLEX_QUERY,
    Trigger.UNPRODUCTIVE: ClientReason.COMPLEX_QUERY,
}


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """What fired and what it asks for. destination: a key, empty for the reason's or the default; evidence: the
    signal that fired and the customer's words, as they are kept with the handoff; soft: the AI keeps answering until a
    human joins, and the utterance is said then; heard: the sequences of the customer's messages that were looked at,
    signals: what was found in them."""

    trigger: Trigger
    reason: str
    utterance: str
    destination: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    soft: bool = False
    heard: tuple[int, ...] = ()
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A handoff, a fixed text, or neither: then the responder answers. `signals`: everything considered."""

    request: HandoffRequest | None = None
    text: str = ""
    signals: tuple[Signal, ...] = ()


def is_followed(request: HandoffRequest, *, settings: SettingsConfig) -> bool:
    """Whether the settings let this request reach a person."""
    switch = SWITCH_OF_TRIGGER.get(request.trigger)
    if switch is None or request.reason == AI_UNAVAILABLE:
        return hands_over(settings)
    return settings.is_on and bool(getattr(settings, switch))


def decide_turn(said: Sequence[str], *, settings: SettingsConfig) -> Decision:
    """Check each of the customer's texts; the first trigger that fires decides."""
    signals = tuple(
        detect_explicit_request(text[:CONSIDERED_CHARACTERS], threshold=settings.explicit_threshold, turn=turn)
        for turn, text in enumerate(said)
    )
    fired = next((signal for signal in signals if signal.fired), None)
    if fired is None:
        return Decision(signals=signals)
    if not settings.is_on or not settings.on_explicit_request:
        return Decision(text=settings.decline_text, signals=signals)
    request = HandoffRequest(
        trigger=fired.trigger,
        reason=REASON_OF_TRIGGER[fired.trigger],
        utterance=settings.request_utterance,
        evidence={**fired.as_dict(), "text": said[fired.turn]},
    )
    return Decision(request=request, signals=signals)


def client_reason(trigger: str, *, reason: str) -> ClientReason:
    """What the customer's own app is told of why."""
    if reason == AI_UNAVAILABLE:
        return ClientReason.COMPLEX_QUERY
    return CLIENT_REASONS.get(Trigger(trigger), ClientReason.AGENT_DECISION)
