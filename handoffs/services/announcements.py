"""What the customer is told of a handoff beside its events: by the AI that has them, or by the system."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.models import Conversation
from handoffs.domain.alternatives import try_again, with_contacts
from handoffs.domain.config import ProjectConfig
from handoffs.domain.office_hours.words import fill_closed_text
from handoffs.domain.routing import Route
from handoffs.models import Handoff

AI = "ai"
SYSTEM = "system"


def tell_closed(
    *, conversation: Conversation, config: ProjectConfig, route: Route, at: datetime, details: Mapping[str, Any]
) -> None:
    """Let the AI, who has the conversation, say when people are back. `details`: for staff, none of the customer's
    words, which are masked elsewhere only."""
    opening = route.next_opening
    text = fill_closed_text(config.settings.closed_text, opening=opening, at=at, time_zone=route.time_zone)
    facts = {"opening": opening.isoformat() if opening else None, "route": trace_of(route), **details}
    say_as_ai(conversation, config, with_contacts(text, config.settings), {"kind": "closed", **facts})


def tell_unanswered(*, conversation: Conversation, config: ProjectConfig, route: Route, at: datetime) -> None:
    """Let the AI, who has the conversation back, say when people are back, or that nobody came although they are
    there."""
    if route.next_opening:
        tell_closed(conversation=conversation, config=config, route=route, at=at, details={})
    else:
        details = {"kind": "unanswered", "response_suggestions": try_again(config.settings)}
        say_as_ai(conversation, config, with_contacts(config.settings.unanswered_text, config.settings), details)


def say_as_ai(conversation: Conversation, config: ProjectConfig, text: str, details: Mapping[str, Any]) -> None:
    payload = {"text": text, "agent_name": config.ai_name, **details}
    append_event(conversation_id=conversation.id, event=NewEvent("ai.message", AI, payload, epoch=conversation.epoch))


def say_utterance(*, conversation: Conversation, handoff: Handoff, config: ProjectConfig) -> None:
    """The AI's last words before a human comes; whoever took it over, or asked over the API, may have none."""
    if handoff.utterance:
        say_as_ai(conversation, config, handoff.utterance, {"kind": "announcement"})


def tell_ai_left(conversation: Conversation) -> None:
    append_event(conversation_id=conversation.id, event=NewEvent("ai.left", SYSTEM))


def tell_customer(conversation: Conversation, text: str) -> None:
    append_event(
        conversation_id=conversation.id,
        event=NewEvent("system.message", SYSTEM, {"level": "SYSTEM_MESSAGE_LEVEL_INFO", "message": text}),
    )


def triggered_event(handoff: Handoff, config: ProjectConfig) -> NewEvent:
    """`custom` reaches the customer's client, in metadata; the rest is for staff."""
    custom = {
        "handoff_id": str(handoff.id),
        "reason": handoff.reason,
        "destination": handoff.destination_key,
        "trigger": handoff.trigger,
        "summary": str(handoff.evidence.get("summary") or handoff.evidence.get("text", "")),
    }
    told = {
        "custom": custom,
        "handoff_id": str(handoff.id),
        "reason": handoff.reason,
        "reason_label": config.reason_label(handoff.reason),
        "trigger": handoff.trigger,
        "destination_name": handoff.destination_name,
        "release": handoff.release_number,
        "evidence": handoff.evidence,
    }
    return NewEvent("handoff.triggered", SYSTEM, told)


def trace_of(route: Route) -> list[dict[str, Any]]:
    return [asdict(item) for item in route.considered]
