"""The only writer of a handoff's state: look the next one up in the table, write it where the old one stands."""

from datetime import datetime

from conversations.outbox import add_entry
from handoffs.domain.lifecycle import Cause, Signal, State, advance, check_cause
from handoffs.models import Handoff

STAMPS = {State.ACCEPTED: "accepted_at", State.ACTIVE: "joined_at"}

# The webhook event of a state, where it has one.
ANNOUNCED = {
    State.INITIATED: "handoff.triggered",
    State.ACCEPTED: "handoff.accepted",
    State.QUEUED: "handoff.queued",
    State.ACTIVE: "handoff.joined",
    State.COMPLETED: "handoff.completed",
    State.FAILED: "handoff.failed",
    State.TIMED_OUT: "handoff.timed_out",
    State.CLIENT_REQUIRED: "handoff.client_required",
}


class StaleState(Exception):
    """The handoff has moved on since it was read; read it again and decide anew."""


def signal_handoff(*, handoff: Handoff, signal: Signal, at: datetime, cause: Cause | None = None) -> State:
    """Move a handoff on, in the caller's transaction (which holds its conversation's lock).

    `cause` is needed for every final state. Raises NotAllowed, WrongCause, StaleState.
    """
    old = State(handoff.state)
    new = advance(old, signal)
    changes: dict[str, object] = {"state": new.value}
    if cause is not None:
        changes |= {"cause": check_cause(new, cause).value, "ended_at": at}
    if stamp := STAMPS.get(new):
        changes[stamp] = at
    if not Handoff.objects.filter(pk=handoff.pk, state=old.value).update(**changes):
        raise StaleState(f"handoff {handoff.pk} is no longer {old}")
    for name, value in changes.items():
        setattr(handoff, name, value)
    announce_state(handoff)
    return new


def announce_state(handoff: Handoff) -> None:
    """Promise the webhook event of the state a handoff is in."""
    if name := ANNOUNCED.get(State(handoff.state)):
        payload = {"event": name, "handoff_id": str(handoff.id)}
        add_entry(topic="webhook.emit", conversation_id=handoff.conversation_id, payload=payload)
