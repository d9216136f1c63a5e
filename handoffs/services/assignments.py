"""Assignments: whose conversation it is, from the claim to the end of the wrap-up, and what capacity it takes."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from conversations.domain.vocabulary import DeadlineKind
from conversations.models import Conversation, Deadline, User
from conversations.services.ownership import lock_conversation
from handoffs.domain.capacity import DEFAULT_WEIGHT
from handoffs.models import Assignment, Handoff, QueueEntry
from handoffs.selectors.snapshots import read_config
from handoffs.services.agent_news import tell_agent
from handoffs.services.offers import offer_after_commit

HELD = ("active", "snoozed")


def begin_assignment(*, conversation: Conversation, handoff: Handoff, agent: User, at: datetime) -> Assignment:
    """Give a locked conversation to an agent, in the caller's transaction, after `take_capacity`.

    Whoever had it until now is free of it.
    """
    end_assignment(conversation=conversation, at=at)
    assignment = Assignment.objects.create(
        handoff=handoff,
        conversation=conversation,
        project_id=conversation.project_id,
        agent=agent,
        channel=conversation.channel,
        weight=weight_of(conversation, handoff),
        started_at=at,
    )
    tell_agent(project_id=conversation.project_id, agent_id=agent.pk)
    return assignment


def ensure_assignment(*, conversation: Conversation, handoff: Handoff, agent: User, at: datetime) -> Assignment:
    """The assignment of whoever has a locked conversation; begun now where an older version has left none."""
    held = Assignment.objects.filter(conversation=conversation, agent=agent, state__in=HELD).first()
    return held or begin_assignment(conversation=conversation, handoff=handoff, agent=agent, at=at)


def end_assignment(*, conversation: Conversation, at: datetime, wrap_up_seconds: int = 0) -> Assignment | None:
    """Take a locked conversation from whoever has it, in the caller's transaction; None when nobody does.

    With `wrap_up_seconds` its weight is kept that long, or until the agent says done.
    """
    assignment = Assignment.objects.filter(conversation=conversation, state__in=HELD).first()
    if assignment is None:
        return None
    _disarm(assignment, DeadlineKind.SNOOZE)
    if wrap_up_seconds:
        _wrap_up(assignment, at + timedelta(seconds=wrap_up_seconds))
    else:
        _end(assignment, at)
    return assignment


def wrap_up_seconds_of(handoff: Handoff) -> int:
    """How long a closed conversation of this handoff's queue still takes its agent's capacity."""
    queue = read_config(handoff.snapshot_hash).queue(handoff.queue_key)
    return queue.wrap_up_seconds if queue else 0


def finish_wrap_up(*, conversation_id: uuid.UUID, agent: User, at: datetime) -> bool:
    """The agent is done with what remained; False when there was nothing to wrap up (any more)."""
    with transaction.atomic():
        lock_conversation(conversation_id)
        rows = Assignment.objects.filter(conversation_id=conversation_id, agent=agent, state="wrap_up")
        return sum(end_wrap_up(assignment=assignment, at=at) for assignment in rows) > 0


def end_wrap_up(*, assignment: Assignment, at: datetime) -> bool:
    """End a wrap-up of a locked conversation, once: of its deadline and its agent the first one does."""
    if not Assignment.objects.filter(pk=assignment.pk, state="wrap_up").update(state="ended", ended_at=at):
        return False
    _disarm(assignment, DeadlineKind.WRAP_UP)
    _freed(assignment, at)
    return True


def expire_wrap_up(deadline: Deadline, at: datetime) -> None:
    """The time to wrap up is over."""
    assignment = Assignment.objects.filter(pk=deadline.subject_id).first()
    if assignment is not None:
        end_wrap_up(assignment=assignment, at=at)


def weight_of(conversation: Conversation, handoff: Handoff) -> int:
    """What the conversation takes of a capacity: what its entry was made with, else what its channel weighs."""
    entered = QueueEntry.objects.filter(pk=handoff.pk).values_list("weight", flat=True).first()
    if entered is not None:
        return entered
    weights = read_config(handoff.snapshot_hash).settings.channel_weights
    return max(1, weights.get(conversation.channel, DEFAULT_WEIGHT))


def _wrap_up(assignment: Assignment, until: datetime) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(state="wrap_up", wraps_up_until=until)
    Deadline.objects.create(
        conversation_id=assignment.conversation_id,
        kind=DeadlineKind.WRAP_UP,
        subject_id=assignment.pk,
        due_at=until,
    )
    tell_agent(project_id=assignment.project_id, agent_id=assignment.agent_id)


def _end(assignment: Assignment, at: datetime) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(state="ended", ended_at=at)
    _freed(assignment, at)


def _freed(assignment: Assignment, at: datetime) -> None:
    tell_agent(project_id=assignment.project_id, agent_id=assignment.agent_id)
    offer_after_commit(project_id=assignment.project_id, at=at)


def _disarm(assignment: Assignment, kind: DeadlineKind) -> None:
    Deadline.objects.filter(kind=kind, subject_id=assignment.pk).delete()
