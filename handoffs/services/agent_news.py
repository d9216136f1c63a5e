"""Tells the inboxes of one person that their offers, load or presence changed. State, not log: each reads it anew."""

import uuid

import orjson
from django.conf import settings
from django.db import transaction

from conversations.realtime import BusMessage, publish_sync

KIND = "agent"


def agents_topic(project_id: uuid.UUID) -> str:
    return f"{settings.BUS_PREFIX}:agents:{project_id}"


def tell_agent(*, project_id: uuid.UUID, agent_id: uuid.UUID) -> None:
    """Wake the person's inboxes of the project after the caller's transaction."""
    message = BusMessage(None, None, {KIND: orjson.dumps(str(agent_id)).decode()})
    transaction.on_commit(lambda: publish_sync({agents_topic(project_id): message}))
