"""A process with many writers, each appending one message after the other to rooms chosen at random."""

import asyncio
import json
import random
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvloop

from bench.bands import percentile

Append = Callable[[uuid.UUID, int], Awaitable[Any]]
"""Appends to a room a message of that number; durable when it returns."""


def serve(append: Append) -> None:
    """Answer `{"rooms", "writers", "seconds"}` with `{"rate", "p50", "p99", "written"}` (µs) until the input ends."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for line in sys.stdin:
            asked = json.loads(line)
            rooms = [uuid.UUID(room) for room in asked["rooms"]]
            answer = runner.run(write(append, rooms, asked["writers"], asked["seconds"]))
            print(json.dumps(answer), flush=True)


async def write(append: Append, rooms: Sequence[uuid.UUID], writers: int, seconds: float) -> dict[str, float]:
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
