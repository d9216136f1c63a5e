"""The inbox list: which view a conversation stands in, and how its row looks to one person."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from conversations.domain.frames import MASK, timestamp_of
from conversations.domain.names import first_name, initials, nameless
from conversations.domain.vocabulary import OwnerKind


class View(StrEnum):
    """The six views of the list; a conversation stands in one of them at most."""

    MINE = "mine"
    WAITING = "waiting"
    AI = "ai"
    TEAM = "team"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class RowState(StrEnum):
    """What a row says of its conversation. `ticket`: in a queue, nobody waits."""

    WAITING = "waiting"
    TICKET = "ticket"
    HUMAN = "human"
    AI = "ai"
    DESK = "desk"
    CLOSED = "closed"


STATE_OF_OWNER = {
    OwnerKind.HUMAN: RowState.HUMAN,
    OwnerKind.AI: RowState.AI,
    OwnerKind.DESK: RowState.DESK,
    OwnerKind.NONE: RowState.CLOSED,
}
VIEW_OF_STATE = {
    RowState.WAITING: View.WAITING,
    RowState.TICKET: View.WAITING,
    RowState.AI: View.AI,
    RowState.CLOSED: View.CLOSED,
}
YOU = "You"
CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. user_id: as text; masked: without `pii.view`; can_reply: with `inbox.reply`."""

    user_id: str
    masked: bool
    can_reply: bool


@dataclass(frozen=True, slots=True)
class LastSaid:
    """The newest message of a conversation; author as in the timeline, name as it was spoken under."""

    author: str
    author_name: str
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One conversation in the list, the same for everybody; `describe` makes it one person's.

    sequence: the conversation's; unread: customer's messages nobody has answered yet; target_seconds: the wait
    its queue aims at; snoozed_until: for how long its owner has put it aside.
    """

    conversation_id: uuid.UUID
    sequence: int
    epoch: int
    customer_name: str
    channel: str
    environment: str
    state: RowState
    was_handed_off: bool
    owner_kind: str
    owner_id: str
    owner_name: str
    owner_since: datetime
    queue_key: str
    queue_name: str
    target_seconds: int | None
    reason: str
    reason_label: str
    reason_urgent: bool
    waiting_since: datetime | None
    destination_name: str
    last: LastSaid | None
    unread: int
    snoozed_until: datetime | None = None

    @property
    def since(self) -> datetime:
        return self.waiting_since or self.owner_since


def state_of(*, owner_kind: str, is_waited_for: bool) -> RowState:
    """is_waited_for: a human has been asked. The AI may keep a customer company meanwhile (a soft handoff)."""
    if owner_kind == OwnerKind.QUEUE and not is_waited_for:
        return RowState.TICKET
    if owner_kind in (OwnerKind.QUEUE, OwnerKind.AI) and is_waited_for:
        return RowState.WAITING
    return STATE_OF_OWNER[OwnerKind(owner_kind)]


def view_of(row: InboxRow, viewer: Viewer) -> View | None:
    """Return the view the row stands in for this person; None for what never came to the inbox."""
    if row.state is RowState.HUMAN:
        own = View.SNOOZED if row.snoozed_until else View.MINE
        return own if row.owner_id == viewer.user_id else View.TEAM
    if row.state is RowState.CLOSED and not row.was_handed_off:
        return None
    return VIEW_OF_STATE.get(row.state)


def describe(row: InboxRow, viewer: Viewer) -> dict[str, Any]:
    """Return the row as this person sees it, with native ids and instants, for templates."""
    name = nameless(row.conversation_id) if viewer.masked or not row.customer_name else row.customer_name
    return {
        "conversation_id": row.conversation_id,
        "sequence": row.sequence,
        "epoch": row.epoch,
        "name": name,
        "initials": initials(name),
        "channel": row.channel,
        "environment": row.environment,
        "state": row.state.value,
        "owner": {"kind": row.owner_kind, "id": row.owner_id, "name": row.owner_name},
        "owner_since": row.owner_since,
        "mine": row.owner_kind == OwnerKind.HUMAN and row.owner_id == viewer.user_id,
        "queue": {"key": row.queue_key, "name": row.queue_name},
        "reason": row.reason,
        "reason_label": row.reason_label,
        "reason_urgent": row.reason_urgent,
        "waiting_since": row.waiting_since,
        "snoozed_until": row.snoozed_until,
        "target_seconds": row.target_seconds,
        "last_event": _last_event(row.last, name, viewer),
        "unread": row.unread,
        "destination_name": row.destination_name,
    }


def to_wire(value: Any) -> Any:
    """Return a described row, or anything it may hold, in JSON form: ids as text, instants in ISO 8601."""
    match value:
        case uuid.UUID():
            return str(value)
        case datetime():
            return timestamp_of(value)
        case Mapping():
            return {key: to_wire(item) for key, item in value.items()}
        case list() | tuple():
            return [to_wire(item) for item in value]
        case _:
            return value


def _last_event(last: LastSaid | None, name: str, viewer: Viewer) -> dict[str, Any] | None:
    if last is None:
        return None
    author = YOU if last.author == f"user:{viewer.user_id}" else first_name(last.author_name)
    return {
        "author": first_name(name) if last.author == CUSTOMER else author,
        "text": MASK if viewer.masked else last.text,
        "at": last.at,
    }


@dataclass(frozen=True, slots=True)
class Tally:
    """How many conversations each owner has. humans, snoozed: by user id, the snoozed ones among the others;
    late_at: when the first waiting customer is, or was, over the target."""

    waiting: int
    ai: int
    humans: Mapping[str, int]
    closed: int
    late_at: datetime | None
    snoozed: Mapping[str, int] = field(default_factory=dict, hash=False)

    def counts(self, viewer: Viewer) -> dict[str, int]:
        """Return the number of conversations by view for this person."""
        mine, snoozed = self.humans.get(viewer.user_id, 0), self.snoozed.get(viewer.user_id, 0)
        return {
            View.MINE.value: mine - snoozed,
            View.WAITING.value: self.waiting,
            View.AI.value: self.ai,
            View.TEAM.value: sum(self.humans.values()) - mine,
            View.SNOOZED.value: snoozed,
            View.CLOSED.value: self.closed,
        }

    def is_late(self, at: datetime) -> bool:
        return self.late_at is not None and at >= self.late_at
