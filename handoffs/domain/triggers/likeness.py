"""How like a message is to a topic's name and example phrases, against how like ordinary messages are.

The threshold of a topic needs no tuning: it is the likeness only one ordinary message in two hundred reaches (one in a
hundred where the sensitivity is high).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from handoffs.domain.triggers.meaning import (
    BYTE,
    Embed,
    Meaning,
    SentenceModel,
    Vector,
    Vocabulary,
    dot,
    overlap,
    read_vocabulary,
    unit,
    use_sentence_model,
)

Reader = Vocabulary | SentenceModel

TERMS_MARGIN = 0.12  # what words in common may add to an ordinary message, which is kept as a direction only
WORDLESS_MARGIN = 0.25  # the same for a topic in a script none of whose words is known: it has nothing else
PULL, PULLED_BY = (
    0.3,
    20,
)  # how far a sentence model's direction is turned away from the ordinary messages nearest to it
NORMAL_SHARE, HIGH_SHARE = 0.005, 0.01  # of ordinary messages that reach the threshold
STEEPNESS = 3.0
KEPT_TOPICS = 512  # of all projects: a profile takes 10 ms to make, and 40 KB for five phrases
SENTENCE_END = re.compile(r"[.!?;\n\u3002\uff01\uff1f]+")
MOST_SENTENCES = 8
COMPARED_CHARACTERS = 4_000  # keywords are looked for everywhere


@dataclass(frozen=True, slots=True)
class Near:
    """How like a message is to a topic: `score` so that 0.5 is the normal threshold, and the part that is most like."""

    score: float
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a topic before a message comes. usual: the likeness of the median ordinary message; normal,
    high: the thresholds of those sensitivities; terms_weight: of the words in common with the nearest phrase,
    against the direction of all phrases."""

    phrases: tuple[Meaning, ...]
    direction: Vector
    usual: float
    normal: float
    high: float
    terms_weight: float

    def compare(self, meanings: Sequence[Meaning]) -> Near:
        """How like the topic the nearest of these is."""
        likeness, place = max((self.likeness(meaning), -place) for place, meaning in enumerate(meanings))
        return Near(self.score(likeness), meanings[-place])

    def nearest(self, meaning: Meaning) -> tuple[float, str]:
        """How like the nearest phrase is, from 0 to 1, and that phrase."""
        return max((closeness(meaning, phrase), phrase.text) for phrase in self.phrases)

    def likeness(self, meaning: Meaning) -> float:
        """Of the direction to that of all phrases, and of the words to those of the nearest phrase."""
        shared = max(overlap(meaning.terms, phrase.terms) for phrase in self.phrases)
        return dot(meaning.direction, self.direction) + self.terms_weight * shared

    def score(self, likeness: float) -> float:
        """The likeness on a scale from 0 to 1 with 0.5 at the normal threshold; the more alike, the higher."""
        return 1 / (1 + exp(-STEEPNESS * (likeness - self.normal) / (self.normal - self.usual)))

    @property
    def high_threshold(self) -> float:
        """The score from which on a topic fires at high sensitivity."""
        return self.score(self.high)


def closeness(meaning: Meaning, phrase: Meaning) -> float:
    """How like one phrase a text is, from 0 to 1."""
    return min(max(dot(meaning.direction, phrase.direction), overlap(meaning.terms, phrase.terms), 0.0), 1.0)


def reader(embed: Embed | None) -> Reader:
    """What reads texts: the sentence model if there is one, else the vectors that ship."""
    return read_vocabulary() if embed is None else use_sentence_model(embed)


def read_meanings(text: str, reader: Reader) -> list[Meaning]:
    """What the text is about as a whole, and each of its sentences when there are several."""
    whole = text[:COMPARED_CHARACTERS]
    sentences = [part.strip() for part in SENTENCE_END.split(whole)[:MOST_SENTENCES] if part.strip()]
    return [reader.read(part) for part in (whole, *(sentences if len(sentences) > 1 else ()))]


@lru_cache(maxsize=KEPT_TOPICS)
def read_profile(name: str, examples: tuple[str, ...], embed: Embed | None = None) -> Profile | None:
    """The profile of a topic, made once for each content."""
    return build_profile(name, examples, reader(embed))


def build_profile(name: str, examples: Sequence[str], reader: Reader) -> Profile | None:
    """The profile of a topic: its name is a phrase like the examples. None for one without an example that has a word.

    The description is left out: it tells people what counts and what does not, and likeness hears no "not".
    """
    if not any(reader.read(example).terms for example in examples):
        return None
    phrases = tuple(meaning for meaning in map(reader.read, (name, *examples)) if meaning.terms)
    rows = list(reader.backgrounds())
    direction = turn_away(mean_direction([phrase.direction for phrase in phrases]), rows, reader.pull)
    return Profile(phrases, direction, *find_thresholds(direction, rows, reader.foreign), reader.terms_weight)


def mean_direction(directions: Sequence[Vector]) -> Vector:
    """The unit vector between these; empty where none of them has a direction."""
    known = [direction for direction in directions if direction]
    return unit([sum(values) for values in zip(*known, strict=True)])


def turn_away(direction: Vector, rows: Sequence[Sequence[float]], pull: float) -> Vector:
    """The direction turned from the ordinary messages that lie nearest (Rocchio 1971)."""
    if not pull or not direction:
        return direction
    nearest = sorted(rows, key=lambda row: -dot(row, direction))[:PULLED_BY]
    away = [sum(values) / (BYTE * PULLED_BY) for values in zip(*nearest, strict=True)]
    return unit([value - pull * other for value, other in zip(direction, away, strict=True)])


def find_thresholds(direction: Vector, rows: Sequence[Sequence[float]], foreign: int = 0) -> tuple[float, float, float]:
    """The likeness of the median ordinary message, and the thresholds of normal and high sensitivity: what few English
    messages reach, and few of the last `foreign` ones."""
    likeness = [dot(row, direction) / BYTE for row in rows]
    usual, normal, high = (
        max(map(reached_by(share), filter(None, (likeness[: len(rows) - foreign], likeness[len(rows) - foreign :]))))
        for share in (0.5, NORMAL_SHARE, HIGH_SHARE)
    )
    margin = TERMS_MARGIN if direction else WORDLESS_MARGIN
    return usual, normal + margin, high + margin


def reached_by(share: float) -> Callable[[Sequence[float]], float]:
    """What that share of the values reaches."""
    return lambda values: sorted(values)[int(len(values) * (1 - share))]
