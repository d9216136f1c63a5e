"""A socket that comes back with its cursor, `?after=`: accept, subscribe, one indexed read of what came since, live."""

import asyncio
import uuid
from collections import defaultdict
from typing import Any

from bench.floors.path import Send, Single

READ = "SELECT sequence, body::text FROM floor.message WHERE room = %s AND sequence > %s ORDER BY sequence"


class Place:
    """Where one socket stands: what is live before the read is done waits, what the read had is dropped."""

    def __init__(self, send: Send) -> None:
        self.send, self.cursor, self.early = send, -1, []

    async def __call__(self, message: dict[str, Any]) -> None:
        if self.cursor < 0:
            self.early.append(message)
        elif sequence_of(message) > self.cursor:
            await self.send(message)

    async def begin(self, cursor: int) -> None:
        self.cursor = cursor
        for message in self.early:
            await self(message)


def sequence_of(message: dict[str, Any]) -> int:
    text = message["text"]
    return int(text[12 : text.index(",", 12)])


class Resume(Single):
    def __init__(self) -> None:
        super().__init__()
        self._confirmed: dict[bytes, asyncio.Event] = defaultdict(asyncio.Event)

    async def enter(self, room: uuid.UUID, query: dict[str, str], send: Send) -> Send:
        place = Place(send)
        self.add(room.bytes, place)
        await self._confirmed[room.bytes].wait()
        cursor = await self._free.get()
        try:
            await cursor.execute(READ, (room, int(query.get("after", 0))), prepare=True)
            rows = await cursor.fetchall()
        finally:
            self._free.put_nowait(cursor)
        events = ",".join(f'{{"sequence":{sequence},"body":{body}}}' for sequence, body in rows)
        await send({"type": "websocket.send", "text": f'{{"events":[{events}]}}'})
        await place.begin(rows[-1][0] if rows else int(query.get("after", 0)))
        return place

    def leave(self, room: bytes, send: Send) -> None:
        super().leave(room, send)
        if room not in self.rooms:
            self._confirmed.pop(room, None)

    def confirmed(self, room: bytes) -> None:
        self._confirmed[room].set()


application = Resume()
