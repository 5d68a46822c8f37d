"""Gates: what must be known before a lead is handed over, decided a batch at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from handoff.actions import give_to_sales, open_handoffs
from handoff.actions.policy import publish_policy, save_policy_draft
from handoff.enums import HandoffState, HeldEnd, PolicySection
from handoff.errors import GatesError, PolicyProblemsError
from handoff.invariants import episodes_handed_over
from handoff.models import Deadline, Handoff, HeldBack
from handoff.queries.policy import policy_of, problems_of
from handoff.queries.unattended import unattended
from handoff.wording import step_details
from leads.actions.decisions import nurture_lead
from leads.models import Lead
from notices.models import OutboxMessage
from scoring.models import Episode, LeadScore, Version
from tests.clients import as_
from tests.factories import LeadFactory
from tests.handoff.world import DOCUMENT, FRIDAY, episode, model, score_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
KNOWN = {"field": "region", "op": "known"}
PHONE = {"field": "phone", "op": "known"}


def gate(name: str = "Region is known", when: Any = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "when": when or KNOWN, "effect": "block", **more}


def put_in_force(admin: User, *gates: dict[str, Any], **more: Any) -> None:
    policy = policy_of(PolicySection.GATES)
    document = {"gates": list(gates), **more}
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=admin, now=FRIDAY - MINUTE)
    publish_policy(policy=policy, by=admin, note="", now=FRIDAY - MINUTE)


def hot(*leads: Lead) -> list[Episode]:
    episodes = [episode(lead) for lead in leads]
    for lead in leads:
        score_of(lead)
    open_handoffs(now=FRIDAY)
    return episodes


def test_a_blocking_gate_keeps_a_hot_lead_from_sales_and_says_which(team, admin) -> None:
    put_in_force(admin, gate(), gate("Has a phone", PHONE))
    [found] = hot(LeadFactory(region="", phone="+81312345678"))
    held = HeldBack.objects.get()
    assert (Handoff.objects.count(), held.episode, held.gates, held.since, held.ended_at) == (
        0, found, ["Region is known"], FRIDAY, None,
    )  # fmt: skip
    assert list(episodes_handed_over(FRIDAY + timedelta(days=1))) == []
    assert list(unattended(admin)) == []


def test_the_gate_opens_by_itself_when_the_missing_data_arrive_and_the_sla_starts_then(team, admin) -> None:
    put_in_force(admin, gate())
    lead = LeadFactory(region="")
    [found] = hot(lead)
    Lead.objects.filter(pk=lead.pk).update(region="Kansai")
    later = FRIDAY + timedelta(days=4)
    open_handoffs(now=later)
    handoff = Handoff.objects.get(episode=found)
    assert (handoff.state, handoff.queued_at, handoff.warnings) == (HandoffState.QUEUED, later, [])
    assert Deadline.objects.get(handoff=handoff).started_at == later
    held = HeldBack.objects.get()
    assert (held.end, held.ended_at) == (HeldEnd.HANDED_OVER, later)
    assert "held back since" in step_details(handoff.steps.get())


def test_a_warning_gate_hands_over_with_the_warning(team, admin) -> None:
    put_in_force(admin, gate(effect="warn"))
    hot(LeadFactory(region=""), LeadFactory(region="Kansai"))
    assert [row.warnings for row in Handoff.objects.order_by("pk")] == [["Region is known"], []]
    assert HeldBack.objects.count() == 0


def test_gates_of_a_batch_are_decided_by_one_statement(team, admin) -> None:
    put_in_force(admin, gate(), gate("Has a phone", PHONE))

    def asked(leads: list[Lead]) -> int:
        for lead in leads:
            episode(lead)
            score_of(lead)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            open_handoffs(now=FRIDAY)
        return sum("AS matches" in query["sql"] or "matches FROM" in query["sql"] for query in queries)

    assert asked([LeadFactory(region="")]) == asked(LeadFactory.create_batch(30, region="")) == 1


def two_definitions() -> Version:
    """The model has a hot definition by total, and one for requests."""
    scored_by = model()
    total = {"score": "total", "op": ">=", "value": 70}
    request = {"activity": "quote_request", "count": {"op": ">=", "value": 1}}
    hot = [{"name": "Hot lead", "when": total}, {"name": "Asked for a quote", "when": request, "again": True}]
    scored_by.current_version = Version.objects.create(model=scored_by, number=2, document=DOCUMENT | {"hot": hot})
    scored_by.save()
    return scored_by.current_version


def test_a_gate_that_guards_one_definition_lets_who_meets_another_pass(team, admin) -> None:
    version = two_definitions()
    put_in_force(admin, gate(hot=["Hot lead"], models=["Default"]))
    [waits, asks] = LeadFactory.create_batch(2, region="")
    for lead, met in ((waits, [True, False]), (asks, [True, True])):
        episode(lead)
        score_of(lead)
        LeadScore.objects.filter(lead=lead).update(hot=met, version=version)
    open_handoffs(now=FRIDAY)
    assert (HeldBack.objects.get().lead, Handoff.objects.get().lead) == (waits, asks)


def test_who_cools_while_held_back_is_never_handed_over(team, admin) -> None:
    put_in_force(admin, gate())
    lead = LeadFactory(region="")
    [found] = hot(lead)
    Episode.objects.filter(pk=found.pk).update(ended_at=FRIDAY + MINUTE, end_cause="cooled")
    Lead.objects.filter(pk=lead.pk).update(region="Kansai")
    open_handoffs(now=FRIDAY + timedelta(hours=1))
    assert (HeldBack.objects.get().end, Handoff.objects.count()) == (HeldEnd.COOLED, 0)


def test_a_lead_that_somebody_nurtures_while_it_is_held_back_rests(team, admin, marketer) -> None:
    put_in_force(admin, gate())
    lead = LeadFactory(region="", stage="mql")
    [found] = hot(lead)
    later = FRIDAY + timedelta(hours=1)
    nurture_lead(lead=lead, by=marketer, reason="too_early", now=later)
    found.refresh_from_db()
    assert (HeldBack.objects.get().end, found.ended_at is None) == (HeldEnd.SETTLED, False)


def test_a_rep_cannot_give_a_blocked_lead_to_sales_and_reads_why(team, admin, rep) -> None:
    put_in_force(admin, gate())
    model()
    lead = LeadFactory(region="", owner=rep, team=team)
    with pytest.raises(GatesError, match="Blocked by “Region is known”"):
        give_to_sales(lead=lead, by=rep, reason="Met at the fair", now=FRIDAY)
    with pytest.raises(PermissionDenied):
        give_to_sales(lead=lead, by=rep, reason="Met at the fair", now=FRIDAY, past_gates=True)
    assert (Handoff.objects.count(), Episode.objects.count()) == (0, 0)


def test_a_manager_hands_a_blocked_lead_over_all_the_same_and_the_history_keeps_it(team, admin, manager) -> None:
    put_in_force(admin, gate())
    lead = LeadFactory(region="", team=team)
    hot(lead)
    handoff = give_to_sales(
        lead=lead, by=manager, reason="The CEO called", now=FRIDAY + MINUTE, past_gates=True
    )  # fmt: skip
    assert (handoff.state, handoff.warnings, handoff.episode.reason) == (
        HandoffState.QUEUED, ["Region is known"], "The CEO called",
    )  # fmt: skip
    assert "handed off although not met: Region is known" in step_details(handoff.steps.get())
    assert HeldBack.objects.get().end == HeldEnd.BY_HAND


def test_who_is_held_back_by_the_gate_of_one_definition_is_not_given_to_sales_past_it(
    team, admin, rep, manager
) -> None:
    two_definitions()
    put_in_force(admin, gate(hot=["Hot lead"]))
    lead = LeadFactory(region="", team=team)
    episode(lead)
    score_of(lead)
    open_handoffs(now=FRIDAY)
    with pytest.raises(GatesError):
        give_to_sales(lead=lead, by=rep, reason="Met at the fair", now=FRIDAY + MINUTE)
    later = FRIDAY + 2 * MINUTE
    handoff = give_to_sales(lead=lead, by=manager, reason="The CEO called", now=later, past_gates=True)
    assert (handoff.warnings, "although not met: Region is known" in step_details(handoff.steps.get())) == (
        ["Region is known"], True,
    )  # fmt: skip
    free = LeadFactory(region="", team=team)
    assert give_to_sales(lead=free, by=rep, reason="Met at the fair", now=later).warnings == []


def test_a_gate_that_can_no_longer_be_read_is_met_by_nobody(team, admin) -> None:
    put_in_force(admin, gate())
    version = policy_of(PolicySection.GATES).current
    version.document["gates"][0]["when"]["field"] = "custom.gone"
    version.save()
    hot(LeadFactory(region="Kansai"))
    assert HeldBack.objects.get().gates == ["Region is known"]


def test_a_new_version_is_asked_at_once(team, admin) -> None:
    put_in_force(admin, gate())
    hot(LeadFactory(region=""))
    policy = policy_of(PolicySection.GATES)
    save_policy_draft(policy=policy, document={"gates": []}, seen=policy.token, by=admin, now=FRIDAY)
    publish_policy(policy=policy, by=admin, note="", now=FRIDAY + MINUTE)
    open_handoffs(now=FRIDAY + 2 * MINUTE)
    assert Handoff.objects.get().queued_at == FRIDAY + 2 * MINUTE


def told(user: User, kind: str = "handoff.held_back") -> list[tuple[str, str, str]]:
    notices = OutboxMessage.objects.filter(user=user, kind=kind, channel="in_app").order_by("pk")
    return [(n.params.get("lead", ""), n.params["gates"], n.url) for n in notices]


def test_marketing_is_told_once_who_is_held_back_with_the_list_of_what_is_missing(team, admin, marketer, rep) -> None:
    put_in_force(admin, gate(missing="Ask where they are."))
    hot(LeadFactory(name="Sato", region=""))
    link = "/handoff/held-back/?gate=Region+is+known"
    assert told(marketer) == [("Sato", "Region is known", link)]
    assert OutboxMessage.objects.get(user=marketer, channel="email").params["missing"] == "Ask where they are."
    for minutes in (1, 6, 12):
        open_handoffs(now=FRIDAY + minutes * MINUTE)
    assert (len(told(marketer)), told(rep), told(admin)) == (1, [], [])
    assert "Sato" in as_(marketer).get(link).content.decode()


@pytest.mark.parametrize("role", ["manager", "rep", "admin"])
def test_the_section_names_who_is_told_of_held_back_leads(team, admin, manager, marketer, rep, role) -> None:
    put_in_force(admin, gate(), tell=role)
    hot(LeadFactory(name="Sato", region="", team=team))
    people = {"manager": manager, "rep": rep, "admin": admin, "marketer": marketer}
    assert [name for name, person in people.items() if told(person)] == [role]


def test_many_that_are_held_back_at_once_are_told_in_one_sentence(team, admin, marketer) -> None:
    put_in_force(admin, gate(), gate("Has a phone", PHONE))
    hot(*(LeadFactory(region="", phone="") for _number in range(6)))
    [notice] = OutboxMessage.objects.filter(user=marketer, channel="in_app")
    assert (notice.kind, notice.params["count"], notice.url) == ("handoff.held_back_many", 6, "/handoff/held-back/")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], ""),
        ({"gate": []}, "gate"),
        ({"gates": {}}, "gates"),
        ({"gates": [gate("")]}, "gates[0].name"),
        ({"gates": [gate(), gate()]}, "gates[1].name"),
        ({"gates": [{"name": "Empty"}]}, "gates[0].when"),
        ({"gates": [gate(when={"field": "nothing", "op": "known"})]}, "gates[0].when.field"),
        ({"gates": [gate(effect="stop")]}, "gates[0].effect"),
        ({"gates": [gate(effect=["block"])]}, "gates[0].effect"),
        ({"gates": [gate(hot=["Unheard of"])]}, "gates[0].hot[0]"),
        ({"gates": [gate(models="Default")]}, "gates[0].models"),
        ({"gates": [gate(missing=5)]}, "gates[0].missing"),
        ({"gates": [gate(mising="Ask")]}, "gates[0].mising"),
        ({"gates": [], "tell": "outsourced"}, "tell"),
        ({"gates": [], "ownership": 5}, "ownership"),
        ({"gates": [], "ownership": {"shared": 0, "sales": 70}}, "ownership.shared"),
        ({"gates": [], "ownership": {"shared": 80, "sales": 70}}, "ownership.sales"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_gates_says_where(document, path) -> None:
    assert [problem.path for problem in problems_of(PolicySection.GATES, document)] == [path]


def test_gates_with_problems_are_not_published(admin) -> None:
    with pytest.raises(PolicyProblemsError):
        put_in_force(admin, gate(hot=["Unheard of"]))
