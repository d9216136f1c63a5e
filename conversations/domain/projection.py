"""The projection: what a conversation's timeline says about now.

Every event that changes it carries the change under `now` in its payload, so that
*old projection + events = new projection* holds by construction and is tested against the row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from conversations.domain.timeline import StoredEvent


@dataclass(frozen=True, slots=True)
class Projection:
    """The projected columns of a conversation; instants are ISO 8601 text, as they stand in `now`."""

    owner_kind: str = "ai"
    owner_id: str = ""
    epoch: int = 1
    owner_since: str | None = None
    handoff_id: str | None = None
    handoff_state: str = ""
    reason: str = ""
    utterance: str = ""
    trigger: str = ""
    destination_key: str = ""
    destination_name: str = ""
    queue_key: str = ""
    waiting_since: str | None = None
    handoff_data: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    ended_at: str | None = None


PROJECTED = frozenset(item.name for item in fields(Projection))


def apply_event(projection: Projection, event: StoredEvent) -> Projection:
    return replace(projection, **event.payload.get("now", {}))


def project_events(events: Iterable[StoredEvent], start: Projection | None = None) -> Projection:
    """Fold events, in the order of their sequence, into a projection."""
    projection = start or Projection()
    for event in events:
        projection = apply_event(projection, event)
    return projection
