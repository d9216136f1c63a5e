"""Soft handoffs: a human is asked while the AI keeps the conversation; the customer hears of it at the join."""

from datetime import datetime

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation
from handoffs.domain.config import INBOX
from handoffs.domain.lifecycle import OPEN, State
from handoffs.models import Handoff, QueueEntry
from handoffs.selectors.snapshots import read_config
from handoffs.services.announcements import SYSTEM, say_utterance, tell_ai_left, triggered_event
from handoffs.services.arrivals import announce_handoff
from handoffs.services.queue_status import tell_place


def find_soft(conversation: Conversation) -> Handoff | None:
    """The handoff that waits behind the AI's back, if there is one."""
    if conversation.owner_kind != OwnerKind.AI or conversation.handoff_id is None:
        return None
    return Handoff.objects.filter(pk=conversation.handoff_id, is_soft=True, state__in=OPEN).first()


def waits_in_inbox(conversation: Conversation) -> bool:
    """Whether an agent may take what the AI still has."""
    soft = find_soft(conversation)
    return soft is not None and soft.desk_key == INBOX


def announce_join(*, conversation: Conversation, handoff: Handoff) -> None:
    """Tell the customer of a soft handoff, in the transaction in which a human joins: utterance, trigger, the AI's
    leaving. The caller's own event follows."""
    config = read_config(handoff.snapshot_hash)
    say_utterance(conversation=conversation, handoff=handoff, config=config)
    append_event(conversation_id=conversation.id, event=triggered_event(handoff, config))
    tell_ai_left(conversation)


def harden(*, conversation: Conversation, handoff: Handoff, at: datetime) -> Handoff:
    """Let a soft handoff go on as any other: announced, the AI mute, in the place it has by now."""
    Handoff.objects.filter(pk=handoff.pk).update(is_soft=False)
    handoff.is_soft = False
    config = read_config(handoff.snapshot_hash)
    announce_handoff(conversation=conversation, handoff=handoff, config=config, at=at)
    tell_ai_left(conversation)
    if handoff.state == State.QUEUED:
        _tell_accepted(handoff, at)
    return handoff


def _tell_accepted(handoff: Handoff, at: datetime) -> None:
    queue = read_config(handoff.snapshot_hash).queue(handoff.queue_key)
    name = queue.name if queue else handoff.queue_key
    accepted = NewEvent("handoff.accepted", SYSTEM, {"queue_name": name})
    append_event(conversation_id=handoff.conversation_id, event=accepted)
    if entry := QueueEntry.objects.filter(pk=handoff.pk).first():
        tell_place(entry=entry, queue_name=name, at=at)
