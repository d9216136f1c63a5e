"""Outcomes: what the human achieved, recorded in the inbox or by a CRM."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Conversation, Outcome
from conversations.outbox import add_entry


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """code: a disposition of the queue; source: the system it comes from, to which it is never pushed back."""

    code: str
    resolved: bool
    first_contact_resolved: bool | None = None
    handled_by: str = ""
    note: str = ""
    source: str = "inbox"


def record_outcome(
    *, conversation: Conversation, handoff_id: uuid.UUID | None, facts: OutcomeFacts, author: str, at: datetime
) -> Outcome:
    """Store an outcome of a locked conversation, in the caller's transaction, and promise its push-back."""
    outcome = Outcome.objects.create(
        conversation=conversation,
        handoff_id=handoff_id,
        code=facts.code,
        resolved=facts.resolved,
        first_contact_resolved=facts.first_contact_resolved,
        handled_by=facts.handled_by,
        note=facts.note,
        source=facts.source,
        occurred_at=at,
    )
    event = append_event(
        conversation_id=conversation.id,
        event=NewEvent(
            "outcome.recorded",
            author,
            {
                "outcome_id": str(outcome.id),
                "code": facts.code,
                "resolved": facts.resolved,
                "first_contact_resolved": facts.first_contact_resolved,
                "handled_by": facts.handled_by,
            },
        ),
    )
    add_entry(
        topic="webhook.emit",
        conversation_id=conversation.id,
        sequence=event.sequence,
        payload={"event": "outcome.recorded", "outcome_id": str(outcome.id)},
    )
    return outcome
