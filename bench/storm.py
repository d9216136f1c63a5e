"""Sockets that drop all at once and come back, each after the last message it has, while others go on talking."""

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from asgiref.sync import sync_to_async

from bench import database
from bench.ear import Ear
from bench.ours import TEXT
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Faults
from bench.servers import Server, serving
from bench.sides import RESUME, SIDES, Side
from bench.talks import TICK_SECONDS, Load, Talk, all_at_once, connect

MISSED = 3  # messages of each conversation while nobody is there
TALKS_A_SECOND = 200.0
LIVE_WITHIN = 60.0
# Rooms, the number of messages each has, and the numbers each is to get; all of it in one statement.
MISS = {
    FLOOR: """
    WITH i AS (SELECT * FROM unnest(%(rooms)s::uuid[], %(seen)s::int[]) AS i(room, seen)),
         r AS (UPDATE floor.room SET last = last + %(missed)s FROM i WHERE id = i.room)
    INSERT INTO floor.message (room, sequence, body)
    SELECT room, seen + n, jsonb_build_object('text', '#' || seen + n - 1 || ' ' || %(text)s)
      FROM i, generate_series(1, %(missed)s) n""",
    TEXTBOOK: """
    WITH i AS (SELECT * FROM unnest(%(rooms)s::uuid[], %(seen)s::int[]) AS i(room, seen)),
         r AS (UPDATE textbook.textbook_room SET last = last + %(missed)s FROM i WHERE id = i.room)
    INSERT INTO textbook.textbook_message (room_id, sequence, body, created_at)
    SELECT room, seen + n, jsonb_build_object('text', '#' || seen + n - 1 || ' ' || %(text)s), now()
      FROM i, generate_series(1, %(missed)s) n""",
    OURS: """
    WITH i AS (SELECT * FROM unnest(%(rooms)s::uuid[], %(seen)s::int[]) AS i(room, seen)),
         c AS (UPDATE conversation SET last_sequence = last_sequence + %(missed)s,
                      last_public = last_public + %(missed)s FROM i WHERE id = i.room)
    INSERT INTO event (id, conversation_id, sequence, public_sequence, type, author, epoch, payload, created_at)
    SELECT gen_random_uuid(), room, seen + n, seen + n, 'customer.message', 'customer', 1,
           jsonb_build_object('text', '#' || seen + n - 1 || ' ' || %(text)s), clock_timestamp()
      FROM i, generate_series(1, %(missed)s) n""",
}


class Listener:
    """A socket that comes and goes; `sent` counts what its conversation has."""

    def __init__(self, room: uuid.UUID, storm: "Storm") -> None:
        self.room, self.sent = room, 0
        self.ear = Ear(lambda number, now: storm.heard())


class Talker(Talk):
    """A conversation whose sender stays while the other socket drops."""

    def __init__(self, room: uuid.UUID, load: Load, side: Side) -> None:
        super().__init__(load, side.frame)
        self.room = room

    @property
    def ear(self) -> Ear:
        return self.receiver


@dataclass
class Storm:
    """One side's server, its sockets, and what they still wait for."""

    name: str
    side: Side
    server: Server
    load: Load

    def __post_init__(self) -> None:
        self.awaited = 0
        self._all_live = asyncio.Event()
        self.listeners: list[Listener] = []
        self.talkers: list[Talker] = []

    def heard(self) -> None:
        self.awaited -= 1
        if not self.awaited:
            self._all_live.set()

    async def come(self, sockets: Sequence[Listener | Talker], *, at_once: int) -> None:
        """Open each socket after the last message it has."""
        await all_at_once(
            (connect(one.ear, self.side.address(self.server.port, one.room, one.ear.expected)) for one in sockets),
            at_once=at_once,
        )

    async def drop(self) -> None:
        for one in (*self.listeners, *self.talkers):
            one.ear.transport.disconnect(graceful=False)
        await asyncio.gather(*(one.ear.transport.wait_disconnected() for one in (*self.listeners, *self.talkers)))

    async def blow(self) -> Cell:
        """Drop, miss, resume; until every socket has what it missed."""
        before = self.faults()
        await self.drop()
        await sync_to_async(self._miss)()
        self._all_live.clear()
        begun, cpu = time.perf_counter(), self.server.cpu_seconds
        talking = asyncio.create_task(self._talk())
        sockets = [*self.listeners, *self.talkers]
        random.shuffle(sockets)
        await self.come(sockets, at_once=len(sockets))
        opened = time.perf_counter() - begun
        try:
            await asyncio.wait_for(self._all_live.wait(), LIVE_WITHIN)
        except TimeoutError:
            self.awaited = 0
        live, cpu = time.perf_counter() - begun, self.server.cpu_seconds - cpu
        talking.cancel()
        await self.load.drain()
        figures = {"opened": opened, "live": live, "CPU": cpu / len(sockets) * 1e6}
        return Cell(figures, self.faults() - before)

    def _miss(self) -> None:
        self.awaited = MISSED * len(self.listeners)
        values = {
            "rooms": [one.room for one in self.listeners],
            "seen": [one.sent for one in self.listeners],
            "missed": MISSED,
            "text": TEXT,
        }
        with database.connect() as connection:
            connection.execute(MISS[self.name], values)
        for one in self.listeners:
            one.sent += MISSED

    async def _talk(self) -> None:
        while True:
            random.choice(self.talkers).say()
            await asyncio.sleep(random.expovariate(TALKS_A_SECOND) + TICK_SECONDS)

    def faults(self) -> Faults:
        missed = sum((one.ear.faults(one.sent) for one in self.listeners), Faults())
        return missed + sum((one.faults() for one in self.talkers), Faults())


@asynccontextmanager
async def storming(name: str, listeners: int, talkers: int) -> AsyncIterator[Storm]:
    """Serve a side with so many sockets that will drop, and conversations whose sender stays."""
    side = SIDES[RESUME if name == FLOOR else name]
    rooms = await side.create_rooms(listeners + talkers)
    async with serving(side.application, side.environment) as server:
        storm = Storm(name, side, server, Load())
        storm.listeners = [Listener(room, storm) for room in rooms[:listeners]]
        storm.talkers = [Talker(room, storm.load, side) for room in rooms[listeners:]]
        await all_at_once(connect(one.sender, side.address(server.port, one.room, 0)) for one in storm.talkers)
        await storm.come([*storm.listeners, *storm.talkers], at_once=64)
        yield storm
        await storm.drop()
