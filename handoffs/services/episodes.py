"""The episodes of one handoff: the first, and what follows it when nobody came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from conversations.models import Conversation
from handoffs.domain.lifecycle import INITIAL
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Handoff
from handoffs.services.lifecycle import history_entry
from handoffs.services.releases import CurrentConfig


def opening_columns(*, conversation: Conversation, request: HandoffRequest, current: CurrentConfig) -> dict[str, Any]:
    """The columns of a first episode that say whose it is, what was asked for, and by which configuration."""
    return {
        "conversation": conversation,
        "project_id": conversation.project_id,
        "environment": conversation.environment,
        "trigger": request.trigger.value,
        "reason": request.reason,
        "utterance": request.utterance,
        "evidence": dict(request.evidence),
        "snapshot_hash": current.snapshot_hash,
        "release_number": current.release_number,
    }


def create_next_episode(*, after: Handoff, at: datetime, changes: Mapping[str, Any]) -> Handoff:
    """Follow an episode that is over by another of the same chain, decided by the same snapshot; `changes`: the
    columns in which it differs."""
    inherited = {
        "conversation_id": after.conversation_id,
        "project_id": after.project_id,
        "environment": after.environment,
        "root_id": after.root_id or after.id,
        "trigger": after.trigger,
        "reason": after.reason,
        "destination_key": after.destination_key,
        "destination_name": after.destination_name,
        "desk_key": after.desk_key,
        "queue_key": after.queue_key,
        "snapshot_hash": after.snapshot_hash,
        "release_number": after.release_number,
        "data": after.data,
        "evidence": after.evidence,
        "context": after.context,
        "attempt": after.attempt,
        "history": [history_entry(INITIAL, at)],
    }
    return Handoff.objects.create(**{**inherited, **changes}, initiated_at=at)


def projection_of(handoff: Handoff) -> dict[str, Any]:
    """What the conversation's projection says of its current handoff."""
    return {
        "handoff_id": str(handoff.id),
        "handoff_state": handoff.state,
        "reason": handoff.reason,
        "utterance": handoff.utterance,
        "trigger": handoff.trigger,
        "destination_key": handoff.destination_key,
        "destination_name": handoff.destination_name,
        "queue_key": handoff.queue_key,
        "handoff_data": handoff.data,
    }


def tried_destinations(handoff: Handoff) -> frozenset[str]:
    """The keys of the destinations this chain of episodes, all of one conversation, has been to."""
    root = handoff.root_id or handoff.id
    # By the index of conversations: there is none by root.
    episodes = Handoff.objects.filter(Q(pk=root) | Q(root_id=root), conversation_id=handoff.conversation_id)
    return frozenset(episodes.values_list("destination_key", flat=True))
