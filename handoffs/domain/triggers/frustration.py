"""Whether a customer has had enough: how the message is written, and how the conversation has gone.

The message is read by a linear model (English) and by the phrases of exasperation of every language we have rules for;
the two add up as log odds. What went wrong before adds to the odds themselves: among customers who write calmly it
decides the order, and next to an insult it hardly matters. Where nothing went wrong it adds nothing.
"""

from collections.abc import Iterator, Sequence
from math import exp

from handoffs.domain.triggers.course import CENTRE, Course, read_course
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.exasperation import exasperation_of, frustration_words
from handoffs.domain.triggers.hearing import hear
from handoffs.domain.triggers.linear import Weighed, log_odds, probability
from handoffs.domain.triggers.models import load_model
from handoffs.domain.triggers.phrasebook import Phrase
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger

PHRASES_WEIGHT = 3.0
FOREIGN_PHRASES_WEIGHT = 4.0  # all there is to go by
FOREIGN_SHARE = 0.5  # of the model, which alone must not fire there
CALM = -2.0  # log odds of a message that says nothing
TASTE_SHARE = 0.25  # "I hate horror films" says little about how the customer feels who was asked what he likes
COURSE_WEIGHT = 0.08  # three corrections in a row, or one and two failed answers, reach even odds
LEAST_TOLD = 0.1  # of the score; a course that adds less is not told
TOLD_FROM = 0.2  # below this score nothing is told
SHOWN_PHRASES = 3

NOTHING = Evidence("", "", "Nothing here sounds frustrated")


def detect_frustration(text: str, *, history: Sequence[Said], threshold: float, turn: int = 0) -> Signal:
    """How frustrated this customer message sounds, from 0 to 1, after what was said before, oldest first.

    Linear in the length of the text. A correction alone does not fire: it takes several, or words that say it.
    """
    message = load_model("frustration").weigh(text)
    phrases = frustration_words(text)
    course = read_course(text, history=history)
    weight = FOREIGN_PHRASES_WEIGHT if message.is_foreign else PHRASES_WEIGHT
    odds = odds_of(message, TASTE_SHARE if tells_taste(history) else 1.0)
    said = odds + weight * exasperation_of(one.weight for one in phrases)
    score = combine(said, lift_of(course))
    words = tuple(quoted(phrases, message.words))
    told = course if score - probability(said) >= LEAST_TOLD else Course(0.0)
    return Signal(Trigger.FRUSTRATION, score, threshold, score >= threshold, evidence_of(score, words, told), turn)


def odds_of(message: Weighed, share: float = 1.0) -> float:
    """The log odds of the model, drawn to those of a calm message where it does not know the language, or less is to be
    made of it."""
    counted = min(share, FOREIGN_SHARE) if message.is_foreign else share
    return CALM + counted * (log_odds(message.probability) - CALM)


def tells_taste(history: Sequence[Said]) -> bool:
    """Whether the AI has just asked what the customer likes."""
    return bool(history) and history[-1].speaker == "ai" and "asks_taste" in hear(history[-1]).kinds


def lift_of(course: Course) -> float:
    """The signs of the course together: 0 where there are none, less where the customer is pleased."""
    return log_odds(course.score) + CENTRE if course.score else 0.0


def combine(said: float, lift: float) -> float:
    """The score of a message with these log odds after such a course; the same as without one for a lift of 0."""
    odds = exp(said + min(lift, 0.0)) + COURSE_WEIGHT * (exp(max(lift, 0.0)) - 1.0)
    return odds / (1.0 + odds)


def quoted(phrases: Sequence[Phrase], words: Sequence[str]) -> Iterator[str]:
    """The customer's own words that say it: phrases where there are some, else what the model weighed most."""
    yield from dict.fromkeys([one.words for one in phrases] or words)


def evidence_of(score: float, words: Sequence[str], course: Course) -> Evidence:
    """The score, the words and what went wrong before, in one sentence that quotes nothing twice."""
    if score < TOLD_FROM or not (words or course.sentences):
        return NOTHING
    quotes = [f"“{word}”" for word in words[:SHOWN_PHRASES]]
    sentences = [lowered(sentence) for sentence in course.sentences if not any(quote in sentence for quote in quotes)]
    sentence = f"Frustration {score:.2f}: {', '.join([*quotes, *sentences])}"
    return Evidence("course" if course.sentences else "words", " ".join(words), sentence, course.sequences)


def lowered(sentence: str) -> str:
    """The sentence as it stands inside another."""
    return sentence[:1].lower() + sentence[1:]
