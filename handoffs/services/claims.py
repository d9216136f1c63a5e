"""Claiming: exactly one person wins a waiting conversation, the others are told who did."""

import uuid
from datetime import datetime

from django.db import transaction

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind, OwnerKind
from conversations.models import Conversation, Deadline, Project, User
from conversations.services.ownership import Owner, change_owner, lock_conversation
from handoffs.domain.lifecycle import Signal
from handoffs.models import Handoff, QueueEntry
from handoffs.selectors.handoffs import current_handoff
from handoffs.selectors.queues import queue_heads
from handoffs.services.lifecycle import signal_handoff


class AlreadyClaimed(Exception):
    """Somebody else has it: `owner_id` since `at`."""

    def __init__(self, owner_id: str, at: datetime) -> None:
        super().__init__(f"claimed by {owner_id} at {at:%H:%M:%S}")
        self.owner_id, self.at = owner_id, at


class NotWaiting(Exception):
    """Nobody waits in it: it is with the AI or over. `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def claim_conversation(*, conversation_id: uuid.UUID, agent: User, at: datetime) -> Conversation:
    """Give a waiting conversation to the agent; one that is the agent's already is returned unchanged.

    Raises AlreadyClaimed, NotWaiting.
    """
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        if conversation.owner_kind == OwnerKind.HUMAN:
            if conversation.owner_id != str(agent.id):
                raise AlreadyClaimed(conversation.owner_id, conversation.owner_since)
            return conversation
        if conversation.owner_kind != OwnerKind.QUEUE:
            raise NotWaiting("ended" if conversation.ended_at else conversation.owner_kind)
        _join(conversation, agent, at)
    return conversation


def claim_next(
    *, project: Project, environment: str, agent: User, at: datetime, queue: str = ""
) -> Conversation | None:
    """Claim the head of the line, of one queue or of all; None when nobody waits.

    The head is read without a lock; whoever loses the race for it starts over with the next.
    """
    for conversation_id in queue_heads(project=project, environment=environment, queue=queue):
        try:
            return claim_conversation(conversation_id=conversation_id, agent=agent, at=at)
        except (AlreadyClaimed, NotWaiting):
            continue
    return None


def _join(conversation: Conversation, agent: User, at: datetime) -> None:
    handoff = current_handoff(conversation)
    signal_handoff(handoff=handoff, signal=Signal.HUMAN_JOINED, at=at)
    Handoff.objects.filter(pk=handoff.pk).update(agent=agent)
    QueueEntry.objects.filter(pk=handoff.pk).update(state="claimed", claimed_at=at)
    Deadline.objects.filter(kind=DeadlineKind.WAIT_LIMIT, subject_id=handoff.pk).delete()
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.HUMAN, str(agent.id)),
        event=_joined_event(conversation, agent),
        changes={"handoff_state": handoff.state, "waiting_since": None},
        at=at,
    )


def _joined_event(conversation: Conversation, agent: User) -> NewEvent:
    """The customer is told, unless the session is over and only a ticket is picked up."""
    agent_facts = {"id": str(agent.id), "name": agent.get_full_name(), "avatar_url": ""}
    name = "human.joined" if conversation.ended_at is None else "ticket.claimed"
    return NewEvent(name, f"user:{agent.id}", {"agent": agent_facts})


def leave_queue(handoff: Handoff) -> None:
    """Take a handoff out of its line and disarm its wait limit, in the caller's transaction."""
    QueueEntry.objects.filter(pk=handoff.pk).update(state="left")
    Deadline.objects.filter(kind=DeadlineKind.WAIT_LIMIT, subject_id=handoff.pk).delete()
