"""Scenario 7: eight writers, one conversation."""

from contextlib import AbstractAsyncContextManager

from bench.bands import Limits
from bench.scenario import Figure, Judged, Measure, Scale, Scenario
from bench.scenarios.append import SIDES
from bench.writing import writing

WRITERS = 8


def open_sides(scale: Scale) -> AbstractAsyncContextManager[Measure]:
    return writing(1, (WRITERS,))


SCENARIO = Scenario(
    number=7,
    name="hot-conversation",
    measures="Eight writers append to one conversation: its numbers stay dense, nobody clashes.",
    sides=SIDES,
    figures=(
        Figure("rate", "appends/s"),
        Figure("p50", "µs"),
        Figure("p99", "µs"),
        Figure("CPU", "µs an append"),
    ),
    judged=(Judged(figure="rate", limits=Limits(1, 2, 4), more_is_better=True),),
    open=open_sides,
)
