"""Whether the conversation gets nowhere: counted turns, no guess about anybody's mood.

A turn fails when the AI did not understand or found nothing; it is also lost when the customer has to ask the same
again or the AI gives the same answer again. Each counts a fifth, so that the thresholds .4, .6 and .8 stand for two,
three and four of them; the same said again is by itself worth two, for one of them went unnoticed before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.hearing import Heard, hear, is_like, since_human
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger

FIFTHS = 5
REPETITION_ALONE = 2
SAME_QUESTION = 0.75  # likeness from which on it is the same again
SAME_ANSWER = 0.75
MISUNDERSTOOD = 0.9  # weight of a phrase from which on the AI surely said that it did not understand
EMPTY = 0.8

NOTHING = Evidence("", "", "Every turn so far led somewhere")


@dataclass(frozen=True, slots=True)
class Lost:
    """Why turns are lost: the sentence's part, and which messages they are, counted from the first looked at."""

    rule: str
    reason: str
    places: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """The reason and how often."""
        times = len(self.places)
        return f"{self.reason} {'once' if times == 1 else f'{times} times'}"


def detect_unproductive(text: str, *, history: Sequence[Said], threshold: float, turn: int = 0) -> Signal:
    """Whether too many turns were lost before and with this message, since a human spoke last."""
    heard = [hear(said) for said in (*since_human(history), Said("customer", text))]
    lost = [one for one in count_lost(heard) if one.places]
    score = score_of(lost)
    return Signal(Trigger.UNPRODUCTIVE, score, threshold, score >= threshold, evidence_of(lost, heard), turn)


def score_of(lost: Sequence[Lost]) -> float:
    """A fifth for each lost message, two at least where something was said again; at most 1."""
    points = len({place for one in lost for place in one.places})
    repeated = any(one.rule.startswith("repeated") for one in lost)
    return min(1.0, max(points, REPETITION_ALONE if repeated else 0) / FIFTHS)


def evidence_of(lost: Sequence[Lost], heard: Sequence[Heard]) -> Evidence:
    """What happened how often, and in which messages of the timeline."""
    if not lost:
        return NOTHING
    sequences = {heard[place].said.sequence for one in lost for place in one.places} - {0}
    first, *others = (one.sentence for one in lost)
    sentence = "; ".join([first, *(other[:1].lower() + other[1:] for other in others)])
    return Evidence(lost[0].rule, "", sentence, tuple(sorted(sequences)))


def count_lost(heard: Sequence[Heard]) -> tuple[Lost, ...]:
    """Every reason with its messages, of which there may be none."""
    customer = [place for place, one in enumerate(heard) if one.said.speaker == "customer"]
    ai = [place for place, one in enumerate(heard) if one.said.speaker == "ai"]
    failed = [place for place in ai if misunderstood(heard[place])]
    answers = [place for place in ai if place not in failed and "asks_more" not in heard[place].kinds]
    empty = [place for place in ai if place not in failed and heard[place].kinds.get("empty", 0.0) >= EMPTY]
    return (
        Lost("not_understood", "The AI did not understand", tuple(failed)),
        Lost("found_nothing", "The AI found nothing", tuple(empty)),
        Lost("repeated_question", "The customer asked the same again", again(heard, customer, SAME_QUESTION)),
        Lost("repeated_answer", "The AI gave the same answer again", again(heard, answers, SAME_ANSWER)),
    )


def misunderstood(heard: Heard) -> bool:
    """Whether this was no answer, by the AI's own report or by its words."""
    return not heard.said.understood or heard.kinds.get("misunderstood", 0.0) >= MISUNDERSTOOD


def again(heard: Sequence[Heard], places: Sequence[int], least: float) -> tuple[int, ...]:
    """Of these messages the ones that say what one before them said."""
    return tuple(
        place
        for number, place in enumerate(places)
        if any(is_like(heard[place], heard[before], least) for before in places[:number])
    )
