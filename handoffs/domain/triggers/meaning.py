"""What a text is about, as numbers: the sum of its words' vectors, and its words weighed by how rare they are.

The vectors were learnt to point where a sentence model points (see `models/TOPICS.md`); reading them needs no package.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import sqrt
from operator import mul
from typing import Any, ClassVar

import orjson

from handoffs.domain.triggers.keywords import read_words
from handoffs.domain.triggers.models import FOLDER

LONGEST_WORD = 24  # characters; what follows hardly changes what a word is about
MOST_WORDS = 160  # of one text
INNER = "##"  # marks a piece that stands inside a word
RAREST = 255
BYTE = 127  # what a 1 is stored as
PAIR_WEIGHT = 0.25  # of two neighbours together, against the sum of both alone

Vector = tuple[float, ...]
Embed = Callable[[str], Vector]  # a text's unit vector by a sentence model


@dataclass(frozen=True, slots=True)
class Meaning:
    """A text and two unit vectors of it: `direction` where it points, empty when no word is known; `terms` its words
    and pairs of neighbours with their weights."""

    text: str
    direction: Vector
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The shipped numbers: for each word or piece a row of `vectors` and its rarity from 0 to 255; `centre` is the mean
    direction of messages, and `background` the directions of many of them from there, row by row, the last `foreign` of
    them in other languages than English."""

    places: Mapping[str, int]
    size: int
    vectors: memoryview
    rarities: bytes
    centre: Vector
    background: memoryview
    foreign: int = 0
    pull: ClassVar[float] = 0.0  # the directions messages share were played down when the vectors were made
    terms_weight: ClassVar[float] = 0.5

    def read(self, text: str) -> Meaning:
        """What a text is about. Linear in its length."""
        words = [word.text[:LONGEST_WORD] for word in read_words(text)][:MOST_WORDS]
        return Meaning(text, self.direction(words), self.weigh(words))

    def direction(self, words: Sequence[str]) -> Vector:
        """The unit vector from the centre to the sum of the words."""
        rows = [self.row(self.vectors, place) for word in words for place in self.pieces(word)]
        total = list(map(sum, zip(*rows, strict=True)))
        if not any(total):
            return ()
        length = sqrt(sum(map(mul, total, total)))
        return unit([value / length - mean for value, mean in zip(total, self.centre, strict=True)])

    def row(self, table: memoryview, place: int) -> memoryview:
        """One row of a table of vectors."""
        return table[place * self.size : (place + 1) * self.size]

    def pieces(self, word: str) -> Iterator[int]:
        """The places of the word, or of the longest known pieces it is made of; unknown letters are passed over."""
        known = self.places.get(word)
        if known is not None:
            yield known
            return
        start, mark = 0, ""
        while start < len(word):
            end, place = self.longest_piece(word, start, mark)
            if place is not None:
                yield place
            start, mark = end, INNER

    def longest_piece(self, word: str, start: int, mark: str) -> tuple[int, int | None]:
        """Where the longest known piece from `start` ends and its place; one letter and none when nothing is known."""
        for end in range(len(word), start, -1):
            place = self.places.get(mark + word[start:end])
            if place is not None:
                return end, place
        return start + 1, None

    def weigh(self, words: Sequence[str]) -> dict[str, float]:
        """The words and pairs of neighbours, each once, as a unit vector."""
        weights = {word: float(self.rarity(word)) for word in words}
        pairs = {f"{one} {other}": PAIR_WEIGHT * (weights[one] + weights[other]) for one, other in neighbours(words)}
        terms = {**weights, **pairs}
        length = sqrt(sum(weight * weight for weight in terms.values())) or 1.0
        return {term: weight / length for term, weight in terms.items()}

    def rarity(self, word: str) -> int:
        """How rare a word is, from 0 to 255; an unknown one is as rare as can be."""
        place = self.places.get(word)
        return RAREST if place is None else self.rarities[place]

    def backgrounds(self) -> Iterator[memoryview]:
        """The directions of ordinary messages, a 1 stored as BYTE."""
        return (self.row(self.background, place) for place in range(len(self.background) // self.size))


def neighbours(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word with the next."""
    return pairwise(words)


def unit(values: Sequence[float]) -> Vector:
    """The vector of length 1 in this direction; nothing points nowhere."""
    length = sqrt(sum(map(mul, values, values)))
    return tuple(value / length for value in values) if length else ()


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The inner product; 0 where one of them is empty."""
    product: float = sum(map(mul, one, other))
    return product


def overlap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two sets of weighed terms, from 0 to 1."""
    return sum(weight * other[term] for term, weight in one.items() if term in other)


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """The same with the direction asked of a sentence model. centre, background: what that makes of ordinary
    messages."""

    vocabulary: Vocabulary
    embed: Embed
    centre: Vector
    background: memoryview
    pull: ClassVar[float] = 0.3
    terms_weight: ClassVar[float] = 0.25

    @property
    def foreign(self) -> int:
        """How many of the background are in other languages."""
        return self.vocabulary.foreign

    def read(self, text: str) -> Meaning:
        """What a text is about; whatever the model's vector, from the mean of messages."""
        terms = self.vocabulary.read(text).terms
        return Meaning(
            text, unit([value - mean for value, mean in zip(self.embed(text), self.centre, strict=True)]), terms
        )

    def backgrounds(self) -> Iterator[memoryview]:
        """The directions of ordinary messages, a 1 stored as BYTE."""
        size = len(self.centre)
        return (self.background[place : place + size] for place in range(0, len(self.background), size))


def parse_vocabulary(described: Mapping[str, Any], numbers: bytes) -> Vocabulary:
    """The vocabulary out of its two files: rows of vectors, a rarity for each, rows of background."""
    words, size = described["words"].split(" "), described["size"]
    rarities, background = len(words) * size, len(words) * (size + 1)
    return Vocabulary(
        places={word: place for place, word in enumerate(words)},
        size=size,
        vectors=signed(numbers)[:rarities],
        rarities=numbers[rarities:background],
        centre=tuple(described["centre"]),
        background=signed(numbers)[background:],
        foreign=described["foreign"],
    )


def signed(numbers: bytes) -> memoryview:
    """Bytes read as numbers from -128 to 127."""
    return memoryview(numbers).cast("b")


@cache
def describe() -> dict[str, Any]:
    """What `topics.json` says."""
    described: dict[str, Any] = orjson.loads((FOLDER / "topics.json").read_bytes())
    return described


@cache
def read_vocabulary() -> Vocabulary:
    """The vocabulary that ships, read once."""
    return parse_vocabulary(describe(), (FOLDER / "topics.bin").read_bytes())


@cache
def use_sentence_model(embed: Embed) -> SentenceModel:
    """The sentence model with its background, which is read only where that is used."""
    numbers = (FOLDER / "sentences.bin").read_bytes()
    return SentenceModel(read_vocabulary(), embed, tuple(describe()["sentence_centre"]), signed(numbers))
