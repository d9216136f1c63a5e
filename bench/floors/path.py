"""The message path at its thinnest: a bare ASGI socket, one SQL statement that numbers and stores, one publish.

`single` sends one statement a message; in `batched`, messages that arrive while a statement is under way share the
next. `?room=UUID` names an existing row; every frame is a message, `{"text": …}`, and comes back to every socket of
its room as `{"sequence": n, "body": …}`.
"""

import asyncio
import os
import uuid
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import psycopg

from bench.floors.resp import Wire

CONNECTIONS = 6  # as many as the studio's own pool holds
SCHEMA = """
CREATE SCHEMA floor;
CREATE TABLE floor.room (id uuid PRIMARY KEY, number int UNIQUE, last int NOT NULL DEFAULT 0) WITH (fillfactor = 70);
CREATE TABLE floor.message (room uuid, sequence int, body jsonb, at timestamptz DEFAULT now(),
                            PRIMARY KEY (room, sequence));
"""
STORE = """
WITH r AS (UPDATE floor.room SET last = last + 1 WHERE id = %s RETURNING id, last)
INSERT INTO floor.message (room, sequence, body) SELECT id, last, %s::jsonb FROM r RETURNING sequence
"""
STORE_MANY = """
WITH i AS (SELECT * FROM unnest(%s::uuid[], %s::text[]) WITH ORDINALITY AS i(room, body, n)),
     g AS (SELECT room, count(*)::int AS size FROM i GROUP BY room),
     r AS (UPDATE floor.room t SET last = t.last + g.size FROM g
            WHERE t.id = g.room RETURNING t.id, t.last - g.size AS before),
     k AS (SELECT i.n, i.room, i.body, r.before + row_number() OVER (PARTITION BY i.room ORDER BY i.n) AS sequence
             FROM i JOIN r ON r.id = i.room),
     e AS (INSERT INTO floor.message (room, sequence, body) SELECT room, sequence, body::jsonb FROM k)
SELECT sequence FROM k ORDER BY n
"""
Send = Callable[[dict[str, Any]], Any]


class Path:
    """One process's connections and rooms, opened with the first socket."""

    connections: int

    def __init__(self) -> None:
        self.rooms: dict[bytes, list[Send]] = defaultdict(list)
        self._opening: asyncio.Task[None] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Any], send: Send) -> None:
        self._opening = self._opening or asyncio.create_task(self.open())
        await asyncio.shield(self._opening)
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        room = uuid.UUID(query["room"])
        await receive()
        await send({"type": "websocket.accept"})
        entered = await self.enter(room, query, send)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                await self.store(room, message["text"])
        finally:
            self.leave(room.bytes, entered)

    async def open(self) -> None:
        self._free: asyncio.LifoQueue[psycopg.AsyncCursor[Any]] = asyncio.LifoQueue()
        for _ in range(self.connections):
            connection = await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True)
            self._free.put_nowait(connection.cursor(binary=True))
        self.wire = Wire(self.hear, self.confirmed)
        await self.wire.open(os.environ["REDIS_URL"])

    async def enter(self, room: uuid.UUID, query: dict[str, str], send: Send) -> Send:
        self.add(room.bytes, send)
        return send

    def add(self, room: bytes, send: Send) -> None:
        if not self.rooms[room]:
            self.wire.subscribe(room)
        self.rooms[room].append(send)

    def leave(self, room: bytes, send: Send) -> None:
        self.rooms[room].remove(send)
        if not self.rooms[room]:
            del self.rooms[room]
            self.wire.unsubscribe(room)

    async def hear(self, room: bytes, data: bytes) -> None:
        message = {"type": "websocket.send", "text": data.decode()}
        for send in tuple(self.rooms.get(room, ())):
            with suppress(RuntimeError):  # it has just gone
                await send(message)

    def confirmed(self, room: bytes) -> None:
        """Redis has confirmed the subscription."""


class Single(Path):
    connections = CONNECTIONS

    async def store(self, room: uuid.UUID, text: str) -> None:
        cursor = await self._free.get()
        try:
            await cursor.execute(STORE, (room, text), prepare=True)
            (sequence,) = await cursor.fetchone()
        finally:
            self._free.put_nowait(cursor)
        self.wire.publish(room.bytes, b'{"sequence":%d,"body":%b}' % (sequence, text.encode()))


class Batched(Path):
    connections = 1

    async def open(self) -> None:
        await super().open()
        self._cursor = await self._free.get()
        self._waiting: list[tuple[uuid.UUID, str]] = []
        self._arrived = asyncio.Event()
        self._writing = asyncio.create_task(self._write())

    async def store(self, room: uuid.UUID, text: str) -> None:
        self._waiting.append((room, text))
        self._arrived.set()

    async def _write(self) -> None:
        while await self._arrived.wait():
            self._arrived.clear()
            batch, self._waiting = self._waiting, []
            rooms, texts = zip(*batch, strict=True)
            statement, values = (STORE_MANY, (list(rooms), list(texts))) if len(batch) > 1 else (STORE, batch[0])
            await self._cursor.execute(statement, values, prepare=True)
            for (room, text), (sequence,) in zip(batch, await self._cursor.fetchall(), strict=True):
                self.wire.publish(room.bytes, b'{"sequence":%d,"body":%b}' % (sequence, text.encode()))


single, batched = Single(), Batched()
