"""Tiny real child processes for the supervisor, and its use from tests."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from studio.processes import BASE_DIR, Process
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


@pytest.fixture(scope="session")
def modest_database() -> Iterator[str]:
    """The address of a migrated database whose owner may neither create extensions nor anything outside of it."""
    address, name = settings.DATABASE_URL, f"modest_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}' NOSUPERUSER NOCREATEDB NOCREATEROLE")
        superuser.execute(f"CREATE DATABASE {name} OWNER {name}")
        superuser.execute(f"REVOKE CREATE ON DATABASE {name} FROM {name}")
        try:
            url = own_url(address, user=name, database=name)
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=BASE_DIR, env={**os.environ, "DATABASE_URL": url}, check=True)
            yield url
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")
            superuser.execute(f"DROP ROLE {name}")


def own_url(address: str, *, user: str, database: str) -> str:
    """The same server as `address` for another user, whose password is their name, and another database."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}:{user}@{place}", path=f"/{database}").geturl()
