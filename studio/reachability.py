"""Can PostgreSQL and Redis be reached, and are they new enough? Failures are sentences for an operator."""

from urllib.parse import urlsplit

import psycopg
import redis

LEAST_POSTGRES = 15
LEAST_REDIS = (6, 2)


class Unreachable(Exception):
    """A server does not answer or is too old. The text names it and says what to do."""


def postgres_version(url: str) -> int:
    """The server's major version. Raises `Unreachable`."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0].rpartition("failed: ")[2].rstrip(".")
        raise Unreachable(f"PostgreSQL at {_place(url)} cannot be used: {reason}. Check DATABASE_URL.") from error


def redis_facts(url: str) -> dict[str, str]:
    """`version`, `appendonly` and `policy` of the server; the last two empty where it forbids CONFIG."""
    try:
        with redis.Redis.from_url(url, socket_timeout=5, decode_responses=True) as client:
            version = client.info("server")["redis_version"]
            return {"version": version, **_durability(client)}
    except redis.RedisError as error:
        raise Unreachable(f"Redis at {_place(url)} cannot be used: {error} Check REDIS_URL.") from error


def check_servers(*, database_url: str, redis_url: str) -> None:
    """Raise `Unreachable` unless both answer and are new enough."""
    if (version := postgres_version(database_url)) < LEAST_POSTGRES:
        raise Unreachable(f"PostgreSQL {version} is too old: at least {LEAST_POSTGRES} is needed.")
    if is_old_redis(version_text := redis_facts(redis_url)["version"]):
        raise Unreachable(f"Redis {version_text} is too old: at least 6.2 is needed.")


def is_old_redis(version: str) -> bool:
    return tuple(int(part) for part in version.split(".")[:2]) < LEAST_REDIS


def _durability(client: redis.Redis) -> dict[str, str]:
    try:
        found = {**client.config_get("appendonly"), **client.config_get("maxmemory-policy")}
    except redis.ResponseError:  # hosted Redis often forbids CONFIG
        found = {}
    return {"appendonly": found.get("appendonly") or "", "policy": found.get("maxmemory-policy") or ""}


def _place(url: str) -> str:
    """Host and port without user or password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'localhost'}:{parts.port or '(default port)'}"
