"""`conv.state`: what is collected of a conversation, changed only by an event."""

from collections.abc import Mapping
from typing import Any

from conversations.domain.state import merge_state
from conversations.domain.timeline import NewEvent, StoredEvent
from conversations.models import Conversation
from conversations.services.ownership import change_projection


def change_state(*, conversation: Conversation, changes: Mapping[str, Any], author: str) -> StoredEvent | None:
    """Write into a locked conversation's state, in the caller's transaction; None takes a name away. Returns the
    event, None when everything was so already.

    Raises StateTooLarge and StateUnreadable, then nothing is written; AppendRefused after the end.
    """
    state = merge_state(conversation.state, changes)
    if state == conversation.state:
        return None
    event = NewEvent("state.changed", author, {"changes": dict(changes)})
    return change_projection(conversation=conversation, event=event, changes={"state": state})
