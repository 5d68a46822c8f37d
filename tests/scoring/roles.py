"""Who gets what at the addresses of scoring: the list of leads and what the lead page hosts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scoring.actions import publish_version
from scoring.actions.judgement import adjust_score
from scoring.models import Answer, Option, ScoringModel
from studio.draft.store import start_model
from tests.factories import LeadFactory
from tests.published import document, mail_rule

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

TABLE = """
scoring:lead_list       GET  -        login 200 200 200 200 200
scoring:lead_export     POST -        login 403 403 200 200 200
scoring:lead_columns    POST -        login 302 302 302 302 302
scoring:lead_filter     GET  by_stage login 200 200 200 200 200
scoring:lead_neighbours GET  lead     login 404 200 200 200 200
scoring:lead_heat       GET  lead     login 404 200 200 200 200
scoring:company_leads   GET  company  login 403 200 200 200 200
scoring:lead_panel      GET  lead     login 403 200 200 200 200
scoring:lead_panel      GET  foreign  login 403 404 404 200 200
scoring:lead_curve      GET  lead     login 403 200 200 200 200
scoring:lead_curve      GET  foreign  login 403 404 404 200 200
scoring:adjust          GET  lead     login 403 403 200 200 200
scoring:adjust          POST lead     login 403 403 200 200 200
scoring:adjust          POST foreign  login 403 403 404 200 200
scoring:end_adjustment  POST given    login 403 403 200 200 200
scoring:lead_answers    GET  lead     login 404 200 200 200 200
scoring:lead_answers    GET  foreign  login 404 404 404 200 200
scoring:answer          GET  asked    login 404 200 200 200 200
scoring:answer          POST asked    login 404 200 200 200 200
scoring:answer          POST queued   login 404 403 200 200 200
scoring:confirm_answer  POST answered login 404 200 200 200 200
scoring:choice_counts   GET  -        login 403 403 403 200 200
scoring:ranking         GET  -        login 403 302 302 302 302
"""


def lead(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=world.rep, team=world.team).pk}


def foreign(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=world.outsider, team=world.other_team).pk}


def company(world: Any) -> dict[str, Any]:
    from tests.factories import CompanyFactory

    return {"pk": LeadFactory(owner=world.rep, team=world.team, company=CompanyFactory()).company_id}


def model(world: Any) -> dict[str, Any]:
    """Two versions and a draft that differs from both."""
    made = start_model(name="Default", document=document(mail_rule()), by=world.admin, now=AT)
    publish_version(model=made, by=world.admin, note="first", now=AT)
    for points in (6, 7):
        ScoringModel.objects.filter(pk=made.pk).update(draft=document(mail_rule(points=points)))
        if points == 6:
            publish_version(model=ScoringModel.objects.get(pk=made.pk), by=world.admin, note="second", now=AT)
    return {"pk": made.pk}


def given(world: Any) -> dict[str, Any]:
    mine = LeadFactory(owner=world.rep, team=world.team)
    made = ScoringModel.objects.get(pk=model(world)["pk"])
    points = adjust_score(lead=mine, model=made, points=500, reason="met", until=None, by=world.admin, now=AT)
    return {"pk": mine.pk, "adjustment": points.pk}


def answered(world: Any) -> dict[str, Any]:
    mine = LeadFactory(owner=world.rep, team=world.team)
    option = Option.objects.filter(criterion__framework__code="bant").first()
    given = Answer.objects.create(lead=mine, criterion=option.criterion, option=option, answered_at=AT)
    return {"pk": mine.pk, "answer": given.pk}


OBJECTS = {
    "lead": lead,
    "foreign": foreign,
    "company": company,
    "by_stage": lambda world: {"field": "stage"},
    "given": given,
    "asked": lambda world: lead(world) | {"code": "bant"},
    "queued": lambda world: {"pk": LeadFactory(owner=None, team=world.team).pk, "code": "bant"},
    "answered": answered,
}


FORMS = {"scoring:adjust POST": lambda world: {"points": "5", "reason": "met at the fair"}}
