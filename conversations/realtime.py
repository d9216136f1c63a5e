"""The Bus: wakes sockets. PostgreSQL's timeline is the truth, a bus message is only the news of it.

One Redis subscriber and one publisher per process (and event loop). A message is encoded once per audience by
whoever publishes and handed on as text; a socket picks its audience's text and never encodes.
"""

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import redis
import redis.asyncio
from django.conf import settings
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from conversations.domain.frames import encode, frames_by_audience, transient_frame
from conversations.domain.timeline import Audience, StoredEvent

logger = logging.getLogger(__name__)

RECONNECT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class BusMessage:
    """News on one topic. first/last: the timeline sequences it stands for, None when it is transient;
    frames: encoded text by audience, None where that audience sees nothing."""

    first: int | None
    last: int | None
    frames: Mapping[str, str | None]


Listener = Callable[[BusMessage], None]


def conversation_topic(conversation_id: uuid.UUID) -> str:
    return f"{settings.BUS_PREFIX}:c:{conversation_id}"


def rows_topic(project_id: uuid.UUID, environment: str) -> str:
    """Where changes of inbox rows are told: ids and sequences only, each socket filters by its rights."""
    return f"{settings.BUS_PREFIX}:rows:{project_id}:{environment}"


class Bus:
    """The subscriptions of one event loop. Listeners are plain functions and must not block."""

    def __init__(self, url: str) -> None:
        # No health_check_interval: its PING would read the subscription's connection while the reader waits on it
        # (seen as "read() called while another coroutine is already waiting" after 15 s without a subscriber).
        self._client = redis.asyncio.Redis.from_url(url, socket_keepalive=True)
        self._pubsub = self._client.pubsub()
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._confirmed: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._asking = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None
        self._reconnected: set[Callable[[], None]] = set()

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self._listeners)

    def on_reconnect(self, callback: Callable[[], None]) -> None:
        """Call back after each reconnection: messages may have been lost, the timeline must be read."""
        self._reconnected.add(callback)

    async def subscribe(self, topic: str, listener: Listener) -> None:
        """Register, and return once Redis has confirmed: nothing published from now on is missed."""
        first = topic not in self._listeners
        self._listeners[topic].add(listener)
        if first:
            self._confirmed[topic].clear()
            await self._ask(self._pubsub.subscribe, topic)
            self._start_reading()
        await self._confirmed[topic].wait()

    async def unsubscribe(self, topic: str, listener: Listener) -> None:
        listeners = self._listeners.get(topic, set())
        listeners.discard(listener)
        if listeners or topic not in self._listeners:
            return
        del self._listeners[topic]
        self._confirmed.pop(topic, None)
        await self._ask(self._pubsub.unsubscribe, topic)

    async def publish(self, news: Mapping[str, BusMessage]) -> None:
        """Publish messages by topic, in one round trip."""
        pipeline = self._client.pipeline(transaction=False)
        for topic, message in news.items():
            pipeline.publish(topic, _encode(message))
        try:
            await pipeline.execute()
        except RedisError as error:
            logger.warning("bus message lost, sockets will read the timeline: %s", error)

    async def close(self) -> None:
        if self._reader:
            self._reader.cancel()
        await self._pubsub.aclose()
        await self._client.aclose()

    async def _ask(self, command: Callable[[str], Any], topic: str) -> None:
        """Send a subscription command; when Redis is away the reader repeats it on reconnection.

        One at a time: two first commands at once would open a connection each, and one of them be forgotten.
        """
        try:
            async with self._asking:
                await command(topic)
        except RedisConnectionError as error:
            logger.warning("bus is away: %s", error)

    def _start_reading(self) -> None:
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(), name="bus-reader")

    async def _read(self) -> None:
        failures = 0
        while True:
            try:
                if self._listeners and not self._pubsub.subscribed:
                    await self._resubscribe()
                message = await self._pubsub.get_message(timeout=None)
                failures = 0
            except RedisConnectionError as error:
                logger.warning("bus connection lost: %s", error)
                await self._pubsub.aclose()
                self._pubsub = self._client.pubsub()
                await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
                failures += 1
                continue
            if message is not None:
                self._dispatch(message)

    async def _resubscribe(self) -> None:
        async with self._asking:
            await self._pubsub.subscribe(*self._listeners)
        for callback in tuple(self._reconnected):
            callback()

    def _dispatch(self, message: Mapping[str, Any]) -> None:
        topic = message["channel"].decode()
        if message["type"] == "subscribe":
            self._confirmed[topic].set()
        elif message["type"] == "message":
            news = _decode(message["data"])
            for listener in tuple(self._listeners.get(topic, ())):
                listener(news)


_buses: WeakKeyDictionary[asyncio.AbstractEventLoop, Bus] = WeakKeyDictionary()


def current_bus() -> Bus:
    """Return this event loop's Bus."""
    loop = asyncio.get_running_loop()
    if loop not in _buses:
        _buses[loop] = Bus(settings.REDIS_URL)
    return _buses[loop]


async def close_bus() -> None:
    if bus := _buses.pop(asyncio.get_running_loop(), None):
        await bus.close()


@cache
def _publisher() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, health_check_interval=15)


def publish_sync(news: Mapping[str, BusMessage]) -> None:
    """Publish from any thread, after commit. A lost message is made good by the sockets' own checks."""
    pipeline = _publisher().pipeline(transaction=False)
    for topic, message in news.items():
        pipeline.publish(topic, _encode(message))
    try:
        pipeline.execute()
    except RedisError as error:
        logger.warning("bus message lost, sockets will read the timeline: %s", error)


def publish_to_customer(
    conversation_id: uuid.UUID, type_name: str, payload: Mapping[str, Any], *, at: datetime
) -> None:
    """Tell the customer something that is not stored, from any thread."""
    text = encode(transient_frame(type_name, payload, at=at))
    publish_sync({conversation_topic(conversation_id): BusMessage(None, None, {Audience.CUSTOMER.value: text})})


def event_message(event: StoredEvent) -> BusMessage:
    return BusMessage(event.sequence, event.sequence, frames_by_audience(event))


def row_message(conversation_id: uuid.UUID, sequence: int) -> BusMessage:
    return BusMessage(None, None, {"row": orjson.dumps([str(conversation_id), sequence]).decode()})


def _encode(message: BusMessage) -> bytes:
    return orjson.dumps([message.first, message.last, message.frames])


def _decode(data: bytes) -> BusMessage:
    return BusMessage(*orjson.loads(data))
