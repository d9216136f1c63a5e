"""Silent customers: a session of the Messaging API is watched from its opening; it is warned, then ended.

One deadline of the kind `idle` goes with an open session. It never ends what waits for a person or is with one: it
only looks again, so that it is there when the AI has the conversation back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from conversations.append import append_event
from conversations.domain.idleness import IDLE_AFTER, STAMPED_WITHIN, IdleStep, judge_silence
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind, EndReason, OwnerKind
from conversations.models import Connector, Conversation, Deadline, Event
from conversations.services.ownership import lock_conversation
from conversations.services.sessions import end_session, open_session


def open_watched_session(*, connector: Connector, options: Mapping[str, Any]) -> Conversation:
    """Open a session that ends when its customer is gone."""
    with transaction.atomic():
        conversation = open_session(connector=connector, options=options)
        _arm(conversation, due_at=conversation.created_at + IDLE_AFTER + STAMPED_WITHIN)
    return conversation


def fire_idle(deadline: Deadline, at: datetime) -> None:
    """A fired deadline of the kind `idle`, its row deleted, in the sweep's transaction with the conversation locked."""
    conversation = lock_conversation(deadline.conversation_id)
    if conversation.ended_at is not None:
        return
    if conversation.owner_kind != OwnerKind.AI:
        _arm(conversation, due_at=at + IDLE_AFTER)
        return
    verdict = judge_silence(silent_since=_silent_since(conversation), warned_at=_warned_at(conversation), at=at)
    if verdict.step is IdleStep.WARN:
        append_event(conversation_id=conversation.id, event=NewEvent("session.idle_warning", "system"))
    if verdict.step is IdleStep.END:
        end_session(conversation_id=conversation.id, reason=EndReason.USER_ABANDONED, at=at)
    if verdict.look_again_at is not None:
        _arm(conversation, due_at=verdict.look_again_at)


def _arm(conversation: Conversation, *, due_at: datetime) -> None:
    Deadline.objects.create(
        conversation=conversation, kind=DeadlineKind.IDLE, subject_id=conversation.id, due_at=due_at
    )


def _silent_since(conversation: Conversation) -> datetime:
    """Whoever came back to the AI has as long as whoever spoke to it."""
    return max(conversation.last_seen_at or conversation.created_at, conversation.owner_since)


def _warned_at(conversation: Conversation) -> datetime | None:
    warnings = Event.objects.filter(conversation=conversation, type="session.idle_warning")
    warned_at: datetime | None = warnings.aggregate(last=Max("created_at"))["last"]
    return warned_at
