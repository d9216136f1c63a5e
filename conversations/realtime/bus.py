"""The subscriptions of one event loop, and its news.

What this process tells, its own sockets hear at once; Redis brings it to the others, and its echo is passed over.
The order of news is nobody's promise: a socket judges by the timeline's numbers (`consumers/follow.py`).
"""

import asyncio
import logging
import secrets
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings

from conversations.realtime.link import Link, Word, open_link
from conversations.realtime.messages import BusMessage, pack, rows_message, unpack

logger = logging.getLogger(__name__)

RECONNECT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0)
CONFIRM_SECONDS = 5.0
ASK_SECONDS = 1.0
ROWS_SECONDS = 0.02
MOST_PENDING = 1000
ORIGIN_LENGTH = 12
NOBODY = b"-" * ORIGIN_LENGTH
"""The origin of what was told from outside an event loop."""

Listener = Callable[[BusMessage], None]


class Bus:
    """One connection to Redis. Listeners are plain functions and must not block."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._origin = secrets.token_hex(ORIGIN_LENGTH // 2).encode()
        self._link: Link | None = None
        self._linking: asyncio.Task[None] | None = None
        self._was_linked = False
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._confirmed: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._unconfirmed: dict[str, int] = defaultdict(int)
        self._pending: list[tuple[str, bytes]] = []
        self._rows: dict[str, dict[uuid.UUID, int]] = {}
        self._reconnected: set[Callable[[], None]] = set()

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self._listeners)

    def on_reconnect(self, callback: Callable[[], None]) -> None:
        """Call back after each reconnection: messages may have been lost, the timeline must be read."""
        self._reconnected.add(callback)

    async def subscribe(self, topic: str, listener: Listener) -> None:
        """Register, and return once Redis has confirmed: nothing published from now on is missed.

        While Redis is away it returns after CONFIRM_SECONDS all the same: whoever listens is told to read the
        timeline when it is back.
        """
        first = topic not in self._listeners
        self._listeners[topic].add(listener)
        if first:
            self._confirmed[topic].clear()
            self._ask_for(topic)
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._confirmed[topic].wait()
        except TimeoutError:
            logger.warning("Redis has not confirmed a subscription: sockets read the timeline until it is back")

    async def unsubscribe(self, topic: str, listener: Listener) -> None:
        listeners = self._listeners.get(topic, set())
        listeners.discard(listener)
        if listeners or topic not in self._listeners:
            return
        del self._listeners[topic]
        self._confirmed.pop(topic, None)
        if self._link:
            self._link.subscribe("UNSUBSCRIBE", topic)

    async def publish(self, news: Mapping[str, BusMessage]) -> None:
        """Tell messages by topic. Who only tells waits for the first connection, to hear that it failed."""
        for topic, message in news.items():
            self.tell(topic, message)
        if self._link is None and not self._listeners:
            await asyncio.shield(self._start_linking())

    def tell(self, topic: str, message: BusMessage) -> None:
        """Tell one message. Waits for nobody; what cannot be brought to others is logged."""
        self._hand_out(topic, message)
        self._bring(topic, self._origin + pack(message))

    def tell_row(self, topic: str, conversation_id: uuid.UUID, sequence: int) -> None:
        """Tell that a conversation of the list has moved on, together with others within ROWS_SECONDS."""
        if not self._rows:
            asyncio.get_running_loop().call_later(ROWS_SECONDS, self._tell_rows)
        self._rows.setdefault(topic, {})[conversation_id] = sequence

    async def ask(self, *commands: Sequence[Word]) -> Any:
        """Run commands of Redis beside the news; return the last one's answer. Raises OSError when it is away."""
        async with asyncio.timeout(ASK_SECONDS):
            if self._link is None:
                await asyncio.shield(self._start_linking())
            if self._link is None:
                raise ConnectionError("Redis is away")
            for command in commands[:-1]:
                self._link.send(*command)
            return await self._link.ask(*commands[-1]) if commands else None

    async def close(self) -> None:
        self._listeners.clear()
        self._tell_rows()
        if self._linking:
            await self._linking
        if self._link:
            self._link.close()

    # --- out ---------------------------------------------------------------------------------

    def _tell_rows(self) -> None:
        rows, self._rows = self._rows, {}
        for topic, sequences in rows.items():
            self.tell(topic, rows_message(sequences))

    def _bring(self, topic: str, data: bytes) -> None:
        if self._link:
            self._link.send("PUBLISH", topic, data)
        elif len(self._pending) < MOST_PENDING:
            self._pending.append((topic, data))
            self._start_linking()
        else:
            logger.warning("bus message lost, sockets will read the timeline: Redis is away")

    def _ask_for(self, topic: str) -> None:
        if self._link:
            self._unconfirmed[topic] += 1
            self._link.subscribe("SUBSCRIBE", topic)
        else:
            self._start_linking()

    # --- in ----------------------------------------------------------------------------------

    def _hear(self, push: list[Any]) -> None:
        kind, topic, data = push[0], push[1].decode(), push[2]
        if kind == b"message":
            if not data.startswith(self._origin):
                self._hand_out_packed(topic, data[ORIGIN_LENGTH:])
        elif kind == b"subscribe":
            self._confirm(topic)

    def _hand_out_packed(self, topic: str, data: bytes) -> None:
        try:
            message = unpack(data)
        except (ValueError, TypeError) as error:
            # Of another version, or not ours at all: no reason to lose the connection.
            logger.warning("bus message not understood, sockets will read the timeline: %s", error)
            return
        self._hand_out(topic, message)

    def _confirm(self, topic: str) -> None:
        """Count: who left and came back has asked twice, and only the second answer is his."""
        self._unconfirmed[topic] -= 1
        if self._unconfirmed[topic] <= 0:
            del self._unconfirmed[topic]
            self._confirmed[topic].set()

    def _hand_out(self, topic: str, message: BusMessage) -> None:
        for listener in tuple(self._listeners.get(topic, ())):
            listener(message)

    # --- the connection ----------------------------------------------------------------------

    def _start_linking(self) -> asyncio.Task[None]:
        if self._linking is None or self._linking.done():
            self._linking = asyncio.create_task(self._connect(), name="bus-link")
        return self._linking

    async def _connect(self) -> None:
        """Connect, for as long as anybody listens; without listeners try once."""
        failures = 0
        while self._link is None:
            try:
                link = await open_link(self._url, self._hear, self._lose)
                await self._settle_in(link)
            except OSError as error:
                self._give_up(error)
                if not self._listeners:
                    return
                await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
                failures += 1

    async def _settle_in(self, link: Link) -> None:
        topics = tuple(self._listeners)
        self._unconfirmed.clear()
        self._link = link
        if topics:
            self._unconfirmed.update(dict.fromkeys(topics, 1))
            link.subscribe("SUBSCRIBE", *topics)
        pending, self._pending = self._pending, []
        for topic, data in pending:
            link.send("PUBLISH", topic, data)
        # Answered in order: the subscriptions stand.
        await link.ask("PING")
        if self._was_linked:
            for callback in tuple(self._reconnected):
                callback()
        self._was_linked = True

    def _give_up(self, error: OSError) -> None:
        lost, self._pending = self._pending, []
        logger.warning("the bus is away, sockets will read the timeline: %s", error)
        if lost:
            logger.warning("bus message lost, %s of them", len(lost))

    def _lose(self) -> None:
        if self._link is None:
            return
        self._link = None
        logger.warning("bus connection lost")
        if self._listeners:
            self._start_linking()


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
