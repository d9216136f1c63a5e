"""The whole system as its users run it: real processes from the process table, over a database of their own.

Nothing here imports product code but the process table; tests talk to it over HTTP and sockets.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from studio.processes import BASE_DIR, Process, application_processes

START_SECONDS = 60.0


class Stack:
    """Web, workers and beat of one installation below `folder`, with a database and a Redis number of their own.

    Every process runs under `tests.faults`, so that it can be killed at a named point.
    """

    def __init__(self, folder: Path, *, name: str, redis_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.database_url = new_database(os.environ["DATABASE_URL"], name)
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": redis_url,
            "BUS_PREFIX": f"stack:{name}",
            "STUDIO_VAR": str(folder),
            "PORT": str(self.port),
            "BASE_URL": self.base_url,
            "SECRET_KEY": f"a key of the tests only, as long as keys have to be, {name}",
            "OUTGOING_ALLOWED_NETWORKS": "127.0.0.0/8",
            "FAULTS": str(folder / "faults"),
            "PYTHONPATH": str(BASE_DIR),
        }
        (folder / "faults").mkdir(parents=True, exist_ok=True)
        table = application_processes(host="127.0.0.1", port=self.port, var=folder)
        self.processes: Mapping[str, Process] = {process.name: process for process in table}
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self, *demo: str) -> dict[str, Any]:
        """Migrate, collect static files and create the demo workspace; return its credentials."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.manage("demo", "create", *demo)
        credentials: dict[str, Any] = json.loads(self.manage("demo", "credentials", "--json"))
        (self.folder / "demo.json").write_text(json.dumps(credentials), encoding="utf-8")
        return credentials

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}: {done.stderr[-3000:]}"
        return done.stdout

    def start(self, *names: str) -> None:
        """Start the named processes, or all; return when the web answers."""
        for name in names or tuple(self.processes):
            self.children[name] = self._spawn(self.processes[name])
        if not names or "web" in names:
            self.wait_for_web()

    def revive(self) -> bool:
        """Start again what has died, as the supervisor does; whether anything had."""
        dead = [name for name, child in self.children.items() if child.poll() is not None]
        for name in dead:
            self.children[name] = self._spawn(self.processes[name])
        return bool(dead)

    def kill(self, *names: str) -> None:
        """Kill -9, and no supervisor: they stay dead until `revive`."""
        for name in names:
            self.children[name].kill()
        for name in names:
            self.children[name].wait()

    def wait_for_web(self) -> None:
        wait_until(lambda: is_ready(self.base_url), f"the web of {self.folder}", seconds=START_SECONDS)

    def stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(10)
            if child.poll() is None:
                child.kill()
                child.wait()
        self.children.clear()

    def arm(self, point: str) -> None:
        """The next process that reaches this point kills itself, once."""
        (self.folder / "faults" / point).touch()

    def is_armed(self, point: str) -> bool:
        return (self.folder / "faults" / point).exists()

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Look into the database from outside."""
        with psycopg.connect(self.database_url, autocommit=True) as conn:
            return conn.execute(sql, parameters).fetchall()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _spawn(self, process: Process) -> subprocess.Popen[bytes]:
        argv = (process.argv[0], "-m", "tests.faults", *process.argv[2:])
        with (self.folder / f"{process.name}.log").open("ab") as log:
            environment = {**self.environment, **process.environment}
            return subprocess.Popen(argv, cwd=process.cwd, env=environment, stdout=log, stderr=log)


def is_ready(base_url: str) -> bool:
    with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
        return bool(urllib.request.urlopen(f"{base_url}/readyz", timeout=2).status == 200)
    return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def new_database(url: str, name: str) -> str:
    """Create an empty database beside the one of the URL and return its own URL."""
    parts = urlsplit(url)
    database = f"stack_{name}"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        conn.execute(f"CREATE DATABASE {database}")
    return urlunsplit(parts._replace(path=f"/{database}"))


def wait_until(condition: Any, what: str, *, seconds: float = 15.0, every: float = 0.05) -> Any:
    """Return the first truthy answer of `condition`; fail when none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(every)
    raise AssertionError(f"{what} did not come about within {seconds:.0f} s")
