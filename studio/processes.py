"""The processes an installation consists of: one table, read by `up`, `doctor` and the documentation."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

BASE_DIR = Path(__file__).resolve().parent.parent
CELERY = (sys.executable, "-m", "celery", "-q", "-A", "studio")
QUEUES = {"work": 4, "turns": 5, "clock": 2, "tend": 3}
"""Each queue has one worker, with that many threads: `turns` waits for AIs, and nothing else waits for it; `clock`
fires deadlines and must never wait behind `work`, nor behind `tend`, which takes up what follows and tells those who
wait their place. A thread of `work` and `turns` holds a connection to PostgreSQL while it works, and renewing leases
takes one more: all of them must fit into DATABASE_POOL_SIZE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One child of the supervisor.

    `stop` asks it to end, `grace` seconds later it is killed; `orphaned` is what the kernel sends it when the
    supervisor is killed. Lower `rank` stops first, equal ranks stop together. With `log` its output goes to that
    file instead of the console. `account` is (user id, group id) when it must not run as the supervisor's user.
    `is_ready` must return quickly and not raise; without it a process counts as ready once started.
    """

    name: str
    argv: tuple[str, ...]
    stop: Signals = SIGTERM
    grace: float = 10.0
    orphaned: Signals = SIGKILL
    rank: int = 0
    cwd: Path = BASE_DIR
    environment: Mapping[str, str] = field(default_factory=dict)
    account: tuple[int, int] | None = None
    log: Path | None = None
    is_ready: Callable[[], bool] | None = None


def worker(queue: str, *, threads: int) -> Process:
    """A Celery worker for one queue. Threads, because the work waits for PostgreSQL and HTTP; prefork adds memory."""
    options = ("-Q", queue, "-n", f"{queue}@%h", "--pool", "threads", "-c", str(threads))
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
    return Process(name=queue, argv=(*CELERY, "worker", *options, *quiet), grace=15.0)


def web(*, host: str, port: int) -> Process:
    """uvicorn with the options every deployment needs; each is explained in docs/operations.md."""
    sockets = ("--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "262144")
    server = ("--lifespan", "off", "--loop", "uvloop", "--http", "httptools", "--timeout-graceful-shutdown", "5")
    argv = ("-m", "uvicorn", "studio.asgi:application", "--host", host, "--port", str(port), "--no-access-log")
    return Process(name="web", argv=(sys.executable, *argv, *sockets, *server))


def beat(var: Path) -> Process:
    """The clock that starts the periodic tasks. Exactly one per installation."""
    options = ("-s", str(var / "beat"), "--pidfile=", "--loglevel", "WARNING")
    return Process(name="beat", argv=(*CELERY, "beat", *options))


def application_processes(*, host: str, port: int, var: Path) -> tuple[Process, ...]:
    """Everything besides PostgreSQL and Redis."""
    workers = (worker(queue, threads=threads) for queue, threads in QUEUES.items())
    return (web(host=host, port=port), *workers, beat(var))
