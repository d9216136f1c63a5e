"""Forgiving one typing mistake in a long word, by a prepared index instead of a search."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

FUZZY_FROM = 6  # shorter words have too many neighbours
FUZZY_TO = 18

Misspelt = Mapping[str, str]


def index_misspellings(words: Iterable[str]) -> dict[str, str]:
    """Each long word under itself and under every form that lacks one of its letters; the first in order wins."""
    known = sorted((word for word in words if FUZZY_FROM <= len(word) <= FUZZY_TO), reverse=True)
    index = {shorter: word for word in known for shorter in shortened(word)}
    return index | {word: word for word in known}


def shortened(word: str) -> Iterator[str]:
    """The word with each one of its letters left out."""
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def correct(word: str, misspelt: Misspelt) -> str | None:
    """The indexed word this one misses by a letter too few, too many, wrong or swapped; never the first."""
    if not FUZZY_FROM - 1 <= len(word) <= FUZZY_TO:
        return None
    for candidate in chain((word,), shortened(word)):
        meant = misspelt.get(candidate)
        if meant and abs(len(meant) - len(word)) <= 1 and begins_alike(word, meant):
            return meant
    return None


def begins_alike(word: str, meant: str) -> bool:
    """Whether the first letters agree, at most swapped: mistakes there are rare."""
    return word[0] == meant[0] or word[:2] == meant[1] + meant[0]
