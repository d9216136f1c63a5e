"""Sides that append without sockets: pgbench for the floor, a program with many writers for the other two."""

import asyncio
import os
import re
import resource
import shutil
import subprocess
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench import database
from bench.lines import Helper, helping
from bench.scenario import OURS, TEXTBOOK, Cell, Faults, Measure
from bench.servers import Unusable
from bench.sides import SIDES
from studio.embedded.postgres import program as postgres_program

SCRIPT = Path(__file__).parent / "floors" / "append.sql"
TRANSACTIONS = re.compile(r"actually processed: (\d+)")
RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
SHORTEST_SECONDS = 2  # on a busy machine 32 connections need one to come up
PROGRAMS = {TEXTBOOK: "bench.writers.textbook", OURS: "bench.writers.ours"}
# Of these rooms: the rows stored, and how many rooms have rows that are not 1, 2, 3, … up to the number taken.
BOOKS = {
    TEXTBOOK: """
    SELECT sum(rows), count(*) FILTER (WHERE last <> rows OR last <> top)
      FROM (SELECT r.last, count(m.sequence) AS rows, coalesce(max(m.sequence), 0) AS top
              FROM textbook.textbook_room r LEFT JOIN textbook.textbook_message m ON m.room_id = r.id
             WHERE r.id = ANY(%s) GROUP BY r.id) t""",
    OURS: """
    SELECT sum(rows), count(*) FILTER (WHERE last <> rows OR last <> top)
      FROM (SELECT c.last_sequence AS last, count(e.sequence) AS rows, coalesce(max(e.sequence), 0) AS top
              FROM conversation c LEFT JOIN event e ON e.conversation_id = c.id
             WHERE c.id = ANY(%s) GROUP BY c.id) t""",
}


@asynccontextmanager
async def writing(rooms: int, writers: Sequence[int]) -> AsyncIterator[Measure]:
    """Measure each side with these numbers of writers, one after the other; the figures of the last in full."""
    async with AsyncExitStack() as stack:
        programs = {side: await stack.enter_async_context(appending(side, rooms)) for side in PROGRAMS}
        floor = Floor(rooms)

        async def measure(side: str, seconds: float) -> Cell:
            figures: dict[str, float] = {}
            faults = Faults()
            for number in writers:
                done = await programs.get(side, floor).write(number, seconds)
                figures |= {**done.figures, f"rate {number}": done.figures["rate"]}
                faults += done.faults
            return Cell(figures, faults)

        yield measure


class Floor:
    """pgbench, a C program: one prepared statement, one connection a writer."""

    def __init__(self, rooms: int) -> None:
        found = postgres_program("pgbench")
        self._program = str(found) if found and found.exists() else shutil.which("pgbench")
        if self._program is None:
            raise Unusable("There is no pgbench: install PostgreSQL's client programs")
        self._rooms = rooms
        with database.connect() as connection:
            connection.execute("UPDATE floor.room SET number = NULL WHERE number IS NOT NULL")
            connection.execute(
                "INSERT INTO floor.room (id, number) SELECT gen_random_uuid(), n FROM generate_series(1, %s) n", [rooms]
            )

    async def write(self, writers: int, seconds: float) -> Cell:
        return await asyncio.to_thread(self._write, writers, max(SHORTEST_SECONDS, round(seconds)))

    def _write(self, writers: int, seconds: int) -> Cell:
        options = f"-n -M prepared -c {writers} -j {min(writers, 2)} -T {seconds} -D rooms={self._rooms}".split()
        before = child_seconds()
        words = [self._program, *options, "-f", str(SCRIPT), os.environ["DATABASE_URL"]]
        output = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        written = int(found_in(output, TRANSACTIONS))
        rate = float(found_in(output, RATE))
        return Cell({"rate": rate, "CPU": (child_seconds() - before) / written * 1e6})


class Writers:
    """A program that appends to rooms of one side, and the books that say whether all of it is there."""

    def __init__(self, side: str, helper: Helper, rooms: Sequence[uuid.UUID]) -> None:
        self._side, self._helper, self._rooms = side, helper, [str(room) for room in rooms]

    async def write(self, writers: int, seconds: float) -> Cell:
        stored, cpu = self._books()[0], self._helper.cpu_seconds
        done = await self._helper.ask("write", rooms=self._rooms, writers=writers, seconds=seconds)
        written = int(done.pop("written"))
        cpu = self._helper.cpu_seconds - cpu
        rows, broken = self._books()
        surplus = rows - stored - written
        faults = Faults(lost=max(0, -surplus), doubled=max(0, surplus), reordered=broken)
        return Cell({**done, "CPU": cpu / max(1, written) * 1e6}, faults)

    def _books(self) -> tuple[int, int]:
        with database.connect() as connection:
            return connection.execute(BOOKS[self._side], [self._rooms]).fetchone()


@asynccontextmanager
async def appending(side: str, rooms: int) -> AsyncIterator[Writers]:
    ids = await SIDES[side].create_rooms(rooms)
    async with helping(PROGRAMS[side], SIDES[side].environment) as helper:
        yield Writers(side, helper, ids)


def child_seconds() -> float:
    """Processor time of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def found_in(text: str, pattern: re.Pattern[str]) -> str:
    found = pattern.search(text)
    if found is None:
        raise Unusable(f"pgbench answered:\n{text}")
    return found[1]
