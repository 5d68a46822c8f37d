"""`GET /api/v1/openapi.json` says what the API does: every address, every answer, and real answers fit it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from accounts.models import ApiKey
from leadqual import api
from leads.actions.merge import merge_leads
from scoring.actions.judgement import adjust_score
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

Contract = dict[str, Any]
PROBLEM = "application/problem+json"
PLACE = re.compile(r"<int:(\w+)>")


@pytest.fixture(scope="module")
def contract() -> Contract:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_contract_is_drawn_without_a_warning_and_is_valid_openapi() -> None:
    GENERATOR_STATS.reset()
    contract = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, GENERATOR_STATS
    validate_schema(contract)
    assert contract["openapi"].startswith("3.1")


def test_anybody_can_read_it_and_reads_what_was_drawn(db, contract) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json()["paths"].keys() == contract["paths"].keys()


def operations(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_address_and_method_is_in_it(contract) -> None:
    def spelt(found: re.Match[str]) -> str:
        return {"pk": "{id}"}.get(found[1], f"{{{found[1]}}}")

    served = {
        f"{method} /api/v1/{PLACE.sub(spelt, str(pattern.pattern))}"
        for pattern in api.urlpatterns
        if hasattr(pattern.callback, "view_class")
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.view_class, method)
    }
    assert {name for name, _operation in operations(contract)} == served


def test_everything_is_described(contract) -> None:
    for name, operation in operations(contract):
        assert operation["description"], name
        assert operation["summary"], name
        for status, response in operation["responses"].items():
            assert response["description"], (name, status)
            media = set(response.get("content", {}))
            assert media == ({PROBLEM} if int(status) >= 400 else media - {PROBLEM}), (name, status)
        if not name.endswith("openapi.json"):
            assert operation["security"], name
            assert {"401", "403", "503"} <= operation["responses"].keys(), name
    for name, schema in contract["components"]["schemas"].items():
        if "properties" in schema:
            assert schema["description"], name


# ---- real requests and answers ----


def strict(schema: Any) -> Any:
    """The same schema, but without members that nobody described."""
    if isinstance(schema, list):
        return [strict(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if "properties" in schema and schema.get("type") == "object" else {}
    return closed | {name: strict(inner) for name, inner in schema.items()}


def check(contract: Contract, schema: dict[str, Any], value: Any) -> None:
    whole = strict(schema) | {"components": strict(contract["components"])}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


@pytest.fixture
def fits(send, contract) -> Callable[..., Any]:
    """Send a request and hold its answer, and the body that was accepted, against the contract."""

    def fits(status: int, method: str, path: str, body: Any = None, query: str = "", **extra: Any) -> Any:
        address = re.sub(r"/versions/\d+", "/versions/{number}", path)
        address = re.sub(r"/\d+(?=/|$)", "/{id}", address)
        answer = send(method, f"{path}{query}", body, **extra)
        assert answer.status_code == status, answer.content
        operation = contract["paths"][address][method]
        content = operation["responses"][str(status)].get("content", {})
        if content:
            (media, described), *others = content.items()
            assert (answer["Content-Type"], others) == (media, [])
            check(contract, described["schema"], answer.json())
        if status < 300 and body is not None:
            check(contract, operation["requestBody"]["content"]["application/json"]["schema"], body)
        return answer

    return fits


def told(key: str, **changes: Any) -> dict[str, Any]:
    return {
        "key": key,
        "lead": {"email": "taro@example.co.jp"},
        "type": "page_view",
        "occurred_at": "2026-06-01T10:00:00+09:00",
    } | changes


def test_activities_fit(fits) -> None:
    path = "/api/v1/activities"
    fits(202, "post", path, told("k1", object="/pricing", properties={"device": "phone", "pages": [1, {"a": None}]}))
    fits(202, "post", path, {"activities": [told("k1"), told("k2", lead={"anonymous_id": "b", "external_id": "7"})]})
    rejected = fits(202, "post", path, {"activities": [told("k3"), told("k4") | {"type": "page_view"}]})
    assert rejected.json() == {
        "accepted": 2,
        "duplicates": 0,
        "conflicts": [],
        "kept_back": 0,
        "incomplete": [],
        "rejected": [],
    }
    fits(400, "post", path, told("k5", type="telepathy", occurred_at="yesterday"))
    fits(400, "post", path, b"{")
    fits(400, "post", path, b'{"key": "\\u0000"}')
    fits(413, "post", path, b'"' + b"x" * (10 * 1024 * 1024) + b'"')
    fits(406, "post", path, told("k6"), headers={"Accept": "text/html"})


def test_a_rejected_row_fits(send, contract) -> None:
    answer = send("post", "/api/v1/activities", {"activities": [told("k1"), told("", lead={}, more=1), "nothing"]})
    assert [row["index"] for row in answer.json()["rejected"]] == [1, 2]
    check(contract, {"$ref": "#/components/schemas/ActivityReceipt"}, answer.json())


def test_another_format_and_a_key_that_may_not_fit(fits, api_key) -> None:
    client = Client()
    answer = client.post("/api/v1/activities", "a=b", content_type="text/plain")
    assert answer.status_code == 401
    fits(401, "post", "/api/v1/activities", told("k1"), headers={"Authorization": "Bearer lq_wrong"})
    answer = client.post(
        "/api/v1/activities", "a=b", content_type="text/plain", headers={"Authorization": f"Bearer {api_key[1]}"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (415, PROBLEM)
    ApiKey.objects.update(scopes=["scores:read"])
    fits(403, "post", "/api/v1/activities", told("k1"))


def test_leads_fit(fits) -> None:
    path = "/api/v1/leads"
    company = {"name": "Acme", "domain": "acme.example", "employees": 120, "revenue": None}
    body = {
        "email": "hanako@example.co.jp", "external_id": "crm-1", "name": "花子", "title_level": "manager",
        "planned_on": "2026-12-24", "consent": True, "source": "webinar", "origin": "marketing", "phone": None,
        "company": company, "created_at": "2026-06-01T10:00:00+09:00",
    }  # fmt: skip
    fits(201, "put", path, body)
    fits(200, "put", path, body | {"name": "Hanako", "origin": None, "title_level": None, "planned_on": None})
    fits(400, "put", path, {"email": "nobody", "owner": 1, "company": {"employees": "many"}})
    fits(400, "put", path, [])
    LeadFactory(email="taken@example.com", external_id="crm-2")
    fits(409, "put", path, {"external_id": "crm-1", "email": "taken@example.com"})


def test_scores_fit(fits, publish, admin, manager) -> None:
    lead, other, now = LeadFactory(title="CTO"), LeadFactory(), timezone.now()
    activity(lead, "email_open", now - timedelta(days=1), object="mail-1")
    rules = [
        mail_rule(repeat="once_per_object", cap=4, decay={"half_life": "30d"}),
        {"name": "Has a title", "when": {"field": "title", "op": "known"}, "points": 10},
    ]
    raw = document(*rules, max=40, inactivity={"after": "30d", "half_life": "30d"}) | {
        "matrix": {},
        "stages": {"mql": {"score": "total", "op": ">=", "value": 50}},
    }
    model = publish(raw, at=now - timedelta(days=2))
    adjust_score(
        lead=lead, model=model, points=1500, reason="met at the fair", until=now + timedelta(days=9), by=admin, now=now
    )
    path = f"/api/v1/leads/{lead.pk}/score"
    answer = fits(200, "get", path).json()
    assert all(answer[name] for name in ("groups", "adjustments", "lines", "hot", "stages", "matrix", "ahead"))
    then = (now - timedelta(days=5)).isoformat().replace("+", "%2B")
    assert fits(200, "get", path, query=f"?at={then}&known_at=now").json()["in_force"] is False
    fits(404, "get", path, query=f"?at={then}")
    fits(400, "get", path, query="?at=yesterday&version=x")
    fits(404, "get", path, query="?model=Nope")
    fits(404, "get", "/api/v1/leads/999999/score")
    merge_leads(kept=lead, merged=other, by=manager, now=now)
    moved = fits(302, "get", f"/api/v1/leads/{other.pk}/score", query="?version=1")
    assert moved["Location"] == f"{path}?version=1"


def test_the_rule_language_fits(fits) -> None:
    fits(200, "get", "/api/v1/scoring/schema")


def test_a_question_that_takes_too_long_fits(fits, publish, monkeypatch) -> None:
    publish(document(mail_rule()))
    lead = LeadFactory()
    monkeypatch.setattr("background.time_limits.SECONDS", 0.0)
    answer = fits(422, "get", f"/api/v1/leads/{lead.pk}/score")
    assert answer.json()["title"].startswith("This took too long")
