"""Typing: told over the Bus, never stored."""

import uuid
from datetime import datetime

from conversations.append import StaleEpoch
from conversations.domain.frames import encode, transient_frame
from conversations.domain.timeline import Audience
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, User
from conversations.realtime import BusMessage, conversation_topic, publish_sync


def tell_typing(*, conversation_id: uuid.UUID, agent: User, epoch: int, state: str, at: datetime) -> None:
    """Tell the customer, and colleagues who look on, that the agent types or stopped.

    `state`: TYPING_STATE_STARTED or TYPING_STATE_STOPPED. Raises StaleEpoch when it is not the agent's.
    """
    row = Conversation.objects.only("owner_kind", "owner_id", "owner_since", "epoch").get(pk=conversation_id)
    if (row.owner_kind, row.owner_id, row.epoch) != (OwnerKind.HUMAN, str(agent.id), epoch):
        raise StaleEpoch(owner_kind=row.owner_kind, owner_id=row.owner_id, since=row.owner_since, epoch=row.epoch)
    author = f"user:{agent.id}"
    shown = {"state": state, "agent_id": str(agent.id), "agent_name": agent.get_short_name()}
    seen_by_staff = encode(
        {
            "type": "typing",
            "conversation_id": str(conversation_id),
            "author": author,
            "name": agent.get_short_name(),
            "state": state,
        }
    )
    frames = {
        Audience.CUSTOMER.value: encode(transient_frame("human.typing", shown, at=at)),
        Audience.STAFF.value: seen_by_staff,
        Audience.STAFF_MASKED.value: seen_by_staff,
    }
    publish_sync({conversation_topic(conversation_id): BusMessage(None, None, frames, epoch)})
