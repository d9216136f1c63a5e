"""Whether a customer has had enough: how the message is written, and how the conversation has gone.

Three readings add up as log odds: a linear model of the message (English), the phrases of exasperation of every
language we have rules for, and the course of the conversation, which adds nothing when nothing went wrong.
"""

from collections.abc import Iterator, Sequence

from handoffs.domain.triggers.course import CENTRE, Course, read_course
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.exasperation import exasperation_of, frustration_words
from handoffs.domain.triggers.linear import log_odds, probability
from handoffs.domain.triggers.models import load_model
from handoffs.domain.triggers.phrasebook import Phrase
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger

PHRASES_WEIGHT = 3.0
COURSE_WEIGHT = 1.0
LEAST_LIFT = 0.5  # log odds; what moves the score by less is not told
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
    course_lift = COURSE_WEIGHT * lift_of(course)
    odds = log_odds(message.probability) + PHRASES_WEIGHT * exasperation_of(one.weight for one in phrases) + course_lift
    score = probability(odds)
    words = tuple(quoted(phrases, message.words))
    told = course if course_lift >= LEAST_LIFT else Course(0.0)
    return Signal(Trigger.FRUSTRATION, score, threshold, score >= threshold, evidence_of(score, words, told), turn)


def lift_of(course: Course) -> float:
    """What the course adds to the log odds: 0 for one without a sign, less where the customer is pleased."""
    return log_odds(course.score) + CENTRE if course.score else 0.0


def quoted(phrases: Sequence[Phrase], words: Sequence[str]) -> Iterator[str]:
    """The customer's own words that say it: phrases where there are some, else what the model weighed most."""
    yield from dict.fromkeys([one.words for one in phrases] or words)


def evidence_of(score: float, words: Sequence[str], course: Course) -> Evidence:
    """The score, the words and what went wrong before, in one sentence."""
    if score < TOLD_FROM or not (words or course.sentences):
        return NOTHING
    quotes = [f"“{word}”" for word in words[:SHOWN_PHRASES]]
    sentences = [lowered(sentence) for sentence in course.sentences]
    sentence = f"Frustration {score:.2f}: {', '.join([*quotes, *sentences])}"
    return Evidence("course" if sentences else "words", " ".join(words), sentence, course.sequences)


def lowered(sentence: str) -> str:
    """The sentence as it stands inside another."""
    return sentence if sentence.startswith("The AI") else sentence[:1].lower() + sentence[1:]
