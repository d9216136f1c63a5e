"""Starting a handoff: one transaction from the decision to a place in a queue, or to a kept message."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind, OwnerKind
from conversations.models import Conversation, Deadline
from conversations.services.ownership import Owner, change_owner, change_projection
from handoffs.domain.config import QueueConfig
from handoffs.domain.lifecycle import INBOX_ENTRY, Cause, Signal
from handoffs.domain.routing import Route, find_route
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Handoff, QueueEntry
from handoffs.services.lifecycle import announce_state, signal_handoff
from handoffs.services.queue_status import tell_place
from handoffs.services.releases import CurrentConfig
from handoffs.services.tickets import open_ticket

AI = "ai"
SYSTEM = "system"


def start_handoff(
    *, conversation: Conversation, request: HandoffRequest, current: CurrentConfig, at: datetime
) -> Handoff:
    """Take a locked conversation from the AI, in the caller's transaction.

    Announces it, mutes the AI by a new epoch and queues the customer; where no queue is open a message is
    taken instead. Nobody is without an owner at any instant.
    """
    route = find_route(current.config, asked_for=request.destination, reason=request.reason)
    handoff = _create(conversation, request, route, current, at)
    _announce(conversation, handoff, current, at)
    if route.queue is None or route.destination is None:
        _fail(conversation, handoff, route.cause or Cause.NO_DESTINATION, current, at)
        return handoff
    for signal in INBOX_ENTRY:
        signal_handoff(handoff=handoff, signal=signal, at=at)
    _enter_queue(conversation, handoff, route.queue, at)
    arm_wait_limit(handoff=handoff, seconds=route.destination.wait_limit_seconds, at=at)
    return handoff


def arm_wait_limit(*, handoff: Handoff, seconds: int, at: datetime) -> None:
    Deadline.objects.create(
        conversation_id=handoff.conversation_id,
        kind=DeadlineKind.WAIT_LIMIT,
        subject_id=handoff.id,
        due_at=at + timedelta(seconds=seconds),
    )


def _create(
    conversation: Conversation, request: HandoffRequest, route: Route, current: CurrentConfig, at: datetime
) -> Handoff:
    destination = route.destination
    handoff = Handoff.objects.create(
        conversation=conversation,
        project_id=conversation.project_id,
        environment=conversation.environment,
        trigger=request.trigger.value,
        reason=request.reason,
        utterance=request.utterance,
        destination_key=destination.key if destination else "",
        destination_name=destination.name if destination else "",
        desk_key=destination.desk if destination else "",
        queue_key=route.queue.key if route.queue else "",
        snapshot_hash=current.snapshot_hash,
        release_number=current.release_number,
        data={**conversation.state, **request.data},
        evidence=dict(request.evidence),
        trace={"signal": dict(request.evidence), "route": [asdict(item) for item in route.considered]},
        initiated_at=at,
    )
    announce_state(handoff)
    return handoff


def _announce(conversation: Conversation, handoff: Handoff, current: CurrentConfig, at: datetime) -> None:
    """Utterance, trigger, new owner and the AI's leaving, in the published order."""
    spoken = {"text": handoff.utterance, "agent_name": current.config.ai_name, "kind": "announcement"}
    append_event(conversation_id=conversation.id, event=NewEvent("ai.message", AI, spoken))
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.QUEUE, handoff.queue_key),
        event=NewEvent("handoff.triggered", SYSTEM, _trigger_payload(handoff, current)),
        changes={
            "handoff_id": str(handoff.id),
            "handoff_state": handoff.state,
            "reason": handoff.reason,
            "utterance": handoff.utterance,
            "trigger": handoff.trigger,
            "destination_key": handoff.destination_key,
            "destination_name": handoff.destination_name,
            "queue_key": handoff.queue_key,
            "handoff_data": handoff.data,
            "waiting_since": at.isoformat(),
        },
        at=at,
    )
    append_event(conversation_id=conversation.id, event=NewEvent("ai.left", SYSTEM))


def _trigger_payload(handoff: Handoff, current: CurrentConfig) -> dict[str, Any]:
    """`custom` reaches the customer's client, in metadata; the rest is for staff."""
    reason = current.config.reason(handoff.reason)
    custom = {
        "handoff_id": str(handoff.id),
        "reason": handoff.reason,
        "destination": handoff.destination_key,
        "trigger": handoff.trigger,
        "summary": str(handoff.evidence.get("text", "")),
    }
    return {
        "custom": custom,
        "handoff_id": str(handoff.id),
        "reason": handoff.reason,
        "reason_label": reason.label if reason else "",
        "trigger": handoff.trigger,
        "destination_name": handoff.destination_name,
        "release": handoff.release_number,
        "evidence": handoff.evidence,
    }


def _enter_queue(conversation: Conversation, handoff: Handoff, queue: QueueConfig, at: datetime) -> None:
    entry = QueueEntry.objects.create(
        handoff=handoff,
        conversation=conversation,
        project_id=handoff.project_id,
        environment=handoff.environment,
        queue_key=queue.key,
        entered_at=at,
    )
    change_projection(
        conversation=conversation,
        event=NewEvent("handoff.accepted", SYSTEM, {"queue_name": queue.name}),
        changes={"handoff_state": handoff.state},
    )
    tell_place(entry=entry, queue_name=queue.name, at=at)


def _fail(conversation: Conversation, handoff: Handoff, cause: Cause, current: CurrentConfig, at: datetime) -> None:
    signal_handoff(handoff=handoff, signal=Signal.DESK_UNAVAILABLE, cause=cause, at=at)
    append_event(conversation_id=conversation.id, event=NewEvent("handoff.failed", SYSTEM, {"reason": cause.value}))
    open_ticket(conversation=conversation, after=handoff, text=current.config.settings.message_text, at=at)
