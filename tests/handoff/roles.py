"""Who gets what at the addresses of the hand-off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from handoff.actions import add_todo, assign_handoff, pause_handoff, record_result, requeue_handoff
from handoff.actions.policy import save_policy_draft
from handoff.models import Absence, Calendar, Closing, LostReason, RejectReason
from handoff.queries.policy import policy_of
from leads.models import SavedFilter
from tests.factories import LeadFactory
from tests.handoff.pages import sla_form
from tests.handoff.world import CONTACT, claimed_by, contacted_by, handoff_of, score_of

TABLE = """
handoff:queue                 GET  -             login 200 200 200 200 200
handoff:day                   GET  -             login 200 200 200 200 200
handoff:day_end               GET  -             login 200 200 200 200 200
handoff:day_news              GET  -             login 200 200 200 200 200
handoff:coming                GET  -             login 403 200 200 200 200
handoff:approach              GET  scored        login 403 200 200 200 200
handoff:queue_filter          GET  source_filter login 200 200 200 200 200
handoff:news                  GET  -             login 200 200 200 200 200
handoff:stream                GET  -             login 204 204 204 204 204
handoff:here                  POST free          login 404 200 200 200 200
handoff:here                  POST helped        login 200 200 200 200 200
handoff:here                  POST foreign       login 404 404 404 200 200
handoff:away                  POST free          login 204 204 204 204 204
handoff:view_save             GET  -             login 200 200 200 200 200
handoff:view_save             POST -             login 303 303 303 303 303
handoff:view_remove           POST view          login 404 303 404 404 404
handoff:bulk                  GET  -             login 200 200 200 200 200
handoff:bulk                  POST -             login 200 200 200 200 200
handoff:bulk_undo             POST -             login 200 200 200 200 200
handoff:next                  GET  -             login 302 302 302 302 302
handoff:merge_effect          GET  lead          login 403 403 200 200 200
handoff:lead_panel            GET  lead          login 404 200 200 200 200
handoff:dossier               GET  idle_lead     login 403 200 200 200 200
handoff:detail                GET  free          login 404 303 303 303 303
handoff:detail                GET  own           login 404 303 303 303 303
handoff:detail                GET  helped        login 200 404 303 303 303
handoff:detail                GET  foreign       login 404 404 404 303 303
handoff:peek                  GET  free          login 404 302 302 302 302
handoff:peek                  GET  helped        login 302 404 302 302 302
handoff:peek                  GET  foreign       login 404 404 404 302 302
handoff:neighbours            GET  lead          login 200 200 200 200 200
handoff:claim                 POST free          login 404 303 303 303 303
handoff:claim                 POST own           login 404 303 303 403 303
handoff:claim                 POST helped        login 303 303 303 403 303
handoff:claim                 POST foreign       login 404 404 404 303 303
handoff:claim                 GET  free          login 405 405 405 405 405
handoff:release               POST own           login 404 303 303 403 303
handoff:accept                POST contacted     login 403 303 303 403 303
handoff:wake                  POST contacted     login 404 303 303 403 303
handoff:undo                  POST own           login 404 303 303 303 303
handoff:contact               GET  own           login 404 200 200 403 200
handoff:contact               POST contacted     login 404 303 303 403 303
handoff:reject                GET  own           login 403 200 200 403 200
handoff:reject                POST contacted     login 403 303 303 403 303
handoff:result                GET  own           login 404 200 200 403 200
handoff:result                POST contacted     login 404 303 303 403 303
handoff:deal                  GET  own           login 403 200 200 403 200
handoff:deal                  POST grown         login 403 303 303 403 303
handoff:rate                  GET  own           login 404 200 200 403 200
handoff:rate                  POST contacted     login 404 303 303 403 303
handoff:rate_at_once          POST rated         login 404 303 303 403 303
handoff:snooze                GET  own           login 404 200 200 403 200
handoff:snooze                POST contacted     login 404 303 303 403 303
handoff:due                   GET  own           login 403 403 200 403 200
handoff:due                   POST running       login 403 403 303 403 303
handoff:pause                 GET  contacted     login 404 200 200 403 200
handoff:pause                 POST contacted     login 404 303 303 403 303
handoff:resume                POST paused        login 404 303 303 403 303
handoff:skip                  GET  own           login 404 200 200 403 200
handoff:skip                  POST free          login 404 303 303 303 303
handoff:skips                 GET  -             login 403 403 200 200 200
handoff:assign                GET  own           login 403 403 200 403 200
handoff:assign                POST contacted     login 403 403 303 403 303
handoff:contact               POST free          login 404 422 422 422 422
handoff:assign                POST foreign       login 403 403 404 403 303
handoff:board                 GET  -             login 403 403 200 200 200
handoff:team                  GET  -             login 403 200 200 403 200
handoff:team_figure           GET  -             login 403 200 200 403 200
handoff:move                  GET  colleague     login 403 403 200 403 200
handoff:move                  POST colleague     login 403 403 200 403 200
handoff:move_undo             POST -             login 403 403 200 403 200
handoff:absences              GET  -             login 200 200 200 200 200
handoff:step_away             GET  -             login 200 200 200 200 200
handoff:step_away             POST -             login 303 303 303 303 303
handoff:absence_import        GET  -             login 200 200 200 200 200
handoff:absence_import        POST -             login 422 422 422 422 422
handoff:absence_enter         POST -             login 303 303 303 303 303
handoff:absence_preview       POST -             login 200 200 200 200 200
handoff:absence_new           GET  -             login 200 200 200 200 200
handoff:absence_new           POST -             login 422 303 303 422 303
handoff:absence_edit          GET  absence       login 404 200 200 404 200
handoff:absence_edit          POST absence       login 404 303 303 404 303
handoff:absence_end           POST absence       login 404 303 303 404 303
handoff:sla                   GET  -             login 403 200 200 200 200
handoff:sla_words             GET  -             login 403 200 200 200 200
handoff:call_rules            GET  -             login 403 403 403 403 200
handoff:call_rules            POST -             login 403 403 403 403 303
handoff:gates                 GET  -             login 403 200 200 200 200
handoff:gates_effect          GET  -             login 403 200 200 200 200
handoff:gate_new              GET  -             login 403 403 403 403 200
handoff:gate_new              POST -             login 403 403 403 403 303
handoff:gate                  GET  gate          login 403 403 403 403 200
handoff:gate                  POST gate          login 403 403 403 403 303
handoff:gate_press            POST gate_up       login 403 403 403 403 303
handoff:gates_told            GET  -             login 403 403 403 403 200
handoff:gates_told            POST -             login 403 403 403 403 303
handoff:ownership             GET  -             login 403 403 403 403 200
handoff:ownership             POST -             login 403 403 403 403 303
handoff:held_back             GET  -             login 403 200 200 200 200
handoff:sla_policy_new        GET  -             login 403 403 403 403 200
handoff:sla_policy_new        POST -             login 403 403 403 403 303
handoff:sla_policy            GET  policy        login 403 403 403 403 200
handoff:sla_policy            POST policy        login 403 403 403 403 303
handoff:sla_policy_press      POST policy_up     login 403 403 403 403 303
handoff:sla_marketing         GET  -             login 403 403 403 403 200
handoff:sla_marketing         POST -             login 403 403 403 403 303
handoff:sla_rehearsal         GET  promise       login 403 403 403 403 200
handoff:sla_trial             GET  -             login 403 200 200 200 200
handoff:sla_moves             GET  -             login 403 403 403 403 200
handoff:sla_compliance        GET  -             login 403 200 200 200 200
handoff:sla_promises          GET  -             login 403 200 200 200 200
handoff:sla_handoffs          GET  -             login 403 200 200 200 200
handoff:outcomes              GET  -             login 403 200 200 200 200
handoff:outcomes_effect       GET  -             login 403 200 200 200 200
handoff:disagreements         GET  -             login 403 200 200 200 200
handoff:outcomes_edit         GET  -             login 403 403 403 403 200
handoff:outcomes_edit         POST -             login 403 403 403 403 303
handoff:routing               GET  -             login 403 200 200 200 200
handoff:routing_rule_new      GET  -             login 403 403 403 403 200
handoff:routing_rule_new      POST -             login 403 403 403 403 303
handoff:routing_rule          GET  rule          login 403 403 403 403 200
handoff:routing_rule          POST rule          login 403 403 403 403 303
handoff:routing_rule_press    POST rule_up       login 403 403 403 403 303
handoff:pool_new              GET  -             login 403 403 403 403 200
handoff:pool_new              POST -             login 403 403 403 403 303
handoff:pool                  GET  pool          login 403 403 403 403 200
handoff:pool                  POST pool          login 403 403 403 403 303
handoff:pool_returns          POST -             login 403 403 403 403 200
handoff:pool_delete           POST pool          login 403 403 403 403 303
handoff:routing_otherwise     GET  -             login 403 403 403 403 200
handoff:routing_otherwise     POST -             login 403 403 403 403 303
handoff:routing_try           GET  -             login 403 200 200 200 200
handoff:routing_log           GET  -             login 403 200 200 200 200
handoff:routing_rehearsal     GET  -             login 403 200 200 200 200
handoff:why                   GET  free          login 403 200 200 200 200
handoff:why                   GET  foreign       login 403 404 404 200 200
handoff:policy_publish        GET  section       login 403 403 403 403 200
handoff:policy_publish        POST drafted       login 403 403 403 403 303
handoff:policy_discard        POST section       login 403 403 403 403 303
handoff:policy_versions       GET  section       login 403 200 200 200 200
handoff:policy_roll_back      POST version       login 403 403 403 403 303
handoff:calendars             GET  -             login 403 200 200 200 200
handoff:calendar_new          GET  -             login 403 403 200 403 200
handoff:calendar_new          POST -             login 403 403 303 403 303
handoff:calendar_preview      POST -             login 403 403 200 403 200
handoff:calendar_year         GET  calendar      login 403 200 200 200 200
handoff:calendar_take_over    POST year          login 403 403 403 403 303
handoff:calendar_take_over    POST team_year     login 403 403 303 403 303
handoff:calendar_delete       GET  calendar      login 403 403 403 403 200
handoff:calendar_delete       POST calendar      login 403 403 403 403 422
handoff:calendar_delete       GET  team_calendar login 403 403 200 403 200
handoff:calendar_delete       POST team_calendar login 403 403 303 403 303
handoff:calendar_edit         GET  calendar      login 403 403 403 403 200
handoff:calendar_edit         POST calendar      login 403 403 403 403 303
handoff:closing_add           POST calendar      login 403 403 403 403 303
handoff:calendar_use          POST calendar      login 403 403 302 403 302
handoff:calendar_edit         GET  team_calendar login 403 403 200 403 200
handoff:calendar_edit         POST team_calendar login 403 403 303 403 303
handoff:closing_add           POST team_calendar login 403 403 303 403 303
handoff:calendar_use          POST team_calendar login 403 403 302 403 302
handoff:closing_drop          POST closing       login 403 403 403 403 303
handoff:retry_plans           GET  -             login 403 403 200 403 200
handoff:retry_plan            GET  own_team      login 403 403 200 403 200
handoff:retry_plan            POST own_team      login 403 403 303 403 303
handoff:unattended            GET  -             login 403 200 200 200 200
handoff:unattended_count      GET  -             login 403 200 200 200 200
handoff:give                  GET  idle_lead     login 403 200 200 200 200
handoff:give                  POST idle_lead     login 403 303 303 303 303
handoff:todos                 GET  -             login 403 200 200 200 200
handoff:lead_todos            GET  todo_lead     login 403 200 200 200 200
handoff:todo_add              GET  todo_lead     login 403 200 200 200 200
handoff:todo_add              POST todo_lead     login 403 422 422 422 422
handoff:todo_change           GET  todo          login 403 200 200 200 200
handoff:todo_change           POST todo          login 403 422 422 422 422
handoff:todo_finish           POST todo          login 403 303 303 303 303
handoff:todo_reopen           POST todo          login 403 303 303 303 303
handoff:reject_reasons        GET  -             login 403 200 200 200 200
handoff:reject_reasons_new    GET  -             login 403 403 403 403 200
handoff:reject_reasons_new    POST -             login 403 403 403 403 303
handoff:reject_reasons_edit   GET  reason        login 403 403 403 403 200
handoff:reject_reasons_edit   POST reason        login 403 403 403 403 303
handoff:reject_reasons_switch GET  reason        login 403 403 403 403 200
handoff:reject_reasons_switch POST reason        login 403 403 403 403 303
handoff:lost_reasons          GET  -             login 403 200 200 200 200
handoff:lost_reasons_new      GET  -             login 403 403 403 403 200
handoff:lost_reasons_new      POST -             login 403 403 403 403 303
handoff:lost_reasons_edit     GET  lost_reason   login 403 403 403 403 200
handoff:lost_reasons_edit     POST lost_reason   login 403 403 403 403 303
handoff:lost_reasons_switch   GET  lost_reason   login 403 403 403 403 200
handoff:lost_reasons_switch   POST lost_reason   login 403 403 403 403 303
"""


def source_filter(world: Any) -> dict[str, Any]:
    return {"name": "source"}


def colleague(world: Any) -> dict[str, Any]:
    """The rep, who has a lead."""
    return {"pk": claimed_by(world.rep).owner_id}


def free(world: Any) -> dict[str, Any]:
    """Waiting in the team's queue."""
    return {"pk": handoff_of().pk}


def own(world: Any) -> dict[str, Any]:
    """Claimed by the rep."""
    return {"pk": claimed_by(world.rep).pk}


def contacted(world: Any) -> dict[str, Any]:
    """Contacted by the rep."""
    return {"pk": contacted_by(world.rep).pk}


def running(world: Any) -> dict[str, Any]:
    """The rep's own, whose first contact is due in days."""
    return {"pk": claimed_by(world.rep, at=timezone.now()).pk}


def paused(world: Any) -> dict[str, Any]:
    """Contacted by the rep, who waits for an answer."""
    handoff = contacted_by(world.rep)
    pause_handoff(handoff=handoff, by=world.rep, until=CONTACT + timedelta(days=1), now=CONTACT)
    return {"pk": handoff.pk}


def grown(world: Any) -> dict[str, Any]:
    """An opportunity of the rep."""
    handoff = contacted_by(world.rep)
    record_result(handoff=handoff, by=world.rep, result="opportunity", now=CONTACT)
    return {"pk": handoff.pk}


def rated(world: Any) -> dict[str, Any]:
    """Contacted by the rep, who says that it was good."""
    return {**contacted(world), "answer": "good"}


def lost_reason(world: Any) -> dict[str, Any]:
    return {"pk": LostReason.objects.get(code="price").pk}


def helped(world: Any) -> dict[str, Any]:
    """Given to the helper, who has not claimed it yet."""
    handoff = handoff_of()
    assign_handoff(handoff=handoff, to=world.outsourced, by=world.manager, now=CONTACT)
    return {"pk": handoff.pk}


def foreign(world: Any) -> dict[str, Any]:
    """Waiting in another team's queue."""
    handoff = handoff_of()
    requeue_handoff(handoff=handoff, team=world.other_team, by=world.admin, now=CONTACT)
    return {"pk": handoff.pk}


def lead(world: Any) -> dict[str, Any]:
    return {"pk": handoff_of().lead_id}


def rule(world: Any) -> dict[str, Any]:
    """The first of the shipped rules."""
    return {"place": 0}


def rule_up(world: Any) -> dict[str, Any]:
    return {"place": 1, "do": "up"}


def pool(world: Any) -> dict[str, Any]:
    """A pool in the draft."""
    policy = policy_of("routing")
    document = policy.current.document | {
        "pools": [{"name": "Osaka", "team": world.team.pk, "members": [{"person": world.rep.pk}]}]
    }
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=world.admin, now=CONTACT)
    return {"place": 0}


def gate(world: Any) -> dict[str, Any]:
    """Two gates in the draft."""
    known = {"field": "region", "op": "known"}
    document = {"gates": [{"name": name, "when": known} for name in ("Region", "Again")]}
    policy = policy_of("gates")
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=world.admin, now=CONTACT)
    return {"place": 1}


def gate_up(world: Any) -> dict[str, Any]:
    return gate(world) | {"do": "up"}


def section(world: Any) -> dict[str, Any]:
    return {"section": "routing"}


def drafted(world: Any) -> dict[str, Any]:
    """The same, with something to publish."""
    pool(world)
    return section(world)


def version(world: Any) -> dict[str, Any]:
    return {"section": "routing", "number": 1}


def todo(world: Any) -> dict[str, Any]:
    """The rep's, for a lead of the rep."""
    owned = LeadFactory(owner=world.rep, team=world.team)
    made = add_todo(lead=owned, by=world.rep, kind="call", text="", due_at=CONTACT, owner=world.rep, now=CONTACT)
    return {"pk": made.pk}


def todo_lead(world: Any) -> dict[str, Any]:
    """Of the rep."""
    return {"pk": LeadFactory(owner=world.rep, team=world.team).pk}


def idle_lead(world: Any) -> dict[str, Any]:
    """In nobody's hands, of the rep's team."""
    return {"pk": score_of(LeadFactory(team=world.team), 0).lead_id}


def scored(world: Any) -> dict[str, Any]:
    """A lead in nobody's hands, and the model that scores it."""
    score = score_of(LeadFactory(team=world.team), 0)
    return {"pk": score.lead_id, "model": score.model_id}


def policy(world: Any) -> dict[str, Any]:
    """The one for all leads."""
    return {"place": 0}


def policy_up(world: Any) -> dict[str, Any]:
    """The second of two policies above the last one."""
    last = {"name": "", "first_contact": {"amount": 3, "mode": "business_days"}}
    above = [
        {
            "name": name,
            "when": {"field": "region", "op": "=", "value": name},
            "result": {"amount": 1, "mode": "elapsed_hours"},
        }
        for name in ("Kansai", "Kanto")
    ]
    found = policy_of("sla")
    document = {"policies": [*above, last]}
    save_policy_draft(policy=found, document=document, seen=found.token, by=world.admin, now=CONTACT)
    return {"place": 1, "do": "up"}


def promise(world: Any) -> dict[str, Any]:
    return {"promise": "result"}


def calendar(world: Any) -> dict[str, Any]:
    """The default calendar, which every team works by."""
    return {"pk": Calendar.objects.get(is_default=True).pk}


def team_calendar(world: Any) -> dict[str, Any]:
    """A calendar that only the manager's team works by."""
    made = Calendar.objects.create(name="Ours")
    made.teams.create(team=world.team)
    return {"pk": made.pk}


def year(world: Any) -> dict[str, Any]:
    return {**calendar(world), "year": 2030}


def team_year(world: Any) -> dict[str, Any]:
    return {**team_calendar(world), "year": 2030}


def view(world: Any) -> dict[str, Any]:
    """A view of the rep."""
    return {"pk": SavedFilter.objects.create(user=world.rep, page="queue", name="Mine", query="tab=mine").pk}


def own_team(world: Any) -> dict[str, Any]:
    """The team of the rep and the manager."""
    return {"pk": world.team.pk}


def closing(world: Any) -> dict[str, Any]:
    made = Calendar.objects.get(is_default=True)
    return {"pk": made.pk, "closing_pk": Closing.objects.create(calendar=made, day="2030-01-02", name="New Year").pk}


def absence(world: Any) -> dict[str, Any]:
    """Of the rep."""
    return {"pk": Absence.objects.create(person=world.rep, **AWAY).pk}


def reason(world: Any) -> dict[str, Any]:
    return {"pk": RejectReason.objects.get(code="too_early").pk}


OBJECTS = {
    each.__name__: each
    for each in (
        source_filter,
        colleague,
        free,
        own,
        contacted,
        paused,
        running,
        grown,
        rated,
        lost_reason,
        helped,
        foreign,
        lead,
        idle_lead,
        scored,
        todo,
        todo_lead,
        rule,
        rule_up,
        pool,
        gate,
        gate_up,
        section,
        drafted,
        version,
        policy,
        policy_up,
        promise,
        calendar,
        team_calendar,
        year,
        team_year,
        own_team,
        view,
        closing,
        absence,
        reason,
    )
}
LEVELS = ("high", "middle", "low")
AWAY = {"starts_at": "2035-01-01T00:00Z", "ends_at": "2035-01-05T00:00Z"}
TYPED = {"starts_at": "2035-01-01T09:00", "ends_at": "2035-01-05T09:00"}
HOURS = {f"day_{number}": "9:00-12:00, 13:00-18:00" for number in range(5)}


def token(section: str = "routing") -> dict[str, str]:
    """The state of a draft, as its page sends it back."""
    return {"seen": policy_of(section).token}


def typed_gate(world: Any) -> dict[str, Any]:
    row = {"when-0-subject": "field:region", "when-0-op": "known"}
    rows = {"when-TOTAL_FORMS": "1", "when-INITIAL_FORMS": "0"}
    return {**token("gates"), **rows, **row, "name": "Where", "joined": "all", "effect": "block"}


def typed_rule(world: Any) -> dict[str, Any]:
    rows = {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"}
    return {**token(), **rows, "name": "All", "joined": "all", "to": f"team:{world.team.pk}", "away": "team"}


def typed_pool(world: Any) -> dict[str, Any]:
    typed = {"name": "Nara", "team": world.team.pk, "turns": "weighted"}
    return {**token(), **typed, f"weight_{world.rep.pk}": "1"}


def typed_outcomes(world: Any) -> dict[str, Any]:
    reasons = {f"reason_{reason.code}": "nurture" for reason in RejectReason.objects.filter(is_active=True)}
    cells = {f"cell_{column}_{row}": "hand_over" for column in LEVELS for row in LEVELS}
    return {**token("outcomes"), **reasons, **cells, "requests": "hand_over"}


FORMS = {
    "handoff:merge_effect GET": lambda world: {"lead": LeadFactory(team=world.team).pk},
    "handoff:outcomes_edit POST": typed_outcomes,
    "handoff:gate_new POST": typed_gate,
    "handoff:gate POST": typed_gate,
    "handoff:gate_press POST": lambda world: token("gates"),
    "handoff:gates_told POST": lambda world: {**token("gates"), "tell": "manager"},
    "handoff:ownership POST": lambda world: {**token("gates"), "shared": 30, "sales": 60},
    "handoff:routing_rule_new POST": typed_rule,
    "handoff:routing_rule POST": typed_rule,
    "handoff:routing_rule_press POST": lambda world: token(),
    "handoff:pool_new POST": typed_pool,
    "handoff:pool POST": typed_pool,
    "handoff:pool_delete POST": lambda world: token(),
    "handoff:routing_otherwise POST": lambda world: {**token(), "otherwise": world.team.pk},
    "handoff:policy_publish POST": lambda world: {**token(), "note": "As agreed"},
    "handoff:contact POST": lambda world: {"at": "2026-07-21T17:00", "channel": "phone", "outcome": "spoke"},
    "handoff:reject POST": lambda world: {"reason": RejectReason.objects.get(code="too_early").pk},
    "handoff:result POST": lambda world: {"result": "opportunity", "currency": "JPY"},
    "handoff:give POST": lambda world: {"reason": "Met at the fair"},
    "handoff:view_save POST": lambda world: {"name": "Large", "query": "tab=team&score=80"},
    "handoff:bulk POST": lambda world: {"act": "claim"},
    "handoff:skip POST": lambda world: {"reason": "later"},
    "handoff:retry_plan POST": lambda world: {
        "amount_1": 2, **{f"unit_{number}": "business_hours" for number in range(1, 6)},
    },
    "handoff:deal POST": lambda world: {"revenue": "5", "currency": "JPY"},
    "handoff:rate POST": lambda world: {"answer": "good"},
    "handoff:lost_reasons_new POST": lambda world: {"code": "weather", "label_en": "Weather", "label_ja": "天候"},
    "handoff:lost_reasons_edit POST": lambda world: {"code": "price", "label_en": "Cost", "label_ja": "費用"},
    "handoff:due POST": lambda world: {"due_at": "2035-01-01T09:00", "reason": "Agreed", "promise": "first_contact"},
    "handoff:pause POST": lambda world: {"until": "2035-01-01T09:00"},
    "handoff:snooze POST": lambda world: {"until": "2035-01-01T09:00"},
    "handoff:assign POST": lambda world: {"to": world.manager.pk},
    "handoff:move POST": lambda world: {"way": "team"},
    "handoff:step_away POST": lambda world: {"end": "tomorrow", "leads": "stay"},
    "handoff:absence_preview POST": lambda world: {"person": world.rep.pk, **TYPED},
    "handoff:absence_new POST": lambda world: {"person": world.rep.pk, **TYPED},
    "handoff:absence_edit POST": lambda world: {"person": world.rep.pk, **TYPED},
    "handoff:call_rules POST": lambda world: {"rest_minutes": 30, "near_points": 10},
    "handoff:sla_policy_new POST": lambda world: sla_form(name="Kansai", is_conditional=True),
    "handoff:sla_policy POST": lambda world: sla_form(),
    "handoff:sla_policy_press POST": lambda world: {"seen": policy_of("sla").token},
    "handoff:sla_marketing POST": lambda world: {"seen": policy_of("sla").token, "per_week": 10, "accepted": 60},
    "handoff:calendar_new POST": lambda world: {"name": "New", "timezone": "Asia/Tokyo", **HOURS},
    "handoff:calendar_edit POST": lambda world: {"name": "Changed", "timezone": "Asia/Tokyo", **HOURS},
    "handoff:calendar_preview POST": lambda world: {"timezone": "Asia/Tokyo", **HOURS},
    "handoff:closing_add POST": lambda world: {"day": "2030-01-03", "name": "New Year"},
    "handoff:calendar_delete POST": lambda world: {
        "successor": Calendar.objects.filter(is_default=True).values_list("pk", flat=True).first(),
    },
    "handoff:calendar_use POST": lambda world: {"team": world.team.pk},
    "handoff:reject_reasons_new POST": lambda world: {
        "code": "other", "label_en": "Other", "label_ja": "その他", "effect": "nurture",
    },
    "handoff:reject_reasons_edit POST": lambda world: {
        "code": "too_early", "label_en": "Early", "label_ja": "早い", "effect": "nurture",
    },
}  # fmt: skip
