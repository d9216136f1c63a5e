"""The embedded servers an installation needs: those for which the environment names no other."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from studio.embedded import addresses
from studio.embedded.postgres import MEASURED, THROW_AWAY, postgres_process
from studio.embedded.redis import redis_process
from studio.processes import Process

URL_OF = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
MAKERS: Mapping[str, Callable[[Path], Process]] = {"postgres": postgres_process, "redis": redis_process}


def needed_servers() -> tuple[str, ...]:
    """Names of the servers no environment variable points to."""
    return tuple(name for name, variable in URL_OF.items() if not _is_given(variable))


def embedded_servers(var: Path, names: tuple[str, ...]) -> tuple[Process, ...]:
    """Durable servers for `var`, ready to be supervised. Raises `NoServer`."""
    return tuple(MAKERS[name](var) for name in names)


def throw_away_servers(var: Path, *, measured: bool = False) -> tuple[Process, ...]:
    """Both servers for a test run: fast, and losing everything with the machine; or, `measured`, a PostgreSQL that
    waits for the disk as `make up`'s does. Raises `NoServer`."""
    addresses.assign_ports(var)
    return (postgres_process(var, options=MEASURED if measured else THROW_AWAY), redis_process(var, durable=False))


def _is_given(variable: str) -> bool:
    return bool(os.environ.get(variable, "").strip() or os.environ.get(f"{variable}_FILE", "").strip())
