"""The only writer of a handoff's state: look the next one up in the table, write it where the old one stands."""

from datetime import datetime

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.outbox import add_entry
from handoffs.domain.config import CLIENT, INBOX
from handoffs.domain.lifecycle import FINAL, Cause, Signal, State, advance, check_cause
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
# What staff read in the timeline of an end that no other event tells of.
TOLD_TO_STAFF = {State.COMPLETED: "handoff.completed", State.RETURNED: "handoff.returned"}
# These answer on the spot, or by themselves: nobody has to be told that they are left behind.
OWN_DESKS = frozenset({"", INBOX, CLIENT})


class StaleState(Exception):
    """The handoff has moved on since it was read; read it again and decide anew."""


def signal_handoff(
    *, handoff: Handoff, signal: Signal, at: datetime, cause: Cause | None = None, note: str = ""
) -> State:
    """Move a handoff on, in the caller's transaction (which holds its conversation's lock).

    `cause` is needed for every final state; note: what whoever reported it said to it. A desk that has been asked is
    told of an end it did not bring about.
    Raises NotAllowed, WrongCause, StaleState.
    """
    old = State(handoff.state)
    new = advance(old, signal)
    changes: dict[str, object] = {"state": new.value, "history": [*handoff.history, history_entry(new, at, note)]}
    if cause is not None:
        changes |= {"cause": check_cause(new, cause).value, "ended_at": at}
    if stamp := STAMPS.get(new):
        changes[stamp] = at
    if not Handoff.objects.filter(pk=handoff.pk, state=old.value).update(**changes):
        raise StaleState(f"handoff {handoff.pk} is no longer {old}")
    for name, value in changes.items():
        setattr(handoff, name, value)
    announce_state(handoff)
    if new in FINAL:
        _tell_of_end(handoff, old, signal)
    return new


def history_entry(state: State, at: datetime, note: str = "") -> dict[str, str]:
    """One step of `Handoff.history`, with a note where one was given."""
    return {"state": state.value, "at": at.isoformat(), **({"note": note} if note else {})}


def announce_state(handoff: Handoff) -> None:
    """Promise the webhook event of the state a handoff is in."""
    if name := ANNOUNCED.get(State(handoff.state)):
        payload = {"event": name, "handoff_id": str(handoff.id)}
        add_entry(topic="webhook.emit", conversation_id=handoff.conversation_id, payload=payload)


def leaves_desk_behind(desk_key: str, old: State, signal: Signal) -> bool:
    """Whether another system's desk was asked, and has to be told that this is over."""
    return desk_key not in OWN_DESKS and old is not State.INITIATED and signal is not Signal.HUMAN_LEFT


def _tell_of_end(handoff: Handoff, old: State, signal: Signal) -> None:
    if leaves_desk_behind(handoff.desk_key, old, signal):
        payload = {"handoff_id": str(handoff.id)}
        add_entry(topic="desk.end", conversation_id=handoff.conversation_id, payload=payload)
    if name := TOLD_TO_STAFF.get(State(handoff.state)):
        told = {"handoff_id": str(handoff.id), "cause": handoff.cause}
        append_event(conversation_id=handoff.conversation_id, event=NewEvent(name, "system", told))
