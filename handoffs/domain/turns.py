"""What a turn decides from what the customer said: which trigger acts, and what it asks for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from handoffs.domain.config import ProjectConfig
from handoffs.domain.intake import DECIDED, INFERRED, REQUESTED
from handoffs.domain.levels import hands_over
from handoffs.domain.settings import SettingsConfig
from handoffs.domain.triggers.detection import PRECEDENCE, detect
from handoffs.domain.triggers.dialogue import LOOKED_BACK, Said
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.once import looking
from handoffs.domain.triggers.signal import Signal, Trigger

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
NEEDS_HUMAN, POLICY = "needs_human", "policy_violation"
# For so many messages after a customer's no, what they said no to, and what is weaker, is not brought up again.
QUIET_MESSAGES = 4
QUIETED_BY: Mapping[Trigger, frozenset[Trigger]] = {
    **dict.fromkeys(DECIDED, REQUESTED | DECIDED),
    **dict.fromkeys(INFERRED, REQUESTED | DECIDED | INFERRED),
}
# What a judge may be asked about: a request for a person and a forbidden topic are nobody's to judge away or in.
JUDGED = INFERRED
JUDGED_SO = "judge"  # the rule of a signal that fired by a judge's word


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
class Verdict:
    """A judge's word about one unsure signal: of which trigger, about which of the messages, counted from 0."""

    trigger: Trigger
    turn: int
    fires: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What a turn is decided from. sequences: of the customer's messages that are looked at; dialogue: what was said
    in this episode with the AI, them included, oldest first; declined: by trigger, how many messages the customer
    wrote between their no and the first of these; verdicts: of a judge."""

    sequences: tuple[int, ...]
    dialogue: tuple[Said, ...]
    declined: Mapping[str, int] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()

    @property
    def history(self) -> tuple[int, ...]:
        """The sequences that were looked at beside the messages themselves."""
        first = next((at for at, said in enumerate(self.dialogue) if said.sequence in self.sequences), 0)
        looked_at = self.dialogue[max(0, first - LOOKED_BACK) :]
        return tuple(said.sequence for said in looked_at if said.sequence not in self.sequences)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(said.text for said in self.dialogue if said.sequence in self.sequences)


NOTHING_HEARD = Heard((), ())


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """What fired and what it asks for. destination: a key, empty for the reason's or the default; evidence: the
    signal that fired and the customer's words, as they are kept with the handoff; soft: the AI keeps answering until a
    human joins, and the utterance is said then.

    What it was decided from, for the trace: the sequences heard and those of the history, the declined and the
    verdicts, as in `Heard`; signals: what was found; snapshot: of the configuration they were found under; embedded:
    topics were compared by the sentence model; intake: what was asked before the transfer and how that went.
    """

    trigger: Trigger
    reason: str
    utterance: str
    destination: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    soft: bool = False
    heard: tuple[int, ...] = ()
    signals: tuple[Signal, ...] = ()
    history: tuple[int, ...] = ()
    declined: dict[str, int] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    snapshot: str = ""
    embedded: bool = False
    intake: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """A handoff, a fixed text, or neither: then the responder answers. `signals`: everything considered."""

    request: HandoffRequest | None = None
    text: str = ""
    signals: tuple[Signal, ...] = ()

    @property
    def fired(self) -> frozenset[Trigger]:
        return frozenset(signal.trigger for signal in self.signals if signal.fired)


def is_followed(request: HandoffRequest, *, settings: SettingsConfig) -> bool:
    """Whether the settings let this request reach a person."""
    if request.reason == AI_UNAVAILABLE:
        return hands_over(settings)
    return lets_through(request.trigger, settings=settings)


def lets_through(trigger: Trigger, *, settings: SettingsConfig) -> bool:
    """Whether the switches let this trigger reach a person."""
    switch = SWITCH_OF_TRIGGER.get(trigger)
    if switch is None:
        return hands_over(settings)
    return settings.is_on and bool(getattr(settings, switch))


def decide_turn(heard: Heard, *, config: ProjectConfig, embed: Embed | None = None) -> Decision:
    """Look at each of the customer's messages; of all that fires, the strongest trigger that the settings follow acts.

    A forbidden topic is answered with its text where nobody can be called, and a request declined; neither is left to
    the AI. embed: the sentence model topics are compared by, where there is one."""
    signals = with_verdicts(find_signals(heard, config=config, embed=embed), heard.verdicts)
    fired = [signal for trigger in PRECEDENCE for signal in signals if signal.fired and signal.trigger is trigger]
    for signal in fired:
        is_kept_quiet = is_quiet(signal.trigger, declined=heard.declined, turn=signal.turn)
        if lets_through(signal.trigger, settings=config.settings) and not is_kept_quiet:
            return Decision(_request(signal, signals, heard, config), signals=signals)
        if signal.trigger is Trigger.FORBIDDEN_TOPIC:
            return Decision(text=_forbidden_text(signal, config), signals=signals)
    is_declined = any(signal.trigger is Trigger.EXPLICIT_REQUEST for signal in fired)
    return Decision(text=config.settings.decline_text if is_declined else "", signals=signals)


def find_signals(heard: Heard, *, config: ProjectConfig, embed: Embed | None = None) -> tuple[Signal, ...]:
    """Every trigger's answer about each of the messages, each with what was said before it."""
    places = [place for place, said in enumerate(heard.dialogue) if said.sequence in heard.sequences]
    with looking():
        return tuple(
            signal
            for turn, place in enumerate(places)
            for signal in detect(
                heard.dialogue[place].text,
                history=heard.dialogue[max(0, place - LOOKED_BACK) : place],
                config=config,
                turn=turn,
                embed=embed,
            )
        )


def find_unsure(signals: Sequence[Signal], *, settings: SettingsConfig) -> tuple[Signal, ...]:
    """The signals a judge is asked about: between half the threshold and the threshold, and of a use if they fired."""
    return tuple(
        signal
        for signal in signals
        if signal.trigger in JUDGED
        and lets_through(signal.trigger, settings=settings)
        and not signal.fired
        and 0 < signal.threshold / 2 <= signal.score < signal.threshold
    )


def with_verdicts(signals: Sequence[Signal], verdicts: Collection[Verdict]) -> tuple[Signal, ...]:
    """The signals, fired where a judge said so. A judge's no leaves a signal as it is: it has not fired."""
    said_yes = {(verdict.trigger, verdict.turn) for verdict in verdicts if verdict.fires}
    return tuple(
        _judged(signal) if (signal.trigger, signal.turn) in said_yes else signal for signal in signals
    )  # fmt: skip


def is_quiet(trigger: Trigger, *, declined: Mapping[str, int], turn: int = 0) -> bool:
    """Whether the customer has just said no to this, to its like or to something stronger; turn: how many messages
    they wrote since those of `declined`. Whoever asks, and a forbidden topic, is never passed over."""
    just = {Trigger(name) for name, since in declined.items() if since + turn < QUIET_MESSAGES}
    return bool(just & QUIETED_BY.get(trigger, frozenset()))


def client_reason(trigger: str, *, reason: str) -> ClientReason:
    """What the customer's own app is told of why."""
    if reason == AI_UNAVAILABLE:
        return ClientReason.COMPLEX_QUERY
    return CLIENT_REASONS.get(Trigger(trigger), ClientReason.AGENT_DECISION)


def evidence_of(signals: Sequence[Signal], heard: Heard) -> dict[str, Any]:
    """Everything that fired, the customer's words included, as it is kept with the handoff."""
    fired = [{**signal.as_dict(), "sequence": heard.sequences[signal.turn]} for signal in signals if signal.fired]
    return {"signals": fired} if fired else {}


def _judged(signal: Signal) -> Signal:
    sentence = f"A language model judged it so: {signal.evidence.sentence}"
    return replace(signal, fired=True, evidence=replace(signal.evidence, rule=JUDGED_SO, sentence=sentence))


def _request(signal: Signal, signals: Sequence[Signal], heard: Heard, config: ProjectConfig) -> HandoffRequest:
    topic = next((item for item in config.forbidden_topics if item.key == signal.topic), None)
    return HandoffRequest(
        trigger=signal.trigger,
        reason=(topic.reason if topic else "") or (POLICY if topic else NEEDS_HUMAN),
        utterance=_forbidden_text(signal, config) if topic else config.settings.request_utterance,
        destination=topic.destination if topic else "",
        evidence={**signal.as_dict(), "text": heard.texts[signal.turn], **evidence_of(signals, heard)},
        heard=heard.sequences,
        signals=tuple(signals),
        history=heard.history,
        declined=dict(heard.declined),
        verdicts=heard.verdicts,
    )


def _forbidden_text(signal: Signal, config: ProjectConfig) -> str:
    topic = next((item for item in config.forbidden_topics if item.key == signal.topic), None)
    return (topic.utterance if topic else "") or config.settings.forbidden_text
