"""Batch ingest through the whole API: JSON in, checked, deduplicated, stored, committed, answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ApiKey, User
from benchmarks.data import build
from benchmarks.report import Figure

BATCHES, SIZE, TWICE = 20, 1_000, 10  # one in ten was sent before


def run(scale: int) -> Iterator[Figure]:
    """Activities a second of known and new leads, one sender after another, in an empty database."""
    build(leads=scale, now=timezone.now())
    secret = _secret()
    client = Client(headers={"Authorization": f"Bearer {secret}", "Host": "localhost"})
    bodies = [_body(number, scale) for number in range(BATCHES + 1)]
    _post(client, bodies[0])
    start = time.perf_counter()
    stored = sum(_post(client, body) for body in bodies[1:])
    rate = BATCHES * SIZE / (time.perf_counter() - start)
    yield Figure(
        work=f"batch ingest, {SIZE:,} a request, {100 // TWICE} % duplicates ({stored:,} stored)",
        scale=scale,
        seconds=1 / rate,
        shown=f"{rate:,.0f} / s",
        must=">= 5,000 / s",
        ok=rate >= 5000,
    )


def _secret() -> str:
    person = User.objects.create_user("bench@example.com", name="bench", role=Role.ADMIN)
    key = ApiKey(name="bench", scopes=["activities:write"], created_by=person)
    secret = key.new_secret()
    key.save()
    return secret


def _body(number: int, scale: int) -> dict[str, Any]:
    now = timezone.now()
    return {
        "activities": [
            {
                "key": f"k{number * SIZE + place - (SIZE if place % TWICE == 0 and number else 0)}",
                "lead": {"email": f"p{1 + (number * SIZE + place * 37) % (scale + scale // 100)}@example.net"},
                "type": "page_view",
                "occurred_at": (now - timedelta(seconds=place)).isoformat(),
                "object": f"/products/{place % 20}",
                "properties": {"device": "phone"},
            }
            for place in range(SIZE)
        ]
    }


def _post(client: Client, body: dict[str, Any]) -> int:
    answer = client.post("/api/v1/activities", body, content_type="application/json")
    assert answer.status_code == 202, answer.content
    return int(answer.json()["accepted"])
