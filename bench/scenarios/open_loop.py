"""Scenario 4: messages at random instants, at 30 % of what the studio carries, in 1,000 conversations."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bench.bands import Limits
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Figure, Judged, Measure, Scale, Scenario
from bench.scenarios.many_conversations import CONVERSATIONS
from bench.scenarios.ping_pong import SIDES
from bench.talks import FIGURES, Room, talking_each

SHARE = 0.3
LONGER = 2  # a 99th percentile wants more messages than a median


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    async with talking_each((FLOOR, TEXTBOOK, OURS), scale.of(CONVERSATIONS)) as rooms:
        most = {side: await most_of(rooms[side], LONGER * scale.seconds) for side in (OURS, TEXTBOOK)}
        rates = {OURS: SHARE * most[OURS], FLOOR: SHARE * most[OURS], TEXTBOOK: SHARE * most[TEXTBOOK]}

        async def measure(side: str, seconds: float) -> Cell:
            cell = await rooms[side].open_loop(LONGER * seconds, rates[side])
            return replace(cell, figures={**cell.figures, "offered": rates[side]})

        yield measure


async def most_of(room: Room, seconds: float) -> float:
    """Messages a second in a closed loop, once warm."""
    await room.closed_loop(seconds / 4)
    return (await room.closed_loop(seconds)).figures["rate"]


SCENARIO = Scenario(
    number=4,
    name="open-loop",
    measures=(
        f"{CONVERSATIONS:,} conversations, messages at random instants (Poisson) at {SHARE:.0%} of the closed-loop"
        " maximum: the time from the sender's socket to the other socket."
    ),
    sides={
        FLOOR: f"{SIDES[FLOOR]}; offered what the studio is offered",
        TEXTBOOK: f"{SIDES[TEXTBOOK]}; offered {SHARE:.0%} of its own maximum",
        OURS: f"the customer's socket of the studio; offered {SHARE:.0%} of its maximum",
    },
    figures=(Figure("offered", "messages/s"), *FIGURES),
    judged=(Judged(figure="p99", limits=Limits(2, 4, 8)),),
    open=open_sides,
)
