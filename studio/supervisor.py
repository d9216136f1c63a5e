"""Keeps a set of processes running: starts, prefixes their output, restarts, stops them in order."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from operator import attrgetter

from studio.children import last_lines, open_log, signal_name, start_options
from studio.processes import Process

Write = Callable[[str, str], None]
"""Receives (process name, one line without its end)."""

LONGEST_LINE = 1024 * 1024
STEADY_SECONDS = 10.0


class NotReady(Exception):
    """A process ended, or stayed silent, before it was ready for work. The text names it and shows its last lines."""


def back_off(first: float, most: float) -> Iterator[float]:
    """Seconds to wait before each restart: doubling from `first`, never above `most`."""
    delay = first
    while True:
        yield delay
        delay = min(delay * 2, most)


class Supervisor:
    """Owns children. Use it from the main thread of one event loop.

    The processes of one `start` call start together. A child that ends by itself is started again after a growing
    pause, once it has been ready: before, `start` tells of it and of what it said. `stop` ends everything, lowest rank
    first.
    """

    def __init__(self, *, write: Write, first_pause: float = 0.5, longest_pause: float = 10.0) -> None:
        self._write = write
        self._pauses = (first_pause, longest_pause)
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._processes: list[Process] = []
        self._were_ready: set[str] = set()
        self._stopping = asyncio.Event()

    def pid(self, name: str) -> int | None:
        """The process id of a running child."""
        child = self._children.get(name)
        return child.pid if child and child.returncode is None else None

    async def start(self, processes: Iterable[Process], *, patience: float = 30.0) -> None:
        """Start them and return when all are ready.

        Raises `NotReady` when one ends first or is not ready within `patience` seconds; call `stop` then.
        """
        started = list(processes)
        for process in started:
            self._processes.append(process)
            self._children[process.name] = await self._spawn(process)
            self._keepers[process.name] = asyncio.create_task(self._keep(process))
        for process in started:
            await self._wait_until_ready(process, patience)

    async def stop(self) -> None:
        """End all children, lowest rank first; returns when none is left. May be called at any time, also twice."""
        self._stopping.set()
        by_rank = sorted(self._processes, key=attrgetter("rank"))
        for _, group in groupby(by_rank, key=attrgetter("rank")):
            await asyncio.gather(*(self._end(process) for process in group))
        await asyncio.gather(*self._keepers.values())

    async def _spawn(self, process: Process) -> asyncio.subprocess.Process:
        log = open_log(process.log) if process.log else None
        try:
            return await asyncio.create_subprocess_exec(
                *process.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE if log is None else log,
                stderr=asyncio.subprocess.STDOUT,
                limit=LONGEST_LINE,
                **start_options(process),
            )
        finally:
            if log is not None:
                os.close(log)

    async def _keep(self, process: Process) -> None:
        loop = asyncio.get_running_loop()
        pauses = back_off(*self._pauses)
        while True:
            born, child = loop.time(), self._children[process.name]
            await self._pump(process.name, child)
            code = await child.wait()
            if self._stopping.is_set() or not self._was_ready(process):
                return
            if loop.time() - born > STEADY_SECONDS:
                pauses = back_off(*self._pauses)
            pause = next(pauses)
            self._write(process.name, f"ended ({signal_name(code)}); starting again in {pause:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
                return
            self._children[process.name] = await self._spawn(process)
            if self._stopping.is_set():  # asked while it was being started, so `stop` did not see it
                await self._end(process)

    async def _pump(self, name: str, child: asyncio.subprocess.Process) -> None:
        while child.stdout:
            try:
                line = await child.stdout.readline()
            except ValueError:  # a line beyond the limit: asyncio has dropped it
                self._write(name, f"(a line of more than {LONGEST_LINE} bytes was left out)")
                continue
            if not line:
                return
            self._write(name, line.decode(errors="replace").rstrip("\r\n"))

    def _was_ready(self, process: Process) -> bool:
        return process.is_ready is None or process.name in self._were_ready

    async def _wait_until_ready(self, process: Process, patience: float) -> None:
        if process.is_ready is None:
            return
        child, end = self._children[process.name], asyncio.get_running_loop().time() + patience
        while not process.is_ready():
            if child.returncode is not None:
                raise NotReady(self._failure(process, signal_name(child.returncode)))
            if asyncio.get_running_loop().time() > end:
                raise NotReady(self._failure(process, f"not ready after {patience:g} s"))
            await asyncio.sleep(0.02)
        self._were_ready.add(process.name)

    def _failure(self, process: Process, why: str) -> str:
        lines = last_lines(process.log) if process.log else ""
        return f"{process.name} did not start: {why}." + (
            f" Its log {process.log} ends with:\n{lines}" if lines else ""
        )

    async def _end(self, process: Process) -> None:
        child = self._children.get(process.name)
        if child is None or child.returncode is not None:
            return
        # To the child alone: a pool's own children must not be told twice.
        with suppress(ProcessLookupError):
            child.send_signal(process.stop)
        try:
            await asyncio.wait_for(child.wait(), process.grace)
        except TimeoutError:
            self._write(process.name, f"still there {process.grace:g} s after {process.stop.name}; killing it")
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
