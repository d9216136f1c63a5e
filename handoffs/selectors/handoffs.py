"""Reads of handoffs."""

from conversations.models import Conversation
from handoffs.models import Handoff


def current_handoff(conversation: Conversation) -> Handoff:
    """Return the episode the conversation's projection is about. Raises Handoff.DoesNotExist before the first."""
    return Handoff.objects.get(conversation=conversation, pk=str(conversation.handoff_id))
