"""The database of the test from a connection of its own: beside the program, and in its way."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

WANTED = ("host", "port", "user", "password", "dbname")
WAITING = "SELECT pg_cancel_backend(pid) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
WITHIN = 6.0


def outside() -> psycopg.Connection:
    given = connection.get_connection_params()
    return psycopg.connect(**{name: given[name] for name in WANTED if given.get(name)})


@contextmanager
def reads_broken_off(table: str) -> Iterator[None]:
    """Hold a table, and have the database break off who waits for it after what is done in the block."""
    with outside() as holder, outside() as killer:
        holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        end = time.monotonic() + WITHIN
        while killer.execute(WAITING, [table]).fetchone() is None:
            assert time.monotonic() < end, f"nobody reads {table}"
            time.sleep(0.01)
