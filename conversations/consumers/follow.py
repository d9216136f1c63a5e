"""How every socket follows a conversation: subscribe, replay, go live; no gap and no repeat.

The dense `sequence` drives every socket. A bus message that continues the cursor is forwarded (or passed over
where this audience sees nothing), one at or below it is dropped, one above it makes the socket read the
timeline. Sound because the row lock lasts to the commit: commit order is sequence order, so every read is a
dense prefix. So nothing hangs on the order in which news come, nor on their coming: news told in this process arrive
before those of others that were told first, and cost a read at most.

A transient message bound to an epoch is dropped by whoever has seen a later one: what an AI was still saying does not
follow the human who took over.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg

from conversations.domain.timeline import Audience, StoredEvent
from conversations.realtime import Bus, BusMessage, conversation_topic
from conversations.selectors.timeline import TimelinePage, read_last_sequences, read_page

logger = logging.getLogger(__name__)

QUEUE_SIZE = 500
CHECK_SECONDS = 5.0

SendEvents = Callable[[Sequence[StoredEvent]], Awaitable[None]]
SendText = Callable[[str], Awaitable[None]]
Drop = Callable[[], Coroutine[Any, Any, None]]


class Follower:
    """One socket's place in one conversation.

    send_events: encode and send events read from the timeline; send_text: send one frame from the Bus as it
    is; drop: close a socket that reads too slowly (it reconnects with its cursor and replays).
    """

    def __init__(
        self,
        *,
        bus: Bus,
        conversation_id: uuid.UUID,
        audience: Audience,
        send_events: SendEvents,
        send_text: SendText,
        drop: Drop,
    ) -> None:
        self.conversation_id = conversation_id
        self.cursor = 0
        self._bus, self._audience = bus, audience
        self._send_events, self._send_text, self._drop = send_events, send_text, drop
        self._topic = conversation_topic(conversation_id)
        self._announced = self._epoch = 0
        self._live = False
        self._news: asyncio.Queue[BusMessage] = asyncio.Queue(QUEUE_SIZE)
        self._forwarder: asyncio.Task[None] | None = None
        self._dropping: asyncio.Task[None] | None = None

    async def join(self, *, after: int = 0, after_public: int = 0) -> TimelinePage:
        """Replay everything after the cursor, then forward. Returns the first page read."""
        await self._bus.subscribe(self._topic, self._hear)
        first = page = await read_page(
            self.conversation_id, after=after, after_public=after_public, public_only=self._is_customer
        )
        await self._show(page)
        while self._announced > self.cursor:
            await self._catch_up()
        # No await between that check and this switch: nothing can be announced in between.
        self._live = True
        self._forwarder = asyncio.create_task(self._forward(), name="forward")
        watch_for_lost_news(self._bus, self)
        return first

    async def leave(self) -> None:
        forget_watched(self._bus, self)
        if self._forwarder:
            self._forwarder.cancel()
        await self._bus.unsubscribe(self._topic, self._hear)

    def hear_of(self, last_sequence: int) -> None:
        """Learn that the timeline stands at this sequence, whatever the Bus said."""
        if last_sequence > self.cursor:
            self._hear(BusMessage(last_sequence + 1, last_sequence, {}))

    @property
    def _is_customer(self) -> bool:
        return self._audience is Audience.CUSTOMER

    def _hear(self, message: BusMessage) -> None:
        if not self._live:
            self._announced = max(self._announced, message.last or 0)
            return
        try:
            self._news.put_nowait(message)
        except asyncio.QueueFull:
            self._live = False
            self._dropping = asyncio.create_task(self._drop())

    async def _forward(self) -> None:
        while True:
            message = await self._news.get()
            try:
                await self._take(message)
            except psycopg.OperationalError as error:
                # The cursor stays behind: the next news, or the look for lost ones, make it read again.
                logger.warning("the database is away, a socket reads the timeline later: %s", error)

    async def _take(self, message: BusMessage) -> None:
        if message.last is None:
            if message.epoch is None or message.epoch >= self._epoch:
                await self._pass_on(message)
        elif message.first == self.cursor + 1:
            await self._pass_on(message)
            self.cursor, self._epoch = message.last, max(self._epoch, message.epoch or 0)
        elif message.last > self.cursor:
            await self._catch_up()

    async def _pass_on(self, message: BusMessage) -> None:
        if text := message.frames.get(self._audience.value):
            await self._send_text(text)

    async def _catch_up(self) -> None:
        await self._show(await read_page(self.conversation_id, after=self.cursor, public_only=self._is_customer))

    async def _show(self, page: TimelinePage) -> None:
        await self._send_events(page.events)
        self.cursor, self._epoch = page.last_sequence, max(self._epoch, page.epoch)


class _Watch:
    """Finds lost wake-ups: one query per process every CHECK_SECONDS, and after each reconnect of the Bus."""

    def __init__(self, bus: Bus) -> None:
        self.followers: set[Follower] = set()
        self._due = asyncio.Event()
        bus.on_reconnect(self._due.set)
        self._task = asyncio.create_task(self._run(), name="lost-news")

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), CHECK_SECONDS)
            self._due.clear()
            if self.followers:
                await self._try_to_check()

    async def _try_to_check(self) -> None:
        try:
            await self._check()
        except psycopg.OperationalError as error:
            logger.warning("the database is away, lost news are looked for later: %s", error)

    async def _check(self) -> None:
        last = await read_last_sequences({follower.conversation_id for follower in self.followers})
        for follower in tuple(self.followers):
            follower.hear_of(last.get(follower.conversation_id, 0))


_watches: WeakKeyDictionary[Bus, _Watch] = WeakKeyDictionary()


def watch_for_lost_news(bus: Bus, follower: Follower) -> None:
    if bus not in _watches:
        _watches[bus] = _Watch(bus)
    _watches[bus].followers.add(follower)


def forget_watched(bus: Bus, follower: Follower) -> None:
    if bus in _watches:
        _watches[bus].followers.discard(follower)
