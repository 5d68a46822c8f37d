"""Is the process there (/healthz), and can it work (/readyz)? For load balancers and people; no business words."""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.policies import open_to_all
from leadqual import env

BROKER_PATIENCE = 1.0  # seconds


@open_to_all
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database restarts nobody."""
    return HttpResponse("ok", content_type="text/plain")


@open_to_all
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while the database is away or not migrated. Says "degraded" with 200 while the broker is away: without it
    nothing is lost, work only starts later, and intake must go on.
    """
    checks = {name: check() for name, check in CHECKS.items()}
    serves = checks["database"] == checks["migrations"] == "ok"
    status = "unavailable" if not serves else "ok" if checks["broker"] == "ok" else "degraded"
    return JsonResponse({"status": status, "checks": checks}, status=200 if serves else 503)


def database_answers() -> str:
    """One round trip."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no answer"
    return "ok"


def migrations_applied() -> str:
    """Whether the code finds the schema it was written for; asked until it is so once."""
    global _migrated
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            return "unknown"
    return "ok" if _migrated else "missing"


def broker_answers() -> str:
    """A ping to the server that carries the doorbells."""
    limits = {"socket_timeout": BROKER_PATIENCE, "socket_connect_timeout": BROKER_PATIENCE}
    try:
        with redis.Redis.from_url(env.redis_url(), **limits) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return "no answer"
    return "ok"


_migrated = False
CHECKS: dict[str, Callable[[], str]] = {
    "database": database_answers,
    "migrations": migrations_applied,
    "broker": broker_answers,
}
