"""Scenario 9: 2,000 sockets drop at once and come back with their cursors."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from math import inf

from bench.bands import Limits
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Figure, Judged, Measure, Scale, Scenario
from bench.storm import MISSED, storming

SOCKETS, TALKERS = 1950, 50
SIDES = {
    FLOOR: "a bare ASGI socket: accept, subscribe, one indexed read, live",
    TEXTBOOK: "a Channels consumer: group_add, an ORM query of what came since, live",
    OURS: "the customer's socket of the studio with its cursor",
}


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    async with AsyncExitStack() as stack:
        sizes = scale.of(SOCKETS), scale.of(TALKERS)
        storms = {side: await stack.enter_async_context(storming(side, *sizes)) for side in SIDES}

        async def measure(side: str, seconds: float) -> Cell:
            return await storms[side].blow()

        yield measure


SCENARIO = Scenario(
    number=9,
    name="reconnect-storm",
    measures=(
        f"{SOCKETS + TALKERS:,} sockets drop at once; {SOCKETS:,} of them miss {MISSED} messages each, in the"
        f" conversations of the other {TALKERS} somebody goes on talking. All come back at once after the last message"
        " they have: the time until every one has what it missed."
    ),
    sides=SIDES,
    figures=(
        Figure("opened", "s until all are open", 2),
        Figure("live", "s until all have all", 2),
        Figure("CPU", "server µs a socket"),
    ),
    judged=(Judged(figure="live", limits=Limits(2, 4, inf)),),
    open=open_sides,
    warms_up=False,
)
