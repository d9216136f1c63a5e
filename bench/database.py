"""A database of the run's own on the given server: made empty, dropped at the end, so that no run meets another's rows
and no installation's rows are touched."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.floors import path

SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
TEXTBOOK = (sys.executable, "-m", "django", "migrate", "--run-syncdb", "--settings=bench.textbook.settings", "-v0")


@contextmanager
def own_database() -> Iterator[str]:
    """Point DATABASE_URL to a new database with the tables of all three sides. Call it before Django is set up."""
    server = os.environ["DATABASE_URL"]
    name = f"studio_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        os.environ["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
        try:
            create_tables()
            yield name
        finally:
            os.environ["DATABASE_URL"] = server
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def create_tables() -> None:
    with connect() as connection:
        connection.execute(path.SCHEMA)
        connection.execute("CREATE SCHEMA textbook")
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
    subprocess.run(TEXTBOOK, check=True)


def connect() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def server_settings() -> dict[str, str]:
    """How durable the server writes: every side writes to the same one."""
    with connect() as connection:
        rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SETTINGS)])
        return dict(rows.fetchall())
