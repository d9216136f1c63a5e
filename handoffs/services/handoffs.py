"""Starting a handoff: one transaction from the decision to a place in a queue, to a kept message, or back to the AI."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind, OwnerKind
from conversations.models import Conversation, Deadline
from conversations.services.ownership import Owner, change_owner, change_projection
from handoffs.domain.alternatives import try_again, with_contacts
from handoffs.domain.config import ProjectConfig, QueueConfig
from handoffs.domain.lifecycle import INBOX_ENTRY, Cause, Signal
from handoffs.domain.office_hours.words import fill_closed_text
from handoffs.domain.routing import Arrival, Route, find_route
from handoffs.domain.turns import HandoffRequest
from handoffs.models import Handoff, QueueEntry
from handoffs.services.episodes import create_next_episode, projection_of
from handoffs.services.lifecycle import announce_state, signal_handoff
from handoffs.services.queue_status import tell_place
from handoffs.services.releases import CurrentConfig
from handoffs.services.tickets import open_ticket

AI = "ai"
SYSTEM = "system"
NOBODY_CAME = "Nobody could take this just now. I'm glad to help until somebody can."


def start_handoff(
    *, conversation: Conversation, request: HandoffRequest, current: CurrentConfig, at: datetime
) -> Handoff | None:
    """Take a locked conversation from the AI, in the caller's transaction.

    Announces it, mutes the AI by a new epoch and queues the customer; where no queue is open a message is
    taken instead. Out of hours the policy may leave the conversation to the AI: then nothing is started, the AI
    says when people are back, and the answer is None. Nobody is without an owner at any instant.
    """
    route = find_route(current.config, asked_for=request.destination, reason=request.reason, at=at)
    if route.arrival is Arrival.AI:
        tell_closed(conversation=conversation, config=current.config, route=route, at=at, details=_asked(request))
        return None
    handoff = _create(conversation, request, route, current, at)
    _announce(conversation, handoff, current.config, at=at)
    if route.arrival is not Arrival.QUEUE or route.queue is None or route.destination is None:
        _fail(conversation, handoff, route.cause or Cause.NO_DESTINATION, current, at)
        return handoff
    _queue(conversation, handoff, route.queue, wait_limit_seconds=route.destination.wait_limit_seconds, at=at)
    return handoff


def pass_on(
    *, conversation: Conversation, after: Handoff, route: Route, config: ProjectConfig, at: datetime
) -> Handoff:
    """Follow an episode that timed out by one at the queue of `route`, in the caller's transaction. The customer's
    wait goes on, it does not begin again."""
    if route.queue is None or route.destination is None:
        raise ValueError("only a route to a queue can be followed")
    changes = {
        "destination_key": route.destination.key,
        "destination_name": route.destination.name,
        "desk_key": route.destination.desk,
        "queue_key": route.queue.key,
        "trace": {"after": str(after.id), "route": _trace_of(route)},
    }
    handoff = create_next_episode(after=after, at=at, changes=changes)
    announce_state(handoff)
    waiting_since = conversation.waiting_since or at
    _trigger(conversation, handoff, config, waiting_since=waiting_since, at=at)
    _queue(conversation, handoff, route.queue, wait_limit_seconds=route.destination.wait_limit_seconds, at=at)
    return handoff


def tell_closed(
    *, conversation: Conversation, config: ProjectConfig, route: Route, at: datetime, details: Mapping[str, Any]
) -> None:
    """Let the AI, who has the conversation, say when people are back. `details`: for staff, none of the customer's
    words, which are masked elsewhere only."""
    opening = route.next_opening
    text = fill_closed_text(config.settings.closed_text, opening=opening, at=at, time_zone=route.time_zone)
    facts = {"opening": opening.isoformat() if opening else None, "route": _trace_of(route), **details}
    _say_as_ai(conversation, config, with_contacts(text, config.settings), {"kind": "closed", **facts})


def tell_unanswered(*, conversation: Conversation, config: ProjectConfig, route: Route, at: datetime) -> None:
    """Let the AI, who has the conversation back, say when people are back, or that nobody came although they are
    there."""
    if route.next_opening:
        tell_closed(conversation=conversation, config=config, route=route, at=at, details={})
    else:
        details = {"kind": "unanswered", "response_suggestions": try_again(config.settings)}
        _say_as_ai(conversation, config, with_contacts(NOBODY_CAME, config.settings), details)


def _say_as_ai(conversation: Conversation, config: ProjectConfig, text: str, details: Mapping[str, Any]) -> None:
    payload = {"text": text, "agent_name": config.ai_name, **details}
    append_event(conversation_id=conversation.id, event=NewEvent("ai.message", AI, payload, epoch=conversation.epoch))


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
        trace={"signal": dict(request.evidence), "route": _trace_of(route)},
        initiated_at=at,
    )
    announce_state(handoff)
    return handoff


def _trace_of(route: Route) -> list[dict[str, Any]]:
    return [asdict(item) for item in route.considered]


def _asked(request: HandoffRequest) -> dict[str, Any]:
    """What fired and how clearly."""
    figures: dict[str, Any] = {
        name: request.evidence[name] for name in ("score", "threshold") if name in request.evidence
    }
    return {"trigger": request.trigger.value, "reason": request.reason, **figures}


def _announce(conversation: Conversation, handoff: Handoff, config: ProjectConfig, *, at: datetime) -> None:
    """Utterance, trigger, new owner and the AI's leaving, in the published order."""
    spoken = {"text": handoff.utterance, "agent_name": config.ai_name, "kind": "announcement"}
    append_event(conversation_id=conversation.id, event=NewEvent("ai.message", AI, spoken))
    _trigger(conversation, handoff, config, waiting_since=at, at=at)
    append_event(conversation_id=conversation.id, event=NewEvent("ai.left", SYSTEM))


def _trigger(
    conversation: Conversation, handoff: Handoff, config: ProjectConfig, *, waiting_since: datetime, at: datetime
) -> None:
    change_owner(
        conversation=conversation,
        owner=Owner(OwnerKind.QUEUE, handoff.queue_key),
        event=NewEvent("handoff.triggered", SYSTEM, _trigger_payload(handoff, config)),
        changes={**projection_of(handoff), "waiting_since": waiting_since.isoformat()},
        at=at,
    )


def _trigger_payload(handoff: Handoff, config: ProjectConfig) -> dict[str, Any]:
    """`custom` reaches the customer's client, in metadata; the rest is for staff."""
    reason = config.reason(handoff.reason)
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


def _queue(
    conversation: Conversation, handoff: Handoff, queue: QueueConfig, *, wait_limit_seconds: int, at: datetime
) -> None:
    for signal in INBOX_ENTRY:
        signal_handoff(handoff=handoff, signal=signal, at=at)
    _enter_queue(conversation, handoff, queue, at)
    arm_wait_limit(handoff=handoff, seconds=wait_limit_seconds, at=at)


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
    settings = current.config.settings
    text = with_contacts(settings.message_text, settings)
    open_ticket(conversation=conversation, after=handoff, text=text, at=at)
