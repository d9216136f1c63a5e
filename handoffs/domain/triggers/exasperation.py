"""Words and phrases of somebody who has had enough: few and certain, graded, in every language we have rules for.

A problem told calmly ("my card was stolen", "it does not work") is none of them, and neither is what is denied ("I am
not angry").
"""

from collections.abc import Iterable
from math import prod

from handoffs.domain.triggers.grammar import Found
from handoffs.domain.triggers.phrasebook import Phrase, build_phrasebook, find_phrases
from handoffs.domain.triggers.phrases import PHRASES

CALM = "calm"  # the kind of phrase that undoes what it overlaps

BOOK = build_phrasebook(PHRASES, "exasperation")
KINDS = frozenset(rule.name for rule in BOOK.rules) - {CALM}


def frustration_words(text: str) -> tuple[Phrase, ...]:
    """The phrases of the text in its order, each with its kind, weight from 0 to 1 and the customer's own words.

    Kinds: anger, outrage, insult, profanity, disappointment, waste, again, leaving. Linear in the length of the text.
    """
    return tuple(phrase for clause in find_phrases(text, BOOK) for phrase in standing(clause))


def standing(clause: Iterable[tuple[Found, Phrase]]) -> list[Phrase]:
    """The phrases of one clause that no calm one undoes; of those that overlap, the heaviest."""
    found = list(clause)
    taken = {position for one, _ in found if one.name == CALM for position in one.positions}
    kept = []
    for one, phrase in sorted(found, key=lambda pair: -pair[0].score):
        if one.name != CALM and taken.isdisjoint(one.positions):
            taken.update(one.positions)
            kept.append((one.start, phrase))
    return [phrase for _, phrase in sorted(kept, key=lambda pair: pair[0])]


def exasperation_of(weights: Iterable[float]) -> float:
    """How exasperated phrases of these weights are together, from 0 to 1: each one adds to what is left."""
    return 1.0 - prod(1.0 - weight for weight in weights)
