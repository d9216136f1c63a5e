"""Who handles what is promised in the outbox: a literal table, so that no app imports upward."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, cast

from django.utils.module_loading import import_string

from conversations.models import OutboxEntry
from integrations.responders.base import Responder

# Every handler is called `handler(entry=…, at=…)`, may run twice for one entry, and raises to have it tried again.
HANDLERS: Mapping[str, str] = {
    "turn.due": "integrations.services.turns.take_turn",
    "conversation.ended": "handoffs.services.closing.end_open",
    "ticket.message": "handoffs.services.tickets.take_message",
    "webhook.emit": "integrations.services.fanout.fan_out",
    "crm.push": "integrations.services.fanout.fan_out",
}

RESPONDERS: Mapping[str, str] = {
    "topics": "integrations.responders.topics.TopicsResponder",
}


class Handler(Protocol):
    def __call__(self, *, entry: OutboxEntry, at: datetime) -> object: ...


class UnknownTopic(Exception):
    """Nobody handles this topic: add a row to HANDLERS, or stop writing such entries."""


def handler_of(topic: str) -> Handler:
    """Return the service that handles `topic`. Raises UnknownTopic."""
    if topic not in HANDLERS:
        raise UnknownTopic(topic)
    return cast(Handler, import_string(HANDLERS[topic]))


def responder_of(key: str) -> Responder:
    """Return who answers as the AI under this key."""
    return cast(Responder, import_string(RESPONDERS[key])())
