"""The events told to webhook endpoints: their names, their identity and their envelope."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Each event of a handoff and the state it tells of: read from the name, since the row may have moved on.
HANDOFF_EVENTS: Mapping[str, str] = {
    "handoff.triggered": "initiated",
    "handoff.accepted": "accepted",
    "handoff.queued": "queued",
    "handoff.joined": "active",
    "handoff.completed": "completed",
    "handoff.failed": "failed",
    "handoff.timed_out": "timed_out",
    "handoff.client_required": "client_required",
}
EVENTS = (*HANDOFF_EVENTS, "conversation.ended", "outcome.recorded", "annotation.created", "alert.*")
PING = "ping"
NAMESPACE = uuid.UUID("5f0e8a52-3d3c-5b0c-9a60-6d0b8f6f2c11")


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One thing that happened, ready to be told. `source`: the system it came from, never told about it again."""

    id: uuid.UUID
    name: str
    occurred_at: datetime
    project_id: uuid.UUID
    environment: str
    data: Mapping[str, Any] = field(repr=False)
    conversation_id: uuid.UUID | None = None
    source: str = ""

    def body(self) -> dict[str, Any]:
        """Return the JSON object a receiver gets."""
        return {
            "id": str(self.id),
            "event": self.name,
            "occurred_at": self.occurred_at.isoformat(),
            "project_id": str(self.project_id),
            "environment": self.environment,
            "data": dict(self.data),
        }


def is_event(name: str) -> bool:
    """Tell whether an endpoint can ask for `name`: a known event, or one of the alerts."""
    return name in EVENTS or name.startswith("alert.")


def wants(filters: Sequence[str], name: str) -> bool:
    """Tell whether an endpoint with these filters (none: everything) is told about `name`."""
    return not filters or name in filters or (name.startswith("alert.") and "alert.*" in filters)


def event_id(
    *, topic: str, name: str, conversation_id: uuid.UUID, sequence: int | None, ids: Mapping[str, Any]
) -> uuid.UUID:
    """Return the identity of an event: the same facts give the same id, in every process and every retry."""
    subject = "&".join(f"{key}={ids[key]}" for key in sorted(ids))
    return uuid.uuid5(NAMESPACE, f"{topic}|{name}|{conversation_id}|{sequence}|{subject}")
