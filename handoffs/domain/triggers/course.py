"""How a conversation is going, out of its last messages: dissatisfaction shows as correction and repetition.

Nothing here is trained. Few dissatisfied customers write angrily to a machine: they correct it, turn down what it
offers, ask the same again, and it apologises, finds nothing or repeats itself. Which of these shows depends on the
kind of talk:

- booking one service: "No, for three people", after a confirmation that was wrong; an offer turned down;
- booking across services: "I said the north", a question asked again, "Are you sure?", nothing found;
- recommending films: "I've seen that", "not my kind of thing", the next suggestion like the last;
- asking about tastes: "As I said", "What do you mean?"; a dislike told to whoever asked for it is no complaint.

So every signal adds its weight to one sum, the newest message most, and thanks and acceptance take away; the score is
the logistic of the sum. One correction alone stays low: it takes several signs together, or the same again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp

from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.exasperation import KINDS, exasperation_of
from handoffs.domain.triggers.hearing import Heard, hear, likeness, ramp, since_human

CENTRE = 3.4
LEAST_TOLD = 0.2
MOST_TOLD = 3
FADING = (1.0, 0.5, 0.25)  # what a second and third sign within one message still add
EARLIER = (0.4, 0.3, 0.1)  # what the customer's earlier messages still weigh, the latest first
EARLIER_FAILURES = (1.2, 0.4, 0.2, 0.1)  # the same of the AI's answers
EXASPERATION_WEIGHT = 2.2
TREND_WEIGHT = 0.6
OWN_REPETITION_WEIGHT = 1.1
AI_REPETITION_WEIGHT = 1.0
NOT_UNDERSTOOD_WEIGHT = 1.0
FINISHED_WEIGHT = 0.4  # an AI that asks whether there is anything else has mostly done what was asked
ASKED_FOR_WEIGHT = 1.2
LENGTH_WEIGHT = 0.12  # a long talk is more often one that does not get anywhere
COMPLAINTS: Mapping[str, str] = {
    "corrects": "Corrected the AI",
    "rejects": "Turned down what the AI offered",
    "changes": "Changed what was asked",
    "doubts": "Questioned the AI's answer",
    "regrets": "Took the answer badly",
    "denies": "Said no",
    "dismisses": "Gave up",
    "dislikes": "Disliked what the AI named",
    "seen": "Knew what the AI suggested",
}
FAILURES = ("failed", "empty", "misunderstood")
PRAISES = frozenset({"thanks", "accepts", "closes"})
ABOUT_THE_AI = frozenset({"corrects", "again", "waste", "leaving", "dismisses"})
OPINIONS = (KINDS | {"dislikes"}) - ABOUT_THE_AI
ASKED_FOR: Mapping[str, str] = {"dislikes": "asks_taste", "seen": "asks_seen"}
ENDS = frozenset({"closes", "thanks", "indifferent"})


@dataclass(frozen=True, slots=True)
class Course:
    """How the conversation goes: score from 0 to 1, why in sentences with the weightiest first, and the earlier
    messages that counted, by their place in the timeline."""

    score: float
    sentences: tuple[str, ...] = ()
    sequences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: what it adds to the sum, the sentence that says it, the earlier messages it rests on."""

    weight: float
    sentence: str = ""
    sequences: tuple[int, ...] = ()


def read_course(text: str, *, history: Sequence[Said]) -> Course:
    """How dissatisfied the customer who now says `text` is with what the AI said before; 0 when it said nothing.

    Looks at the last `LOOKED_BACK` messages since a human spoke. The time has a bound that no text moves.
    """
    before = since_human(history)
    if not any(said.speaker == "ai" for said in before):
        return Course(0.0)
    now, *earlier = [hear(said) for said in (Said("customer", text), *reversed(before))]
    customer = [heard for heard in earlier if heard.said.speaker == "customer"]
    ai = [heard for heard in earlier if heard.said.speaker == "ai"]
    return conclude([*signs_of_customer(now, customer, earlier), *signs_of_ai(ai), Sign(LENGTH_WEIGHT * len(customer))])


def conclude(signs: Sequence[Sign]) -> Course:
    """All signs in one score, the strongest three told."""
    told = sorted(
        (sign for sign in signs if sign.sentence and sign.weight >= LEAST_TOLD), key=lambda sign: -sign.weight
    )
    sentences = tuple(dict.fromkeys(sign.sentence for sign in told))[:MOST_TOLD]
    sequences = {sequence for sign in told if sign.sentence in sentences for sequence in sign.sequences if sequence}
    total = sum(sign.weight for sign in signs) - CENTRE
    return Course(1.0 / (1.0 + exp(-total)), sentences, tuple(sorted(sequences)))


def signs_of_customer(now: Heard, customer: Sequence[Heard], earlier: Sequence[Heard]) -> Iterator[Sign]:
    """What the customer's messages say about the AI's; `customer` and `earlier` are the latest first."""
    answered = next(heard for heard in earlier if heard.said.speaker == "ai")
    yield from complaints_of(now, answered)
    yield Sign(-faded(now.kinds[kind] for kind in PRAISES & now.kinds.keys()))
    yield Sign(-FINISHED_WEIGHT if "asks_more" in answered.kinds else 0.0)
    yield from lasting_complaints(earlier)
    yield from asked_for(now) if is_opinion(now, answered) else exasperation(now, customer)
    yield from repetition(now, customer, answered)


def is_opinion(now: Heard, answered: Heard) -> bool:
    """Whether strong words are about what the AI asked an opinion of, not about the AI."""
    return "asks_taste" in answered.kinds and ABOUT_THE_AI.isdisjoint(now.kinds)


def asked_for(now: Heard) -> Iterator[Sign]:
    """An opinion that was asked for is none of the AI, however strong its words."""
    if not OPINIONS.isdisjoint(now.kinds):
        yield Sign(-ASKED_FOR_WEIGHT)


def complaints_of(heard: Heard, answered: Heard) -> list[Sign]:
    """The complaints of one message, each after the first adding less."""
    weights = {kind: discounted(kind, heard, answered) for kind in COMPLAINTS.keys() & heard.kinds.keys()}
    ranked = sorted(weights, key=lambda kind: (-weights[kind], kind))
    return [
        Sign(weights[kind] * fading, f"{COMPLAINTS[kind]}: “{heard.quotes[kind]}”")
        for kind, fading in zip(ranked, FADING, strict=False)
    ]


def discounted(kind: str, heard: Heard, answered: Heard) -> float:
    """What a complaint weighs after what the AI asked: a no to "anything else?" is none, nor a dislike it asked for."""
    return heard.kinds[kind] * min(discounts(kind, heard, answered), default=1.0)


def discounts(kind: str, heard: Heard, answered: Heard) -> Iterator[float]:
    """The shares of its weight a complaint keeps for each thing that explains it."""
    if kind in ("denies", "rejects") and ("asks_more" in answered.kinds or not ENDS.isdisjoint(heard.kinds)):
        yield 0.1
    if kind == "denies" and "?" in answered.said.text[-3:]:
        yield 0.6
    if ASKED_FOR.get(kind) in answered.kinds:
        yield 0.4


def lasting_complaints(earlier: Sequence[Heard]) -> Iterator[Sign]:
    """What still weighs of complaints made before; what was said before any answer complains of none."""
    places = [place for place, heard in enumerate(earlier) if heard.said.speaker == "customer"]
    for place, lasting in zip(places, EARLIER, strict=False):
        answered = next((heard for heard in earlier[place:] if heard.said.speaker == "ai"), None)
        weight = sum(sign.weight for sign in complaints_of(earlier[place], answered)) if answered else 0.0
        if weight:
            yield Sign(weight * lasting, "Had complained before", (earlier[place].said.sequence,))


def exasperation(now: Heard, customer: Sequence[Heard]) -> Iterator[Sign]:
    """Words of somebody who has had enough, and more for each message in which they grew."""
    course = [exasperated(heard) for heard in (now, *customer[:2])]
    if course[0]:
        kind = max(KINDS & now.kinds.keys(), key=lambda kind: (now.kinds[kind], kind))
        yield Sign(EXASPERATION_WEIGHT * course[0], f"Is exasperated: “{now.quotes[kind]}”")
        yield Sign(TREND_WEIGHT * sum(1 for later, sooner in pairwise(course) if later > sooner))
    for heard, felt, lasting in zip(customer, course[1:], EARLIER, strict=False):
        if felt:
            yield Sign(EXASPERATION_WEIGHT * felt * lasting, "Was exasperated before", (heard.said.sequence,))


def exasperated(heard: Heard) -> float:
    """How exasperated the message's words are, from 0 to 1."""
    return exasperation_of(heard.kinds[kind] for kind in KINDS & heard.kinds.keys())


def repetition(now: Heard, customer: Sequence[Heard], answered: Heard | None) -> Iterator[Sign]:
    """The customer says the same again: in nearly the same words, or with the words the AI did not take up."""
    for heard in customer[:3]:
        weight = OWN_REPETITION_WEIGHT * max(
            ramp(likeness(now, heard), 0.4, 0.8), 0.6 * left_untaken(now, heard, answered)
        )
        if weight > 0:
            yield Sign(weight / (1 if heard is customer[0] else 1.5), "Said the same again", (heard.said.sequence,))
            return


def left_untaken(now: Heard, before: Heard, answered: Heard | None) -> float:
    """The share of what is asked that was asked before and that the AI's answer did not mention; 0 for one word."""
    again = (now.content & before.content) - (answered.content if answered else frozenset())
    return len(again) / len(now.content) if len(again) > 1 else 0.0


def signs_of_ai(ai: Sequence[Heard]) -> Iterator[Sign]:
    """What the AI's answers, the latest first, say of themselves: sorry, cannot, none found, not understood, again."""
    for heard, lasting in zip(ai, EARLIER_FAILURES, strict=False):
        failed = max(heard.kinds.get(kind, 0.0) for kind in FAILURES)
        if not heard.said.understood:
            failed = max(failed, NOT_UNDERSTOOD_WEIGHT)
        if failed:
            yield Sign(failed * lasting, "The AI had no answer", (heard.said.sequence,))
    yield from ai_repetition(ai)


def ai_repetition(ai: Sequence[Heard]) -> Iterator[Sign]:
    """The AI's last answer was given before; asking whether there is anything else may be."""
    if not ai or "asks_more" in ai[0].kinds:
        return
    weight, sequence = max(
        ((AI_REPETITION_WEIGHT * ramp(likeness(ai[0], heard), 0.5, 0.9), heard.said.sequence) for heard in ai[1:]),
        default=(0.0, 0),
    )
    if weight:
        yield Sign(weight, "The AI gave the same answer again", (sequence, ai[0].said.sequence))


def faded(weights: Iterable[float]) -> float:
    """Weights of one message together, each after the strongest adding less."""
    ranked = sorted(weights, reverse=True)
    return sum(weight * fading for weight, fading in zip(ranked, FADING, strict=False))
