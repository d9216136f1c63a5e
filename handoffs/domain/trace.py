"""The decision trace: from what a handoff was decided, and the same decision made again from it.

It holds numbers, keys and the sequences of the customer's messages, never their words: those stand in the timeline
alone, where they can be erased. Made again from the snapshot it names and the texts under those sequences, the
decision is the same: every rule is a function of values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import orjson

from handoffs.domain.config import ProjectConfig
from handoffs.domain.routing import Route, find_route
from handoffs.domain.settings import MEASURED, SettingsConfig
from handoffs.domain.triggers.detection import PRECEDENCE
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.signal import Signal, Trigger
from handoffs.domain.triggers.thresholds import threshold_of
from handoffs.domain.turns import (
    SWITCH_OF_TRIGGER,
    Decision,
    HandoffRequest,
    Heard,
    Verdict,
    decide_turn,
    find_signals,
    is_followed,
)

VERSION = 2
# Traces of version 1 looked at requests for a person alone, each message by itself.
VERSIONS = (1, VERSION)
# What the settings say of triggers and of what comes before a transfer; the rest of them decides nothing here.
SETTINGS = (
    "is_on",
    "level",
    "on_explicit_request",
    "on_frustration",
    "on_unproductive",
    "on_ai_decision",
    "explicit_sensitivity",
    "frustration_sensitivity",
    "unproductive_sensitivity",
    "forbidden_sensitivity",
    "offer_when_inferred",
    "confirm_before_transfer",
    "require_problem_statement",
    "tries_before_transfer",
    "collect_first",
)
DECIDED = ("considered", "decided", "route")
# These are what the rules find in the customer's messages; any other wish is an input itself.
RULED = frozenset(PRECEDENCE) - {Trigger.AI_DECISION, Trigger.TOPIC_ACTION, Trigger.FUNCTION}

Trace = dict[str, Any]


def trace_decision(
    *,
    request: HandoffRequest,
    route: Route,
    config: ProjectConfig,
    snapshot_hash: str,
    release_number: int | None,
    by_client: bool,
    channel: str,
    epoch: int,
    ready: int | None,
    at: datetime,
) -> Trace:
    """Return the trace of a handoff that starts, as JSON. ready: how many people took work for the route's queue at
    that instant, None where no queue is meant; it decides nothing and is kept for who reads."""
    return {
        "version": VERSION,
        "at": at.isoformat(),
        "snapshot": snapshot_hash,
        "release": release_number,
        "inputs": {
            "heard": list(request.heard),
            "history": list(request.history),
            "declined": dict(request.declined),
            "verdicts": [asdict(verdict) for verdict in request.verdicts],
            "embedded": request.embedded,
            "noticed_under": "" if request.snapshot == snapshot_hash else request.snapshot,
            "epoch": epoch,
            "trigger": request.trigger.value,
            "reason": request.reason,
            "destination": request.destination,
            "soft": request.soft,
            "by_client": by_client,
            "channel": channel,
        },
        "settings": _settings_of(config.settings),
        "intake": _plain(request.intake),
        "ready": {"queue": route.queue.key if route.queue else "", "agents": ready},
        **_outcome(request, route, settings=config.settings),
    }


def decide_again(
    trace: Mapping[str, Any],
    *,
    config: ProjectConfig,
    dialogue: Sequence[Said],
    noticed: ProjectConfig | None = None,
    embed: Embed | None = None,
) -> Trace:
    """Make the decision of a trace once more, from its inputs alone. dialogue: what stands under `inputs.history` and
    `inputs.heard`, oldest first; noticed: the configuration of `inputs.noticed_under`, where that is another; embed:
    the sentence model, for a trace with `inputs.embedded`.

    A request that came from outside the rules (a responder, a topic, an API) is an input itself.
    """
    inputs, at = trace["inputs"], datetime.fromisoformat(trace["at"])
    heard = Heard(
        sequences=tuple(inputs["heard"]),
        dialogue=tuple(dialogue),
        declined=inputs.get("declined", {}),
        verdicts=tuple(
            Verdict(Trigger(item["trigger"]), item["turn"], item["fires"]) for item in inputs.get("verdicts", ())
        ),
    )
    decide = decide_turn if trace["version"] == VERSION else _decide_as_in_version_1
    decision = decide(heard, config=noticed or config, embed=embed)
    outside = HandoffRequest(
        trigger=Trigger(inputs["trigger"]),
        reason=inputs["reason"],
        utterance="",
        destination=inputs["destination"],
        soft=inputs["soft"],
    )
    request = (decision.request if outside.trigger in RULED else None) or outside
    request = replace(request, heard=heard.sequences, signals=decision.signals)
    route = find_route(
        config,
        asked_for=request.destination,
        reason=request.reason,
        at=at,
        by_client=inputs["by_client"],
        channel=inputs.get("channel", ""),
    )
    return _outcome(request, route, settings=config.settings, version=trace["version"])


def _decide_as_in_version_1(heard: Heard, *, config: ProjectConfig, embed: Embed | None) -> Decision:
    found = find_signals(heard, config=config, embed=embed)
    signals = tuple(signal for signal in found if signal.trigger is Trigger.EXPLICIT_REQUEST)
    fired = any(signal.fired for signal in signals)
    request = HandoffRequest(Trigger.EXPLICIT_REQUEST, "needs_human", "") if fired else None
    return Decision(request, signals=signals)


def compare_decisions(stored: Mapping[str, Any], again: Mapping[str, Any]) -> tuple[str, ...]:
    """What differs between a trace and the decision made again, one line each; empty for the same answer."""
    return tuple(line for name in DECIDED for line in _differences(name, stored.get(name), again.get(name)))


def _outcome(request: HandoffRequest, route: Route, *, settings: SettingsConfig, version: int = VERSION) -> Trace:
    """What followed from the inputs: the part of a trace that must come out the same."""
    consider = _considered if version == VERSION else _considered_in_version_1
    return {
        "considered": [consider(signal, request.heard) for signal in request.signals],
        "decided": {
            "trigger": request.trigger.value,
            "reason": request.reason,
            "switch": SWITCH_OF_TRIGGER.get(request.trigger, ""),
            "is_followed": is_followed(request, settings=settings),
            "destination": route.destination.key if route.destination else "",
            "queue": route.queue.key if route.queue else "",
            "arrival": route.arrival.value,
            "cause": route.cause.value if route.cause else "",
        },
        "route": [asdict(item) for item in route.considered],
    }


def _considered(signal: Signal, heard: Sequence[int]) -> Trace:
    """One trigger looked at, with its operands: of the earlier messages, those that counted."""
    earlier = {"topic": signal.topic, "counted": list(signal.evidence.sequences)}
    return {**_considered_in_version_1(signal, heard), **earlier}


def _considered_in_version_1(signal: Signal, heard: Sequence[int]) -> Trace:
    """The rule is named; the words it matched are not kept."""
    return {
        "trigger": signal.trigger.value,
        "sequence": heard[signal.turn] if signal.turn < len(heard) else None,
        "score": signal.score,
        "threshold": signal.threshold,
        "fired": signal.fired,
        "rule": signal.evidence.rule,
    }


def _settings_of(settings: SettingsConfig) -> Trace:
    thresholds = {name: threshold_of(settings, Trigger(name)) for name in MEASURED}
    return _plain({**{name: getattr(settings, name) for name in SETTINGS}, "thresholds": thresholds})


def _differences(place: str, stored: Any, again: Any) -> Iterator[str]:
    if isinstance(stored, Mapping) and isinstance(again, Mapping):
        for name in dict.fromkeys((*stored, *again)):
            yield from _differences(f"{place}.{name}", stored.get(name), again.get(name))
    elif isinstance(stored, list) and isinstance(again, list) and len(stored) == len(again):
        for position, (one, other) in enumerate(zip(stored, again, strict=True)):
            yield from _differences(f"{place}[{position}]", one, other)
    elif stored != again:
        yield f"{place}: was {_word(stored)}, is {_word(again)}"


def _word(value: Any) -> str:
    return orjson.dumps(value).decode()


def _plain(values: Mapping[str, Any]) -> Trace:
    plain: Trace = orjson.loads(orjson.dumps(values))
    return plain
