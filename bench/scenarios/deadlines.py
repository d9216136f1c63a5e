"""Scenario 10: 10,000 wait limits due at once, 100,000 outstanding, two sweepers."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from math import inf

from asgiref.sync import sync_to_async

from bench import database
from bench.bands import Limits, percentile
from bench.floors.deadlines import fire_all
from bench.lines import Helper, helping
from bench.scenario import FLOOR, OURS, TEXTBOOK, Cell, Faults, Figure, Judged, Measure, Scale, Scenario
from bench.waiting import create_idle, create_waiting, faults_of

DUE, OUTSTANDING, BY_ORM = 10_000, 100_000, 500
SPREAD_A_SECOND, SPREAD_SECONDS = 200, 3
FOLLOWED = 50
LATENESS = """
SELECT extract(epoch FROM min(e.created_at) - d.due) * 1000
  FROM unnest(%s::uuid[], %s::timestamptz[]) AS d(handoff, due) JOIN handoff h ON h.id = d.handoff
  JOIN event e ON e.conversation_id = h.conversation_id AND e.type IN ('handoff.retrying', 'handoff.timed_out')
 GROUP BY d.handoff, d.due
"""


@asynccontextmanager
async def open_sides(scale: Scale) -> AsyncIterator[Measure]:
    async with AsyncExitStack() as stack:
        ours = [await stack.enter_async_context(helping("bench.sweepers.ours")) for _ in range(2)]
        tender = await stack.enter_async_context(helping("bench.sweepers.ours"))
        textbook = [await stack.enter_async_context(helping("bench.sweepers.textbook"))]
        far = datetime.now(UTC) + timedelta(days=1)
        await sync_to_async(prepare)([far] * scale.of(OUTSTANDING))
        sizes = {FLOOR: scale.of(DUE), TEXTBOOK: scale.of(BY_ORM, least=20), OURS: scale.of(DUE)}

        async def measure(side: str, seconds: float) -> Cell:
            await sync_to_async(forget_what_follows)()
            if side == FLOOR:
                return await sync_to_async(fire_floor)(sizes[side])
            if side == TEXTBOOK:
                return await fire_with(textbook, sizes[side])
            return await fire_ours(ours, tender, sizes[side], scale.of(SPREAD_A_SECOND * SPREAD_SECONDS, least=20))

        yield measure


def prepare(due: Sequence[datetime]) -> None:
    with database.connect() as connection:
        create_idle(connection, due)
        connection.execute("ANALYZE")


def fire_floor(count: int) -> Cell:
    with database.connect() as connection:
        handoffs = create_waiting(connection, [datetime.now(UTC)] * count)
        begun = time.perf_counter()
        fire_all(connection)
        seconds = time.perf_counter() - begun
        faults = faults_of(connection, handoffs)
    return Cell({"firing": seconds / count * 1e6}, faults)


async def fire_with(sweepers: Sequence[Helper], count: int) -> Cell:
    handoffs = await sync_to_async(create_due)(count)
    cpu, begun = sum(sweeper.cpu_seconds for sweeper in sweepers), time.perf_counter()
    fired = await asyncio.gather(*(sweeper.ask("fire") for sweeper in sweepers))
    seconds, cpu = time.perf_counter() - begun, sum(sweeper.cpu_seconds for sweeper in sweepers) - cpu
    faults = await sync_to_async(check)(handoffs)
    surplus = int(sum(one["fired"] for one in fired)) - count
    faults += Faults(doubled=max(0, surplus))
    return Cell({"firing": seconds / count * 1e6, "CPU": cpu / count * 1e6}, faults)


async def fire_ours(sweepers: Sequence[Helper], tender: Helper, count: int, spread: int) -> Cell:
    """All at once, then what follows of a few, then some spread over time."""
    cell = await fire_with(sweepers, count)
    followed = await sweepers[0].ask("follow", count=FOLLOWED)
    await sync_to_async(forget_what_follows)()
    lateness, faults = await be_late(sweepers, tender, spread)
    figures = {
        **cell.figures,
        "policy": followed["milliseconds"],
        "lateness p50": percentile(lateness, 0.5),
        "lateness p99": percentile(lateness, 0.99),
    }
    return Cell(figures, cell.faults + faults)


async def be_late(sweepers: Sequence[Helper], tender: Helper, count: int) -> tuple[list[float], Faults]:
    """Let waits end one after the other while slices of the clock run, and beside them what takes up what follows;
    return by how many ms each was late."""
    begin = datetime.now(UTC) + timedelta(seconds=0.5)
    due = [begin + timedelta(seconds=number / SPREAD_A_SECOND) for number in range(count)]
    handoffs = await sync_to_async(create_due)(count, due)
    seconds = (due[-1] - datetime.now(UTC)).total_seconds() + 0.5
    watching = (sweeper.ask("watch", seconds=seconds) for sweeper in sweepers)
    await asyncio.gather(*watching, tender.ask("tend", seconds=seconds))
    return await sync_to_async(read_lateness)(handoffs, due)


def create_due(count: int, due: Sequence[datetime] | None = None) -> list[object]:
    with database.connect() as connection:
        return create_waiting(connection, due or [datetime.now(UTC)] * count)


def check(handoffs: Sequence[object]) -> Faults:
    with database.connect() as connection:
        return faults_of(connection, handoffs)


def read_lateness(handoffs: Sequence[object], due: Sequence[datetime]) -> tuple[list[float], Faults]:
    with database.connect() as connection:
        late = [float(row[0]) for row in connection.execute(LATENESS, [list(handoffs), list(due)])]
    return late, Faults(lost=len(due) - len(late))


def forget_what_follows() -> None:
    """The next episodes are not taken up: each cell begins with nothing but what is outstanding."""
    with database.connect() as connection:
        connection.execute("DELETE FROM deadline WHERE kind = 'retry'")


SCENARIO = Scenario(
    number=10,
    name="deadlines",
    measures=(
        f"{DUE:,} wait limits due at once, {OUTSTANDING:,} deadlines outstanding: claimed, timed out, their event,"
        f" outbox entry and next episode written. Then {SPREAD_A_SECOND} a second for {SPREAD_SECONDS} s, fired by"
        " slices of the clock, while a third program takes up what follows."
    ),
    sides={
        FLOOR: "one SQL statement for all, the same rows",
        TEXTBOOK: f"a transaction for each, every row by the ORM ({BY_ORM} of them)",
        OURS: "two sweepers, sets of at most 500; `policy` is what taking up one next episode costs afterwards",
    },
    figures=(
        Figure("firing", "µs each"),
        Figure("CPU", "µs each"),
        Figure("policy", "ms each", 1),
        Figure("lateness p50", "ms", 1),
        Figure("lateness p99", "ms", 1),
    ),
    judged=(
        Judged(figure="firing", limits=Limits(1.5, 3, inf)),
        Judged(figure="lateness p99", limits=Limits(50, 250, inf), against=None),
    ),
    open=open_sides,
    warms_up=False,
)
