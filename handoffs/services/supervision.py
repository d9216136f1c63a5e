"""What a supervisor does beside an agent's conversation without taking it: watch, whisper, speak up."""

import uuid

from django.db import transaction

from conversations.append import ConversationEnded, append_event
from conversations.domain.frames import encode
from conversations.domain.timeline import Audience, NewEvent, StoredEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, User
from conversations.realtime import BusMessage, conversation_topic, publish_sync
from conversations.services.ownership import lock_conversation
from handoffs.services.claims import NotWaiting, joined_event


def tell_watching(*, conversation: Conversation, supervisor: User, is_watching: bool) -> None:
    """Tell colleagues who have the conversation open that somebody looks on; nothing is stored."""
    text = encode(
        {
            "type": "watching",
            "conversation_id": str(conversation.pk),
            "user": {"id": str(supervisor.pk), "name": supervisor.get_short_name()},
            "watching": is_watching,
        }
    )
    frames = {Audience.STAFF.value: text, Audience.STAFF_MASKED.value: text}
    publish_sync({conversation_topic(conversation.pk): BusMessage(None, None, frames)})


def whisper(*, conversation_id: uuid.UUID, supervisor: User, text: str, client_id: str | None) -> StoredEvent:
    """Tell the agent something the customer never sees.

    Raises NotWaiting when no human has the conversation, ConversationEnded.
    """
    with transaction.atomic():
        conversation = _lock_with_human(conversation_id)
        payload = {"text": text, "agent_name": supervisor.get_short_name(), "to": conversation.owner_id}
        event = NewEvent(
            "human.whispered", f"user:{supervisor.pk}", payload, client_id=client_id, epoch=conversation.epoch
        )
        return append_event(conversation_id=conversation.pk, event=event)


def barge_in(
    *, conversation_id: uuid.UUID, supervisor: User, text: str, epoch: int, client_id: str | None
) -> StoredEvent:
    """Speak to the customer in a conversation a colleague keeps; the first words of one ownership are announced.

    Raises StaleEpoch when it has changed hands, NotWaiting when no human has it, ConversationEnded.
    """
    with transaction.atomic():
        conversation = _lock_with_human(conversation_id, epoch=epoch)
        author = f"user:{supervisor.pk}"
        if conversation.owner_id != str(supervisor.pk):
            # The fixed id makes every further word of the same ownership no second joining.
            joined = joined_event(conversation, supervisor, client_id=f"barge:{epoch}", epoch=epoch)
            append_event(conversation_id=conversation.pk, event=joined)
        payload = {"text": text, "agent_id": str(supervisor.pk), "agent_name": supervisor.get_short_name()}
        message = NewEvent("human.message", author, payload, client_id=client_id, epoch=epoch)
        return append_event(conversation_id=conversation.pk, event=message)


def _lock_with_human(conversation_id: uuid.UUID, *, epoch: int | None = None) -> Conversation:
    conversation = lock_conversation(conversation_id, epoch=epoch)
    if conversation.ended_at is not None:
        raise ConversationEnded(conversation.ended_at)
    if conversation.owner_kind != OwnerKind.HUMAN:
        raise NotWaiting(conversation.owner_kind)
    return conversation
