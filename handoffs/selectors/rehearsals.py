"""Reads what was said in conversations, to look at it again with other settings. Nothing is written."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from conversations.models import Conversation, Event, Project
from handoffs.domain.moments import Episode, Happened, read_episodes
from handoffs.domain.triggers.dialogue import Said

READ_AT_ONCE = 25
# Of one conversation: what comes later is not looked at.
MOST_EVENTS = 400


@dataclass(frozen=True, slots=True)
class Past:
    """A conversation up to its first handoff. heard: places in the dialogue of what the customer said to the AI;
    trigger: what handed it over, empty when nothing did; is_erased: some of its words are gone."""

    conversation_id: uuid.UUID
    began_at: datetime
    dialogue: tuple[Said, ...]
    heard: tuple[int, ...]
    trigger: str
    is_erased: bool


def read_dialogue(conversation: Conversation) -> tuple[tuple[Said, ...], frozenset[int]]:
    """What was said in it, oldest first, and the places of what the customer said to the AI. Erased messages have no
    text and are not among them; of a long conversation the end is left out."""
    events = Event.objects.filter(conversation=conversation, sequence__lte=MOST_EVENTS).order_by("sequence")
    rows = events.values_list("sequence", "type", "payload")
    episodes = read_episodes(Happened(sequence, kind, payload) for sequence, kind, payload in rows)
    dialogue = tuple(episodes[0].dialogue)
    return dialogue, frozenset(place for one in episodes for place in one.heard if dialogue[place].text)


def find_past(*, project: Project, environment: str, since: datetime) -> list[tuple[uuid.UUID, datetime]]:
    """The conversations that began since then, newest first, with when."""
    rows = Conversation.objects.filter(project=project, environment=environment, created_at__gte=since)
    return list(rows.order_by("-created_at", "-pk").values_list("pk", "created_at"))


def read_past(found: Sequence[tuple[uuid.UUID, datetime]]) -> Iterator[Past]:
    """Each of the conversations found, in their order; a few are read at once, and no more than are asked for."""
    for start in range(0, len(found), READ_AT_ONCE):
        part = found[start : start + READ_AT_ONCE]
        events = Event.objects.filter(conversation_id__in=[pk for pk, _ in part], sequence__lte=MOST_EVENTS)
        rows = events.order_by("conversation_id", "sequence").values_list(
            "conversation_id", "sequence", "type", "payload"
        )
        timelines = {
            pk: [Happened(sequence, kind, payload) for _, sequence, kind, payload in timeline]
            for pk, timeline in groupby(rows, lambda row: row[0])
        }
        for pk, began_at in part:
            yield _past(pk, began_at, read_episodes(timelines.get(pk, []))[0])


def _past(pk: uuid.UUID, began_at: datetime, episode: Episode) -> Past:
    """The dialogue belongs to the whole conversation: this is what of it was said up to the end of the episode."""
    end = episode.heard[-1] + 1 if episode.heard else 0
    return Past(pk, began_at, tuple(episode.dialogue[:end]), tuple(episode.heard), episode.trigger, episode.is_erased)
