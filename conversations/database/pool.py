"""The asynchronous connection pool of this process: one per event loop, opened at first use."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

REST_SECONDS = 1.0
"""A connection that was used this recently is taken without asking whether it still lives."""


class PooledConnection(AsyncConnection[DictRow]):
    """A connection that knows when it was last taken."""

    taken_at = 0.0


Pool = AsyncConnectionPool[PooledConnection]
Closer = Callable[[], Awaitable[None]]

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[Pool]] = WeakKeyDictionary()
_closers: WeakKeyDictionary[asyncio.AbstractEventLoop, list[Closer]] = WeakKeyDictionary()
# Django's own additions to psycopg's connection parameters.
_DJANGO_ONLY = frozenset({"pool", "cursor_factory", "context", "client_encoding", "prepare_threshold"})


async def async_pool() -> Pool:
    """Return this event loop's pool; its connections commit each statement and return rows as dicts."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        # A task, so that whoever comes while it opens waits for the same pool.
        _pools[loop] = loop.create_task(_open_pool())
    return await asyncio.shield(_pools[loop])


async def fetch_all(sql: str, parameters: Mapping[str, Any]) -> list[DictRow]:
    """Run a statement that may run twice; when its connection has died meanwhile, again on another.

    So a restarted server is found without a question before each use. Raises psycopg.OperationalError when there is
    no server to be found.
    """
    pool = await async_pool()
    for _ in range(settings.ASYNC_POOL_SIZE):
        async with pool.connection() as conn:
            try:
                return await (await conn.execute(sql, parameters)).fetchall()
            except psycopg.OperationalError:
                if not conn.closed:
                    raise
    async with pool.connection() as conn:
        return await (await conn.execute(sql, parameters)).fetchall()


def on_close(closer: Closer) -> None:
    """Close something else of this event loop together with its pool."""
    _closers.setdefault(asyncio.get_running_loop(), []).append(closer)


async def close_async_pool() -> None:
    loop = asyncio.get_running_loop()
    for closer in _closers.pop(loop, []):
        await closer()
    if opening := _pools.pop(loop, None):
        pool = await opening
        await pool.close()


def connection_parameters() -> dict[str, Any]:
    """What psycopg connects with: Django's database, without what is Django's alone."""
    parameters = connections["default"].get_connection_params()
    return {name: value for name, value in parameters.items() if name not in _DJANGO_ONLY}


async def _open_pool() -> Pool:
    pool = _new_pool()
    await pool.open()
    return pool


def _new_pool() -> Pool:
    return AsyncConnectionPool(
        connection_class=PooledConnection,
        kwargs={**connection_parameters(), "autocommit": True, "row_factory": dict_row},
        min_size=1,
        max_size=settings.ASYNC_POOL_SIZE,
        timeout=5,
        check=_check,
        open=False,
    )


async def _check(conn: PooledConnection) -> None:
    """Ask a rested connection whether it still lives: a round trip, worth it where it waited longer than that."""
    now = time.monotonic()
    if now - conn.taken_at > REST_SECONDS:
        await Pool.check_connection(conn)
    conn.taken_at = now
