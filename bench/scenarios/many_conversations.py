"""Scenario 3: 1,000 conversations, one message of each under way; and what a message costs more than at 100."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.bands import Limits
from bench.scenario import OURS, Cell, Judged, Measure, Scale, Scenario
from bench.scenarios import closed_loop
from bench.scenarios.ping_pong import SIDES
from bench.sides import SIDES as ALL
from bench.talks import FIGURES, talking, talking_each

CONVERSATIONS = 1000
OURS_AT_100 = "ours at 100"


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    few = scale.of(closed_loop.CONVERSATIONS)
    async with talking_each(SIDES, scale.of(CONVERSATIONS)) as many, talking(ALL[OURS], few) as at_100:
        rooms = {**many, OURS_AT_100: at_100}

        async def measure(side: str, seconds: float) -> Cell:
            return await rooms[side].closed_loop(seconds)

        yield measure


SCENARIO = Scenario(
    number=3,
    name="many-conversations",
    measures=f"{CONVERSATIONS:,} conversations, one message of each under way; and the studio with 100 beside it.",
    sides={**SIDES, OURS_AT_100: "the studio with 100 conversations"},
    figures=FIGURES,
    judged=(
        Judged(figure="CPU", limits=Limits(2, 3, 5)),
        Judged(figure="CPU", limits=Limits(2, 3, 5), against=OURS_AT_100),
    ),
    open=open_sides,
)
