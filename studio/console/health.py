"""`/healthz`: the process is up. `/readyz`: it can do its work. For load balancers, `make up` and people."""

from collections.abc import Callable, Mapping

import psycopg_pool
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


class NotReady(Exception):
    """A part is missing. The text says which and is safe to show to anybody."""


def check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, psycopg_pool.PoolTimeout) as error:
        raise NotReady("PostgreSQL does not answer") from error


def check_redis() -> None:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError as error:
        raise NotReady("Redis does not answer") from error


def check_migrations() -> None:
    try:
        missing = pending_migrations()
    except (DatabaseError, psycopg_pool.PoolTimeout) as error:
        raise NotReady("PostgreSQL does not answer") from error
    if missing:
        raise NotReady(f"the database lacks {len(missing)}, the first {missing[0]}: run `manage.py migrate`")


def pending_migrations() -> list[str]:
    """Names of migrations the database lacks, as `app.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


CHECKS: Mapping[str, Callable[[], None]] = {
    "database": check_database,
    "redis": check_redis,
    "migrations": check_migrations,
}


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 `{"ready": true}`, or 503 with `reasons`: what is missing by part."""
    reasons = dict(filter(None, map(_reason, CHECKS)))
    if reasons:
        return JsonResponse({"ready": False, "reasons": reasons}, status=503)
    return JsonResponse({"ready": True})


def _reason(name: str) -> tuple[str, str] | None:
    try:
        CHECKS[name]()
    except NotReady as error:
        return name, str(error)
    return None


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
