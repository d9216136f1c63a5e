"""A customer's socket without the socket: what would reach it, in order, over the real Bus."""

import asyncio
import threading
import uuid
from collections.abc import Sequence
from typing import Any, Self

import orjson

from conversations.consumers.follow import Follower
from conversations.database import close_async_pool
from conversations.domain.frames import customer_frame
from conversations.domain.timeline import WIRE_PREFIX, Audience, StoredEvent
from conversations.realtime import close_bus, current_bus

WITHIN = 10.0


class Listening:
    """Follows conversations on an event loop of its own. Tests that use it commit what they write."""

    def __enter__(self) -> Self:
        self._loop, self._news = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="listening", daemon=True)
        self._thread.start()
        self._followers: dict[uuid.UUID, Follower] = {}
        self._heard: dict[uuid.UUID, list[dict[str, Any]]] = {}
        return self

    def __exit__(self, *raised: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN)

    def follow(self, conversation_id: uuid.UUID) -> None:
        """Listen from here on; returns once nothing can be missed any more."""
        self._heard[conversation_id] = []
        self._run(self._join(conversation_id))

    def leave(self, conversation_id: uuid.UUID) -> None:
        self._run(self._followers.pop(conversation_id).leave())

    def types(self, conversation_id: uuid.UUID) -> list[str]:
        return [frame["type"].removeprefix(WIRE_PREFIX) for frame in self._heard[conversation_id]]

    def frames(self, conversation_id: uuid.UUID, kind: str) -> list[dict[str, Any]]:
        """What came of one published type, oldest first."""
        return [frame for frame in self._heard[conversation_id] if frame["type"] == WIRE_PREFIX + kind]

    def wait_for(self, conversation_id: uuid.UUID, kind: str) -> None:
        """Return once a frame of this type has come. Raises TimeoutError."""
        self._run(self._until(conversation_id, kind))

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN)

    async def _join(self, conversation_id: uuid.UUID) -> None:
        heard = self._heard[conversation_id]

        async def send_events(events: Sequence[StoredEvent]) -> None:
            heard.extend(frame for event in events if (frame := customer_frame(event)))
            self._news.set()

        async def send_text(text: str) -> None:
            heard.append(orjson.loads(text))
            self._news.set()

        async def drop() -> None:
            raise AssertionError("the listener was too slow")

        follower = Follower(
            bus=current_bus(), conversation_id=conversation_id, audience=Audience.CUSTOMER, send_events=send_events,
            send_text=send_text, drop=drop,
        )  # fmt: skip
        await follower.join()
        self._followers[conversation_id] = follower

    async def _until(self, conversation_id: uuid.UUID, kind: str) -> None:
        async with asyncio.timeout(WITHIN):
            while not self.frames(conversation_id, kind):
                await self._news.wait()
                self._news.clear()

    async def _close(self) -> None:
        for follower in self._followers.values():
            await follower.leave()
        await close_bus()
        await close_async_pool()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
