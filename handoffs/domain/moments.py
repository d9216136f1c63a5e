"""From a reviewed conversation to judged moments: when reviewers say that a handoff was due, or was not.

An episode is what the customer said to the AI up to one handoff, or up to the conversation's end. Each gives at most
one moment:

- *needed* and *wrong desk*: due at the message that set it off;
- *escalated unnecessarily*: not due there;
- *too late*: due at the customer's message before, and missed;
- a turn marked *should have handed off here*: due at that turn, and missed; the first mark counts;
- *wrong topic* says nothing of when; a mark beside *unnecessary* contradicts it: both are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conversations.domain.vocabulary import OwnerKind, TurnMark, Verdict
from handoffs.domain.triggers.dialogue import Said, Speaker
from handoffs.domain.triggers.signal import Trigger

SPEAKERS: Mapping[str, Speaker] = {"customer.message": "customer", "ai.message": "ai", "human.message": "human"}
RIGHT = frozenset({Verdict.NEEDED.value, Verdict.WRONG_DESK.value})


class LeftOut(StrEnum):
    """Why a judged episode gives no moment."""

    ERASED = "erased"
    SILENT = "silent"  # the customer said nothing to the AI in it
    CONTRADICTED = "contradicted"
    WRONG_TOPIC = "wrong_topic"


@dataclass(frozen=True, slots=True)
class Happened:
    """What is read of one event of a timeline."""

    sequence: int
    type: str
    payload: Mapping[str, Any]


@dataclass(slots=True)
class Episode:
    """dialogue: everything said in the conversation up to its end; heard: places in it of what the customer said to
    the AI in this episode; handoffs: ids of the handoff that ended it and of those that followed without the AI;
    trigger: what set it off, empty when nothing did."""

    dialogue: list[Said]
    heard: list[int] = field(default_factory=list)
    handoffs: list[str] = field(default_factory=list)
    trigger: str = ""
    is_erased: bool = False

    @property
    def sequences(self) -> list[int]:
        """Where in the timeline stands what the customer said to the AI."""
        return [self.dialogue[place].sequence for place in self.heard]


@dataclass(frozen=True, slots=True)
class Moment:
    """sequence: the customer's message it is about; verdict: what was said of it, a Verdict or a TurnMark; trigger:
    what fired there, empty for a handoff that nothing set off in time."""

    sequence: int
    is_due: bool
    verdict: str
    trigger: str = ""


def read_episodes(events: Iterable[Happened]) -> list[Episode]:
    """The episodes of a whole timeline, in order; the last one may have no handoff."""
    dialogue: list[Said] = []
    episodes, owner = [Episode(dialogue)], OwnerKind.AI.value
    for event in events:
        now: Mapping[str, Any] = event.payload.get("now") or {}
        if now.get("handoff_id"):
            _end(episodes[-1], now)
        owner = now.get("owner_kind", owner)
        if event.type in SPEAKERS:
            dialogue.append(_said(event))
            if event.type == "customer.message" and owner == OwnerKind.AI:
                _hear(episodes, dialogue, is_erased="erased_at" in event.payload)
    return episodes


def judge_episode(episode: Episode, *, verdict: str, marks: Sequence[int]) -> Moment | LeftOut:
    """What reviewers say of an episode. verdict: the newest, empty for none; marks: sequences of the episode's turns
    that are marked. There is a verdict or a mark."""
    heard = episode.sequences
    if episode.is_erased:
        return LeftOut.ERASED
    if not heard:
        return LeftOut.SILENT
    if marks:
        return _marked(heard, episode.trigger, verdict=verdict, at=min(marks))
    return _judged(heard, episode.trigger, verdict)


def marks_of(episode: Episode, episodes: Sequence[Episode], marks: Iterable[int]) -> list[int]:
    """The marked turns that belong to this episode: from its first message to the AI to the next episode's."""
    starts = [one.sequences[0] for one in episodes if one.heard]
    if not episode.heard:
        return []
    first = episode.sequences[0]
    following = min((start for start in starts if start > first), default=None)
    opens = first if first != min(starts) else 0
    return [mark for mark in marks if mark >= opens and (following is None or mark < following)]


def _end(episode: Episode, now: Mapping[str, Any]) -> None:
    episode.handoffs.append(str(now["handoff_id"]))
    episode.trigger = episode.trigger or str(now.get("trigger", ""))


def _said(event: Happened) -> Said:
    payload = event.payload
    understood = payload.get("understood") is not False
    return Said(SPEAKERS[event.type], str(payload.get("text") or ""), event.sequence, understood)


def _hear(episodes: list[Episode], dialogue: list[Said], *, is_erased: bool) -> None:
    """The customer's last words go to the AI: in a new episode when the one before has been handed off."""
    if episodes[-1].handoffs:
        episodes.append(Episode(dialogue))
    episodes[-1].heard.append(len(dialogue) - 1)
    episodes[-1].is_erased |= is_erased


def _marked(heard: Sequence[int], trigger: str, *, verdict: str, at: int) -> Moment | LeftOut:
    if verdict == Verdict.ESCALATED_UNNECESSARILY:
        return LeftOut.CONTRADICTED
    due = max((sequence for sequence in heard if sequence <= at), default=heard[0])
    fired = trigger if due == heard[-1] else ""
    return Moment(due, is_due=True, verdict=TurnMark.SHOULD_HAVE_HANDED_OFF.value, trigger=fired)


def _judged(heard: Sequence[int], trigger: str, verdict: str) -> Moment | LeftOut:
    # A person who took over did what no trigger had done.
    fired = "" if trigger == Trigger.HUMAN_TAKEOVER else trigger
    if verdict in RIGHT:
        return Moment(heard[-1], is_due=True, verdict=verdict, trigger=fired)
    if verdict == Verdict.ESCALATED_UNNECESSARILY:
        return Moment(heard[-1], is_due=False, verdict=verdict, trigger=trigger)
    if verdict == Verdict.TOO_LATE:
        return Moment(heard[-2] if len(heard) > 1 else heard[-1], is_due=True, verdict=verdict)
    return LeftOut.WRONG_TOPIC
