"""Backups: the database as pg_dump's archive, and the key without which its sealed secrets are lost."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from studio.embedded.addresses import write_private
from studio.embedded.postgres import program

ASIDE = "before_restore"
"""The schema in which the present data waits until the archive is in."""


class BackupFailed(Exception):
    """The text says what PostgreSQL's program said, or which program is missing."""


def backup_directory(var: Path) -> Path:
    return var / "backups"


def newest_backup(var: Path) -> Path | None:
    """The latest archive, by the time in its name."""
    return max(backup_directory(var).glob("*.dump"), default=None)


def make_backup(*, database_url: str, secret_key: str, var: Path, at: datetime, prefer_embedded: bool) -> Path:
    """Write `var/backups/<time>.dump` and the key beside it; return the archive. Raises `BackupFailed`.

    `prefer_embedded`: use the programs of the wheel rather than those on the path (which also speak TLS).
    """
    folder = backup_directory(var)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    archive = folder / f"{at:%Y%m%dT%H%M%SZ}.dump"
    draft = archive.with_suffix(".unfinished")
    write_private(draft, "")
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft}"]
    _run_program("pg_dump", arguments, database_url, prefer_embedded=prefer_embedded)
    draft.replace(archive)
    write_private(archive.with_suffix(".secret.key"), secret_key + "\n")
    return archive


def restore_backup(*, archive: Path, database_url: str, prefer_embedded: bool) -> None:
    """Replace what the database holds by the archive; on failure it holds what it held. Raises `BackupFailed`.

    Nobody else may be connected meanwhile.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}; CREATE SCHEMA public")
        try:
            arguments = ["--no-owner", "--no-privileges", "--single-transaction", str(archive)]
            _run_program("pg_restore", arguments, database_url, prefer_embedded=prefer_embedded)
        except BackupFailed:
            connection.execute(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {ASIDE} RENAME TO public")
            raise
        connection.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _run_program(name: str, arguments: list[str], database_url: str, *, prefer_embedded: bool) -> None:
    url, password = _split_password(database_url)
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [_find_program(name, prefer_embedded=prefer_embedded), f"--dbname={url}", *arguments],
        env={**os.environ, "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"{name} failed: {done.stderr.strip()}")


def _split_password(url: str) -> tuple[str, str]:
    """The connection without its password, which other users would see in the list of processes; and the password."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", "") or "")
    return make_conninfo("", **parts), password


def _find_program(name: str, *, prefer_embedded: bool) -> str:
    inside, outside = program(name), shutil.which(name)
    ordered = (inside, outside) if prefer_embedded else (outside, inside)
    for found in ordered:
        if found:
            return str(found)
    remedy = "install PostgreSQL's client programs (Debian: `apt install postgresql-client`)"
    raise BackupFailed(f"{name} is not here: {remedy}.")
