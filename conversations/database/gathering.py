"""Reads that arrive together share one statement.

A crowd that comes back at once would queue for the pool, each with a statement of its own, until some give up.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

MOST_TOGETHER = 100

Key = TypeVar("Key")
Found = TypeVar("Found")


class Gathering(Generic[Key, Found]):
    """The reads of one kind on one event loop: one statement at a time, whoever comes meanwhile joins the next.

    read: returns what was found in the order of the keys. What it raises, all who share it are told.
    """

    def __init__(self, read: Callable[[Sequence[Key]], Awaitable[Sequence[Found]]]) -> None:
        self._read = read
        self._open: list[Key] | None = None
        self._last: asyncio.Task[Sequence[Found]] | None = None

    async def get(self, key: Key) -> Found:
        if self._open is None or self._last is None or len(self._open) == MOST_TOGETHER:
            self._open = []
            self._last = asyncio.create_task(self._run(self._open, self._last), name="gathered-read")
        place, run = len(self._open), self._last
        self._open.append(key)
        # Shielded: who stops waiting takes nothing from the others.
        return (await asyncio.shield(run))[place]

    async def _run(self, keys: list[Key], before: asyncio.Task[Sequence[Found]] | None) -> Sequence[Found]:
        if before and not before.done():
            await asyncio.wait([before])
        if self._open is keys:
            self._open = None
        return await self._read(keys)


def gathered(
    read: Callable[[Sequence[Key]], Awaitable[Sequence[Found]]],
) -> Callable[[Key], Awaitable[Found]]:
    """Turn a read of many into a read of one that shares its statement with others."""
    gatherings: WeakKeyDictionary[asyncio.AbstractEventLoop, Gathering[Key, Found]] = WeakKeyDictionary()

    async def get(key: Key) -> Found:
        loop = asyncio.get_running_loop()
        if loop not in gatherings:
            gatherings[loop] = Gathering(read)
        return await gatherings[loop].get(key)

    return get
