"""Outcomes: what the human achieved, recorded in the inbox or by a CRM."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Conversation, Outcome
from conversations.outbox import add_entry
from conversations.selectors.outcomes import OutcomeTarget
from conversations.services.ownership import lock_conversation


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """code: a disposition of the queue, or the other system's own; source: the system it comes from, to which it is
    never pushed back."""

    code: str
    resolved: bool
    first_contact_resolved: bool | None = None
    handled_by: str = ""
    note: str = ""
    source: str = "inbox"


@dataclass(frozen=True, slots=True)
class Received:
    """outcome: the stored row; is_current: no newer one is known of the same handoff."""

    outcome: Outcome
    is_current: bool


def receive_outcome(*, target: OutcomeTarget, facts: OutcomeFacts, occurred_at: datetime) -> Received:
    """Keep what another system says a human achieved. The very same facts again are the same outcome.

    The newest `occurred_at` of a handoff is current; of two of one instant, the one that came last.
    """
    with transaction.atomic():
        conversation = lock_conversation(target.conversation_id)
        told = Outcome.objects.filter(conversation=conversation, handoff_id=target.handoff_id)
        outcome = told.filter(**asdict(facts), occurred_at=occurred_at).first() or record_outcome(
            conversation=conversation, handoff_id=target.handoff_id, facts=facts, author="system", at=occurred_at
        )
        newer = Q(occurred_at__gt=occurred_at) | Q(occurred_at=occurred_at, pk__gt=outcome.pk)
        return Received(outcome, is_current=not told.filter(newer).exists())


def record_outcome(
    *, conversation: Conversation, handoff_id: uuid.UUID | None, facts: OutcomeFacts, author: str, at: datetime
) -> Outcome:
    """Store an outcome of a locked conversation, in the caller's transaction, and promise its push-back."""
    columns = asdict(facts)
    outcome = Outcome.objects.create(conversation=conversation, handoff_id=handoff_id, occurred_at=at, **columns)
    # The note stays with the outcome: the timeline needs none of its words.
    told = {"outcome_id": str(outcome.id), **{name: value for name, value in columns.items() if name != "note"}}
    event = append_event(conversation_id=conversation.id, event=NewEvent("outcome.recorded", author, told))
    add_entry(
        topic="webhook.emit",
        conversation_id=conversation.id,
        sequence=event.sequence,
        payload={"event": "outcome.recorded", "outcome_id": str(outcome.id)},
    )
    return outcome
