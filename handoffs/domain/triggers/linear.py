"""A linear model over a message's features, in whole numbers and without a library."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from math import exp, log, sqrt

from handoffs.domain.triggers.features import NO_WORD, distinct_words, loose_features, read_words, word_features
from handoffs.domain.triggers.foreign import is_foreign

SHOWN_WORDS = 5
REMEMBERED_WORDS = 4_096  # most messages are written with few
LEAST_SHARE = 0.15  # of the strongest word's contribution: what is weaker explains nothing
SURE = 1e-9  # odds of 0 and 1 are none


@dataclass(frozen=True, slots=True)
class Weighed:
    """A probability from 0 to 1, and the customer's own words that raised it most, in their order in the text.

    is_foreign: they are in a language the model does not know, so that the probability means little.
    """

    probability: float
    words: tuple[str, ...]
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class LinearModel:
    """weights: whole numbers from -127 to 127, times `scale` the log odds a feature adds; thresholds: probabilities
    from which on a trigger fires, by sensitivity; blanked: what is read in place of words that must not count."""

    bias: float
    scale: float
    weights: Mapping[str, int]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    blanked: Mapping[str, str] = field(default_factory=dict)
    weigh_word: Callable[[str], tuple[int, int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        remembered = lru_cache(maxsize=REMEMBERED_WORDS)(partial(weigh_features, self.weights))
        object.__setattr__(self, "weigh_word", remembered)

    def weigh(self, text: str) -> Weighed:
        """How probable what the model looks for is; linear in the length of the text."""
        shown, clauses = read_words(text, self.blanked)
        known = 0
        by_word: dict[int, int] = defaultdict(int)
        for place, word in distinct_words(clauses):
            inside, by_word[place] = self.weigh_word(word)
            known += inside
        for name, place in loose_features(shown, clauses):
            weight = self.weights.get(name)
            if weight is not None:
                known += 1
                by_word[place] += weight
        margin = self.bias + self.scale * sum(by_word.values()) / sqrt(known or 1)
        words = list(chain.from_iterable(clauses))
        told = tuple(shown[words[place].start : words[place].end] for place in strongest(by_word))
        return Weighed(probability(margin), told, is_foreign(word.text for word in words))


def weigh_features(weights: Mapping[str, int], word: str) -> tuple[int, int]:
    """How many features of a word have a weight, and these weights together."""
    found = [weights[name] for name in word_features(word) if name in weights]
    return len(found), sum(found)


def strongest(by_word: Mapping[int, int]) -> list[int]:
    """The positions of the words that speak for it, the weak ones left out, in the order of the text."""
    speaking = {place: weight for place, weight in by_word.items() if weight > 0 and place != NO_WORD}
    least = LEAST_SHARE * max(speaking.values(), default=0)
    ranked = sorted(speaking, key=lambda place: (-speaking[place], place))[:SHOWN_WORDS]
    return sorted(place for place in ranked if speaking[place] >= least)


def probability(margin: float) -> float:
    """The probability of these log odds."""
    if margin < 0:
        odds = exp(max(margin, -700.0))
        return odds / (1 + odds)
    return 1 / (1 + exp(-margin))


def log_odds(score: float) -> float:
    """The log odds of a probability; 0 and 1 are taken for very near to them."""
    bounded = min(max(score, SURE), 1 - SURE)
    return log(bounded / (1 - bounded))


def rescale(score: float, *, threshold: float, to: float = 0.5) -> float:
    """The score moved along the log odds so that the threshold stands at `to`; the order of scores stays."""
    return probability(log_odds(score) - log_odds(threshold) + log_odds(to))
