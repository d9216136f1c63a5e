"""Tiny real child processes for the supervisor, and its use from tests."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from studio.processes import Process
from studio.supervisor import Supervisor


class Lines:
    """What the supervised processes wrote, as (name, line)."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str]] = []

    def write(self, name: str, line: str) -> None:
        self.all.append((name, line))

    def of(self, name: str) -> list[str]:
        return [line for writer, line in self.all if writer == name]


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
async def supervisor(lines) -> AsyncIterator[Supervisor]:
    running = Supervisor(write=lines.write, first_pause=0.01, longest_pause=0.02)
    yield running
    await running.stop()


def python(name: str, code: str, **options) -> Process:
    return Process(name=name, argv=(sys.executable, "-c", code), cwd=Path("/"), **options)


def is_alive(pid: int) -> bool:
    """Whether the process exists and is more than a zombie nobody has collected."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


async def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Let the event loop run until the condition holds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not condition():
        assert loop.time() < end, "it did not come about"
        await asyncio.sleep(0.005)
