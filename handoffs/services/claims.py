"""Claiming: exactly one person wins a waiting conversation, the others are told who did."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Project, User
from conversations.services.ownership import Owner, change_owner, lock_conversation
from handoffs.domain.lifecycle import State
from handoffs.domain.signals import join_signal
from handoffs.models import Handoff, QueueEntry
from handoffs.selectors.handoffs import current_handoff
from handoffs.selectors.queues import queue_heads
from handoffs.services.arrivals import disarm
from handoffs.services.assignments import begin_assignment, weight_of
from handoffs.services.capacity import NoCapacity, take_capacity
from handoffs.services.lifecycle import signal_handoff
from handoffs.services.offers import settle_offer, withdraw_offers
from handoffs.services.soft import announce_join, waits_in_inbox


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


def claim_conversation(*, conversation_id: uuid.UUID, agent: User, at: datetime, force: bool = False) -> Conversation:
    """Give a waiting conversation to the agent; one that is the agent's already is returned unchanged.

    Capacity is looked at and taken in the same transaction, under the agent's lock. force: a supervisor's decision.
    Raises AlreadyClaimed, NotWaiting, NoCapacity.
    """
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        if conversation.owner_kind == OwnerKind.HUMAN:
            if conversation.owner_id != str(agent.id):
                raise AlreadyClaimed(conversation.owner_id, conversation.owner_since)
            return conversation
        if conversation.owner_kind != OwnerKind.QUEUE and not waits_in_inbox(conversation):
            raise NotWaiting("ended" if conversation.ended_at else conversation.owner_kind)
        handoff = current_handoff(conversation)
        settle_offer(handoff=handoff, taker=agent, at=at)
        take_capacity(
            project_id=conversation.project_id,
            agent=agent,
            channel=conversation.channel,
            weight=weight_of(conversation, handoff),
            force=force,
        )
        join_agent(conversation=conversation, handoff=handoff, agent=agent, at=at)
    return conversation


def claim_next(
    *, project: Project, environment: str, agent: User, at: datetime, queue: str = ""
) -> Conversation | None:
    """Claim the first in line of what the agent works and can do, of one queue or of all; None when nobody waits.

    The head is read without a lock; whoever loses the race for it starts over with the next. A lighter conversation
    never overtakes one that is only too heavy for now. Raises NoCapacity.
    """
    full: NoCapacity | None = None
    heads = queue_heads(project=project, environment=environment, queue=queue, agent=agent)
    for conversation_id in heads:
        try:
            return claim_conversation(conversation_id=conversation_id, agent=agent, at=at)
        except (AlreadyClaimed, NotWaiting):
            continue
        except NoCapacity as refused:
            full = full or refused
            if not refused.channel and refused.weight <= refused.capacity:
                break
    if full is not None:
        raise full
    return None


def join_agent(*, conversation: Conversation, handoff: Handoff, agent: User, at: datetime) -> None:
    """Let the agent whose capacity was taken have a waiting conversation, in the caller's transaction."""
    signal_handoff(handoff=handoff, signal=join_signal(State(handoff.state)), at=at)
    Handoff.objects.filter(pk=handoff.pk).update(agent=agent)
    QueueEntry.objects.filter(pk=handoff.pk).update(state="claimed", claimed_at=at)
    begin_assignment(conversation=conversation, handoff=handoff, agent=agent, at=at)
    disarm(handoff)
    if handoff.is_soft and conversation.owner_kind == OwnerKind.AI:
        announce_join(conversation=conversation, handoff=handoff)
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.HUMAN, str(agent.id)),
        event=joined_event(conversation, agent),
        changes={"handoff_state": handoff.state, "waiting_since": None},
        at=at,
    )


def joined_event(conversation: Conversation, agent: User, **bound: Any) -> NewEvent:
    """The customer is told, unless the session is over and only a ticket is picked up."""
    agent_facts = {"id": str(agent.id), "name": agent.get_full_name(), "avatar_url": ""}
    name = "human.joined" if conversation.ended_at is None else "ticket.claimed"
    return NewEvent(name, f"user:{agent.id}", {"agent": agent_facts}, **bound)


def leave_queue(handoff: Handoff) -> None:
    """Take a handoff that is over out of its line, in the caller's transaction: its offer is taken back, its wait
    limit disarmed."""
    QueueEntry.objects.filter(pk=handoff.pk).update(state="left")
    withdraw_offers(handoffs=[handoff.pk], at=handoff.ended_at or handoff.initiated_at)
    disarm(handoff)
