"""Reads of handoffs."""

import uuid

from conversations.models import Conversation
from handoffs.models import Handoff


def current_handoff(conversation: Conversation) -> Handoff:
    """Return the episode the conversation's projection is about. Raises Handoff.DoesNotExist before the first."""
    return Handoff.objects.get(conversation=conversation, pk=str(conversation.handoff_id))


def is_of(conversation: Conversation, handoff_id: uuid.UUID) -> bool:
    """Whether this is one of the conversation's episodes."""
    return Handoff.objects.filter(conversation=conversation, pk=handoff_id).exists()
