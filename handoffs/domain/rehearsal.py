"""A rehearsal: what the triggers make of words nobody handed over for, and what settings would then make happen.

A transcript to rehearse is text, one message after the other, each beginning with who says it: `Customer:`, `AI:` or
`Agent:`. A line that begins with nobody goes on with the message before it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handoffs.domain.config import ForbiddenTopicConfig, ProjectConfig
from handoffs.domain.expectations import Situation, Step, expect
from handoffs.domain.levels import apply_level
from handoffs.domain.settings import Level, Sensitivity, SettingsConfig
from handoffs.domain.triggers.detection import PRECEDENCE, detect
from handoffs.domain.triggers.dialogue import LOOKED_BACK, Said, Speaker
from handoffs.domain.triggers.forbidden import detect_forbidden_topic
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.once import looking
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger
from handoffs.domain.triggers.thresholds import THRESHOLDS, threshold_of
from handoffs.domain.turns import Decision, Heard, decide_turn, lets_through

MOST_MESSAGES, MOST_CHARACTERS = 200, 60_000
LONGEST_NAME = 30
SPEAKERS: Mapping[str, Speaker] = {
    **dict.fromkeys(("customer", "user", "visitor", "client", "caller"), "customer"),
    **dict.fromkeys(("ai", "bot", "assistant"), "ai"),
    **dict.fromkeys(("agent", "human", "person", "colleague", "staff"), "human"),
}
SITUATIONS: Mapping[Trigger, Situation] = {
    Trigger.EXPLICIT_REQUEST: Situation.ASKS,
    Trigger.FRUSTRATION: Situation.FRUSTRATED,
    Trigger.UNPRODUCTIVE: Situation.NOWHERE,
    Trigger.FORBIDDEN_TOPIC: Situation.FORBIDDEN,
    Trigger.AI_DECISION: Situation.AI_DECIDES,
    Trigger.TOPIC_ACTION: Situation.AI_DECIDES,
    Trigger.FUNCTION: Situation.AI_DECIDES,
}
REACHES_A_PERSON = frozenset({Step.TRANSFERS, Step.TRANSFERS_IN_SILENCE, Step.APOLOGISES_AND_TRANSFERS})
DECLINED = Trigger.EXPLICIT_REQUEST  # the one that gets an answer where nobody may be called


class UnreadableTranscript(Exception):
    """It is no transcript; says why, and in which line, counted from 1, where there is one."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why, self.line = why, line


NOBODY, NO_CUSTOMER, TOO_LONG, TOO_MANY = "nobody", "no_customer", "too_long", "too_many"


@dataclass(frozen=True, slots=True)
class Following:
    """What happens next under some settings. trigger: what acts, None where nothing does; steps: in order, as
    `expectations` has them, none where the AI just answers."""

    trigger: Trigger | None = None
    steps: tuple[Step, ...] = ()

    @property
    def reaches(self) -> bool:
        """Whether it ends with a person."""
        return bool(self.steps) and self.steps[-1] in REACHES_A_PERSON

    @property
    def asks_first(self) -> bool:
        return self.reaches and len(self.steps) > 1


NOTHING_FOLLOWS = Following()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A signal and from which score on it fires at each sensitivity; own: a threshold of the project's own."""

    signal: Signal
    marks: Mapping[Sensitivity, float]
    own: float | None = None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One message. place: counted from 1; weighed: in the order of precedence, none for what no trigger looks at;
    now: what follows with the settings as they are, at: with each level's."""

    place: int
    said: Said
    weighed: tuple[Weighed, ...] = ()
    now: Following = NOTHING_FOLLOWS
    at: Mapping[Level, Following] | None = None


def read_transcript(text: str) -> tuple[Said, ...]:
    """The messages of a transcript, `sequence` counted from 1. Raises UnreadableTranscript."""
    if len(text) > MOST_CHARACTERS:
        raise UnreadableTranscript(TOO_LONG)
    read: list[tuple[Speaker, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        speaker, words = _spoken(line)
        if speaker:
            read.append((speaker, [words]))
        elif read:
            read[-1][1].append(line.strip())
        elif line.strip():
            raise UnreadableTranscript(NOBODY, number)
    if len(read) > MOST_MESSAGES:
        raise UnreadableTranscript(TOO_MANY)
    if not any(speaker == "customer" for speaker, _ in read):
        raise UnreadableTranscript(NO_CUSTOMER)
    return tuple(
        Said(speaker, "\n".join(words).strip(), sequence) for sequence, (speaker, words) in enumerate(read, start=1)
    )


def rehearse(
    dialogue: Sequence[Said], heard: Collection[int], *, config: ProjectConfig, embed: Embed | None = None
) -> tuple[Rehearsed, ...]:
    """Every message of the dialogue; those at the places heard are weighed, each as if nothing had fired before it.
    The sequences differ. embed: the sentence model topics are compared by, where there is one."""
    levels = {level: apply_level(config.settings, level) for level in Level}
    with looking():
        return tuple(
            _rehearse(place, dialogue, config, levels, embed) if place in heard else Rehearsed(place + 1, said)
            for place, said in enumerate(dialogue)
        )


def heard_by_ai(dialogue: Sequence[Said]) -> frozenset[int]:
    """The places of what the AI would answer: the customer's messages with words, while no person answers."""
    heard, is_with_person = set[int](), False
    for place, said in enumerate(dialogue):
        if said.speaker != "customer":
            is_with_person = said.speaker == "human"
        elif said.text and not is_with_person:
            heard.add(place)
    return frozenset(heard)


def decide_message(
    dialogue: Sequence[Said], place: int, *, config: ProjectConfig, embed: Embed | None = None
) -> Decision:
    """What is decided of the message at this place, with what was said before it and nothing declined."""
    before = dialogue[max(0, place - LOOKED_BACK) : place + 1]
    return decide_turn(Heard((dialogue[place].sequence,), tuple(before)), config=config, embed=embed)


def follow(signals: Sequence[Signal], *, settings: SettingsConfig) -> Following:
    """What `decide_turn` makes happen of these signals under other settings too, as long as forbidden topics are as
    readily recognised: scores do not change, only from which one on they fire."""
    fired = {signal.trigger for signal in signals if _fires(signal, settings)}
    for trigger in PRECEDENCE:
        if trigger in fired and (trigger is Trigger.FORBIDDEN_TOPIC or lets_through(trigger, settings=settings)):
            return follow_trigger(trigger, settings=settings)
    return follow_trigger(DECLINED, settings=settings) if DECLINED in fired else NOTHING_FOLLOWS


def follow_trigger(trigger: Trigger, *, settings: SettingsConfig) -> Following:
    """What happens after a trigger that acts; one from outside the conversation reaches a person as it is."""
    situation = SITUATIONS.get(trigger)
    if situation is None:
        return Following(trigger, (Step.TRANSFERS,))
    steps = next(one.steps for one in expect(settings) if one.situation is situation)
    return Following(trigger, steps)


def try_topic(
    text: str, topic: ForbiddenTopicConfig, *, config: ProjectConfig, embed: Embed | None = None
) -> Signal | None:
    """What a forbidden topic alone makes of a message, at the project's sensitivity; None where it cannot be looked
    for: it has nothing to be recognised by."""
    signals = detect(text, history=(), config=replace(config, forbidden_topics=(topic,)), embed=embed)
    found = [signal for signal in signals if signal.trigger is Trigger.FORBIDDEN_TOPIC]
    return max(found, key=lambda signal: (signal.fired, signal.score), default=None)


def mark_evidence(text: str, evidence: Iterable[Evidence]) -> tuple[tuple[str, bool], ...]:
    """The text in parts, each with whether it is evidence: its words as they stand in the text, else each that its
    sentence quotes."""
    spans = sorted(span for one in evidence for span in _spans_of(text, one))
    return tuple(_parts(text, spans)) or ((text, False),)


def _spans_of(text: str, evidence: Evidence) -> list[tuple[int, int]]:
    return list(_spans(text, [evidence.words])) or list(_spans(text, _quoted(evidence.sentence)))


def _fires(signal: Signal, settings: SettingsConfig) -> bool:
    if signal.trigger not in THRESHOLDS:
        return signal.fired
    return signal.score >= threshold_of(settings, signal.trigger)


def _rehearse(
    place: int,
    dialogue: Sequence[Said],
    config: ProjectConfig,
    levels: Mapping[Level, SettingsConfig],
    embed: Embed | None,
) -> Rehearsed:
    signals = decide_message(dialogue, place, config=config, embed=embed).signals
    return Rehearsed(
        place + 1,
        dialogue[place],
        _weigh(signals, dialogue[place].text, config, embed),
        follow(signals, settings=config.settings),
        {level: follow(signals, settings=settings) for level, settings in levels.items()},
    )


def _weigh(signals: Sequence[Signal], text: str, config: ProjectConfig, embed: Embed | None) -> tuple[Weighed, ...]:
    topics, own = _thresholds_of_topics(text, config, embed), config.settings.thresholds
    return tuple(
        Weighed(
            signal,
            THRESHOLDS.get(signal.trigger) or topics.get(signal.topic, {}),
            own.get(signal.trigger.value),
        )
        for signal in signals
    )


def _thresholds_of_topics(text: str, config: ProjectConfig, embed: Embed | None) -> dict[str, dict[Sensitivity, float]]:
    """By topic: each has thresholds of its own, which only the detector knows."""
    found: dict[str, dict[Sensitivity, float]] = {}
    for topic in config.forbidden_topics:
        for sensitivity in Sensitivity:
            for signal in detect_forbidden_topic(text, topics=(topic,), sensitivity=sensitivity, embed=embed):
                found.setdefault(signal.topic, {})[sensitivity] = signal.threshold
    return found


def _spoken(line: str) -> tuple[Speaker | None, str]:
    name, colon, words = line.partition(":")
    if not colon or len(name) > LONGEST_NAME:
        return None, ""
    return SPEAKERS.get(name.strip(" *_>-").casefold()), words.strip(" *_")


def _quoted(sentence: str) -> list[str]:
    return [part.partition("”")[0] for part in sentence.split("“")[1:]]


def _spans(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each of the words stands first, as a whole."""
    # A few letters are longer in lower case: then the places would not fit, and only the same case is found.
    lower = text.lower() if len(text.lower()) == len(text) else text
    for one in words:
        start = lower.find(one.lower())
        while start >= 0 and one and not _is_whole(text, start, start + len(one)):
            start = lower.find(one.lower(), start + 1)
        if start >= 0 and one:
            yield start, start + len(one)


def _is_whole(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _parts(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in spans:
        if start < at:
            continue
        yield from ((part, marked) for part, marked in ((text[at:start], False), (text[start:end], True)) if part)
        at = end
    if text[at:]:
        yield text[at:], False
