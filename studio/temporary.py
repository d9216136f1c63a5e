"""The embedded PostgreSQL for the length of one command, when `up` is not running it already."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import CommandError

from studio.children import last_lines, open_log, start_options
from studio.embedded.postgres import NoServer, postgres_process
from studio.embedded.servers import needed_servers
from studio.processes import Process

PATIENCE = 30.0


@contextmanager
def embedded_postgres(var: Path) -> Iterator[None]:
    """Make sure the database of this installation answers. Raises `CommandError` when there is none yet."""
    if "postgres" not in needed_servers():
        yield
        return
    if not (var / "ports.json").exists():
        raise CommandError(f"There is no database in {var} yet: `make up` makes it.")
    try:
        process = postgres_process(var)
    except NoServer as error:
        raise CommandError(str(error)) from error
    if process.is_ready and process.is_ready():
        yield
        return
    with running(process):
        yield


@contextmanager
def running(process: Process) -> Iterator[None]:
    """Run a server until the block ends."""
    assert process.log is not None
    assert process.is_ready is not None
    with open(open_log(process.log), "ab") as log:
        child = subprocess.Popen(  # noqa: S603 - an entry of the process table
            process.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **start_options(process)
        )
    try:
        end = time.monotonic() + PATIENCE
        while not process.is_ready():
            if child.poll() is not None or time.monotonic() > end:
                raise CommandError(f"{process.name} did not start:\n{last_lines(process.log)}")
            time.sleep(0.02)
        yield
    finally:
        child.send_signal(process.stop)
        child.wait(process.grace)
