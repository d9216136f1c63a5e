"""Sessions of the Messaging API: opened by a connector, ended by the customer, a human or time."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.append import append_event
from conversations.domain.frames import CUSTOMER
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import Channel, EndReason, OwnerKind
from conversations.models import Connector, Conversation, Customer
from conversations.outbox import add_entry
from conversations.services.ownership import Owner, change_owner, change_projection, lock_conversation

CAPABILITIES = {
    "max_message_size_bytes": 131_072,
    "max_reconnect_attempts": 10,
    "heartbeat_interval_seconds": 30,
}


def open_session(
    *, connector: Connector, options: Mapping[str, Any], channel: Channel | None = None, shared_id: str = ""
) -> Conversation:
    """Start a conversation of a new, still nameless customer; its first event is `session.started`.

    channel: where the customer is, when not where the connector says; shared_id: the caller's own id of it.
    """
    with transaction.atomic():
        customer = Customer.objects.create(project_id=connector.project_id, environment=connector.environment)
        conversation = Conversation.objects.create(
            project_id=connector.project_id,
            environment=connector.environment,
            channel=channel.value if channel else connector.channel,
            connector=connector,
            shared_id=shared_id,
            customer=customer,
            options=dict(options),
        )
        append_event(
            conversation_id=conversation.id,
            event=NewEvent("session.started", "system", {"capabilities": _capabilities(options)}),
        )
    return conversation


def end_session(*, conversation_id: uuid.UUID, reason: EndReason, at: datetime) -> bool:
    """End the session; False when it had ended before.

    What is waited for is given up by what the end sets off. A ticket stays in its queue, and a conversation a human
    has stays theirs, in the same epoch, until they close it with an outcome.
    """
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        if conversation.ended_at is not None:
            return False
        if reason is EndReason.USER_END:
            append_event(conversation_id=conversation.id, event=NewEvent("customer.ended", CUSTOMER))
        has_work_left = conversation.is_ticket or conversation.owner_kind == OwnerKind.HUMAN
        finish_session(conversation=conversation, reason=reason, at=at, has_work_left=has_work_left)
    return True


def finish_session(
    *,
    conversation: Conversation,
    reason: EndReason,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    has_work_left: bool = False,
) -> None:
    """Write the end of a locked conversation, in the caller's transaction.

    `changes`: further projected columns that the end changes; `has_work_left`: its owner keeps it.
    """
    event = NewEvent("session.ended", "system", {"reason": reason.value})
    ended = {**(changes or {}), "ended_at": at.isoformat(), "waiting_since": None}
    if has_work_left:
        change_projection(conversation=conversation, event=event, changes=ended)
    else:
        change_owner(conversation=conversation, owner=Owner(OwnerKind.NONE), event=event, changes=ended, at=at)
    add_entry(topic="conversation.ended", conversation_id=conversation.id, payload={"reason": reason.value})
    told = {"event": "conversation.ended", "reason": reason.value}
    add_entry(topic="webhook.emit", conversation_id=conversation.id, payload=told)


def _capabilities(options: Mapping[str, Any]) -> dict[str, Any]:
    """Answers come in chunks to a session that asked for it."""
    return {"streaming": options.get("streaming_enabled") is True, **CAPABILITIES}
