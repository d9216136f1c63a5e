"""News of inbox rows: what changed is read once per process and environment, however many people look.

The list is state, not log: changes of a row are coalesced to four a second. Lost news are found every five
seconds, and after each reconnection of the Bus, by comparing last sequences.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Collection, Sequence
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db.utils import OperationalError
from django.utils import timezone

from conversations.models import Project
from conversations.realtime import Bus, BusMessage, read_rows_message, rows_topic
from handoffs.domain.inbox import InboxRow, RowState, Tally
from handoffs.selectors.inbox import read_open_sequences, read_rows, read_tally

logger = logging.getLogger(__name__)

COALESCE_SECONDS = 0.25
CHECK_SECONDS = 5.0

RowListener = Callable[[Sequence[InboxRow], Tally], None]


class RowFeed:
    """The rows of one project and environment. Listeners are plain functions and must not block."""

    def __init__(self, bus: Bus, project: Project, environment: str) -> None:
        self._bus, self._project, self._environment = bus, project, environment
        self._topic = rows_topic(project.pk, environment)
        self._listeners: set[RowListener] = set()
        self._known: dict[uuid.UUID, int] = {}
        self._pending: set[uuid.UUID] = set()
        self._news, self._doubt = asyncio.Event(), False
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        bus.on_reconnect(self._doubts)

    async def subscribe(self, listener: RowListener) -> None:
        """Register; everything that changes from now on is told."""
        async with self._lock:
            if not self._listeners:
                await self._bus.subscribe(self._topic, self._hear)
                self._known = await self._read_sequences()
                self._task = asyncio.create_task(self._run(), name="inbox-rows")
            self._listeners.add(listener)

    async def unsubscribe(self, listener: RowListener) -> None:
        async with self._lock:
            self._listeners.discard(listener)
            if self._listeners or self._task is None:
                return
            self._task.cancel()
            self._task = None
            await self._bus.unsubscribe(self._topic, self._hear)

    def _hear(self, message: BusMessage) -> None:
        for row_id, sequence in read_rows_message(message).items():
            self._learn(row_id, sequence)

    def _learn(self, row_id: uuid.UUID, sequence: int) -> None:
        if sequence > self._known.get(row_id, 0):
            self._known[row_id] = sequence
            self._pending.add(row_id)
            self._news.set()

    def _doubts(self) -> None:
        self._doubt = True
        self._news.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        check_at = loop.time() + CHECK_SECONDS
        while True:
            await self._wait(check_at - loop.time())
            try:
                if self._doubt or loop.time() >= check_at:
                    check_at = loop.time() + CHECK_SECONDS
                    await self._find_lost()
                await self._tell()
            except OperationalError as error:
                logger.warning("the database is away, inbox rows wait: %s", error)
            await asyncio.sleep(COALESCE_SECONDS)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), max(0.0, seconds))
        except TimeoutError:
            return
        self._news.clear()

    async def _find_lost(self) -> None:
        """Whoever moved on without our hearing, or is open no more, is looked at again."""
        self._doubt = False
        now_open = await self._read_sequences()
        self._pending |= self._known.keys() - now_open.keys()
        for row_id, sequence in now_open.items():
            self._learn(row_id, sequence)

    async def _tell(self) -> None:
        """Read what changed, once, and hand it on; what fails to be read stays pending."""
        ids = frozenset(self._pending)
        rows = await database_sync_to_async(read_rows)(ids) if ids else []
        tally = await database_sync_to_async(read_tally)(
            project=self._project, environment=self._environment, at=timezone.now()
        )
        self._settle(ids, rows)
        for listener in tuple(self._listeners):
            listener(rows, tally)

    def _settle(self, asked: Collection[uuid.UUID], rows: Sequence[InboxRow]) -> None:
        """Forget what was told; what moved on while it was read stays pending."""
        read = {row.conversation_id: row.sequence for row in rows}
        self._pending -= {row_id for row_id in asked if row_id not in read or read[row_id] >= self._known[row_id]}
        over = {row.conversation_id for row in rows if row.state is RowState.CLOSED} | (set(asked) - read.keys())
        for row_id in over - self._pending:
            self._known.pop(row_id, None)

    async def _read_sequences(self) -> dict[uuid.UUID, int]:
        return await database_sync_to_async(read_open_sequences)(
            project_id=self._project.pk, environment=self._environment
        )


_feeds: WeakKeyDictionary[Bus, dict[tuple[uuid.UUID, str], RowFeed]] = WeakKeyDictionary()


def feed_of(bus: Bus, project: Project, environment: str) -> RowFeed:
    """Return this event loop's feed of the project and environment."""
    feeds = _feeds.setdefault(bus, {})
    place = (project.pk, environment)
    if place not in feeds:
        feeds[place] = RowFeed(bus, project, environment)
    return feeds[place]
