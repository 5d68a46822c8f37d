"""Who gets what at each address of the API: a key with the scope, by the role of the person it acts as.

One line an operation: its method, address, scope, and what a key of each role gets that has the scope. An operation
that no line names fails here. Without the scope everybody gets 403, whatever the other scopes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.actions import make_key
from accounts.enums import Scope
from accounts.models import Team, User
from frame.api.schema import contract
from handoff.actions import add_todo, claim_handoff
from leads.models import Company, Lead
from notices.actions.destinations import save_destination
from notices.models import Destination
from scoring.actions.lead_files import ask_for_file
from scoring.enums import ExportFormat
from tests.factories import CompanyFactory, LeadFactory
from tests.handoff.world import FRIDAY, handoff_of
from tests.published import document, mail_rule

ROLES = ("outsourced", "rep", "manager", "marketer", "admin")

# The lead {own} belongs to the rep, {far} to nobody of the team; they are their companies', too.
TABLE = """
POST  activities                         activities:write  403 403 202 202 202
GET   leads                              leads:read        200 200 200 200 200
PUT   leads                              leads:write       403 403 200 200 200
GET   leads/{own}                        leads:read        404 200 200 200 200
GET   leads/{far}                        leads:read        404 404 404 200 200
PATCH leads/{own}                        leads:write       403 200 200 200 200
PATCH leads/{far}                        leads:write       403 404 404 200 200
GET   leads/{own}/activities             leads:read        404 200 200 200 200
GET   leads/{own}/answers                leads:read        404 200 200 200 200
POST  leads/{own}/answers                leads:write       404 201 201 201 201
POST  leads/{own}/archive                leads:write       403 200 200 200 200
POST  leads/{far}/archive                leads:write       403 404 404 200 200
POST  leads/{own}/restore                leads:write       403 200 200 200 200
POST  leads/{own}/erase                  leads:erase       403 403 403 403 200
GET   leads/{own}/score                  scores:read       403 200 200 200 200
GET   leads/{far}/score                  scores:read       403 404 404 200 200
GET   leads/{own}/scores                 scores:read       403 200 200 200 200
GET   companies                          leads:read        200 200 200 200 200
PUT   companies                          leads:write       403 403 201 201 201
GET   companies/{firm}                   leads:read        404 200 200 200 200
PATCH companies/{firm}                   leads:write       403 403 200 200 200
POST  companies/{firm}/archive           leads:write       403 403 200 200 200
POST  companies/{firm}/restore           leads:write       403 403 200 200 200
POST  exports                            leads:export      403 403 202 202 202
GET   exports/{file}                     leads:export      403 403 404 404 200
GET   exports/{file}/file                leads:export      403 403 404 404 409
GET   score-changes                      scores:read       403 200 200 200 200
GET   stage-changes                      leads:read        200 200 200 200 200
GET   models                             models:read       403 200 200 200 200
GET   models/{model}                     models:read       403 200 200 200 200
GET   models/{model}/versions            models:read       403 200 200 200 200
GET   models/{model}/versions/{number}   models:read       403 200 200 200 200
GET   models/{model}/versions/{number}/yaml models:read    403 200 200 200 200
GET   results                            leads:read        403 200 200 200 200
PUT   results                            leads:write       403 403 200 200 200
GET   handoffs                           handoffs:read     200 200 200 200 200
GET   handoffs/{free}                    handoffs:read     404 200 200 200 200
POST  handoffs/{free}/claim              handoffs:write    404 200 200 200 200
POST  handoffs/{mine}/claim              handoffs:write    404 409 409 403 409
POST  handoffs/{mine}/release            handoffs:write    404 200 200 403 200
POST  handoffs/{mine}/contact            handoffs:write    404 200 200 403 200
POST  handoffs/{mine}/accept             handoffs:write    403 409 409 403 409
POST  handoffs/{mine}/reject             handoffs:write    403 200 200 403 200
POST  handoffs/{mine}/result             handoffs:write    404 409 409 403 409
POST  handoffs/{mine}/pause              handoffs:write    404 409 409 403 409
POST  handoffs/{mine}/resume             handoffs:write    404 409 409 403 409
GET   todos                              handoffs:read     403 200 200 200 200
POST  todos                              handoffs:write    403 201 201 201 201
GET   todos/{todo}                       handoffs:read     403 200 200 200 200
PATCH todos/{todo}                       handoffs:write    403 200 200 200 200
POST  todos/{todo}/finish                handoffs:write    403 200 200 200 200
POST  todos/{todo}/reopen                handoffs:write    403 200 200 200 200
GET   webhooks                           webhooks:manage   403 403 403 403 200
POST  webhooks                           webhooks:manage   403 403 403 403 201
GET   webhooks/topics                    webhooks:manage   403 403 403 403 200
GET   webhooks/{hook}                    webhooks:manage   403 403 403 403 200
PATCH webhooks/{hook}                    webhooks:manage   403 403 403 403 200
DELETE webhooks/{hook}                   webhooks:manage   403 403 403 403 204
POST  webhooks/{hook}/test               webhooks:manage   403 403 403 403 200
POST  webhooks/{hook}/secret             webhooks:manage   403 403 403 403 200
GET   scoring/schema                     scores:read       403 200 200 200 200
"""
BODIES: dict[str, Any] = {
    "POST activities": {
        "key": "k1", "lead": {"email": "own@example.com"}, "type": "page_view",
        "occurred_at": "2026-06-01T10:00:00+09:00",
    },
    "PUT leads": {"email": "own@example.com", "title": "CTO"},
    "PATCH leads/{own}": {"title": "CTO"},
    "PATCH leads/{far}": {"title": "CTO"},
    "POST leads/{own}/answers": {"criterion": "bant.authority", "option": "decides"},
    "POST leads/{own}/erase": {"reason": "asked"},
    "POST exports": {"format": "csv"},
    "PUT companies": {"name": "New Works"},
    "PATCH companies/{firm}": {"employees": 10},
    "POST handoffs/{mine}/contact": {"outcome": "spoke"},
    "POST handoffs/{mine}/reject": {"reason": "competitor"},
    "POST handoffs/{mine}/result": {"result": "won", "revenue": "100"},
    "POST handoffs/{mine}/pause": {"until": "2099-01-01T00:00:00Z"},
    "POST todos": {"lead_id": "{own}", "due_at": "2099-01-01T00:00:00Z"},
    "PATCH todos/{todo}": {"text": "Ask again"},
    "POST webhooks": {"name": "New", "url": "https://93.184.215.14/new", "topics": ["hot"]},
    "PATCH webhooks/{hook}": {"name": "Other"},
    "PUT results": {
        "lead": {"email": "own@example.com"}, "result": "won", "decided_at": "2026-06-01T10:00:00+09:00",
    },
}  # fmt: skip


def lines() -> Iterator[tuple[str, str, str, list[str]]]:
    for line in filter(None, TABLE.strip().splitlines()):
        method, path, scope, *statuses = line.split()
        yield method, path, scope, statuses


def test_every_operation_is_in_the_table_with_its_scope() -> None:
    described = {
        (method.upper(), re.sub(r"{\w+}", "{}", path.removeprefix("/api/v1/")), *scopes)
        for path, operations in contract()["paths"].items()
        for method, operation in operations.items()
        for scopes in [next(iter(need.values())) for need in operation.get("security", []) if need]
    }
    listed = {(method, re.sub(r"{\w+}", "{}", path), scope) for method, path, scope, _statuses in lines()}
    assert listed == described


@pytest.fixture
def people(helper: User, rep: User, manager: User, marketer: User, admin: User) -> dict[str, User]:
    return {"outsourced": helper, "rep": rep, "manager": manager, "marketer": marketer, "admin": admin}


@pytest.fixture
def names(rep: User, team: Team, admin: User, publish: Any) -> dict[str, int]:
    """What the addresses of the table speak of."""
    firm: Company = CompanyFactory(name="Works", domain="works.example")
    own: Lead = LeadFactory(email="own@example.com", owner=rep, team=team, company=firm)
    far: Lead = LeadFactory(email="far@example.com")
    model = publish(document(mail_rule()))
    mine = handoff_of(LeadFactory(owner=rep, team=team))
    claim_handoff(handoff=mine, by=rep, now=FRIDAY)
    todo = add_todo(lead=own, by=rep, kind="call", text="", due_at=FRIDAY, owner=rep, now=FRIDAY)
    return {
        "own": own.pk, "far": far.pk, "firm": firm.pk, "model": model.pk, "number": 1, "todo": todo.pk,
        "free": handoff_of(LeadFactory(team=team)).pk, "mine": mine.pk, "hook": webhook(admin).pk,
        "file": ask_for_file(by=admin, format=ExportFormat.CSV, query="", with_scores=True, now=FRIDAY).pk,
    }  # fmt: skip


def webhook(by: User) -> Destination:
    """A webhook to a server that cannot exist, so that nothing leaves the machine."""
    made = Destination(kind="webhook")
    save_destination(
        destination=made, by=by, now=FRIDAY, address="https://hook.invalid/x", name="Hook", topics=["hot"],
        language="ja",
    )  # fmt: skip
    return made


def ask(secret: str, method: str, path: str, names: dict[str, int]) -> int:
    body = {
        name: value.format(**names) if isinstance(value, str) else value
        for name, value in BODIES.get(f"{method} {path}", {}).items()
    }
    client, address = Client(raise_request_exception=False), f"/api/v1/{path.format(**names)}"
    headers = {"Authorization": f"Bearer {secret}"}
    call = getattr(client, method.lower())
    if method == "GET":
        return int(call(address, headers=headers).status_code)
    return int(call(address, body, content_type="application/json", headers=headers).status_code)


def test_each_role_gets_with_the_scope_what_the_table_says(
    people: dict[str, User], names: dict[str, int], admin: User
) -> None:
    secrets = {
        (role, scope): make_key(by=admin, name=role, scopes=[scope.value], expires_at=None, acts_as=person)[1]
        for role, person in people.items()
        for scope in Scope
    }

    wrong = []
    for method, path, scope, statuses in lines():
        found = []
        for role in ROLES:
            point = transaction.savepoint()
            found.append(str(ask(secrets[role, Scope(scope)], method, path, names)))
            transaction.savepoint_rollback(point)
        if found != statuses:
            wrong.append(f"{method} {path}: {' '.join(found)}")
    assert wrong == []


def test_without_its_scope_nobody_gets_anything(names: dict[str, int], admin: User) -> None:
    for scope in Scope:
        others = [other.value for other in Scope if other != scope]
        secret = make_key(by=admin, name="All others", scopes=others, expires_at=None)[1]
        refused = {
            (method, path): ask(secret, method, path, names) for method, path, needs, _ in lines() if needs == scope
        }
        assert set(refused.values()) <= {403}, refused
