"""What becomes of the conversations of somebody who is gone: each goes back to its queue, to where it would stand."""

import uuid
from datetime import datetime
from functools import partial

from django.db import transaction

from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation
from conversations.services.ownership import Owner, change_owner, lock_conversation
from handoffs.domain.lifecycle import Cause, Signal
from handoffs.models import Assignment, Handoff, QueueEntry
from handoffs.selectors.absences import abandoned_assignments
from handoffs.selectors.handoffs import current_handoff
from handoffs.services.announcements import SYSTEM
from handoffs.services.assignments import end_assignment
from handoffs.services.episodes import create_next_episode, projection_of
from handoffs.services.follow_up import ASK_AGAIN, carry_on
from handoffs.services.lifecycle import signal_handoff
from handoffs.services.one_by_one import do_each


def return_abandoned(*, at: datetime) -> int:
    """Let every customer whose agent is gone wait for another one; return how many.

    Each is asked for again where it was, as a new episode: who waits longest is served first, and that is counted
    from when they first entered the queue. Where that takes nobody now, the policy of the destination decides.
    One that cannot be let go keeps no other. Raises ExceptionGroup in the end.
    """
    found = abandoned_assignments(at=at).values_list("pk", "conversation_id").order_by("conversation_id")
    return do_each(partial(_return, *ids, at=at) for ids in list(found))


def _return(assignment_id: uuid.UUID, conversation_id: uuid.UUID, *, at: datetime) -> bool:
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        # Read again under the lock: they may be back, or somebody has taken it over.
        assignment = abandoned_assignments(at=at).select_related("agent").filter(pk=assignment_id).first()
        if assignment is None:
            return False
        following = _let_go(conversation, current_handoff(conversation), assignment, at)
        carry_on(handoff_id=following.pk, at=at)
    return True


def _let_go(conversation: Conversation, handoff: Handoff, assignment: Assignment, at: datetime) -> Handoff:
    """End their episode and begin the next one, which waits in the queue and is asked for at once."""
    signal_handoff(handoff=handoff, signal=Signal.TRANSFERRED, cause=Cause.TRANSFERRED_BY_DESK, at=at)
    end_assignment(conversation=conversation, at=at)
    since = _entered_at(handoff).isoformat()
    trace = {"after": str(handoff.pk), "next": ASK_AGAIN, "since": since}
    following = create_next_episode(after=handoff, at=at, changes={"trace": trace})
    agent = assignment.agent
    told = {"handoff_id": str(handoff.pk), "agent_id": str(agent.pk), "agent_name": agent.get_full_name()}
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.QUEUE, following.queue_key),
        event=NewEvent("handoff.released", SYSTEM, told),
        changes={**projection_of(following), "waiting_since": since},
        at=at,
    )
    return following


def _entered_at(handoff: Handoff) -> datetime:
    """When the customer began to wait for a person: in the queue, or with whoever took them out of no queue."""
    entered = QueueEntry.objects.filter(pk=handoff.pk).values_list("entered_at", flat=True).first()
    return entered or handoff.initiated_at
