"""Plays many customers at once, from the door to the report."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from studio.demo.play.course import Course
from studio.demo.play.customer import Manner, play_customer
from studio.demo.play.entrance import Entrance, find_entrance
from studio.demo.play.pace import Pace
from studio.demo.play.report import Report
from studio.demo.play.transcripts import Script, Transcripts

Done = Callable[[Course], None]


@dataclass(frozen=True, slots=True)
class Door:
    """Where the customers come in: a server, and one of its connectors by token and host."""

    base_url: str
    token: str
    host: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """rate: messages per second of all customers together, None for no limit; concurrency: how many at a time."""

    rate: float | None
    concurrency: int


def play_transcripts(transcripts: Transcripts, *, door: Door, traffic: Traffic, manner: Manner, done: Done) -> Report:
    """Play everything and report; `done` is told each course as it is over. Ctrl-C ends the run, not the report.

    Raises NoEntrance when the door does not open.
    """
    courses: list[Course] = []

    def keep(course: Course) -> None:
        courses.append(course)
        done(course)

    start, stopped = time.monotonic(), True
    with suppress(KeyboardInterrupt):
        asyncio.run(_play(transcripts.scripts, door=door, traffic=traffic, manner=manner, done=keep))
        stopped = False
    courses.sort(key=lambda course: course.line)
    return Report(courses, transcripts.skipped, time.monotonic() - start, stopped)


async def _play(scripts: Sequence[Script], *, door: Door, traffic: Traffic, manner: Manner, done: Done) -> None:
    entrance = await find_entrance(base_url=door.base_url, token=door.token, host=door.host)
    pace, waiting = Pace(traffic.rate), iter(scripts)
    playing = [
        asyncio.create_task(_play_on(waiting, entrance=entrance, pace=pace, manner=manner, done=done))
        for _ in range(min(traffic.concurrency, len(scripts)))
    ]
    try:
        await asyncio.gather(*playing)
    finally:
        for task in playing:
            task.cancel()


async def _play_on(scripts: Iterator[Script], *, entrance: Entrance, pace: Pace, manner: Manner, done: Done) -> None:
    """Play whichever script is next, until none is left; several of these share one iterator."""
    for script in scripts:
        done(await play_customer(script, entrance=entrance, pace=pace, manner=manner))
