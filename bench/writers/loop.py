"""A process with many writers, each appending one message after the other to rooms chosen at random."""

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvloop

from bench.bands import percentile
from bench.lines import answer_lines

Append = Callable[[uuid.UUID, int], Awaitable[Any]]
"""Appends to a room a message of that number; durable when it returns."""


def serve(append: Append) -> None:
    """Write when asked to: `rooms`, how many `writers`, how many `seconds`."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:

        def answer(rooms: Sequence[str], writers: int, seconds: float) -> dict[str, float]:
            return runner.run(write(append, [uuid.UUID(room) for room in rooms], writers, seconds))

        answer_lines({"write": answer})


async def write(append: Append, rooms: Sequence[uuid.UUID], writers: int, seconds: float) -> dict[str, float]:
    """Return `rate`, `p50` and `p99` (µs), and how many were `written`."""
    begun = time.perf_counter()
    each = await asyncio.gather(*(write_one(append, rooms, begun + seconds) for _ in range(writers)))
    times = [value * 1e6 for part in each for value in part]
    return {
        "rate": len(times) / (time.perf_counter() - begun),
        "p50": percentile(times, 0.5),
        "p99": percentile(times, 0.99),
        "written": len(times),
    }


async def write_one(append: Append, rooms: Sequence[uuid.UUID], until: float) -> list[float]:
    times = []
    while (before := time.perf_counter()) < until:
        await append(random.choice(rooms), len(times))
        times.append(time.perf_counter() - before)
    return times
