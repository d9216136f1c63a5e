"""The transient `turn.done`: how a turn's end is told, and how a call waits for it without holding a thread.

It is news and not the answer: who hears it reads the timeline. Lost news costs its listener CHECK_SECONDS.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import orjson

from conversations.realtime import BusMessage, conversation_topic, current_bus, publish_sync

TURN_DONE = "turn.done"


def tell_turn_done(*, conversation_id: uuid.UUID, sequence: int) -> None:
    """Say, from any thread and after the commit, that everything up to `sequence` has had its turn."""
    news = BusMessage(None, None, {TURN_DONE: orjson.dumps({"sequence": sequence}).decode()})
    publish_sync({conversation_topic(conversation_id): news})


class TurnNews:
    """What was told about the turns of one conversation since it was listened to."""

    def __init__(self) -> None:
        self._covered = 0
        self._changed = asyncio.Event()

    def hear(self, message: BusMessage) -> None:
        if message.last is None and (text := message.frames.get(TURN_DONE)):
            told: Mapping[str, int] = orjson.loads(text)
            self._covered = max(self._covered, told["sequence"])
            self._changed.set()

    async def wait_for(self, sequence: int, *, seconds: float) -> bool:
        """Whether the turn of this sequence is over; False after `seconds` without that news."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._covered < sequence:
                    await self._changed.wait()
                    self._changed.clear()
        return self._covered >= sequence


@asynccontextmanager
async def listen_to_turns(conversation_id: uuid.UUID) -> AsyncIterator[TurnNews]:
    """Hear of turns; nothing told after the block was entered is missed, while Redis is there."""
    topic, news, bus = conversation_topic(conversation_id), TurnNews(), current_bus()
    await bus.subscribe(topic, news.hear)
    try:
        yield news
    finally:
        await bus.unsubscribe(topic, news.hear)
