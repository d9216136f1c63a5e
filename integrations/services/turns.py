"""A turn of the AI, run by whoever drains `turn.due`: lease, consider, ask the responder, apply, release."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from conversations.domain.state import StateTooLarge, StateUnreadable, merge_state
from conversations.models import OutboxEntry
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import AI_UNAVAILABLE, HandoffRequest, is_followed
from handoffs.services.answering import Spoken, Turn, apply_reply
from handoffs.services.turns import abandon_turn, consider_turn, lease_turn, release_turn, tell_turn_over
from integrations.adapters.base import AdapterError, GivenUp
from integrations.responders.base import HandoffAction, Reply
from integrations.responders.base import Turn as Question
from integrations.services.judging import judge_signals
from integrations.services.responders import choose_responder
from integrations.services.speaking import Speaker

logger = logging.getLogger(__name__)
# What is asked for when a responder hands over without saying why.
NEEDS_HUMAN = "needs_human"
NOTHING: Mapping[str, Any] = {}


def take_turn(*, entry: OutboxEntry, at: datetime, clock: Callable[[], datetime] = timezone.now) -> None:
    """Answer what the customer said. A turn already covered does nothing; while another runs it will see ours."""
    conversation_id, holder = entry.conversation_id, entry.pk
    if not lease_turn(conversation_id=conversation_id, holder=holder, at=at):
        return
    while True:
        if turn := consider_turn(conversation_id=conversation_id, at=clock(), judge=judge_signals):
            _answer(turn, holder=holder, clock=clock)
        tell_turn_over(conversation_id=conversation_id)
        if release_turn(conversation_id=conversation_id, holder=holder):
            return


def _answer(turn: Turn, *, holder: int, clock: Callable[[], datetime]) -> None:
    """Ask the responder with no transaction open; what it says is applied only while the AI still has the
    conversation."""
    speaker = Speaker(turn, holder=holder, clock=clock)
    try:
        reply = _ask(turn, speaker, clock)
    except GivenUp:
        logger.info("answer called off: conversation %s changed hands", turn.conversation_id)
        abandon_turn(turn=turn)
    except (AdapterError, StateTooLarge, StateUnreadable) as error:
        logger.warning("responder failed in conversation %s: %s", turn.conversation_id, error)
        speaker.finish({})
        # What the customer was already told stays said.
        said = speaker.heard if speaker.chunks else ""
        details = {"understood": False}
        spoken = Spoken(said, id=speaker.message_id, details=details, is_told=bool(speaker.chunks))
        apply_reply(turn=turn, spoken=spoken, request=_unavailable(turn, str(error)), at=clock())
    else:
        _apply(turn, reply, speaker, at=clock())


def _ask(turn: Turn, speaker: Speaker, clock: Callable[[], datetime]) -> Reply:
    if turn.preface:
        speaker.hear(f"{turn.preface}\n\n")
    with choose_responder(turn=turn, clock=clock) as responder:
        reply = responder.answer(_question(turn), speaker)
        merge_state(turn.state, {**reply.state, **(reply.action.data if reply.action else NOTHING)})
    return reply


def _apply(turn: Turn, reply: Reply, speaker: Speaker, *, at: datetime) -> None:
    extras = {"attachments": list(reply.attachments), "response_suggestions": list(reply.suggestions)}
    shown = {name: items for name, items in extras.items() if items}
    speaker.finish(shown)
    request = _request(turn, reply, reply.action) if reply.action else None
    spoken = Spoken(
        _words(turn, reply, is_told=bool(speaker.chunks)),
        id=speaker.message_id,
        details={**_details(turn, reply), **shown},
        state=reply.state,
        # A topic's content is what the AI may say instead of its handoff, anybody else's text comes before it.
        is_said_before=bool(speaker.chunks) or (not reply.topic_key and bool(request and request.utterance)),
        is_told=bool(speaker.chunks),
    )
    apply_reply(turn=turn, spoken=spoken, request=request, at=at)


def _words(turn: Turn, reply: Reply, *, is_told: bool) -> str:
    """The answer behind what leads up to it. That leads up to no handoff, and stands alone before what is no answer,
    unless all of it has been told."""
    if not turn.preface or (reply.action and not is_told):
        return reply.text
    return f"{turn.preface}\n\n{reply.text}" if reply.understood or is_told else turn.preface


def _details(turn: Turn, reply: Reply) -> dict[str, Any]:
    topic = turn.config.topic(reply.topic_key)
    return {
        "topic": reply.topic_key,
        "topic_name": topic.name if topic else "",
        "confidence": round(reply.confidence, 2),
        "understood": reply.understood,
    }


def _question(turn: Turn) -> Question:
    return Question(
        id=f"turn-{turn.conversation_id}-{turn.up_to}-{turn.epoch}",
        conversation_id=turn.conversation_id,
        environment=turn.environment,
        channel=turn.channel,
        messages=turn.messages,
        ai_name=turn.config.ai_name,
        can_hand_off=is_followed(HandoffRequest(Trigger.AI_DECISION, "", ""), settings=turn.config.settings),
        topics=turn.config.topics,
        destinations=turn.config.destinations,
        reasons=turn.config.reasons,
        state=turn.state,
    )


def _unavailable(turn: Turn, why: str) -> HandoffRequest:
    return HandoffRequest(
        trigger=Trigger.AI_DECISION,
        reason=AI_UNAVAILABLE,
        utterance=turn.config.settings.unavailable_utterance,
        evidence={"text": turn.said[-1], "error": why, "understood": False},
    )


def _request(turn: Turn, reply: Reply, action: HandoffAction) -> HandoffRequest:
    destination, unknown = _find_destination(turn, action.destination)
    topic = {"topic": reply.topic_key, "score": round(reply.confidence, 2)} if reply.topic_key else NOTHING
    summary = {"summary": action.summary} if action.summary else NOTHING
    return HandoffRequest(
        trigger=Trigger.TOPIC_ACTION if reply.topic_key else Trigger.AI_DECISION,
        reason=action.reason or NEEDS_HUMAN,
        utterance=action.utterance or reply.text,
        destination=destination,
        evidence={"text": turn.said[-1], **topic, **summary, **unknown},
        data=dict(action.data),
        soft=action.soft,
    )


def _find_destination(turn: Turn, named: str) -> tuple[str, Mapping[str, str]]:
    """The key of a destination named by key or name; an unknown one is the default's, and is said so."""
    destinations = turn.config.destinations
    by_key = next((item.key for item in destinations if item.key == named), "")
    found = by_key or next((item.key for item in destinations if item.name.casefold() == named.casefold()), "")
    return (found, NOTHING) if found or not named else ("", {"unknown_destination": named})
