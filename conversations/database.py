"""The asynchronous connection pool of this process, for the append and the sockets' reads.

Django's own connections are synchronous and bound to threads; a hop to a thread per message costs six to
twenty times the statement itself. One pool per event loop, opened at first use.
"""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connections
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

Pool = AsyncConnectionPool[AsyncConnection[DictRow]]

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[Pool]] = WeakKeyDictionary()
# Django's own additions to psycopg's connection parameters.
_DJANGO_ONLY = frozenset({"pool", "cursor_factory", "context", "client_encoding", "prepare_threshold"})


async def async_pool() -> Pool:
    """Return this event loop's pool; its connections commit each statement and return rows as dicts."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        # A task, so that whoever comes while it opens waits for the same pool.
        _pools[loop] = loop.create_task(_open_pool())
    return await asyncio.shield(_pools[loop])


async def close_async_pool() -> None:
    if opening := _pools.pop(asyncio.get_running_loop(), None):
        pool = await opening
        await pool.close()


async def _open_pool() -> Pool:
    pool = _new_pool()
    await pool.open()
    return pool


def _new_pool() -> Pool:
    return AsyncConnectionPool(
        connection_class=AsyncConnection[DictRow],
        kwargs={**_connection_parameters(), "autocommit": True, "row_factory": dict_row},
        min_size=1,
        max_size=settings.ASYNC_POOL_SIZE,
        timeout=5,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


def _connection_parameters() -> dict[str, Any]:
    parameters = connections["default"].get_connection_params()
    return {name: value for name, value in parameters.items() if name not in _DJANGO_ONLY}
