"""Who handles what is promised in the outbox: a literal table, so that no app imports upward."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from django.utils.module_loading import import_string

from conversations.models import OutboxEntry
from integrations.domain.responder_settings import ResponderKind
from integrations.responders.base import Responder

# Every handler is called `handler(entry=…, at=…)`, may run twice for one entry, and raises to have it tried again.
HANDLERS: Mapping[str, str] = {
    "turn.due": "integrations.services.turns.take_turn",
    "conversation.ended": "handoffs.services.closing.end_open",
    "desk.open": "integrations.services.relay.open_desk",
    "desk.end": "integrations.services.relay.end_desk",
    "ticket.message": "handoffs.services.tickets.take_message",
    "webhook.emit": "integrations.services.fanout.fan_out",
    "crm.push": "integrations.services.fanout.fan_out",
}

# By the kind of a connection. Each is called `Responder(settings=…, credentials=…)`.
RESPONDERS: Mapping[str, str] = {
    ResponderKind.HTTP: "integrations.responders.http.HttpResponder",
    ResponderKind.OPENAI: "integrations.responders.openai_compatible.OpenAiCompatibleResponder",
}
BUILT_IN = "integrations.responders.topics.TopicsResponder"


class Handler(Protocol):
    def __call__(self, *, entry: OutboxEntry, at: datetime) -> object: ...


class UnknownTopic(Exception):
    """Nobody handles this topic: add a row to HANDLERS, or stop writing such entries."""


def handler_of(topic: str) -> Handler:
    """Return the service that handles `topic`. Raises UnknownTopic."""
    if topic not in HANDLERS:
        raise UnknownTopic(topic)
    return cast(Handler, import_string(HANDLERS[topic]))


def built_in_responder() -> Responder:
    """Return who answers where no connection is chosen: the project's topics, without a network."""
    return cast(Responder, import_string(BUILT_IN)())


def responder_of(kind: str, *, settings: Mapping[str, Any], credentials: Mapping[str, str]) -> Responder:
    """Return who answers as the AI over a connection of this kind. Raises KeyError for a kind that answers not."""
    return cast(Responder, import_string(RESPONDERS[kind])(settings=settings, credentials=credentials))
