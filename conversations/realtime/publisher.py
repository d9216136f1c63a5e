"""News from outside an event loop: requests, workers, commands."""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import redis
from django.conf import settings
from redis.exceptions import RedisError

from conversations.domain.frames import encode, transient_frame
from conversations.domain.timeline import Audience
from conversations.realtime.bus import NOBODY
from conversations.realtime.messages import BusMessage, conversation_topic, pack

logger = logging.getLogger(__name__)


@cache
def _publisher() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, health_check_interval=15)


def publish_sync(news: Mapping[str, BusMessage]) -> None:
    """Publish from any thread, after commit. A lost message is made good by the sockets' own checks."""
    pipeline = _publisher().pipeline(transaction=False)
    for topic, message in news.items():
        pipeline.publish(topic, NOBODY + pack(message))
    try:
        pipeline.execute()
    except RedisError as error:
        logger.warning("bus message lost, sockets will read the timeline: %s", error)


def publish_to_customer(
    conversation_id: uuid.UUID,
    type_name: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    epoch: int | None = None,
) -> None:
    """Tell the customer something that is not stored, from any thread.

    epoch: the one it was made under; a socket that has seen a later one drops it. None: bound to none.
    """
    text = encode(transient_frame(type_name, payload, at=at))
    message = BusMessage(None, None, {Audience.CUSTOMER.value: text}, epoch)
    publish_sync({conversation_topic(conversation_id): message})
