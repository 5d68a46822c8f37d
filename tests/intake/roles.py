"""Who gets what at the addresses of imports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from intake.actions.doors import take_in_activities
from intake.actions.webforms import create_webform, publish_webform
from intake.enums import DoorKind
from intake.imports.correction import fingerprint
from intake.incoming import DoorName
from intake.models import FilteredEvent, ImportRow, KeptGroup, Site, Submission, WebForm
from leads.models import ActivityType
from tests.factories import LeadFactory, activity
from tests.intake.importing import imported, received

TABLE = """
intake:monitor           GET  -         login 403 403 200 200 200
intake:tail              GET  -         login 403 403 200 200 200
intake:test_event        GET  -         login 403 403 403 200 200
intake:test_event        POST -         login 403 403 403 302 302
intake:plan              GET  -         login 403 403 200 200 200
intake:plan_switch       POST type      login 403 403 403 302 302
intake:kept              GET  -         login 403 403 200 200 200
intake:kept_group        GET  kept      login 403 403 200 200 200
intake:kept_repair       POST kept      login 403 403 403 200 200
intake:kept_settle       POST kept      login 403 403 403 302 302
intake:imports           GET  -         login 403 403 200 200 200
intake:import_new        GET  -         login 403 403 200 200 200
intake:import_new        POST -         login 403 403 422 422 422
intake:import            GET  file      login 403 403 404 200 200
intake:import            GET  own_file  login 403 403 200 200 200
intake:import_mapping    GET  file      login 403 403 404 200 200
intake:import_mapping    POST file      login 403 403 404 303 303
intake:import_mapping    POST own_file  login 403 403 303 303 303
intake:import_columns    POST file      login 403 403 404 200 200
intake:import_format     POST file      login 403 403 404 303 303
intake:import_run        POST file      login 403 403 404 303 303
intake:import_progress   GET  file      login 403 403 404 303 303
intake:import_report     GET  file      login 403 403 404 200 200
intake:import_correct    GET  run_file  login 403 403 404 200 200
intake:import_correct    POST run_file  login 403 403 404 303 303
intake:import_correct    POST own_run   login 403 403 303 303 303
intake:import_undo       POST file      login 403 403 404 303 303
intake:import_remove     POST file      login 403 403 404 302 302
intake:entry             GET  -         login 403 403 200 200 200
intake:entry             POST -         login 403 403 200 200 200
intake:entry_similar     GET  -         login 403 403 200 200 200
intake:forms             GET  -         login 403 403 403 200 200
intake:form_new          GET  -         login 403 403 403 200 200
intake:form_new          POST -         login 403 403 403 303 303
intake:form              GET  webform   login 403 403 403 200 200
intake:form_edit         GET  webform   login 403 403 403 200 200
intake:form_edit         POST webform   login 403 403 403 303 303
intake:form_save         POST webform   login 403 403 403 303 303
intake:form_publish      GET  webform   login 403 403 403 200 200
intake:form_publish      POST webform   login 403 403 403 303 303
intake:form_versions     GET  webform   login 403 403 403 200 200
intake:form_embed        GET  webform   login 403 403 403 200 200
intake:form_submissions  GET  webform   login 403 403 403 200 200
intake:form_download     GET  webform   login 403 403 403 200 200
intake:form_release      POST caught    login 403 403 403 303 303
public:form              GET  formkey   200   200 200 200 200 200
public:form              POST formkey   422   422 422 422 422 422
public:form_check        POST formkey   200   200 200 200 200 200
public:form_steps        POST formkey   400   400 400 400 400 400
public:form_confirm      GET  confirm   404   404 404 404 404 404
public:form_script       GET  -         200   200 200 200 200 200
public:postcode          GET  -         200   200 200 200 200 200
intake:sites             GET  -         login 403 403 403 200 200
intake:sites_new         GET  -         login 403 403 403 200 200
intake:sites_new         POST -         login 403 403 403 303 303
intake:sites_edit        GET  site      login 403 403 403 200 200
intake:sites_edit        POST site      login 403 403 403 303 303
intake:sites_switch      POST site      login 403 403 403 303 303
intake:site_snippet      GET  site      login 403 403 403 200 200
intake:filtered          GET  site      login 403 403 403 200 200
intake:release           POST site      login 403 403 403 303 303
intake:lead_touches      GET  touched   login 403 200 200 200 200
intake:transmission      GET  key       200   200 200 200 200 200
"""


def import_of(by: Any) -> dict[str, Any]:
    """A file that somebody sent and has not run yet."""
    return {"pk": received("mail,name\na@example.jp,A\n", by, datetime.now(UTC)).pk}


def kept_group(_world: Any) -> dict[str, Any]:
    """A group of one event that a site sent and nobody could take in."""
    row = {"key": "1", "lead": {"email": "a@example.jp"}, "type": "telepathy", "occurred_at": "2026-06-01T10:00:00Z"}
    door = DoorName(kind=DoorKind.SITE, source="site:1", name="www")
    take_in_activities([row], door=door, now=datetime.now(UTC))
    return {"pk": KeptGroup.objects.get().pk}


def run_by(person: Any) -> dict[str, Any]:
    """A file that was run and has a row that stayed out."""
    columns = {"columns": {"mail": "lead.email", "name": "lead.name"}}
    return {"pk": imported("mail,name\nno-address,A\n", columns, person, datetime.now(UTC)).pk}


def corrected(world: Any) -> dict[str, Any]:
    """The row that stayed out, with an address."""
    row = ImportRow.objects.latest("pk")
    return {"row": ["1"], "seen-1": fingerprint(row), "cell-1-0": f"a{row.pk}@example.jp"}


def site() -> Site:
    """A website with something set aside."""
    made = Site.objects.create(name="Main", allowed_origins=["https://www.example.com"], operator="アクメ株式会社")
    row = {"key": "k", "lead": {"anonymous_id": "v"}, "type": "page_view", "object": "/", "properties": {}}
    FilteredEvent.objects.create(
        site=made, key="k", reason="bot", mark="Googlebot", row=row | {"occurred_at": "2026-11-01T00:00:00Z"},
        received_at=datetime.now(UTC),
    )  # fmt: skip
    return made


def site_form(world: Any) -> dict[str, Any]:
    return {"name": "Shop", "origins": "https://shop.example.com", "zone": "Asia/Tokyo", "pages": "/p* price_view"}


def webform(world: Any) -> WebForm:
    """A form that is published."""
    made = create_webform(name="資料請求", site=None, by=world.marketer, now=datetime.now(UTC))
    publish_webform(form=made, seen=0, by=world.marketer, now=datetime.now(UTC))
    return made


def touched(world: Any) -> dict[str, Any]:
    """A lead of the rep that came by an advertisement."""
    lead = LeadFactory(owner=world.rep, team=world.team)
    activity(lead, "page_view", datetime.now(UTC), object="/", properties={"source": "x-news", "medium": "x-mail"})
    return {"pk": lead.pk}


def caught(world: Any) -> dict[str, Any]:
    """Something that was caught as spam."""
    form = webform(world)
    submission = Submission.objects.create(
        form=form, version=form.versions.get(), language="ja", received_at=datetime.now(UTC), state="caught",
        caught="honeypot", values={"email": "a@example.jp", "consent": True},
    )  # fmt: skip
    return {"pk": form.pk, "submission": submission.pk}


OBJECTS = {
    "touched": touched,
    "caught": caught,
    "formkey": lambda world: {"key": webform(world).key},
    "confirm": lambda world: {"key": webform(world).key, "token": "none"},
    "webform": lambda world: {"pk": webform(world).pk},
    "site": lambda world: {"pk": site().pk},
    "key": lambda world: {"key": site().write_key},
    "kept": kept_group,
    "type": lambda world: {"pk": ActivityType.objects.get(code="page_view").pk},
    "run_file": lambda world: run_by(world.marketer),
    "own_run": lambda world: run_by(world.manager),
    "file": lambda world: import_of(world.marketer),
    "own_file": lambda world: import_of(world.manager),
}
FORMS = {
    "intake:entry POST": lambda world: {
        "type": "business_card",
        "day": "2026-11-01",
        "key": str(uuid4()),
        "name": "佐藤",
        "company_name": "アクメ",
    },
    "intake:form_new POST": lambda world: {"name": "セミナー"},
    "intake:form_edit POST": lambda world: {"name": "資料"},
    "intake:form_save POST": lambda world: {"seen": "0", "do": "add:", "add": "電話番号"},
    "intake:form_publish POST": lambda world: {"seen": "0"},
    "intake:sites_new POST": site_form,
    "intake:sites_edit POST": site_form,
    "intake:release POST": lambda world: {"reason": "bot", "mark": "Googlebot"},
    "intake:test_event POST": lambda world: {"email": "a@example.jp", "type": "page_view"},
    "intake:plan_switch POST": lambda world: {"takes_parts": "0"},
    "intake:kept_repair POST": lambda world: {"act": "map", "to": "page_view"},
    "intake:kept_settle POST": lambda world: {"what": "known"},
    "intake:import_mapping POST": lambda world: {"identity": "email", "timezone": "UTC", "column_0": "lead.email"},
    "intake:import_correct POST": corrected,
    "intake:import_columns POST": lambda world: {"column_0": "lead.email"},
    "intake:import_format POST": lambda world: {"encoding": "utf-8", "header_row": "1"},
}
