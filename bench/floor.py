"""The floor: the least a message can cost on these parts, written without Django, Channels or our code.

One bare ASGI socket under the same server: one SQL statement that numbers and stores the message durably, one
Redis publish, one subscriber, and the text handed to the other socket. `?room=UUID`; every frame is a message.
"""

import asyncio
import json
import os
import uuid
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qs

import redis.asyncio
from psycopg_pool import AsyncConnectionPool

SCHEMA = """
CREATE TABLE IF NOT EXISTS floor_room (id uuid PRIMARY KEY, last int NOT NULL DEFAULT 0) WITH (fillfactor = 70);
CREATE TABLE IF NOT EXISTS floor_message (room uuid, sequence int, body jsonb, at timestamptz DEFAULT now(),
                                          PRIMARY KEY (room, sequence));
"""
STORE = """
WITH r AS (UPDATE floor_room SET last = last + 1 WHERE id = %(room)s RETURNING id, last)
INSERT INTO floor_message (room, sequence, body) SELECT id, last, %(body)s::jsonb FROM r RETURNING sequence
"""
ENTER = "INSERT INTO floor_room (id) VALUES (%(room)s) ON CONFLICT DO NOTHING"


class Floor:
    """One process's pool, publisher and subscriber, opened with the first socket."""

    def __init__(self) -> None:
        self.rooms: dict[str, set[Any]] = defaultdict(set)
        self.ready: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self.ready = self.ready or asyncio.create_task(self._open())
        await self.ready

    async def _open(self) -> None:
        self.pool = AsyncConnectionPool(
            os.environ["DATABASE_URL"], kwargs={"autocommit": True}, min_size=1, max_size=6, open=False
        )
        await self.pool.open()
        async with self.pool.connection() as conn:
            await conn.execute(SCHEMA)
        self.redis = redis.asyncio.Redis.from_url(os.environ["REDIS_URL"])
        subscriber = self.redis.pubsub()
        await subscriber.subscribe("floor")
        self.reader = asyncio.create_task(self._read(subscriber))

    async def _read(self, subscriber: Any) -> None:
        async for message in subscriber.listen():
            if message["type"] == "message":
                room, _, text = message["data"].decode().partition(" ")
                for send in tuple(self.rooms[room]):
                    await send({"type": "websocket.send", "text": text})

    async def store(self, room: str, text: str) -> None:
        async with self.pool.connection() as conn:
            row = await (await conn.execute(STORE, {"room": room, "body": text})).fetchone()
        frame = {"sequence": row[0] if row else 0, "body": json.loads(text)}
        await self.redis.publish("floor", f"{room} {json.dumps(frame)}")


floor = Floor()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"floor"})
        return
    await floor.open()
    room = str(uuid.UUID(parse_qs(scope["query_string"].decode())["room"][0]))
    async with floor.pool.connection() as conn:
        await conn.execute(ENTER, {"room": room})
    await receive()
    await send({"type": "websocket.accept"})
    floor.rooms[room].add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            await floor.store(room, message["text"])
    finally:
        floor.rooms[room].discard(send)
