"""What the messages before say, read so that they can be compared with each other and with the newest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from handoffs.domain.triggers.dialogue import LOOKED_BACK, Said
from handoffs.domain.triggers.exasperation import CALM, KINDS
from handoffs.domain.triggers.once import once
from handoffs.domain.triggers.phrasebook import Phrasebook, build_phrasebook, clauses_of
from handoffs.domain.triggers.phrases import PHRASES

CONSIDERED_CHARACTERS = 500  # of each message: a complaint stands at its beginning
LEAST_CONTENT = 5  # letters of a word that carries what is asked, in any of our languages
LEAST_REPEATED = 10  # characters below which saying the same again means nothing

CUSTOMER = build_phrasebook(PHRASES, "customer", "exasperation")
AI = build_phrasebook(PHRASES, "ai")


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it is compared: kinds of phrases with their weight, words quoted for each, trigrams, content."""

    said: Said
    kinds: Mapping[str, float]
    quotes: Mapping[str, str]
    trigrams: frozenset[str]
    content: frozenset[str]


def since_human(history: Sequence[Said]) -> list[Said]:
    """The messages looked back at, oldest first: none from before a human of the team spoke."""
    last = takewhile(lambda said: said.speaker != "human", reversed(history[-LOOKED_BACK:]))
    return [*last][::-1]


@once
def hear(said: Said) -> Heard:
    """The message, read once."""
    clauses = clauses_of(said.text[:CONSIDERED_CHARACTERS])
    found = find_kinds(clauses, CUSTOMER if said.speaker == "customer" else AI)
    flat = " ".join(word for clause in clauses for word in clause)
    return Heard(
        said=said,
        kinds={kind: weight for kind, (weight, _) in found.items()},
        quotes={kind: quote for kind, (_, quote) in found.items()},
        trigrams=frozenset(map("".join, zip(flat, flat[1:], flat[2:], strict=False))),
        content=frozenset(word for clause in clauses for word in clause if len(word) >= LEAST_CONTENT),
    )


def find_kinds(clauses: Sequence[Sequence[str]], book: Phrasebook) -> dict[str, tuple[float, str]]:
    """Of each kind of phrase the weightiest, with its words."""
    best: dict[str, tuple[float, str]] = {}
    for clause in clauses:
        words = [part for word in clause for part in book.expand(word)]
        found = book.find(words)
        calm = {position for one in found if one.name == CALM for position in one.positions}
        for one in found:
            undone = one.name in KINDS and not calm.isdisjoint(one.positions)
            if not undone and (one.name not in best or one.score > best[one.name][0]):
                best[one.name] = one.score, " ".join(words[one.start : one.end])
    return best


def likeness(one: Heard, other: Heard) -> float:
    """How alike two messages are in their trigrams, from 0 to 1; what is too short is like nothing."""
    total = len(one.trigrams) + len(other.trigrams)
    if total < 2 * LEAST_REPEATED:
        return 0.0
    return 2.0 * len(one.trigrams & other.trigrams) / total


def is_like(one: Heard, other: Heard, least: float) -> bool:
    """Whether two messages are that much alike; most are too different in length to be, and need no comparison."""
    shorter, longer = sorted((len(one.trigrams), len(other.trigrams)))
    return shorter > 0 and 2.0 * shorter / (shorter + longer) >= least and likeness(one, other) >= least


def ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, straight between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
