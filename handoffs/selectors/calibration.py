"""A project's reviewed conversations as the triggers see them today: judged moments with every trigger's score.

The scores are made now, by the detector as it is and from the stored words, so that it is this detector that is judged
and not the one that decided then. The work is bounded: the newest conversations, each up to so many messages.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import cattrs
from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations.domain.vocabulary import Environment, TurnMark
from conversations.models import Annotation, Conversation, Event, Project
from conversations.selectors.transcript import customer_name
from handoffs.adapters.embeddings import load_embed
from handoffs.domain.calibration import Case
from handoffs.domain.config import ProjectConfig, content_hash
from handoffs.domain.kept import Kept
from handoffs.domain.moments import SPEAKERS, Episode, Happened, LeftOut, Moment, judge_episode, marks_of, read_episodes
from handoffs.domain.triggers.detection import detect
from handoffs.domain.triggers.dialogue import LOOKED_BACK, Said
from handoffs.domain.triggers.once import looking
from handoffs.domain.triggers.signal import Trigger

CONVERSATIONS = 300
HEARD = 40  # of the messages of one episode, the last ones before the moment
REMEMBERED = 20_000  # messages whose scores a process keeps
MEASURED = (Trigger.EXPLICIT_REQUEST, Trigger.FRUSTRATION, Trigger.UNPRODUCTIVE, Trigger.FORBIDDEN_TOPIC)
# Each forbidden topic has a threshold of its own: together they have fired or not.
OF_TOPICS = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """One trigger's strongest signal up to a moment. sequence: the message it is about; nearness: its score in parts of
    its own threshold."""

    score: float
    threshold: float
    fired: bool
    sequence: int

    @property
    def nearness(self) -> float:
        return self.score / self.threshold if self.threshold else float(self.fired)


# By conversation, sequence and configuration: scores, and none of the words. What stands under a sequence never
# changes, and another detector comes with another process.
_made = Kept[tuple[uuid.UUID, int, str], Mapping[Trigger, Seen]](most=REMEMBERED)


@dataclass(frozen=True, slots=True)
class SeenMoment:
    """A judged moment of a conversation, and what each trigger makes of it. customer: the name as the reader may see
    it; texts: the customer's messages to the AI up to the moment, by sequence."""

    conversation_id: uuid.UUID
    customer: str
    at: datetime
    moment: Moment
    seen: Mapping[Trigger, Seen]
    texts: Mapping[int, str]

    @property
    def key(self) -> str:
        return f"{self.conversation_id}:{self.moment.sequence}"

    @property
    def owner(self) -> str:
        """Whose the moment is: the trigger that fired, for a miss the one that came closest, empty when none saw
        anything."""
        if self.moment.trigger:
            return self.moment.trigger
        nearest = max(self.seen, key=self._nearness, default=None)
        return nearest.value if nearest and self._nearness(nearest) > 0 else ""

    def _nearness(self, trigger: Trigger) -> float:
        """How near it came to firing. Every message is somewhat like some topic: a topic is near where it fires."""
        seen = self.seen[trigger]
        return float(seen.fired) if trigger is Trigger.FORBIDDEN_TOPIC else seen.nearness


@dataclass(frozen=True)
class ReviewedSet:
    """moments: newest conversation first; conversations: how many were read; is_cut: there are older ones in the same
    days; left_out: judged episodes that give no moment, by why."""

    moments: tuple[SeenMoment, ...]
    conversations: int
    is_cut: bool
    left_out: Mapping[LeftOut, int]

    def cases(self, trigger: Trigger) -> list[Case]:
        """Every moment as this trigger sees it; forbidden topics score 1 where any fires, else 0."""
        return [
            Case(
                key=item.key,
                score=self._score(item.seen.get(trigger), trigger),
                is_due=item.moment.is_due,
                is_own=item.owner == trigger,
            )
            for item in self.moments
        ]

    @cached_property
    def unseen(self) -> tuple[SeenMoment, ...]:
        """Due moments at which no trigger saw anything."""
        return tuple(item for item in self.moments if item.moment.is_due and not item.owner)

    @cached_property
    def by_key(self) -> Mapping[str, SeenMoment]:
        return {item.key: item for item in self.moments}

    @staticmethod
    def _score(seen: Seen | None, trigger: Trigger) -> float:
        if seen is None:
            return 0.0
        return float(seen.fired) if trigger is Trigger.FORBIDDEN_TOPIC else seen.score


def read_reviewed(
    *,
    project: Project,
    environment: Environment,
    since: datetime,
    config: ProjectConfig,
    masked: bool,
    limit: int = CONVERSATIONS,
) -> ReviewedSet:
    """Read what reviewers judged of the conversations begun since then, and detect in it with this configuration."""
    found = list(_reviewed(project, environment, since)[: limit + 1])
    newest, is_cut = found[:limit], len(found) > limit
    ids = [item.pk for item in newest]
    events, verdicts, marks = _events(ids), _verdicts(ids), _marks(ids)
    left_out: Counter[LeftOut] = Counter()
    moments, fingerprint = [], _fingerprint(config)
    for conversation in newest:
        name = customer_name(conversation, masked=masked)
        for episode, judged in _judged(events[conversation.pk], verdicts, marks[conversation.pk]):
            if isinstance(judged, LeftOut):
                left_out[judged] += 1
            else:
                moments.append(_see(conversation, name, episode, judged, config, fingerprint))
    return ReviewedSet(tuple(moments), len(newest), is_cut, left_out)


def _reviewed(project: Project, environment: Environment, since: datetime) -> QuerySet[Conversation]:
    annotated = Annotation.objects.filter(conversation_id=OuterRef("pk"))
    rows = Conversation.objects.filter(project=project, environment=environment.value, created_at__gte=since)
    return rows.filter(Exists(annotated)).select_related("customer").order_by("-created_at", "-pk")


def _events(ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[Happened]]:
    """What was said and what changed hands, by conversation, in order."""
    found: dict[uuid.UUID, list[Happened]] = defaultdict(list)
    wanted = Q(type__in=SPEAKERS) | Q(payload__has_key="now")
    rows = Event.objects.filter(wanted, conversation_id__in=ids).order_by("conversation_id", "sequence")
    for conversation_id, sequence, kind, payload in rows.values_list("conversation_id", "sequence", "type", "payload"):
        found[conversation_id].append(Happened(sequence, kind, payload))
    return found


def _verdicts(ids: Sequence[uuid.UUID]) -> Mapping[str, str]:
    """The newest verdict on each handoff, by its id."""
    rows = Annotation.objects.filter(conversation_id__in=ids).exclude(verdict="").order_by("updated_at")
    return {str(handoff_id): verdict for handoff_id, verdict in rows.values_list("handoff_id", "verdict")}


def _marks(ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[int]]:
    found: dict[uuid.UUID, list[int]] = defaultdict(list)
    rows = Annotation.objects.filter(conversation_id__in=ids, mark=TurnMark.SHOULD_HAVE_HANDED_OFF.value)
    for conversation_id, sequence in rows.values_list("conversation_id", "sequence"):
        found[conversation_id].append(sequence or 0)
    return found


def _judged(
    events: Sequence[Happened], verdicts: Mapping[str, str], marks: Sequence[int]
) -> Iterator[tuple[Episode, Moment | LeftOut]]:
    """The episodes somebody said something of, and what that comes to."""
    episodes = read_episodes(events)
    for episode in episodes:
        verdict = next((verdicts[one] for one in reversed(episode.handoffs) if one in verdicts), "")
        own = marks_of(episode, episodes, marks)
        if verdict or own:
            yield episode, judge_episode(episode, verdict=verdict, marks=own)


def _see(
    conversation: Conversation, name: str, episode: Episode, moment: Moment, config: ProjectConfig, fingerprint: str
) -> SeenMoment:
    heard = [place for place in episode.heard if episode.dialogue[place].sequence <= moment.sequence][-HEARD:]
    seen: dict[Trigger, Seen] = {}
    with looking():
        for place in heard:
            key = conversation.pk, episode.dialogue[place].sequence, fingerprint
            made = _made.get(key)
            if made is None:
                made = _detect(episode.dialogue, place, config)
                _made.put(key, made)
            seen |= {trigger: _stronger(seen.get(trigger), one) for trigger, one in made.items()}
    texts = {episode.dialogue[place].sequence: episode.dialogue[place].text for place in heard}
    return SeenMoment(conversation.pk, name, conversation.created_at, moment, seen, texts)


def _fingerprint(config: ProjectConfig) -> str:
    """Of all that a detector reads."""
    return content_hash(cattrs.unstructure({"settings": config.settings, "topics": config.forbidden_topics}))


def _detect(dialogue: Sequence[Said], place: int, config: ProjectConfig) -> dict[Trigger, Seen]:
    """Every trigger's strongest signal about one message."""
    said, history = dialogue[place], dialogue[max(0, place - LOOKED_BACK) : place]
    embed = load_embed() if config.settings.uses_embeddings else None
    made: dict[Trigger, Seen] = {}
    for signal in detect(said.text, history=history, config=config, embed=embed):
        seen = Seen(signal.score, signal.threshold, signal.fired, said.sequence)
        made[signal.trigger] = _stronger(made.get(signal.trigger), seen)
    return made


def _stronger(before: Seen | None, after: Seen) -> Seen:
    """The signal that counts: the first of the strongest."""
    return after if before is None or (after.fired, after.score) > (before.fired, before.score) else before
