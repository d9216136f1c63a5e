"""Whether a customer says yes or no to “Shall I bring in a person?”, in every language we have rules for."""

from collections.abc import Iterator
from enum import StrEnum

from handoffs.domain.triggers.explicit import detect_explicit_request
from handoffs.domain.triggers.phrasebook import build_phrasebook, find_phrases
from handoffs.domain.triggers.phrases import PHRASES

CONSIDERED_CHARACTERS = 1_000
BOOK = build_phrasebook(PHRASES, "answers")
NEGATED = "negated"  # the veto of a request that says no person is wanted


class Answer(StrEnum):
    """What an answer comes to."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


SIGNS = {Answer.YES: "👍👌✅✔🙏🙌💯", Answer.NO: "👎❌🙅🚫✖"}


def read_answer(text: str) -> Answer:
    """What the text answers to the offer of a person.

    Whoever asks for a person says yes whatever word comes first ("no, I want a person"), whoever wants none says no.
    Otherwise the strongest word decides; equally strong ones that disagree, or none at all, are unclear.
    """
    considered = text[:CONSIDERED_CHARACTERS]
    request = detect_explicit_request(considered)
    if request.fired:
        return Answer.YES
    if request.evidence.rule == NEGATED:
        return Answer.NO
    return strongest(considered)


def strongest(text: str) -> Answer:
    """The answer the weightiest phrase gives."""
    weights: dict[Answer, float] = {}
    for answer, weight in (*signs(text), *phrases(text)):
        weights[answer] = max(weight, weights.get(answer, 0.0))
    best = max(weights.values(), default=0.0)
    said = [answer for answer, weight in weights.items() if weight == best]
    return said[0] if len(said) == 1 else Answer.UNCLEAR


def signs(text: str) -> Iterator[tuple[Answer, float]]:
    """Answers given by a picture."""
    return ((answer, 0.5) for answer, pictures in SIGNS.items() if not set(pictures).isdisjoint(text))


def phrases(text: str) -> Iterator[tuple[Answer, float]]:
    """Answers given in words; of phrases that overlap only the weightiest counts ("no problem" is no no)."""
    for clause in find_phrases(text, BOOK):
        taken: set[int] = set()
        for found, phrase in sorted(clause, key=lambda pair: (-pair[0].score, pair[0].start)):
            if taken.isdisjoint(found.positions):
                yield Answer(phrase.kind), phrase.weight
            taken.update(found.positions)
