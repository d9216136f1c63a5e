"""The door for what others report of a handoff: desks of other systems, the customer's own app, voice platforms."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import EndReason, OwnerKind
from conversations.models import Conversation
from conversations.services.ownership import change_owner, change_projection, lock_conversation
from conversations.services.sessions import finish_session
from handoffs.domain.lifecycle import FINAL, Cause, NotAllowed, Signal, State, steps
from handoffs.domain.signals import cause_of, is_repeat
from handoffs.models import Handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.announcements import SYSTEM
from handoffs.services.arrivals import disarm, owner_at
from handoffs.services.closing import return_to_ai
from handoffs.services.follow_up import follow_up
from handoffs.services.lifecycle import OWN_DESKS, signal_handoff
from handoffs.services.soft import announce_join

Details = Mapping[str, Any]


def apply_signal(
    *,
    handoff_id: uuid.UUID,
    epoch: int | None,
    signal: Signal,
    at: datetime,
    cause: Cause | None = None,
    details: Details | None = None,
) -> State:
    """Apply what somebody outside reports, with everything that follows from it, in one transaction; return the
    state the handoff is in then.

    epoch: the one the reporter was told, None for one who was told no more than the handoff's id; cause: why, where
    the report says it (else the usual one); details: of a human who joined `agent` ({id, name, avatar_url}) or left
    (`agent_id`, `agent_name`), of a queue `queue_name`, `position_in_queue`, `estimated_wait_seconds`, of the
    customer's app a `note`. A report that comes a second time changes nothing; one that comes after the customer has
    left is kept, and nobody is told. Raises Handoff.DoesNotExist, StaleEpoch, NotAllowed, WrongCause.
    """
    with transaction.atomic():
        conversation_id = Handoff.objects.values_list("conversation_id", flat=True).get(pk=handoff_id)
        conversation = lock_conversation(conversation_id)
        handoff = Handoff.objects.select_for_update(no_key=True, of=("self",)).get(pk=handoff_id)
        state = State(handoff.state)
        if is_repeat(state, signal):
            return state
        if epoch is not None and conversation.epoch != epoch:
            lock_conversation(conversation_id, epoch=epoch)
        if not _may_report(handoff, signal):
            raise NotAllowed(state, signal)
        _step(conversation, handoff, signal, cause, details or {}, at)
        return State(handoff.state)


def _may_report(handoff: Handoff, signal: Signal) -> bool:
    """What happens in the built-in inbox has services of its own."""
    return signal in FROM_CLIENT or (signal in FROM_DESK and handoff.desk_key not in OWN_DESKS)


def _step(
    conversation: Conversation, handoff: Handoff, signal: Signal, cause: Cause | None, details: Details, at: datetime
) -> None:
    for move in steps(State(handoff.state), signal):
        why = cause_of(State(handoff.state), move)
        note = str(details.get("note") or "")
        signal_handoff(handoff=handoff, signal=move, at=at, cause=cause if cause and why else why, note=note)
        if State(handoff.state) in FINAL | {State.ACTIVE}:
            disarm(handoff)
        effect = EFFECTS[move] if conversation.ended_at is None else _keep
        effect(conversation, handoff, details, at)


def _accepted(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    """Behind a soft handoff's back nothing public is said."""
    name = details.get("queue_name") or handoff.destination_name
    told = NewEvent("handoff.changed" if handoff.is_soft else "handoff.accepted", SYSTEM, {"queue_name": name})
    change_projection(conversation=conversation, event=told, changes={"handoff_state": handoff.state})


def _queued(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    known = ("queue_name", "position_in_queue", "estimated_wait_seconds")
    told = {name: details[name] for name in known if details.get(name) is not None}
    kind = "handoff.queue_status" if told and not handoff.is_soft else "handoff.changed"
    change_projection(
        conversation=conversation, event=NewEvent(kind, SYSTEM, told), changes={"handoff_state": handoff.state}
    )


def _joined(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    event = NewEvent("human.joined", f"desk:{handoff.desk_key}", {"agent": details.get("agent") or {}})
    changes = {"handoff_state": handoff.state, "waiting_since": None}
    if conversation.owner_kind == OwnerKind.AI:
        announce_join(conversation=conversation, handoff=handoff)
        change_owner(conversation=conversation, owner=owner_at(handoff), event=event, changes=changes, at=at)
    else:
        # The desk has had it since it was asked: its epoch stays the one it was told.
        change_projection(conversation=conversation, event=event, changes=changes)


def _left(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    told = {name: details[name] for name in ("agent_id", "agent_name") if details.get(name)}
    append_event(conversation_id=conversation.id, event=NewEvent("human.left", f"desk:{handoff.desk_key}", told))
    _finish(conversation, handoff, details, at)


def _finish(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    """The customer is in other hands, or has been served: this session has no more to say."""
    changes = {"handoff_state": handoff.state}
    finish_session(conversation=conversation, reason=EndReason.NATURAL_END, at=at, changes=changes)


def _keep(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    """The customer has left meanwhile: what became of it is kept, and there is nobody to tell."""
    event = NewEvent("handoff.changed", SYSTEM, {"cause": handoff.cause})
    change_projection(conversation=conversation, event=event, changes={"handoff_state": handoff.state})


def _handed_back(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    return_to_ai(conversation=conversation, handoff=handoff, at=at)


def _failed(conversation: Conversation, handoff: Handoff, details: Details, at: datetime) -> None:
    follow_up(conversation=conversation, handoff=handoff, config=read_config(handoff.snapshot_hash), at=at)


FROM_DESK = frozenset(
    {
        Signal.DESK_ACCEPTED,
        Signal.ENTERED_QUEUE,
        Signal.HUMAN_JOINED,
        Signal.HUMAN_LEFT,
        Signal.HANDED_BACK,
        Signal.DESK_UNAVAILABLE,
        Signal.DESK_FAILED,
    }
)
FROM_CLIENT = frozenset({Signal.CLIENT_COMPLETED, Signal.CLIENT_FAILED})
EFFECTS: Mapping[Signal, Callable[[Conversation, Handoff, Details, datetime], None]] = {
    Signal.DESK_ACCEPTED: _accepted,
    Signal.ENTERED_QUEUE: _queued,
    Signal.HUMAN_JOINED: _joined,
    Signal.HUMAN_LEFT: _left,
    Signal.HANDED_BACK: _handed_back,
    Signal.DESK_UNAVAILABLE: _failed,
    Signal.DESK_FAILED: _failed,
    Signal.CLIENT_COMPLETED: _finish,
    Signal.CLIENT_FAILED: _failed,
}
