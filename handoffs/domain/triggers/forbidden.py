"""Whether a message is about something the AI must never answer: keywords for certain, then likeness to examples."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from handoffs.domain.config import ForbiddenTopicConfig
from handoffs.domain.settings import Sensitivity
from handoffs.domain.triggers.keywords import KeywordIndex, index_keywords
from handoffs.domain.triggers.likeness import KEPT_TOPICS, Profile, read_meanings, read_profile, reader
from handoffs.domain.triggers.meaning import Embed, Meaning
from handoffs.domain.triggers.normalise import visible
from handoffs.domain.triggers.signal import Evidence, Signal, Trigger

CERTAIN = 1.0
NORMAL_THRESHOLD = 0.5
NOTHING = Evidence("", "", "No example to compare with")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one topic makes of the message; `tell` says why, and is asked only of what is told."""

    topic: ForbiddenTopicConfig
    score: float
    threshold: float
    tell: Callable[[], Evidence]

    @property
    def fires(self) -> bool:
        return self.score >= self.threshold


def detect_forbidden_topic(
    text: str,
    *,
    topics: Sequence[ForbiddenTopicConfig],
    sensitivity: Sensitivity,
    turn: int = 0,
    embed: Embed | None = None,
) -> tuple[Signal, ...]:
    """The strongest topic that fires and the nearest that does not, in this order; nothing where there are no topics.

    Keywords fire at every sensitivity; at low nothing else does. embed: the sentence model, None for the vectors that
    are shipped.
    """
    readings = sorted(read_topics(text, topics, sensitivity, embed), key=lambda one: -one.score)
    fired = [one for one in readings if one.fires][:1]
    quiet = [one for one in readings if not one.fires][:1]
    return tuple(signal_of(one, turn) for one in (*fired, *quiet))


def signal_of(reading: Reading, turn: int) -> Signal:
    """The signal of a reading."""
    return Signal(
        Trigger.FORBIDDEN_TOPIC,
        reading.score,
        reading.threshold,
        reading.fires,
        reading.tell(),
        turn,
        topic=reading.topic.key,
    )


def read_topics(
    text: str, topics: Sequence[ForbiddenTopicConfig], sensitivity: Sensitivity, embed: Embed | None
) -> Iterator[Reading]:
    """What each topic makes of the message."""
    shown = visible(text)
    meanings: list[Meaning] = []
    for topic in topics:
        found = keywords_of(topic.keywords).find(shown)
        if found:
            yield Reading(topic, CERTAIN, NORMAL_THRESHOLD, partial(keyword_evidence, found[0].written, found[1]))
            continue
        meanings = meanings or read_meanings(shown, reader(embed))
        profile = read_profile(topic.name, topic.examples, embed)
        yield compare_topic(topic, profile, meanings, sensitivity)


def compare_topic(
    topic: ForbiddenTopicConfig, profile: Profile | None, meanings: Sequence[Meaning], sensitivity: Sensitivity
) -> Reading:
    """What a topic none of whose keywords was found makes of the message."""
    if profile is None:
        return Reading(topic, 0.0, CERTAIN, lambda: NOTHING)
    near = profile.compare(meanings)
    threshold = threshold_for(profile, sensitivity)
    return Reading(topic, near.score, threshold, partial(likeness_evidence, profile, near.meaning))


@lru_cache(maxsize=KEPT_TOPICS)
def keywords_of(keywords: tuple[str, ...]) -> KeywordIndex:
    """The index of a topic's keywords, made once."""
    return index_keywords(keywords)


def threshold_for(profile: Profile, sensitivity: Sensitivity) -> float:
    """The least score that fires; likeness alone never reaches that of low sensitivity."""
    if sensitivity is Sensitivity.LOW:
        return CERTAIN
    return profile.high_threshold if sensitivity is Sensitivity.HIGH else NORMAL_THRESHOLD


def keyword_evidence(written: str, words: str) -> Evidence:
    """Why a keyword fires."""
    return Evidence("keyword", words, f"Keyword “{written}”: “{words}”")


def likeness_evidence(profile: Profile, meaning: Meaning) -> Evidence:
    """The nearest phrase, and how near."""
    likeness, phrase = profile.nearest(meaning)
    return Evidence("likeness", meaning.text, f"Like “{phrase}” ({likeness:.2f})".replace("(0.", "(."))


def score_topics(text: str, topics: Mapping[str, ForbiddenTopicConfig], embed: Embed | None = None) -> dict[str, float]:
    """For each topic from 0 to 1, 0.5 and above where it fires at normal sensitivity."""
    readings = read_topics(text, tuple(topics.values()), Sensitivity.NORMAL, embed)
    return {key: reading.score for key, reading in zip(topics, readings, strict=True)}
