"""GET one handoff at its thinnest: a bare ASGI application, the key and the handoff in one statement."""

import asyncio
import hashlib
import os
from typing import Any
from urllib.parse import parse_qs

import psycopg

CONNECTIONS = 6
READ = """
SELECT json_build_object('id', h.conversation_id, 'shared_id', c.shared_id, 'data', h.data, 'handoff_id', h.id,
       'state', h.state, 'reason', h.reason, 'utterance', h.utterance, 'history', h.history,
       'initiated_at', h.initiated_at, 'ended_at', h.ended_at)::text
  FROM api_key k JOIN conversation c ON c.project_id = k.project_id AND c.shared_id = %s AND c.shared_id <> ''
  JOIN handoff h ON h.conversation_id = c.id
 WHERE k.digest = %s AND k.revoked_at IS NULL ORDER BY h.initiated_at DESC LIMIT 1
"""
HEAD = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}


class Read:
    def __init__(self) -> None:
        self._opening: asyncio.Task[None] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self._opening = self._opening or asyncio.create_task(self._open())
        await asyncio.shield(self._opening)
        shared_id = parse_qs(scope["query_string"].decode())["shared_id"][0]
        body = await self._read(shared_id, dict(scope["headers"])[b"x-api-key"])
        headers = [*HEAD["headers"], (b"content-length", b"%d" % len(body))]
        await send({**HEAD, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _open(self) -> None:
        self._free: asyncio.LifoQueue[psycopg.AsyncCursor[Any]] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            connection = await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True)
            self._free.put_nowait(connection.cursor())

    async def _read(self, shared_id: str, key: bytes) -> bytes:
        cursor = await self._free.get()
        try:
            await cursor.execute(READ, (shared_id, hashlib.sha256(key).hexdigest()), prepare=True)
            (text,) = await cursor.fetchone()
            return text.encode()
        finally:
            self._free.put_nowait(cursor)


application = Read()
