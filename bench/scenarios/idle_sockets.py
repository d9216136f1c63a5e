"""Scenario 8: 5,000 sockets that say nothing."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bench.bands import Limits
from bench.ear import Ear
from bench.machine import proportional_bytes
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Figure, Judged, Measure, Scale, Scenario
from bench.servers import serving
from bench.sides import SIDES, Side
from bench.talks import Load, Room, Talk, all_at_once, connect

SOCKETS = 5000
SETTLE_SECONDS = 0.5


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    rooms = {side: await SIDES[side].create_rooms(scale.of(SOCKETS)) for side in (FLOOR, TEXTBOOK, OURS)}

    async def measure(side: str, seconds: float) -> Cell:
        return await sit(SIDES[side], rooms[side], seconds)

    yield measure


async def sit(side: Side, rooms: Sequence[uuid.UUID], seconds: float) -> Cell:
    """In a new process: one that has had sockets before would fill the memory they left."""
    # The one that talks while the others sit is new each time: what was said before is read again by who joins.
    talking = (await side.create_rooms(1))[0]
    async with serving(side.application, side.environment) as server:
        load = Load()
        talk = Talk(load, side.frame)
        await talk.open([server], side, talking)
        room = Room([server], load, [talk])
        alone = await room.closed_loop(seconds / 3)
        before, begun = proportional_bytes(server.pid), time.perf_counter()
        ears = [Ear(ignore) for _ in rooms]
        addresses = [side.address(server.port, one, None) for one in rooms]
        await all_at_once(connect(ear, address) for ear, address in zip(ears, addresses, strict=True))
        opened = len(ears) / (time.perf_counter() - begun)
        await asyncio.sleep(SETTLE_SECONDS)
        each = (proportional_bytes(server.pid) - before) / len(ears)
        crowded = await room.closed_loop(seconds / 3)
        for ear in (*ears, talk.sender, talk.receiver):
            ear.transport.disconnect(graceful=False)
    figures = {
        "memory": each / 1024,
        "base": before / 2**20,
        "opened": opened,
        "p50 alone": alone.figures["p50"],
        "p50": crowded.figures["p50"],
    }
    return Cell(figures, alone.faults + crowded.faults)


def ignore(number: int, now: float) -> None:
    """An idle socket hears nothing."""


SCENARIO = Scenario(
    number=8,
    name="idle-sockets",
    measures=f"{SOCKETS:,} sockets of as many conversations that say nothing, and the ping-pong while they sit there.",
    sides={
        FLOOR: "a bare ASGI socket under the same server, subscribed to its channel",
        TEXTBOOK: "a Channels consumer in a group of the stock pub/sub layer",
        OURS: "the customer's socket of the studio, its history read and followed",
    },
    figures=(
        Figure("memory", "KiB a socket", 1),
        Figure("base", "MiB without them"),
        Figure("opened", "sockets/s"),
        Figure("p50 alone", "µs"),
        Figure("p50", "µs beside them"),
    ),
    judged=(Judged(figure="memory", limits=Limits(1.5, 2, 3)),),
    open=open_sides,
    warms_up=False,
)
