"""Who gets what at the addresses of the studio."""

from __future__ import annotations

from typing import Any

from scoring.models import Framework, ScoringModel
from studio.actions.approval import ask_approval
from studio.draft.store import start_model
from tests.factories import UserFactory
from tests.published import document, mail_rule
from tests.scoring.roles import AT, model

TABLE = """
studio:definition      GET  -        login 403 200 200 200 200
studio:definition_version GET version login 403 200 200 200 200
studio:sign_off        POST version  login 403 403 403 303 303
studio:hot_definitions GET  -        login 403 302 302 302 302
studio:frameworks      GET  -        login 403 200 200 200 200
studio:new_framework   GET  -        login 403 403 403 200 200
studio:new_framework   POST -        login 403 403 403 303 303
studio:framework       GET  bant     login 403 403 403 200 200
studio:framework       POST bant     login 403 403 403 422 422
studio:add_to_model    POST bant     login 403 403 403 303 303
studio:press_framework POST question login 403 403 403 303 303
studio:models          GET  -        login 403 200 200 200 200
studio:dismiss_first_run POST -      login 403 403 403 303 303
studio:new_model       GET  -        login 403 403 403 200 200
studio:new_model       POST -        login 403 403 403 303 303
studio:model           GET  model    login 403 200 200 200 200
studio:findings        GET  model    login 403 200 200 200 200
studio:discard         POST model    login 403 403 403 303 303
studio:undo            POST model    login 403 403 403 303 303
studio:redo            POST model    login 403 403 403 303 303
studio:rules           GET  model    login 403 200 200 200 200
studio:presence        GET  model    login 403 403 403 200 200
studio:make_primary    POST model    login 403 403 403 303 303
studio:hands_over      POST model    login 403 403 403 403 303
studio:progress        GET  model    login 403 200 200 200 200
studio:document_file   GET  model    login 403 200 200 200 200
studio:document_upload POST model    login 403 403 403 422 422
studio:version_file    GET  version  login 403 200 200 200 200
studio:hot_conditions  GET  model    login 403 200 200 200 200
studio:hot_effect      GET  model    login 403 200 200 200 200
studio:audience        GET  model    login 403 403 403 200 200
studio:audience        POST model    login 403 403 403 303 303
studio:document_text   GET  model    login 403 403 403 200 200
studio:document_text   POST model    login 403 403 403 422 422
studio:new_group       GET  model    login 403 403 403 200 200
studio:new_group       POST model    login 403 403 403 303 303
studio:group           GET  group    login 403 403 403 200 200
studio:group           POST group    login 403 403 403 303 303
studio:press_group     POST moving   login 403 403 403 303 303
studio:new_rule        GET  group    login 403 403 403 200 200
studio:new_rule        POST group    login 403 403 403 303 303
studio:new_rule_text   GET  group    login 403 403 403 200 200
studio:new_rule_text   POST group    login 403 403 403 303 303
studio:preview         POST group    login 403 403 403 200 200
studio:rule            GET  rule     login 403 403 403 200 200
studio:rule            POST rule     login 403 403 403 303 303
studio:rule_text       GET  rule     login 403 403 403 200 200
studio:rule_text       POST rule     login 403 403 403 303 303
studio:move            GET  rule     login 403 403 403 200 200
studio:move            POST rule     login 403 403 403 303 303
studio:press           POST pressing login 403 403 403 303 303
studio:effect          GET  model    login 403 200 200 200 200
studio:effect_anew     POST model    login 403 403 403 200 200
studio:effect_stop     POST model    login 403 403 403 200 200
studio:effect_edits    GET  model    login 403 200 200 200 200
studio:effect_names    GET  entering login 403 200 200 200 200
studio:without         GET  model    login 403 200 200 200 200
studio:without_effect  GET  model    login 403 404 404 404 404
studio:test_lead       GET  model    login 403 200 200 200 200
studio:prediction      GET  version  login 403 200 200 200 200
studio:changes         GET  model    login 403 200 200 200 200
studio:publish         GET  model    login 403 403 403 200 200
studio:publish         POST model    login 403 403 403 303 303
studio:approval        POST model    login 403 403 403 403 303
studio:proposal        GET  request  login 403 200 200 200 200
studio:decide          POST request  login 403 403 303 403 303
studio:versions        GET  model    login 403 200 200 200 200
studio:version         GET  version  login 403 200 200 200 200
studio:compare         GET  model    login 403 200 200 200 200
studio:outcome         GET  version  login 403 200 200 200 200
studio:read            POST version  login 403 200 200 200 200
studio:consequence     GET  version  login 403 403 403 200 200
studio:roll_back       GET  version  login 403 403 403 200 200
studio:roll_back       POST version  login 403 403 403 303 303
studio:thresholds      GET  model    login 403 200 200 200 200
studio:edit_thresholds GET  model    login 403 403 403 200 200
studio:edit_thresholds POST model    login 403 403 403 303 303
studio:new_hot         GET  model    login 403 403 403 200 200
studio:new_hot         POST model    login 403 403 403 303 303
studio:hot             GET  hot      login 403 403 403 200 200
studio:hot             POST hot      login 403 403 403 303 303
studio:delete_hot      POST hot      login 403 403 403 303 303
studio:stage_conditions GET model    login 403 200 200 200 200
studio:stage           GET  stage    login 403 403 403 200 200
studio:stage           POST stage    login 403 403 403 303 303
studio:delete_stage    POST stage    login 403 403 403 303 303
studio:use_waterfall   POST model    login 403 403 403 303 303
"""


def started(world: Any) -> ScoringModel:
    return start_model(name="Default", document=document(mail_rule()), by=world.admin, now=AT)


def question(world: Any) -> dict[str, Any]:
    bant = Framework.objects.get(code="bant")
    return {"pk": bant.pk, "kind": "criterion", "row": bant.criteria.first().pk, "do": "down"}


def request(world: Any) -> dict[str, Any]:
    """A draft that waits for the approval of sales, asked for by somebody who is not in the table."""
    made = ScoringModel.objects.get(pk=model(world)["pk"])
    asker = UserFactory(role="marketer")
    asked = ask_approval(model=made, by=asker, note="please", now=AT, revision=made.draft_revision)
    return {"pk": made.pk, "proposal": asked.pk}


OBJECTS = {
    "bant": lambda world: {"pk": Framework.objects.get(code="bant").pk},
    "question": question,
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
    "studio:new_model POST": lambda world: {"name": "Second", "starter": "software"},
    "studio:new_rule POST": rule_form,
    "studio:rule POST": rule_form,
    "studio:preview POST": rule_form,
    "studio:new_rule_text POST": rule_text,
    "studio:rule_text POST": rule_text,
    "studio:new_group POST": lambda world: seen(world) | {"name": "More", "dimension": "fit"},
    "studio:group POST": lambda world: seen(world) | {"name": "More", "dimension": "fit", "was": "Interest"},
    "studio:audience POST": lambda world: seen(world) | {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"},
    "studio:move POST": lambda world: seen(world) | {"to_group": "0", "to_rule": "1"},
    "studio:publish POST": lambda world: seen(world) | {"note": "why"},
    "studio:decide POST": lambda world: {"reason": ""},
    "studio:approval POST": lambda world: {"needed": "yes"},
    "studio:sign_off POST": lambda world: {"side": "marketing"},
    "studio:roll_back POST": lambda world: {"note": "why"},
    "studio:edit_thresholds POST": thresholds,
    "studio:new_framework POST": lambda world: {"code": "own", "label_en": "Own", "label_ja": "自社"},
    "studio:add_to_model POST": lambda world: {"model": str(started(world).pk)},
    "studio:framework POST": lambda world: {"is_active": "on"},
    "studio:document_text POST": lambda world: seen(world) | {"text": "model: ["},
    "studio:new_hot POST": hot_form,
    "studio:hot POST": hot_form,
    "studio:stage POST": hot_form,
    "studio:delete_stage POST": seen,
    "studio:use_waterfall POST": seen,
} | {f"studio:{name} POST": seen for name in ("discard", "undo", "redo", "press", "press_group", "delete_hot")}
