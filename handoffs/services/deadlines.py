"""The sweep: fires what is due, late if it must be, never twice, never not at all."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind
from conversations.models import Deadline
from conversations.services.ownership import lock_conversation
from handoffs.domain.lifecycle import Cause, Signal, State
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.claims import leave_queue
from handoffs.services.lifecycle import signal_handoff
from handoffs.services.tickets import open_ticket

BATCH = 200


def sweep_deadlines(*, at: datetime) -> int:
    """Fire every deadline that is due and free; return how many. Several sweepers may run at once.

    One that fails leaves its deadline in place and the others fired; the failures are raised together.
    """
    due = Deadline.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)[:BATCH]
    fired, failures = 0, []
    for deadline_id in due:
        try:
            fired += fire_deadline(deadline_id=deadline_id, at=at)
        except Exception as error:  # collected, and raised below
            failures.append(error)
    if failures:
        raise ExceptionGroup("deadlines failed", failures)
    return fired


def next_due_at() -> datetime | None:
    first: datetime | None = Deadline.objects.aggregate(first=Min("due_at"))["first"]
    return first


def fire_deadline(*, deadline_id: uuid.UUID, at: datetime) -> bool:
    """Fire one deadline; False when somebody holds its conversation (it is still due) or has disarmed it."""
    with transaction.atomic():
        deadline = (
            Deadline.objects.select_related("conversation")
            .select_for_update(of=("conversation",), no_key=True, skip_locked=True)
            .filter(pk=deadline_id, due_at__lte=at)
            .first()
        )
        if deadline is None:
            return False
        # The row was read before its conversation was locked: only who deletes it may act on it.
        deleted, _ = Deadline.objects.filter(pk=deadline_id, due_at__lte=at).delete()
        if deleted:
            ON_DUE[DeadlineKind(deadline.kind)](deadline, at)
        return bool(deleted)


def expire_wait(deadline: Deadline, at: datetime) -> None:
    """The wait limit has passed: the customer is told and a message is taken."""
    handoff = Handoff.objects.get(pk=deadline.subject_id)
    if handoff.state != State.QUEUED:
        return
    conversation = lock_conversation(deadline.conversation_id)
    signal_handoff(handoff=handoff, signal=Signal.WAIT_EXPIRED, cause=Cause.WAIT_LIMIT, at=at)
    leave_queue(handoff)
    append_event(
        conversation_id=conversation.id,
        event=NewEvent("handoff.timed_out", "system", {"reason": Cause.WAIT_LIMIT.value}),
    )
    text = read_config(handoff.snapshot_hash).settings.message_text
    open_ticket(conversation=conversation, after=handoff, text=text, at=at)


ON_DUE: Mapping[DeadlineKind, Callable[[Deadline, datetime], None]] = {
    DeadlineKind.WAIT_LIMIT: expire_wait,
}
