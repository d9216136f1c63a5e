"""The context contract: what whoever answers at a destination must be given, and whether it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handoffs.domain.config import DestinationConfig, ProjectConfig
from handoffs.domain.sip.findings import Lint

# What counts as nothing: a zero and a "no" are answers.
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class ContextScore:
    """required: the destination's fields; missing: those the handoff came without, in that order; score: from 0 to 1
    how much of it was there, 1 where nothing is required."""

    required: tuple[str, ...]
    missing: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Uncollected:
    """A required field that nothing in the configuration collects: it comes only when the AI or another system sends
    it."""

    destination: str
    field: str


def judge_context(required: Sequence[str], data: Mapping[str, Any]) -> ContextScore:
    """Score a handoff's data against its destination's contract. `a.b` is the value b of the object a, unless there
    is a value of that whole name."""
    missing = tuple(name for name in required if not is_given(name, data))
    score = 1 - len(missing) / len(required) if required else 1.0
    return ContextScore(tuple(required), missing, round(score, 4))


def is_given(name: str, data: Mapping[str, Any]) -> bool:
    """Whether the data holds a value under the name."""
    return _find(name, data) not in EMPTY


def find_uncollected(config: ProjectConfig) -> tuple[Uncollected, ...]:
    """Every required field, by destination, that is no field of the data collection."""
    collected = {item.key for item in config.settings.collected_fields}
    if config.settings.require_problem_statement:
        collected.add("problem_statement")
    return tuple(
        Uncollected(destination.key, name)
        for destination in config.destinations
        for name in destination.required_fields
        if name.partition(".")[0] not in collected
    )


def advise_on_context(destination: DestinationConfig, *, config: ProjectConfig) -> tuple[Lint, ...]:
    """What is worth a look at a destination's contract, as it would stand in `config`."""
    names = [item.field for item in find_uncollected(replace(config, destinations=(destination,)))]
    if not names:
        return ()
    listed = ", ".join(names)
    sentence = f"Nothing here collects {listed}. It comes only when the AI or your own system sends it"
    return (Lint("context-uncollected", "required_fields", sentence),)


def _find(name: str, data: Mapping[str, Any]) -> Any:
    if name in data:
        value = data[name]
        return value.strip() if isinstance(value, str) else value
    head, dot, rest = name.partition(".")
    inner = data.get(head)
    return _find(rest, inner) if dot and isinstance(inner, Mapping) else None
