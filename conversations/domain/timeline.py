"""The event table: everything that can happen to a conversation, and who may see it.

Wire names are those of the Messaging API, without their prefix `EVENT_TYPE_`. Documentation, validators and
encoders read this table; nothing else decides what a customer sees.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

WIRE_PREFIX = "EVENT_TYPE_"


class Audience(StrEnum):
    """For whom a frame is encoded, once each."""

    CUSTOMER = "customer"
    STAFF = "staff"
    STAFF_MASKED = "staff_masked"


@dataclass(frozen=True, slots=True)
class EventType:
    """One row of the event table.

    name: ours; wire: the published name, None when the customer never sees it; fields: the payload fields the
    customer gets; personal: the fields hidden from staff without `pii.view`; durable: stored and numbered;
    after_end: may follow the end of the session (never true for anything public).
    """

    name: str
    wire: str | None = None
    fields: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    durable: bool = True
    after_end: bool = False
    is_message: bool = False

    @property
    def public(self) -> bool:
        return self.wire is not None


_QUEUE_STATUS = ("queue_name", "position_in_queue", "estimated_wait_seconds")
_EXTRAS = ("attachments", "response_suggestions")


def _message(name: str, wire: str, *fields: str) -> EventType:
    return EventType(name, wire, ("text", *fields), personal=("text", "attachments"), is_message=True)


_PUBLIC = (
    EventType("session.started", "SESSION_START", ("capabilities",)),
    EventType("session.idle_warning", "SESSION_IDLE_WARNING"),
    EventType("session.ended", "SESSION_END", ("reason",)),
    EventType("customer.join_requested", "REQUEST_POLY_AGENT_JOIN"),
    _message("customer.message", "USER_MESSAGE"),
    EventType("customer.ended", "USER_END_SESSION"),
    EventType("ai.joined", "POLY_AGENT_JOINED", ("agent_name", "agent_avatar_url")),
    _message("ai.message", "POLY_AGENT_MESSAGE", "agent_name", *_EXTRAS),
    EventType("ai.left", "POLY_AGENT_LEFT"),
    EventType("handoff.triggered", "POLY_AGENT_TRIGGERED_HANDOFF", personal=("evidence", "custom")),
    EventType("handoff.accepted", "HANDOFF_ACCEPTED", ("queue_name",)),
    EventType("handoff.queue_status", "HANDOFF_QUEUE_STATUS", _QUEUE_STATUS),
    EventType("handoff.failed", "HANDOFF_FAILED", ("reason",)),
    EventType("handoff.timed_out", "HANDOFF_TIMEOUT", ("reason",)),
    EventType("handoff.client_required", "CLIENT_HANDOFF_REQUIRED", ("reason", "queue_name", "route")),
    EventType("human.joined", "LIVE_AGENT_JOINED", ("agent",)),
    _message("human.message", "LIVE_AGENT_MESSAGE", "agent_id", "agent_name", *_EXTRAS),
    EventType("human.left", "LIVE_AGENT_LEFT", ("agent_id", "agent_name")),
    # It may say where the customer is written to.
    EventType("system.message", "SYSTEM_MESSAGE", ("level", "message"), personal=("message",)),
    EventType("language.changed", "LANGUAGE_CHANGED", ("language_code",)),
)
_STAFF = (
    EventType("note.added", personal=("text",), after_end=True),
    EventType("handoff.changed", after_end=True),
    EventType("handoff.requested"),
    EventType("handoff.retrying"),
    EventType("handoff.transferred"),
    EventType("handoff.released"),
    EventType("handoff.completed", after_end=True),
    EventType("handoff.returned", after_end=True),
    EventType("offer.made"),
    EventType("offer.ended", after_end=True),
    EventType("conversation.snoozed", after_end=True),
    EventType("conversation.woken", after_end=True),
    EventType("human.whispered", personal=("text",)),
    EventType("ticket.opened"),
    EventType("ticket.contact_added", personal=("email", "phone"), after_end=True),
    EventType("ticket.claimed", after_end=True),
    EventType("handoff.closed", after_end=True),
    EventType("handoff.abandoned", after_end=True),
    EventType("state.changed", personal=("changes",)),
    EventType("outcome.recorded", after_end=True),
    EventType("annotation.added", after_end=True),
)
_TRANSIENT = (
    EventType("ai.thinking", "POLY_AGENT_THINKING", durable=False),
    EventType(
        "ai.chunk",
        "POLY_AGENT_MESSAGE_CHUNK",
        ("message_id", "text", "attachments", "response_suggestions", "chunk_index", "is_complete"),
        durable=False,
    ),
    EventType("turn.done", durable=False),
    EventType("customer.typing", "USER_TYPING", ("state",), durable=False),
    EventType("human.typing", "LIVE_AGENT_TYPING", ("state", "agent_id", "agent_name"), durable=False),
    EventType("queue.status", "HANDOFF_QUEUE_STATUS", _QUEUE_STATUS, durable=False),
    EventType("heartbeat", "HEARTBEAT", durable=False),
    EventType("system.notice", "SYSTEM_MESSAGE", ("level", "message"), durable=False),
)
EVENT_TYPES: Mapping[str, EventType] = {row.name: row for row in (*_PUBLIC, *_STAFF, *_TRANSIENT)}
# What a customer does that asks the AI for a turn.
ASKING = ("customer.join_requested", "customer.message")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be appended.

    author: `customer`, `ai`, `system`, `user:<id>` or `desk:<key>`; epoch: the ownership epoch it was made
    under, None when it is bound to nobody (customer, system); client_id: the author's own id of it, a repeat
    of which is the same event; id: chosen beforehand by who has already told it, a UUIDv7.
    """

    type: str
    author: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    client_id: str | None = None
    epoch: int | None = None
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of a timeline as it was committed. `repeat`: it was there before this append."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    sequence: int
    public_sequence: int | None
    type: str
    author: str
    epoch: int
    payload: Mapping[str, Any]
    created_at: datetime
    client_id: str | None = None
    repeat: bool = False
