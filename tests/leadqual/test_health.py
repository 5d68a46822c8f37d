from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from leadqual import health

READY = {"status": "ok", "checks": {"database": "ok", "migrations": "ok", "broker": "ok"}}


def readiness(client: Client) -> tuple[int, Any]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_healthz_answers_anybody_without_a_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_asks_database_migrations_and_broker(client: Client) -> None:
    assert readiness(client) == (200, READY)


@pytest.mark.django_db
def test_without_a_broker_the_site_is_degraded_but_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/valkey.sock")
    status, found = readiness(client)
    assert (status, found["status"], found["checks"]["broker"]) == (200, "degraded", "no answer")


@pytest.mark.django_db
def test_a_missing_migration_takes_the_process_out_of_service(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'insights' OR app = 'handoff'")
    status, found = readiness(client)
    assert (status, found["checks"]["migrations"]) == (503, "missing")


def test_a_database_that_is_away_takes_the_process_out_of_service(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "database", lambda: "no answer")
    monkeypatch.setitem(health.CHECKS, "migrations", lambda: "unknown")
    status, found = readiness(client)
    assert (status, found["status"]) == (503, "unavailable")
