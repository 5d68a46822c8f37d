"""Hostile bodies and queries through every door of the API: refused with a problem document, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import ApiKey
from tests.leadqual.test_api_rights import BODIES, lines, names, people

__all__ = ["names", "people"]  # fixtures

pytestmark = pytest.mark.django_db

BAD = {
    "deep": b"[" * 100_000,
    "not a number": b'{"name": NaN}',
    "too large a number": b'{"name": 1e400}',
    "a name twice": b'{"name": "a", "name": "b"}',
    "NUL": b'{"name": "a\\u0000b"}',
    "half a character": b'{"name": "\\ud800"}',
    "not UTF-8": b'{"name": "\xff"}',
    "cut off": b'{"name": ',
    "nothing": b"",
    "a text": b'"name"',
    "a list": b"[]",
    "null": b"null",
    "unknown members": b'{"owner__password": "a", "score": 999}',
}
# What this door refuses it keeps, with the reason (tests/intake).
KEEPS = ("activities",)
QUERIES = (
    "owner__password__startswith=a", "id__in=1", "limit=99999999999999999999", "limit=0", "cursor=../../etc/passwd",
    "cursor=WyJhIl0:1t:x", "fields=__class__", "sort=-password", "format=api", "q=%00", "at=9999-12-31T23:59:59-23:59",
)  # fmt: skip


def written() -> int:
    """How many rows this transaction has written so far, in all tables but those of jobs and keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_xact_user_tables"
            " WHERE relname <> 'accounts_apikey'"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("kind", BAD)
def test_a_body_that_makes_no_sense_is_refused_by_every_door(
    kind: str, names: dict[str, int], api_key: tuple[ApiKey, str]
) -> None:
    client, wrong = Client(raise_request_exception=False), {}
    for method, path, _scope, _statuses in lines():
        if f"{method} {path}" not in BODIES or path in KEEPS:
            continue
        address, before = f"/api/v1/{path.format(**names)}", written()
        answer = getattr(client, method.lower())(
            address, BAD[kind], content_type="application/json", headers={"Authorization": f"Bearer {api_key[1]}"}
        )
        told = (answer.status_code, answer["Content-Type"], written() - before)
        if told != (400, "application/problem+json", 0) and not is_nothing(method, path, kind, answer):
            wrong[f"{method} {path}"] = told
    assert wrong == {}


def is_nothing(method: str, path: str, kind: str, answer: Any) -> bool:
    """A change of nothing changes nothing, and needs no refusal."""
    return method == "PATCH" and kind in ("nothing", "unknown members") and answer.status_code == 200


def test_a_query_that_makes_no_sense_is_refused_by_every_list(
    names: dict[str, int], api_key: tuple[ApiKey, str]
) -> None:
    client, wrong = Client(raise_request_exception=False), {}
    for method, path, _scope, _statuses in lines():
        if method != "GET" or path.endswith("/file"):
            continue
        for query in QUERIES:
            answer = client.get(
                f"/api/v1/{path.format(**names)}?{query}", headers={"Authorization": f"Bearer {api_key[1]}"}
            )
            is_capped = query.startswith("limit=9") and answer.status_code == 200
            is_asked = query.startswith(("q=", "at=")) and answer.status_code in (200, 404)
            if answer.status_code != 400 and not is_capped and not is_asked:
                wrong[f"{path}?{query}"] = answer.status_code
    assert wrong == {}
