"""Scenario 5: durable appends, by 1, 8 and 32 writers, to conversations chosen at random."""

from contextlib import AbstractAsyncContextManager

from bench.bands import Limits
from bench.scenario import FLOOR, OURS, TEXTBOOK, Figure, Judged, Measure, Scale, Scenario
from bench.writing import writing

CONVERSATIONS = 2000
WRITERS = (1, 8, 32)
SIDES = {
    FLOOR: "pgbench, a C program: one prepared statement that numbers and stores, one connection a writer",
    TEXTBOOK: "ORM with select_for_update through database_sync_to_async",
    OURS: "`append_event_async`; it also publishes the event to the sockets that may follow",
}


def open_sides(scale: Scale) -> AbstractAsyncContextManager[Measure]:
    return writing(scale.of(CONVERSATIONS), WRITERS)


SCENARIO = Scenario(
    number=5,
    name="append",
    measures=f"Durable appends to {CONVERSATIONS:,} conversations chosen at random, by 1, 8 and 32 writers at once.",
    sides=SIDES,
    figures=(
        *(Figure(f"rate {number}", "appends/s") for number in WRITERS),
        Figure("p50", "µs, 32 writers"),
        Figure("p99", "µs, 32 writers"),
        Figure("CPU", "µs an append, 32 writers"),
    ),
    judged=(Judged(figure="rate 32", limits=Limits(2, 4, 8), more_is_better=True, valid_from=4),),
    open=open_sides,
)
