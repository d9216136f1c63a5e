"""Scenario 1: one conversation, one message under way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.bands import Limits
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Judged, Measure, Scale, Scenario
from bench.sides import BATCHED
from bench.sides import SIDES as ALL
from bench.talks import FIGURES, talking, talking_each

SIDES = {
    FLOOR: "a bare ASGI socket: one statement that numbers and stores, one publish in hand-written RESP",
    BATCHED: "the same, messages that arrive together share a statement",
    TEXTBOOK: "Channels with the stock pub/sub layer, ORM with select_for_update",
    OURS: "the customer's socket of the studio; sockets of its own process hear at once, others through Redis",
}


ACROSS = "ours across"


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    async with talking_each(SIDES, 1) as alone, talking(ALL[OURS], 1, processes=2) as across:
        rooms = {**alone, ACROSS: across}

        async def measure(side: str, seconds: float) -> Cell:
            return await rooms[side].closed_loop(seconds)

        yield measure


SCENARIO = Scenario(
    number=1,
    name="ping-pong",
    measures="One conversation, one message under way: from the sender's socket, stored, to the other socket.",
    sides={**SIDES, ACROSS: "the studio in two processes, the sender's socket at one and the other's at the other"},
    figures=FIGURES,
    judged=(Judged(figure="p50", limits=Limits(1.5, 2, 3)),),
    open=open_sides,
)
