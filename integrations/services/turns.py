"""A turn of the AI, run by whoever drains `turn.due`: lease, consider, ask the responder, apply, release."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from conversations.models import OutboxEntry
from handoffs.domain.settings import SettingsConfig
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import AI_UNAVAILABLE, HandoffRequest
from handoffs.services.turns import Turn, apply_reply, consider_turn, lease_turn, release_turn
from integrations.adapters.base import AdapterError
from integrations.registry import responder_of
from integrations.responders.base import HandoffAction, Reply
from integrations.responders.base import Turn as Question

logger = logging.getLogger(__name__)
BUILT_IN = "topics"


def take_turn(*, entry: OutboxEntry, at: datetime, clock: Callable[[], datetime] = timezone.now) -> None:
    """Answer what the customer said. A turn already covered does nothing; while another runs it will see ours."""
    conversation_id, holder = entry.conversation_id, entry.pk
    if not lease_turn(conversation_id=conversation_id, holder=holder, at=at):
        return
    while True:
        if turn := consider_turn(conversation_id=conversation_id, at=clock()):
            _answer(turn, at=clock())
        if release_turn(conversation_id=conversation_id, holder=holder):
            return


def _answer(turn: Turn, *, at: datetime) -> None:
    settings = turn.config.settings
    try:
        reply = responder_of(BUILT_IN).answer(_question(turn))
    except AdapterError as error:
        logger.warning("responder failed in conversation %s: %s", turn.conversation_id, error)
        apply_reply(turn=turn, text="", details={}, request=_unavailable(turn, settings, str(error)), at=at)
        return
    topic = turn.config.topic(reply.topic_key)
    details = {
        "topic": reply.topic_key,
        "topic_name": topic.name if topic else "",
        "confidence": round(reply.confidence, 2),
        "understood": reply.understood,
    }
    request = _topic_action(turn, reply, reply.action) if reply.action else None
    apply_reply(turn=turn, text=reply.text, details=details, request=request, at=at)


def _question(turn: Turn) -> Question:
    return Question(
        conversation_id=turn.conversation_id,
        messages=turn.messages,
        ai_name=turn.config.ai_name,
        topics=turn.config.topics,
    )


def _unavailable(turn: Turn, settings: SettingsConfig, why: str) -> HandoffRequest:
    return HandoffRequest(
        trigger=Trigger.AI_DECISION,
        reason=AI_UNAVAILABLE,
        utterance=settings.unavailable_utterance,
        evidence={"text": turn.said[-1], "error": why},
    )


def _topic_action(turn: Turn, reply: Reply, action: HandoffAction) -> HandoffRequest:
    return HandoffRequest(
        trigger=Trigger.TOPIC_ACTION,
        reason=action.reason,
        utterance=action.utterance or reply.text,
        destination=action.destination,
        evidence={"text": turn.said[-1], "topic": reply.topic_key, "score": round(reply.confidence, 2)},
    )
