"""Who gets what at the addresses of scoring: the list of leads, the studio, and what the lead page hosts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scoring.actions import publish_version, start_model
from scoring.actions.approving import ask_approval
from scoring.actions.judging import adjust_score
from scoring.models import Answer, Framework, Option, ScoringModel
from tests.factories import LeadFactory, UserFactory
from tests.scoring.conftest import document, mail_rule

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
scoring:answer          GET  asked    login 403 200 200 200 200
scoring:answer          POST asked    login 403 200 200 200 200
scoring:answer          POST queued   login 403 403 200 200 200
scoring:confirm_answer  POST answered login 403 200 200 200 200
scoring:ranking         GET  -        login 403 302 302 302 302
scoring:definition      GET  -        login 403 200 200 200 200
scoring:definition_version GET version login 403 200 200 200 200
scoring:sign_off        POST version  login 403 403 403 303 303
scoring:choice_counts   GET  -        login 403 403 403 200 200
scoring:hot_definitions GET  -        login 403 302 302 302 302
scoring:frameworks      GET  -        login 403 200 200 200 200
scoring:new_framework   GET  -        login 403 403 403 200 200
scoring:new_framework   POST -        login 403 403 403 303 303
scoring:framework       GET  bant     login 403 403 403 200 200
scoring:framework       POST bant     login 403 403 403 422 422
scoring:add_to_model    POST bant     login 403 403 403 303 303
scoring:press_framework POST question login 403 403 403 303 303
scoring:models          GET  -        login 403 200 200 200 200
scoring:dismiss_first_run POST -      login 403 403 403 303 303
scoring:new_model       GET  -        login 403 403 403 200 200
scoring:new_model       POST -        login 403 403 403 303 303
scoring:model           GET  model    login 403 200 200 200 200
scoring:findings        GET  model    login 403 200 200 200 200
scoring:discard         POST model    login 403 403 403 303 303
scoring:undo            POST model    login 403 403 403 303 303
scoring:redo            POST model    login 403 403 403 303 303
scoring:rules           GET  model    login 403 200 200 200 200
scoring:presence        GET  model    login 403 403 403 200 200
scoring:make_primary    POST model    login 403 403 403 303 303
scoring:progress        GET  model    login 403 200 200 200 200
scoring:document_file   GET  model    login 403 200 200 200 200
scoring:document_upload POST model    login 403 403 403 422 422
scoring:version_file    GET  version  login 403 200 200 200 200
scoring:hot_conditions  GET  model    login 403 200 200 200 200
scoring:hot_effect      GET  model    login 403 200 200 200 200
scoring:audience        GET  model    login 403 403 403 200 200
scoring:audience        POST model    login 403 403 403 303 303
scoring:document_text   GET  model    login 403 403 403 200 200
scoring:document_text   POST model    login 403 403 403 422 422
scoring:new_group       GET  model    login 403 403 403 200 200
scoring:new_group       POST model    login 403 403 403 303 303
scoring:group           GET  group    login 403 403 403 200 200
scoring:group           POST group    login 403 403 403 303 303
scoring:press_group     POST moving   login 403 403 403 303 303
scoring:new_rule        GET  group    login 403 403 403 200 200
scoring:new_rule        POST group    login 403 403 403 303 303
scoring:new_rule_text   GET  group    login 403 403 403 200 200
scoring:new_rule_text   POST group    login 403 403 403 303 303
scoring:preview         POST group    login 403 403 403 200 200
scoring:rule            GET  rule     login 403 403 403 200 200
scoring:rule            POST rule     login 403 403 403 303 303
scoring:rule_text       GET  rule     login 403 403 403 200 200
scoring:rule_text       POST rule     login 403 403 403 303 303
scoring:move            GET  rule     login 403 403 403 200 200
scoring:move            POST rule     login 403 403 403 303 303
scoring:press           POST pressing login 403 403 403 303 303
scoring:effect          GET  model    login 403 200 200 200 200
scoring:effect_anew     POST model    login 403 403 403 200 200
scoring:effect_stop     POST model    login 403 403 403 200 200
scoring:effect_edits    GET  model    login 403 200 200 200 200
scoring:effect_names    GET  entering login 403 200 200 200 200
scoring:test_lead       GET  model    login 403 200 200 200 200
scoring:prediction      GET  version  login 403 200 200 200 200
scoring:changes         GET  model    login 403 200 200 200 200
scoring:publish         GET  model    login 403 403 403 200 200
scoring:publish         POST model    login 403 403 403 303 303
scoring:approval        POST model    login 403 403 403 403 303
scoring:proposal        GET  request  login 403 200 200 200 200
scoring:decide          POST request  login 403 403 303 403 303
scoring:versions        GET  model    login 403 200 200 200 200
scoring:version         GET  version  login 403 200 200 200 200
scoring:compare         GET  model    login 403 200 200 200 200
scoring:outcome         GET  version  login 403 200 200 200 200
scoring:read            POST version  login 403 200 200 200 200
scoring:consequence     GET  version  login 403 403 403 200 200
scoring:roll_back       GET  version  login 403 403 403 200 200
scoring:roll_back       POST version  login 403 403 403 303 303
scoring:thresholds      GET  model    login 403 200 200 200 200
scoring:edit_thresholds GET  model    login 403 403 403 403 200
scoring:edit_thresholds POST model    login 403 403 403 403 303
scoring:new_hot         GET  model    login 403 403 403 403 200
scoring:new_hot         POST model    login 403 403 403 403 303
scoring:hot             GET  hot      login 403 403 403 403 200
scoring:hot             POST hot      login 403 403 403 403 303
scoring:delete_hot      POST hot      login 403 403 403 403 303
scoring:stage_conditions GET model    login 403 200 200 200 200
scoring:stage           GET  stage    login 403 403 403 403 200
scoring:stage           POST stage    login 403 403 403 403 303
scoring:delete_stage    POST stage    login 403 403 403 403 303
scoring:use_waterfall   POST model    login 403 403 403 403 303
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


def started(world: Any) -> ScoringModel:
    return start_model(name="Default", document=document(mail_rule()), by=world.admin, now=AT)


def given(world: Any) -> dict[str, Any]:
    mine = LeadFactory(owner=world.rep, team=world.team)
    made = ScoringModel.objects.get(pk=model(world)["pk"])
    points = adjust_score(lead=mine, model=made, points=500, reason="met", until=None, by=world.admin, now=AT)
    return {"pk": mine.pk, "adjustment": points.pk}


def question(world: Any) -> dict[str, Any]:
    bant = Framework.objects.get(code="bant")
    return {"pk": bant.pk, "kind": "criterion", "row": bant.criteria.first().pk, "do": "down"}


def answered(world: Any) -> dict[str, Any]:
    mine = LeadFactory(owner=world.rep, team=world.team)
    option = Option.objects.filter(criterion__framework__code="bant").first()
    given = Answer.objects.create(lead=mine, criterion=option.criterion, option=option, answered_at=AT)
    return {"pk": mine.pk, "answer": given.pk}


def request(world: Any) -> dict[str, Any]:
    """A draft that waits for the approval of sales, asked for by somebody who is not in the table."""
    made = ScoringModel.objects.get(pk=model(world)["pk"])
    asker = UserFactory(role="marketer")
    asked = ask_approval(model=made, by=asker, note="please", now=AT, revision=made.draft_revision)
    return {"pk": made.pk, "proposal": asked.pk}


OBJECTS = {
    "lead": lead,
    "foreign": foreign,
    "company": company,
    "by_stage": lambda world: {"field": "stage"},
    "given": given,
    "asked": lambda world: lead(world) | {"code": "bant"},
    "queued": lambda world: {"pk": LeadFactory(owner=None, team=world.team).pk, "code": "bant"},
    "bant": lambda world: {"pk": Framework.objects.get(code="bant").pk},
    "question": question,
    "answered": answered,
    "model": model,
    "group": lambda world: model(world) | {"group": 0},
    "moving": lambda world: model(world) | {"group": 0, "do": "down"},
    "rule": lambda world: model(world) | {"group": 0, "rule": 0},
    "pressing": lambda world: model(world) | {"group": 0, "rule": 0, "do": "switch"},
    "request": request,
    "version": lambda world: model(world) | {"number": 1},
    "entering": lambda world: model(world) | {"fate": "entering"},
    "hot": lambda world: model(world) | {"at": 0},
    "stage": lambda world: model(world) | {"stage": "mql"},
}


def seen(world: Any) -> dict[str, Any]:
    """The state of the draft that the sender saw."""
    made = ScoringModel.objects.get()
    return {"seen": f"{made.draft_revision}.{made.current_version_id}"}


def rule_form(world: Any) -> dict[str, Any]:
    rule = {"name": "Clicked", "points": "3", "group": "0", "kind": "each", "activity": "email_click"}
    return seen(world) | rule | {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"}


def rule_text(world: Any) -> dict[str, Any]:
    return seen(world) | {"text": "name: Clicked\npoints: 3\neach: {activity: email_click}"}


def hot_form(world: Any) -> dict[str, Any]:
    form = {"name": "Very hot", "threshold": "80", "together": "any", "joined": "all"}
    return seen(world) | form | {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"}


def thresholds(world: Any) -> dict[str, Any]:
    return seen(world) | {"hot": "80", "warm": "30", "a": "20", "b": "10", "one": "40", "two": "20"}


FORMS = {
    "scoring:adjust POST": lambda world: {"points": "5", "reason": "met at the fair"},
    "scoring:new_model POST": lambda world: {"name": "Second", "starter": "software"},
    "scoring:new_rule POST": rule_form,
    "scoring:rule POST": rule_form,
    "scoring:preview POST": rule_form,
    "scoring:new_rule_text POST": rule_text,
    "scoring:rule_text POST": rule_text,
    "scoring:new_group POST": lambda world: seen(world) | {"name": "More", "dimension": "fit"},
    "scoring:group POST": lambda world: seen(world) | {"name": "More", "dimension": "fit", "was": "Interest"},
    "scoring:audience POST": lambda world: seen(world) | {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"},
    "scoring:move POST": lambda world: seen(world) | {"to_group": "0", "to_rule": "1"},
    "scoring:publish POST": lambda world: seen(world) | {"note": "why"},
    "scoring:decide POST": lambda world: {"reason": ""},
    "scoring:approval POST": lambda world: {"needed": "yes"},
    "scoring:sign_off POST": lambda world: {"side": "marketing"},
    "scoring:roll_back POST": lambda world: {"note": "why"},
    "scoring:edit_thresholds POST": thresholds,
    "scoring:new_framework POST": lambda world: {"code": "own", "label_en": "Own", "label_ja": "自社"},
    "scoring:add_to_model POST": lambda world: {"model": str(started(world).pk)},
    "scoring:framework POST": lambda world: {"is_active": "on"},
    "scoring:document_text POST": lambda world: seen(world) | {"text": "model: ["},
    "scoring:new_hot POST": hot_form,
    "scoring:hot POST": hot_form,
    "scoring:stage POST": hot_form,
    "scoring:delete_stage POST": seen,
    "scoring:use_waterfall POST": seen,
} | {f"scoring:{name} POST": seen for name in ("discard", "undo", "redo", "press", "press_group", "delete_hot")}
