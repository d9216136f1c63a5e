"""A human takes a conversation nobody gave them: from the AI, out of the queue, or from a colleague."""

import uuid
from datetime import datetime

from django.db import transaction

from conversations.domain.vocabulary import Channel, OwnerKind
from conversations.models import Conversation, User
from conversations.services.ownership import change_projection, lock_conversation
from handoffs.domain.config import INBOX
from handoffs.domain.lifecycle import INITIAL, Cause, Signal
from handoffs.domain.triggers.signal import Trigger
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.announcements import tell_ai_left, triggered_event
from handoffs.services.arrivals import disarm
from handoffs.services.assignments import weight_of
from handoffs.services.capacity import take_capacity
from handoffs.services.claims import NotWaiting, claim_conversation, join_agent
from handoffs.services.episodes import projection_of
from handoffs.services.lifecycle import announce_state, history_entry, signal_handoff
from handoffs.services.releases import read_current_config
from handoffs.services.soft import find_soft, waits_in_inbox
from handoffs.services.transfers import give_to

REASON = "human_takeover"


class CustomerUnreachable(Exception):
    """Nothing a human writes can reach this customer: their own program only asks and is answered."""

    def __init__(self) -> None:
        super().__init__("The customer's program takes answers of the AI only; close the chat there to take over")


def take_over(*, conversation_id: uuid.UUID, agent: User, at: datetime, may_take_from: bool = False) -> Conversation:
    """Make the agent the owner, whoever has the conversation; one that is theirs already is returned unchanged.

    `may_take_from`: a supervisor, who may also take it from a colleague and carries it over their capacity.
    Raises AlreadyClaimed when a colleague has it and they may not, NotWaiting when it is over, CustomerUnreachable,
    NoCapacity.
    """
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        if conversation.owner_kind == OwnerKind.AI and not waits_in_inbox(conversation):
            _withdraw_soft(conversation, at)
            _take_from_ai(conversation, agent, at, force=may_take_from)
            return conversation
        is_colleagues = conversation.owner_kind == OwnerKind.HUMAN and conversation.owner_id != str(agent.pk)
        if is_colleagues and may_take_from:
            give_to(conversation=conversation, agent=agent, by=agent, note="", at=at, force=True)
            return conversation
        return claim_conversation(conversation_id=conversation.pk, agent=agent, at=at, force=may_take_from)


def _withdraw_soft(conversation: Conversation, at: datetime) -> None:
    """Ask no longer for a human elsewhere: its desk is told, and what it still answers is stale."""
    if (soft := find_soft(conversation)) is None or conversation.ended_at is not None:
        return
    signal_handoff(handoff=soft, signal=Signal.TAKEN_BACK, cause=Cause.AI_TAKEBACK, at=at)
    disarm(soft)


def _take_from_ai(conversation: Conversation, agent: User, at: datetime, *, force: bool) -> None:
    if conversation.ended_at is not None:
        raise NotWaiting("ended")
    if conversation.channel == Channel.CHAT_API:
        raise CustomerUnreachable
    handoff = _new_handoff(conversation, at)
    announce_state(handoff)
    triggered = triggered_event(handoff, read_config(handoff.snapshot_hash))
    change_projection(conversation=conversation, event=triggered, changes=projection_of(handoff))
    tell_ai_left(conversation)
    project_id, channel, weight = conversation.project_id, conversation.channel, weight_of(conversation, handoff)
    take_capacity(project_id=project_id, agent=agent, channel=channel, weight=weight, force=force)
    join_agent(conversation=conversation, handoff=handoff, agent=agent, at=at)


def _new_handoff(conversation: Conversation, at: datetime) -> Handoff:
    """By the release of now, with no destination; the default one's queue says how it can be closed."""
    current = read_current_config(project=conversation.project, environment=conversation.environment)
    destination = current.config.default_destination()
    return Handoff.objects.create(
        conversation=conversation,
        project_id=conversation.project_id,
        environment=conversation.environment,
        trigger=Trigger.HUMAN_TAKEOVER.value,
        reason=REASON,
        desk_key=INBOX,
        queue_key=destination.queue if destination else "",
        snapshot_hash=current.snapshot_hash,
        release_number=current.release_number,
        data=dict(conversation.state),
        history=[history_entry(INITIAL, at)],
        initiated_at=at,
    )
