"""Scenario 2: 100 conversations, one message of each under way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.bands import Limits
from bench.scenario import Cell, Judged, Measure, Scale, Scenario
from bench.scenarios.ping_pong import SIDES
from bench.talks import FIGURES, talking_each

CONVERSATIONS = 100


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    async with talking_each(SIDES, scale.of(CONVERSATIONS)) as rooms:

        async def measure(side: str, seconds: float) -> Cell:
            return await rooms[side].closed_loop(seconds)

        yield measure


SCENARIO = Scenario(
    number=2,
    name="closed-loop",
    measures=f"{CONVERSATIONS} conversations, one message of each under way: processor time of the server per message.",
    sides=SIDES,
    figures=FIGURES,
    judged=(Judged(figure="CPU", limits=Limits(1.5, 2.5, 4), valid_from=4),),
    open=open_sides,
)
