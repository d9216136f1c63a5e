"""Keeps one inbox socket's person in view: says that they are here, and shows what concerns them when it changes.

State, not log: whatever woke it, everything is read anew, and sent when it differs from what was sent last.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson
from channels.db import database_sync_to_async
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from conversations.realtime import Bus, BusMessage
from handoffs.selectors.agent_desk import read_agent_desk
from handoffs.services.agent_news import KIND, agents_topic
from handoffs.services.presence import see_agent
from handoffs.services.seats import Seat

AWAY = (OperationalError, InterfaceError)
logger = logging.getLogger(__name__)

# Well within the time after which nothing is offered to somebody any more; lost news are found as soon.
LOOK_EVERY_SECONDS = 20.0

Show = Callable[[dict[str, Any]], Awaitable[None]]


class AgentDesk:
    """One person at one socket. `show` gets the facts of `read_agent_desk`."""

    def __init__(self, bus: Bus, seat: Seat, show: Show) -> None:
        self._bus, self._seat, self._show = bus, seat, show
        self._topic = agents_topic(seat.project.pk)
        self._news = asyncio.Event()
        self._shown: dict[str, Any] | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Show what is now; everything that changes from here on follows."""
        await self._bus.subscribe(self._topic, self._hear)
        await self._look()
        self._task = asyncio.create_task(self._run(), name="agent-desk")

    async def close(self) -> None:
        """Also of one that did not open to the end."""
        if self._task:
            self._task.cancel()
            self._task = None
        await self._bus.unsubscribe(self._topic, self._hear)
        try:
            await database_sync_to_async(self._see)()
        except AWAY as error:
            logger.warning("the database is away, when an agent left is not written: %s", error)

    def _hear(self, message: BusMessage) -> None:
        text = message.frames.get(KIND)
        if text is not None and orjson.loads(text) == str(self._seat.user.pk):
            self._news.set()

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_EVERY_SECONDS)
            self._news.clear()
            try:
                await self._look()
            except AWAY as error:
                logger.warning("the database is away, an agent's desk waits: %s", error)

    async def _look(self) -> None:
        facts = await database_sync_to_async(self._read)()
        if facts != self._shown:
            self._shown = facts
            await self._show(facts)

    def _read(self) -> dict[str, Any]:
        self._see()
        seat = self._seat
        return read_agent_desk(user=seat.user, project=seat.project, viewer=seat.viewer)

    def _see(self) -> None:
        see_agent(user=self._seat.user, project=self._seat.project, at=timezone.now())
