"""Runs what is measured: each side's application under the options the studio is deployed with."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.machine import cpu_seconds, listens
from studio.children import start_options
from studio.embedded.addresses import is_free
from studio.processes import Process, web

OURS = "studio.asgi:application"
PORTS = range(8970, 8991)
LOG = Path(__file__).resolve().parent.parent / "var" / "log" / "bench.log"  # outlives the servers of `make bench`
STARTS_WITHIN = 30.0
STOPS_WITHIN = 20


class Unusable(Exception):
    """A server under test did not come up as itself; nothing measured would mean anything."""


@dataclass(frozen=True, slots=True)
class Server:
    pid: int
    port: int

    @property
    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)


@asynccontextmanager
async def serving(application: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[Server]:
    """Serve an ASGI application until the block ends. Raises Unusable."""
    port = next(filter(is_free, random.sample(PORTS, len(PORTS))))  # in any order: two runs at once do not meet
    deployed = web(host="127.0.0.1", port=port)
    argv = (*(application if word == OURS else word for word in deployed.argv), "--log-level", "warning")
    with running(replace(deployed, argv=argv, environment=environment or {})) as child:
        await wait_for(child, port)
        yield Server(child.pid, port)


class running:
    """A child process whose output goes to the log of the run; stopped at the end of the block."""

    def __init__(self, process: Process, **pipes: int) -> None:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with LOG.open("ab") as log:
            options = {"stdout": log, "stderr": log, "stdin": subprocess.DEVNULL, **pipes}
            self.child = subprocess.Popen(process.argv, **options, **start_options(process))

    def __enter__(self) -> subprocess.Popen:
        return self.child

    def __exit__(self, *failure: object) -> None:
        self.child.terminate()
        try:
            self.child.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


async def wait_for(child: subprocess.Popen, port: int) -> None:
    """Return once it is this very child that listens: a left-over server would answer just as well."""
    for _ in range(int(STARTS_WITHIN / 0.05)):
        if child.poll() is not None:
            raise Unusable(f"the server ended with {child.returncode} while starting, see {LOG}")
        if listens(child.pid, port):
            return
        await asyncio.sleep(0.05)
    raise Unusable(f"nothing of process {child.pid} listens on port {port}, see {LOG}")


def program(module: str, *words: str, environment: Mapping[str, str] | None = None) -> Process:
    """A Python module of this package as a process."""
    return Process(name=module, argv=(sys.executable, "-m", module, *words), environment=environment or {})
