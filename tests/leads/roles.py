"""Who gets what at the addresses of leads and companies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from leads.actions.company_merge import merge_companies
from leads.actions.erasure import erase_lead
from leads.actions.exclusions import exclude_activities
from leads.actions.merge import merge_leads
from leads.enums import ErasureReason
from leads.models import ActivityType, AttributeDefinition, CommonValue, Company, Duplicate, Lead, SavedFilter, Source
from tests.factories import CompanyFactory, LeadFactory, activity

TABLE = """
leads:detail            GET  own       login 404 200 200 200 200
leads:detail            GET  queue     login 404 200 200 200 200
leads:detail            GET  foreign   login 404 404 404 200 200
leads:detail            GET  helped    login 200 404 200 200 200
leads:timeline          GET  own       login 404 200 200 200 200
leads:timeline          GET  foreign   login 404 404 404 200 200
leads:history           GET  own       login 404 200 200 200 200
leads:history           GET  foreign   login 404 404 404 200 200
leads:fact              GET  field     login 404 200 200 200 200
leads:search            GET  -         login 200 200 200 200 200
leads:recent            GET  -         login 200 200 200 200 200
leads:message           GET  foreign   login 403 200 200 200 200
leads:message           POST foreign   login 403 303 303 303 303
leads:message           POST merged    login 403 404 404 404 404
leads:enquiry           GET  foreign   login 403 200 200 200 200
leads:enquiry           POST foreign   login 403 303 303 303 303
leads:new               GET  -         login 403 200 200 200 200
leads:new               POST -         login 403 302 302 302 302
leads:edit              GET  own       login 403 200 200 200 200
leads:edit              POST own       login 403 302 302 302 302
leads:edit              POST queue     login 403 403 302 302 302
leads:edit              POST foreign   login 403 404 404 302 302
leads:edit              POST helped    login 403 404 302 302 302
leads:field             GET  field     login 403 200 200 200 200
leads:field             POST field     login 403 200 200 200 200
leads:field             POST queued    login 403 403 200 200 200
leads:addresses         GET  own       login 403 200 200 200 200
leads:addresses         POST own       login 403 200 200 200 200
leads:addresses         POST queue     login 403 403 200 200 200
leads:record            GET  own       login 404 200 200 200 200
leads:record            POST own       login 404 303 303 303 303
leads:record            POST queue     login 404 403 303 303 303
leads:record            POST helped    login 303 404 303 303 303
leads:exclude_activity  GET  done      login 403 200 200 200 200
leads:exclude_activity  POST done      login 403 303 303 303 303
leads:exclude_activity  POST team_done login 403 403 303 303 303
leads:restore_activity  POST undone    login 403 303 303 303 303
leads:restore_activity  POST team_done login 403 403 303 303 303
leads:note              GET  own       login 404 200 200 200 200
leads:note              POST own       login 404 303 303 303 303
leads:note              POST helped    login 303 404 303 303 303
leads:lift              GET  refused   login 403 403 200 200 200
leads:lift              POST refused   login 403 403 303 303 303
leads:erase             GET  own       login 403 403 403 403 200
leads:erase             POST own       login 403 403 403 403 302
leads:readmit           GET  erased    login 403 403 403 403 200
leads:readmit           POST erased    login 403 403 403 403 303
leads:decide            GET  decided   login 403 200 200 200 200
leads:decide            POST decided   login 403 303 303 303 303
leads:decide            POST undecided login 403 403 303 303 303
leads:assign            GET  own       login 403 403 200 403 200
leads:assign            POST own       login 403 403 303 403 303
leads:assign            POST foreign   login 403 403 404 403 303
leads:bulk              GET  bulk      login 403 200 200 200 200
leads:bulk              POST bulk      login 403 303 303 303 303
leads:bulk              POST giving    login 403 403 303 403 303
leads:save_filter       POST -         login 302 302 302 302 302
leads:delete_filter     POST filter    login 404 302 404 404 404
leads:merge             GET  own       login 403 403 200 200 200
leads:merge             GET  foreign   login 403 403 404 200 200
leads:merge             POST own       login 403 403 302 302 302
leads:merge             POST foreign   login 403 403 404 302 302
leads:merge_undo        POST merge     login 403 403 302 302 302
leads:merge_undo_all    POST merge     login 403 403 302 302 302
leads:merge_undo        POST stranger_merge login 403 403 404 302 302
leads:duplicates        GET  -         login 403 403 200 200 200
leads:certain_groups    GET  -         login 403 403 200 200 200
leads:certain_groups    POST -         login 403 403 302 302 302
leads:merge_run         GET  run       login 403 403 200 200 200
leads:merge_run         POST run       login 403 403 302 302 302
leads:common_values     GET  -         login 403 403 200 200 200
leads:value_counts      POST value     login 403 403 403 403 302
leads:duplicate_rules   POST -         login 403 403 403 403 302
leads:why_same          GET  pair      login 403 403 200 200 200
leads:why_same          GET  strange   login 403 403 404 200 200
leads:duplicate_group   GET  twins     login 403 403 200 200 200
leads:duplicate_group   POST twins     login 403 403 302 302 302
leads:duplicate_group   GET  strangers login 403 403 302 200 200
leads:duplicate_reopen  POST twins_apart login 403 403 302 302 302
leads:companies         GET  -         login 200 200 200 200 200
leads:company_names     GET  -         login 403 200 200 200 200
leads:company_filter    GET  by_size   login 200 200 200 200 200
leads:company           GET  company   login 404 200 200 200 200
leads:company           GET  stranger  login 404 404 404 200 200
leads:company_merge     GET  company   login 403 403 200 200 200
leads:company_merge     POST company   login 403 403 302 302 302
leads:company_merge     POST stranger  login 403 403 404 302 302
leads:company_merge_undo POST company_merge login 403 403 302 302 302
leads:company_edit      GET  company   login 403 200 200 200 200
leads:company_edit      POST company   login 403 302 302 302 302
leads:company_edit      POST stranger  login 403 404 404 302 302
leads:company_timeline  GET  company   login 404 200 200 200 200
leads:company_history   GET  company   login 404 200 200 200 200
leads:sources           GET  -         login 403 403 403 403 200
leads:sources_new       GET  -         login 403 403 403 403 200
leads:sources_edit      GET  source    login 403 403 403 403 200
leads:sources_switch    POST source    login 403 403 403 403 303
leads:activity_types        GET  -     login 403 403 403 403 200
leads:activity_types_new    GET  -     login 403 403 403 403 200
leads:activity_types_edit   GET  type  login 403 403 403 403 200
leads:activity_types_switch POST type  login 403 403 403 403 303
leads:attributes            GET  -     login 403 403 403 403 200
leads:attributes_new        GET  -     login 403 403 403 403 200
leads:attributes_edit       GET  attribute login 403 403 403 403 200
leads:attributes_switch     POST attribute login 403 403 403 403 303
"""


def own(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=world.rep, team=world.team, company=CompanyFactory()).pk}


def queue(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=None, team=world.team).pk}


def foreign(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=world.outsider, team=world.other_team).pk}


def helped(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=world.outsourced, team=world.team).pk}


def company(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=world.rep, team=world.team, company=CompanyFactory()).company_id}


def stranger(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(owner=world.outsider, team=world.other_team, company=CompanyFactory()).company_id}


def saved(world: Any) -> dict[str, Any]:
    return {"pk": SavedFilter.objects.create(user=world.rep, name="Mine", query="owner=me").pk}


def attribute(world: Any) -> dict[str, Any]:
    made = AttributeDefinition.objects.create(code="plan", type="text", label_en="Plan", label_ja="プラン")
    return {"pk": made.pk}


def kind(world: Any) -> dict[str, Any]:
    return {"pk": ActivityType.objects.create(code="visit", label_en="Visit", label_ja="訪問").pk}


def done(world: Any, **lead: Any) -> dict[str, Any]:
    """A lead of the rep's that did something."""
    about = LeadFactory(**({"owner": world.rep, "team": world.team} | lead))
    return {"pk": about.pk, "activity": activity(about, "email_click", datetime.now(UTC))}


def undone(world: Any) -> dict[str, Any]:
    """The same, and it is not counted."""
    found = done(world)
    lead = Lead.objects.get(pk=found["pk"])
    exclude_activities(lead=lead, activities=[found["activity"]], by=world.rep, note="test", now=datetime.now(UTC))
    return found


def merge_of(kept: dict[str, Any], world: Any) -> dict[str, Any]:
    """A lead of the team that was merged into this one."""
    lead, other = Lead.objects.get(**kept), LeadFactory(team=world.team)
    return {"pk": merge_leads(kept=lead, merged=other, by=world.admin, now=datetime.now(UTC)).pk}


def twins(world: Any, **lead: Any) -> dict[str, Any]:
    """Two leads of the team that may be one person."""
    one, other = (LeadFactory(**({"team": world.team} | lead)) for _ in range(2))
    pair = Duplicate.objects.create(
        first=one,
        second=other,
        sureness=1,
        reasons=["phone"],
        evidence=["phone:1"],
        group=one.pk,
        group_sureness=1,
        finding="same",
        probability=1.0,
        grounds=[],
    )
    return {"group": one.pk, "pair": pair.pk}


def pair(world: Any) -> dict[str, Any]:
    one, other = (LeadFactory(team=world.team, name=name) for name in ("佐藤 一郎", "鈴木 花子"))
    return {"pk": one.pk, "other": other.pk}


def strange(world: Any) -> dict[str, Any]:
    """A lead of the team and one that only some see."""
    other = LeadFactory(owner=world.outsider, team=world.other_team, name="佐藤 一郎")
    return {"pk": LeadFactory(team=world.team, name="佐藤 一郎").pk, "other": other.pk}


def run(world: Any) -> dict[str, Any]:
    return merge_of(queue(world), world)


def value(world: Any) -> dict[str, Any]:
    return {"pk": CommonValue.objects.create(key=1, kind="phone", value="+81120000123").pk}


def decision(world: Any) -> dict[str, Any]:
    """That the leads of the last pair are two people."""
    pair = Duplicate.objects.last()
    assert pair is not None
    return {"what": "different", "keep": pair.first_id, "lead": [pair.first_id, pair.second_id]}


def merged(world: Any) -> dict[str, Any]:
    return {"pk": LeadFactory(merged_into=LeadFactory(team=world.team)).pk}


def company_merge(world: Any) -> dict[str, Any]:
    """A company of the rep's lead that another one of the team was merged into."""
    kept, other = Company.objects.get(**company(world)), Company.objects.get(**company(world))
    return {"pk": merge_companies(kept=kept, merged=other, by=world.admin, now=datetime.now(UTC)).pk}


def erased(world: Any) -> dict[str, Any]:
    """A lead whose personal data was erased."""
    lead = Lead.objects.get(**own(world))
    erase_lead(lead=lead, by=world.admin, reason=ErasureReason.ASKED, now=datetime.now(UTC))
    return {"pk": lead.pk}


OBJECTS = {
    "erased": erased,
    "twins": lambda world: {"group": twins(world)["group"]},
    "strangers": lambda world: {"group": twins(world, owner=world.outsider, team=world.other_team)["group"]},
    "pair": pair,
    "strange": strange,
    "run": run,
    "value": value,
    "twins_apart": lambda world: {"pk": twins(world)["pair"]},
    "company_merge": company_merge,
    "merged": merged,
    "done": done,
    "team_done": lambda world: done(world, owner=None),
    "undone": undone,
    "merge": lambda world: merge_of(own(world), world),
    "stranger_merge": lambda world: merge_of(foreign(world), world),
    "own": own,
    "queue": queue,
    "foreign": foreign,
    "helped": helped,
    "field": lambda world: own(world) | {"field": "title"},
    "queued": lambda world: queue(world) | {"field": "title"},
    "refused": lambda world: {"pk": LeadFactory(owner=world.rep, team=world.team, consent=False).pk, "fact": "refused"},
    "decided": lambda world: own(world) | {"what": "nurture"},
    "undecided": lambda world: queue(world) | {"what": "nurture"},
    "bulk": lambda world: {"what": "nurture"},
    "giving": lambda world: {"what": "assign"},
    "filter": saved,
    "by_size": lambda world: {"field": "size"},
    "company": company,
    "stranger": stranger,
    "source": lambda world: {"pk": Source.objects.get(code="other").pk},
    "type": kind,
    "attribute": attribute,
}
FORMS = {
    "leads:duplicate_group POST": decision,
    "leads:duplicate_rules POST": lambda world: {"merges_from": "0.98"},
    "leads:company_merge POST": lambda world: {"other": company(world)["pk"]},
    "leads:message POST": lambda world: {"text": "Please call back"},
    "leads:enquiry POST": lambda world: {"enquiry": "Please quote", "enquiry_type": "phone_call"},
    "leads:merge POST": lambda world: {"other": queue(world)["pk"]},
    "leads:new POST": lambda world: {"name": "New Person"},
    "leads:edit POST": lambda world: {"name": "Other Name"},
    "leads:field POST": lambda world: {"title": "Head", "was": ""},
    "leads:addresses POST": lambda world: {"what": "add", "address": "more@home.example"},
    "leads:record POST": lambda world: {"type": "phone_call", "occurred_at": "2026-11-20T10:00", "text": "spoke"},
    "leads:exclude_activity POST": lambda world: {"note": "a test of ours"},
    "leads:lift POST": lambda world: {"reason": "asked for a call on the phone"},
    "leads:erase POST": lambda world: {"reason": "asked", "confirmation": str(Lead.objects.latest("pk").pk)},
    "leads:readmit POST": lambda world: {"reason": "asked for offers again"},
    "leads:note POST": lambda world: {"text": "likes blue", "topic": "general"},
    "leads:decide POST": lambda world: {"reason": "too_early"},
    "leads:assign POST": lambda world: {"owner": world.rep.pk},
    "leads:bulk POST": lambda world: {"lead": [own(world)["pk"]], "reason": "too_early"},
    "leads:save_filter POST": lambda world: {"name": "Mine", "query": "stage=mql"},
    "leads:company_edit POST": lambda world: {"name": "Acme", "currency": "JPY"},
}
