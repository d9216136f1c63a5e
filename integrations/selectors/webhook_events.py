"""What an outbox entry's event looks like to the outside, read by its ids when it is fanned out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.models import Annotation, Conversation, OutboxEntry, Outcome
from handoffs.models import Handoff
from integrations.domain.webhook_events import HANDOFF_EVENTS, WebhookEvent, event_id


class UnknownEvent(Exception):
    """No selector describes this event: add it to SELECTORS."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one kind of event adds to the conversation's own ids."""

    occurred_at: datetime
    data: Mapping[str, Any]
    source: str = ""


def describe_event(entry: OutboxEntry) -> WebhookEvent:
    """Return the event an entry's payload `{event, …ids}` means. Raises UnknownEvent, ObjectDoesNotExist."""
    payload = dict(entry.payload)
    name = payload.pop("event", "")
    if name not in SELECTORS:
        raise UnknownEvent(name)
    conversation = Conversation.objects.get(pk=entry.conversation_id)
    facts = SELECTORS[name](conversation, payload, entry)
    return WebhookEvent(
        id=event_id(
            topic=entry.topic, name=name, conversation_id=conversation.id, sequence=entry.sequence, ids=payload
        ),
        name=name,
        occurred_at=facts.occurred_at,
        project_id=conversation.project_id,
        environment=conversation.environment,
        data={"conversation_id": str(conversation.id), "shared_id": conversation.shared_id, **facts.data},
        conversation_id=conversation.id,
        source=facts.source,
    )


def _outcome(conversation: Conversation, ids: Mapping[str, Any], entry: OutboxEntry) -> Facts:
    outcome = Outcome.objects.get(pk=ids["outcome_id"], conversation=conversation)
    data = {
        "handoff_id": _text(outcome.handoff_id),
        "code": outcome.code,
        "resolved": outcome.resolved,
        "first_contact_resolved": outcome.first_contact_resolved,
        "handled_by": outcome.handled_by,
        "note": outcome.note,
        "occurred_at": outcome.occurred_at.isoformat(),
        "source": outcome.source,
    }
    return Facts(outcome.occurred_at, data, outcome.source)


def _annotation(conversation: Conversation, ids: Mapping[str, Any], entry: OutboxEntry) -> Facts:
    annotation = Annotation.objects.get(pk=ids["annotation_id"], conversation=conversation)
    data = {
        "annotation_id": str(annotation.id),
        "handoff_id": _text(annotation.handoff_id),
        "sequence": annotation.sequence,
        "verdict": annotation.verdict or None,
        "mark": annotation.mark or None,
        "comment": annotation.comment,
        "author_id": str(annotation.author_id),
    }
    return Facts(annotation.updated_at, data)


def _ended(conversation: Conversation, ids: Mapping[str, Any], entry: OutboxEntry) -> Facts:
    return Facts(conversation.ended_at or entry.created_at, {"reason": ids.get("reason", "")})


def _handoff(conversation: Conversation, ids: Mapping[str, Any], entry: OutboxEntry) -> Facts:
    handoff = Handoff.objects.get(pk=ids["handoff_id"], conversation=conversation)
    data = {
        "handoff_id": str(handoff.id),
        "root_handoff_id": str(handoff.root_id or handoff.id),
        "state": HANDOFF_EVENTS[entry.payload["event"]],
        "cause": handoff.cause or None,
        "trigger": handoff.trigger,
        "reason": handoff.reason,
        "utterance": handoff.utterance,
        "destination": {"key": handoff.destination_key, "name": handoff.destination_name},
        "queue": handoff.queue_key or None,
        "agent_id": _text(handoff.agent_id),
        "ticket": handoff.is_ticket,
        "data": handoff.data,
    }
    return Facts(entry.created_at, data)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


Select = Callable[[Conversation, Mapping[str, Any], OutboxEntry], Facts]
SELECTORS: Mapping[str, Select] = {
    **dict.fromkeys(HANDOFF_EVENTS, _handoff),
    "conversation.ended": _ended,
    "outcome.recorded": _outcome,
    "annotation.created": _annotation,
}
