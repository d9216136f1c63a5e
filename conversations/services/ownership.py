"""Who has the conversation: the only place that writes owner, epoch and projection."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from conversations.append import StaleEpoch, UnknownConversation, append_event
from conversations.domain.projection import PROJECTED
from conversations.domain.timeline import NewEvent, StoredEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation

INSTANTS = frozenset({"owner_since", "waiting_since", "ended_at"})


@dataclass(frozen=True, slots=True)
class Owner:
    """kind and id of who has a conversation: a user's id for `human`, a queue's key for `queue`, else empty or
    the desk's key."""

    kind: OwnerKind
    id: str = ""


def lock_conversation(conversation_id: uuid.UUID, *, epoch: int | None = None) -> Conversation:
    """Lock the row to the end of the caller's transaction: always the first lock taken.

    Raises UnknownConversation, and StaleEpoch when another epoch than the given one holds.
    """
    # Never plain FOR UPDATE: foreign-key checks of other tables would block.
    conversation = Conversation.objects.select_for_update(no_key=True, of=("self",)).filter(pk=conversation_id).first()
    if conversation is None:
        raise UnknownConversation(str(conversation_id))
    if epoch is not None and conversation.epoch != epoch:
        raise StaleEpoch(
            owner_kind=conversation.owner_kind,
            owner_id=conversation.owner_id,
            since=conversation.owner_since,
            epoch=conversation.epoch,
        )
    return conversation


def change_owner(
    *, conversation: Conversation, owner: Owner, event: NewEvent, at: datetime, changes: Mapping[str, Any] | None = None
) -> StoredEvent:
    """Give a locked conversation to somebody else: new epoch, projection and the event that says so.

    `changes`: further projected columns, in JSON form (instants as ISO 8601 text).
    """
    handover = {
        "owner_kind": owner.kind.value,
        "owner_id": owner.id,
        "owner_since": at.isoformat(),
        "epoch": conversation.epoch + 1,
    }
    return change_projection(conversation=conversation, event=event, changes={**(changes or {}), **handover})


def change_projection(*, conversation: Conversation, event: NewEvent, changes: Mapping[str, Any]) -> StoredEvent:
    """Append an event to a locked conversation together with the projected columns it changes."""
    unknown = changes.keys() - PROJECTED
    if unknown:
        raise ValueError(f"not projected: {', '.join(sorted(unknown))}")
    stored = append_event(
        conversation_id=conversation.id, event=replace(event, payload={**event.payload, "now": dict(changes)})
    )
    columns = {name: _column_value(name, value) for name, value in changes.items()}
    Conversation.objects.filter(pk=conversation.pk).update(**columns)
    for name, value in columns.items():
        setattr(conversation, name, value)
    return stored


def _column_value(name: str, value: Any) -> Any:
    return parse_datetime(value) if name in INSTANTS and value is not None else value
