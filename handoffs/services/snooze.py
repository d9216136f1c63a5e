"""Snoozing: a conversation one has is put aside until a moment, or until the customer writes."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind
from conversations.models import Conversation, Deadline, Event, User
from conversations.services.ownership import lock_conversation
from handoffs.models import Assignment
from handoffs.selectors.handoffs import current_handoff
from handoffs.services.agent_news import tell_agent
from handoffs.services.assignments import ensure_assignment
from handoffs.services.closing import lock_own_conversation
from handoffs.services.offers import offer_after_commit

LONGEST = timedelta(days=60)


class BadMoment(ValueError):
    """Nothing is snoozed until then: it is past, or further away than `LONGEST`."""


def snooze_conversation(
    *, conversation_id: uuid.UUID, agent: User, epoch: int, until: datetime, at: datetime
) -> Conversation:
    """Put the agent's conversation aside; its capacity is free meanwhile. Once more moves the moment.

    Raises BadMoment, StaleEpoch.
    """
    if not at < until <= at + LONGEST:
        raise BadMoment(f"from now to {LONGEST.days} days from now")
    with transaction.atomic():
        conversation = lock_own_conversation(conversation_id, agent=agent, epoch=epoch)
        handoff = current_handoff(conversation)
        assignment = ensure_assignment(conversation=conversation, handoff=handoff, agent=agent, at=at)
        told = {"until": until.isoformat()}
        stored = append_event(
            conversation_id=conversation.pk, event=NewEvent("conversation.snoozed", f"user:{agent.pk}", told)
        )
        Assignment.objects.filter(pk=assignment.pk).update(
            state="snoozed", snoozed_until=until, snoozed_sequence=stored.sequence
        )
        _arm(assignment, until)
        tell_agent(project_id=assignment.project_id, agent_id=agent.pk)
        offer_after_commit(project_id=assignment.project_id, at=at)
    return conversation


def wake_conversation(*, conversation_id: uuid.UUID, at: datetime, because: str, agent: User | None = None) -> bool:
    """Bring a snoozed conversation back to its agent, over their capacity if it must be; False when it was not
    snoozed. because: `due`, `customer` or `agent`; agent: who woke it, when that was a person."""
    with transaction.atomic():
        lock_conversation(conversation_id)
        assignment = Assignment.objects.filter(conversation_id=conversation_id, state="snoozed").first()
        if assignment is None or (agent is not None and assignment.agent_id != agent.pk):
            return False
        Assignment.objects.filter(pk=assignment.pk).update(state="active", snoozed_until=None)
        Deadline.objects.filter(kind=DeadlineKind.SNOOZE, subject_id=assignment.pk).delete()
        author = f"user:{agent.pk}" if agent else "system"
        append_event(
            conversation_id=conversation_id, event=NewEvent("conversation.woken", author, {"because": because})
        )
        tell_agent(project_id=assignment.project_id, agent_id=assignment.agent_id)
    return True


def expire_snooze(deadline: Deadline, at: datetime) -> None:
    """The moment has come."""
    wake_conversation(conversation_id=deadline.conversation_id, at=at, because="due")


def wake_answered(*, at: datetime) -> int:
    """Wake every snoozed conversation whose customer has written, or left, since; return how many.

    Asked by the clock once a second: the append of a customer's message knows nothing of assignments.
    """
    stirred = Event.objects.filter(
        conversation=OuterRef("conversation"),
        sequence__gt=OuterRef("snoozed_sequence"),
        type__in=("customer.message", "session.ended"),
    )
    moved_on = Assignment.objects.filter(state="snoozed", conversation__last_sequence__gt=F("snoozed_sequence"))
    found = moved_on.filter(Exists(stirred)).values_list("conversation_id", flat=True)
    return sum(wake_conversation(conversation_id=pk, at=at, because="customer") for pk in list(found))


def _arm(assignment: Assignment, until: datetime) -> None:
    Deadline.objects.update_or_create(
        {"conversation_id": assignment.conversation_id, "due_at": until},
        kind=DeadlineKind.SNOOZE,
        subject_id=assignment.pk,
    )
