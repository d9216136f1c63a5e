"""The sweep: fires what is due, late if it must be, never twice, never not at all."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind
from conversations.models import Conversation, Deadline
from conversations.services.ownership import lock_conversation
from handoffs.domain.alternatives import with_contacts
from handoffs.domain.chains import following_destination
from handoffs.domain.config import ProjectConfig
from handoffs.domain.lifecycle import Cause, Signal, State
from handoffs.domain.routing import find_route, leads_elsewhere
from handoffs.domain.settings import AfterTimeout
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.claims import leave_queue
from handoffs.services.closing import return_to_ai
from handoffs.services.episodes import tried_destinations
from handoffs.services.handoffs import pass_on, tell_unanswered
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
    """The wait limit has passed: the customer is told, and what the settings say follows."""
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
    config = read_config(handoff.snapshot_hash)
    AFTER_TIMEOUT[config.settings.after_timeout](conversation, handoff, config, at)


def _take_message(conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    text = with_contacts(config.settings.message_text, config.settings)
    open_ticket(conversation=conversation, after=handoff, text=text, at=at)


def _pass_on(conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    """On to the fallback's queue; where the chain ends, is closed or has been before, a message is taken."""
    destination = config.destination(handoff.destination_key)
    following = following_destination(config, destination) if destination else None
    route = find_route(config, asked_for=following.key, at=at) if following else None
    if route is None or not leads_elsewhere(route, tried=tried_destinations(handoff)):
        _take_message(conversation, handoff, config, at)
        return
    pass_on(conversation=conversation, after=handoff, route=route, config=config, at=at)


def _give_back(conversation: Conversation, handoff: Handoff, config: ProjectConfig, at: datetime) -> None:
    """Back to the AI, which says so: a closed destination's opening, or that nobody came."""
    return_to_ai(conversation=conversation, handoff=handoff, at=at)
    route = find_route(config, asked_for=handoff.destination_key, at=at)
    tell_unanswered(conversation=conversation, config=config, route=route, at=at)


AFTER_TIMEOUT: Mapping[AfterTimeout, Callable[[Conversation, Handoff, ProjectConfig, datetime], None]] = {
    AfterTimeout.MESSAGE: _take_message,
    AfterTimeout.FALLBACK: _pass_on,
    AfterTimeout.AI: _give_back,
}
ON_DUE: Mapping[DeadlineKind, Callable[[Deadline, datetime], None]] = {
    DeadlineKind.WAIT_LIMIT: expire_wait,
}
