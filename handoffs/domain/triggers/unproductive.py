"""Whether the conversation gets nowhere: counted turns, no guess about anybody's mood.

A turn fails when the AI did not understand or found nothing; it is also lost when the customer has to ask the same
again or the AI gives the same answer again. Each counts a fifth, so that the thresholds .4, .6 and .8 stand for two,
three and four of them; the same said again is by itself worth two, for one of them went unnoticed before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.hearing import Heard, hear, likeness, since_human
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger

FIFTHS = 5
REPETITION_ALONE = 2
SAME_QUESTION = 0.6  # likeness from which on it is the same again
SAME_ANSWER = 0.75
MISUNDERSTOOD = 0.9  # weight of a phrase from which on the AI surely said that it did not understand
EMPTY = 0.8

NOTHING = Evidence("", "", "Every turn so far led somewhere")


@dataclass(frozen=True, slots=True)
class Lost:
    """Why turns are lost: the sentence's part, and the messages it happened in, by their place in the timeline."""

    rule: str
    reason: str
    sequences: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """The reason and how often."""
        times = len(self.sequences)
        return f"{self.reason} {'once' if times == 1 else f'{times} times'}"


def detect_unproductive(text: str, *, history: Sequence[Said], threshold: float, turn: int = 0) -> Signal:
    """Whether too many turns were lost before and with this message, since a human spoke last."""
    lost = [one for one in count_lost(text, since_human(history)) if one.sequences]
    score = score_of(lost)
    return Signal(Trigger.UNPRODUCTIVE, score, threshold, score >= threshold, evidence_of(lost), turn)


def score_of(lost: Sequence[Lost]) -> float:
    """A fifth for each lost turn, two at least where something was said again; at most 1."""
    points = sum(len(one.sequences) for one in lost)
    repeated = any(one.rule.startswith("repeated") for one in lost)
    return min(1.0, max(points, REPETITION_ALONE if repeated else 0) / FIFTHS)


def evidence_of(lost: Sequence[Lost]) -> Evidence:
    """What happened how often, and in which messages."""
    if not lost:
        return NOTHING
    sequences = tuple(sorted({sequence for one in lost for sequence in one.sequences if sequence}))
    return Evidence(lost[0].rule, "", "; ".join(one.sentence for one in lost), sequences)


def count_lost(text: str, before: Sequence[Said]) -> tuple[Lost, ...]:
    """Every reason with its messages, of which there may be none."""
    customer = [hear(said) for said in (*before, Said("customer", text)) if said.speaker == "customer"]
    ai = [hear(said) for said in before if said.speaker == "ai"]
    empty = [heard for heard in ai if heard.kinds.get("empty", 0.0) >= EMPTY and not misunderstood(heard)]
    answers = [heard for heard in ai if "asks_more" not in heard.kinds and not misunderstood(heard)]
    return (
        lose("not_understood", "The AI did not understand", [heard for heard in ai if misunderstood(heard)]),
        lose("found_nothing", "The AI found nothing", empty),
        lose("repeated_question", "The customer asked the same again", again(customer, SAME_QUESTION)),
        lose("repeated_answer", "The AI gave the same answer again", again(answers, SAME_ANSWER)),
    )


def lose(rule: str, reason: str, heard: Sequence[Heard]) -> Lost:
    """The messages as places in the timeline."""
    return Lost(rule, reason, tuple(one.said.sequence for one in heard))


def misunderstood(heard: Heard) -> bool:
    """Whether this was no answer, by the AI's own report or by its words."""
    return not heard.said.understood or heard.kinds.get("misunderstood", 0.0) >= MISUNDERSTOOD


def again(heard: Sequence[Heard], least: float) -> list[Heard]:
    """The messages that repeat one before them."""
    return [one for place, one in enumerate(heard) if any(likeness(one, other) >= least for other in heard[:place])]
