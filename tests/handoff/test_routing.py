"""Who gets a lead: rules in order, pools in turns, never nobody and never everybody."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Team, User
from handoff.actions import claim_handoff, release_handoff
from handoff.actions.absences import save_absence
from handoff.actions.policy import publish_policy, roll_back_policy, save_policy_draft
from handoff.enums import HandoffState, PolicySection
from handoff.errors import PolicyConflictError, PolicyProblemsError, RefusedError
from handoff.forms.steps import AssignForm
from handoff.models import Absence, Handoff, PoolTurn
from handoff.policy.routing import read_routing
from handoff.queries.policy import changes_of, policy_of
from handoff.queries.rehearsal import rehearse_routing
from handoff.queries.routes import caught_by_rule, routes_of, trial_of
from handoff.wording import step_details
from notices.models import OutboxMessage
from scoring.queries.catalog import catalog
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, UserFactory
from tests.handoff.routed import KANSAI, hot, pooled, put_in_force
from tests.handoff.world import FRIDAY, handoff_of, model

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_external_staff_are_given_leads_by_hand_only_and_are_not_called_inactive(team, admin, helper, rep, other_rep):
    handoff = hot(LeadFactory(team=team))[0]
    offered = dict(AssignForm(by=admin, handoff=handoff).fields["to"].choices)
    assert str(offered[helper.pk]) == f"{helper}: external staff"
    put_in_force(pooled(team, (other_rep, 9), (rep, 1)), admin)
    User.objects.filter(pk=other_rep.pk).update(role=Role.OUTSOURCED)
    given = hot(LeadFactory(team=team))[0]
    passed = given.steps.get(params__has_key="passed").params["passed"]
    assert (given.owner, [(each["name"], each["reason"]) for each in passed]) == (rep, [(str(other_rep), "external")])


@pytest.fixture
def three(team: Team) -> list[User]:
    return [UserFactory(name=name, team=team, capacity=500) for name in ("Ueda", "Kondo", "Hara")]


def test_the_first_rule_that_matches_decides_and_the_rest_go_to_the_team_of_all_others(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1), when=KANSAI), admin)
    [osaka] = hot(LeadFactory(region="Kansai"))
    [other] = hot(LeadFactory(region="Kanto"))
    assert (osaka.owner, osaka.team, osaka.routed_by, other.owner, other.routed_by) == (
        three[0], team, "pool", None, "default_team",
    )  # fmt: skip


def test_a_pool_gives_its_leads_in_turns_by_weight(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 2), (three[1], 1), (three[2], 1)), admin)
    owners = Counter(handoff.owner for handoff in hot(*LeadFactory.create_batch(40)))
    assert owners == {three[0]: 20, three[1]: 10, three[2]: 10}


def test_who_is_absent_full_for_the_day_or_speaks_another_language_is_passed_over_with_the_reason(
    admin, team, three
) -> None:
    ueda, kondo, hara = three
    User.objects.filter(pk=ueda.pk).update(speaks=["ja"])
    User.objects.filter(pk__in=(kondo.pk, hara.pk)).update(speaks=["ja", "en"])
    User.objects.filter(pk=hara.pk).update(daily_capacity=1)
    put_in_force(pooled(team, (ueda, 1), (kondo, 1), (hara, 1), language="lead"), admin)
    Absence.objects.create(person=kondo, starts_at=FRIDAY - HOUR, ends_at=FRIDAY + HOUR)
    [first] = hot(LeadFactory(language="en"))
    [second] = hot(LeadFactory(language="en"), at=FRIDAY + timedelta(minutes=1))
    assert (first.owner, second.owner, second.routed_by) == (hara, None, "overflow")
    details = step_details(second.steps.get(kind="queued"))
    assert "Ueda: doesn’t speak the lead’s language" in details
    assert "Kondo: away until" in details
    assert "Hara: at the limit of new leads a day (1 of 1)" in details


def test_everybody_absent_means_overflow_and_an_alert_never_everybody(admin, team, three, manager) -> None:
    put_in_force(pooled(team, (three[0], 1)), admin)
    Absence.objects.create(person=three[0], starts_at=FRIDAY - HOUR, ends_at=FRIDAY + HOUR)
    [handoff] = hot(LeadFactory())
    assert (handoff.owner, handoff.team, handoff.routed_by) == (None, team, "overflow")
    assert OutboxMessage.objects.filter(kind="handoff.overflow", user=manager).exists()


def test_a_rule_that_names_what_is_gone_sends_its_leads_to_overflow(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1), when=KANSAI), admin)
    policy = policy_of(PolicySection.ROUTING)
    policy.current.document["rules"][0]["when"]["field"] = "custom.gone"
    policy.current.save()
    [handoff] = hot(LeadFactory(region="Kansai"))
    assert (handoff.owner, handoff.routed_by) == (None, "overflow")
    assert "names something that’s no longer there" in [rule.verdict for rule in routes_of(handoff)[0][1].rules]


def test_colleagues_of_a_company_go_to_the_rep_who_has_it(rep, other_rep) -> None:
    company = CompanyFactory()
    handoff_of(owner=rep, company=company)
    [colleague] = hot(LeadFactory(company=company))
    assert (colleague.owner, colleague.routed_by) == (rep, "colleague")


def test_who_gave_a_lead_back_is_not_offered_it_again_and_loses_it_at_once(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1), (three[1], 1)), admin)
    [handoff] = hot(LeadFactory())
    first = handoff.owner
    claim_handoff(handoff=handoff, by=first, now=FRIDAY + HOUR)
    release_handoff(handoff=handoff, by=first, now=FRIDAY + HOUR)
    handoff.refresh_from_db()
    second = handoff.owner
    assert {first, second} == set(three[:2])
    claim_handoff(handoff=handoff, by=second, now=FRIDAY + 2 * HOUR)
    release_handoff(handoff=handoff, by=second, now=FRIDAY + 2 * HOUR)
    handoff.refresh_from_db()
    assert (handoff.owner, handoff.state) == (None, HandoffState.QUEUED)


# --- drafts, versions, trials ----------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_until_it_is_published_and_a_version_can_be_put_back(admin, team, three) -> None:
    policy = policy_of(PolicySection.ROUTING)
    first = policy.current
    save_policy_draft(policy=policy, document=pooled(team, (three[0], 1)), seen=policy.token, by=admin, now=FRIDAY)
    assert hot(LeadFactory())[0].owner is None
    publish_policy(policy=policy, by=admin, note="Osaka", now=FRIDAY)
    assert hot(LeadFactory())[0].owner == three[0]
    again = roll_back_policy(policy=policy, to=first, by=admin, note="", now=FRIDAY)
    assert (again.number, again.document, hot(LeadFactory())[0].owner) == (3, first.document, None)


def test_two_people_who_edit_at_once_do_not_overwrite_each_other(admin, team, three) -> None:
    policy = policy_of(PolicySection.ROUTING)
    seen = policy.token
    save_policy_draft(policy=policy, document=pooled(team, (three[0], 1)), seen=seen, by=admin, now=FRIDAY)
    with pytest.raises(PolicyConflictError):
        save_policy_draft(policy=policy, document={"rules": []}, seen=seen, by=admin, now=FRIDAY)
    assert len(policy_of(PolicySection.ROUTING).draft["rules"]) == 1


def test_what_is_wrong_with_a_draft_keeps_it_from_being_published(admin, team) -> None:
    policy = policy_of(PolicySection.ROUTING)
    broken = {"rules": [{"name": "", "when": {"field": "nope", "op": "="}, "to": {"aim": "pool", "pool": "Gone"}}]}
    save_policy_draft(policy=policy, document=broken, seen=policy.token, by=admin, now=FRIDAY)
    with pytest.raises(PolicyProblemsError) as refused:
        publish_policy(policy=policy, by=admin, note="", now=FRIDAY)
    assert [problem.path for problem in refused.value.problems] == [
        "rules[0].name",
        "rules[0].when.value",
        "rules[0].to.pool",
    ]


def test_trying_a_lead_says_who_would_get_it_and_leaves_no_trace(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1), (three[1], 1)), admin)
    model()
    lead = LeadFactory()
    tried = [trial_of(lead, is_draft=False, now=FRIDAY) for _time in range(3)]
    assert [told.candidates[0].name for told in tried if told] == ["Ueda"] * 3
    assert (PoolTurn.objects.exclude(credit=0).exists(), Handoff.objects.exists()) == (False, False)
    assert hot(lead)[0].owner == three[0]


def test_a_rule_that_follows_the_lead_says_what_the_lead_lacks(admin, team, three) -> None:
    aims = [{"name": "", "to": {"aim": aim}} for aim in ("owner", "colleague", "lead_team")]
    put_in_force({"rules": aims}, admin)
    model()
    told = trial_of(LeadFactory(owner=None, team=None, company=None), is_draft=False, now=FRIDAY)
    assert [rule.verdict for rule in told.rules] == [
        "the lead has no owner", "no one has another lead of the company", "the lead has no team",
    ]  # fmt: skip
    marketer = UserFactory(role=Role.MARKETER)
    told = trial_of(LeadFactory(owner=marketer, team=None), is_draft=False, now=FRIDAY)
    assert told.rules[0].verdict == "that user doesn’t work leads in an active team"


def test_a_rule_without_a_name_is_called_after_who_gets_its_leads(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1)), admin)
    client, nothing = as_(admin), {"when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0", "joined": "all", "name": " "}
    for to in ("pool:Osaka", "pool:Osaka", f"team:{team.pk}", f"person:{three[1].pk}", "owner"):
        seen = {"seen": policy_of(PolicySection.ROUTING).token}
        made = client.post(reverse("handoff:routing_rule_new"), nothing | seen | {"to": to, "away": "team"})
        assert made.status_code == 303
    names = [rule["name"] for rule in policy_of(PolicySection.ROUTING).draft["rules"]]
    assert names == ["To Osaka", "Osaka", "Osaka (2)", "Tokyo", "Kondo", ""]


def test_why_this_rep_is_told_for_ever_with_rules_candidates_and_turns(admin, team, three) -> None:
    three[1].capacity = 0
    three[1].save()
    put_in_force(pooled(team, (three[0], 1), (three[1], 1), when=KANSAI), admin)
    [handoff] = hot(LeadFactory(region="Kansai"))
    put_in_force({"rules": []}, admin)
    page = as_(admin).get(reverse("handoff:why", args=[handoff.pk])).content.decode()
    for words in ("Kansai", "Osaka", "Ueda", "at the limit (0 of 0)", "got it", "version 2"):
        assert words in page, words


def test_the_routing_page_edits_rules_and_pools_and_publishes_them(admin, team, three) -> None:
    client, page = as_(admin), reverse("handoff:routing")
    token = policy_of(PolicySection.ROUTING).token
    made = client.post(
        reverse("handoff:pool_new"),
        {"seen": token, "name": "Osaka", "team": team.pk, "turns": "weighted", f"weight_{three[0].pk}": "2"},
    )
    assert (made.status_code, made.headers["Location"]) == (303, page)
    rows = {"when-TOTAL_FORMS": "1", "when-INITIAL_FORMS": "0"}
    row = {"when-0-subject": "field:region", "when-0-op": "=", "when-0-value": "Kansai", "when-0-level": "0"}
    rule = {"name": "Kansai", "joined": "all", "to": "pool:Osaka", "away": "team"}
    token = policy_of(PolicySection.ROUTING).token
    refused = client.post(reverse("handoff:routing_rule_new"), {"seen": "0.0", **rows, **row, **rule})
    assert (refused.status_code, "Someone else has changed the draft" in refused.content.decode()) == (422, True)
    assert client.post(reverse("handoff:routing_rule_new"), {"seen": token, **rows, **row, **rule}).status_code == 303
    shown = client.get(page).content.decode()
    assert all(words in shown for words in ("Kansai", "pool “Osaka”", "Ueda", "not published", "Draft with"))
    for _time in range(3):
        token = policy_of(PolicySection.ROUTING).token
        place = next(
            place for place, each in enumerate(policy_of("routing").draft["rules"]) if each.get("name") == "Kansai"
        )
        client.post(reverse("handoff:routing_rule_press", args=[place, "up"]), {"seen": token})
    assert policy_of(PolicySection.ROUTING).draft["rules"][0]["name"] == "Kansai"
    token = policy_of(PolicySection.ROUTING).token
    publish = reverse("handoff:policy_publish", args=["routing"])
    assert "Kansai" in client.get(publish).content.decode()
    assert client.post(publish, {"seen": token, "note": "Kansai goes to Osaka"}).status_code == 303
    assert hot(LeadFactory(region="Kansai"))[0].owner == three[0]
    assert "Kansai goes to Osaka" in client.get(reverse("handoff:policy_versions", args=["routing"])).content.decode()


def test_the_leads_that_a_rule_took_are_listed_under_whatever_version_it_stood(admin, team, three, manager) -> None:
    put_in_force(pooled(team, (three[0], 1), when=KANSAI), admin)
    hot(LeadFactory(region="Kansai", name="Sato"), LeadFactory(region="Kanto", name="Mori"))
    document = policy_of(PolicySection.ROUTING).current.document
    put_in_force(document | {"rules": [{"name": "", "to": {"aim": "owner"}}, *document["rules"]]}, admin)
    assert list(caught_by_rule(FRIDAY + HOUR).values()) == [1, 1]
    took, none = (
        as_(manager).get(reverse("handoff:routing_log"), query).content.decode() for query in ({"rule": 1}, {})
    )
    assert ("Sato" in took, "Mori" in took, "Sato" in none, "Mori" in none) == (True, False, False, True)


def test_a_draft_is_rehearsed_on_the_leads_of_the_last_days_by_name(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1), when=KANSAI), admin)
    leads = [LeadFactory(region=region, created_at=FRIDAY - HOUR) for region in ("Kansai", "Kanto", "Kansai")]
    for minute, lead in enumerate(leads):
        hot(lead, at=FRIDAY + timedelta(minutes=minute))
    published = read_routing(policy_of(PolicySection.ROUTING).current.document, catalog())
    assert rehearse_routing(published, Handoff.objects.all(), days=30, now=FRIDAY + HOUR).differing == []
    draft = read_routing(pooled(team, (three[1], 1)), catalog())
    found = rehearse_routing(draft, Handoff.objects.all(), days=30, now=FRIDAY + HOUR)
    assert [(lead.before, lead.after) for lead in found.differing] == [
        ("Ueda", "Kondo"),
        ("", "Kondo"),
        ("Ueda", "Kondo"),
    ]
    assert found.loads() == [("Kondo", 0, 3), ("Ueda", 2, 0)]
    page = as_(admin).get(reverse("handoff:routing_rehearsal"), {"days": 365}).content.decode()
    assert "0 of 3 leads" in page


def test_a_difference_names_what_was_added_and_what_stands_in_another_order(admin, team) -> None:
    """Two rules that are called alike are two, and a rule that others are put before has not changed."""
    before = policy_of(PolicySection.ROUTING).current.document
    owner, colleague, of_team = before["rules"]
    after = before | {"rules": [{"name": "All", "to": {"aim": "team", "team": team.pk}}, *before["rules"], owner]}
    found = [(change.kind, change.name) for change in changes_of(PolicySection.ROUTING, before, after)]
    assert found == [("added", "All"), ("added", "Owner of the lead (2)")]
    moved = before | {"rules": [colleague, owner, of_team]}
    [change] = changes_of(PolicySection.ROUTING, before, moved)
    assert (change.kind, change.name, change.after) == (
        "changed", "Order", "Rep of the company › Owner of the lead › Team of the lead",
    )  # fmt: skip


def test_what_is_no_draft_is_not_published_again(admin) -> None:
    policy = policy_of(PolicySection.ROUTING)
    with pytest.raises(RefusedError, match="no draft"):
        publish_policy(policy=policy, by=admin, note="", now=FRIDAY)
    page = reverse("handoff:policy_publish", args=["routing"])
    assert as_(admin).post(page, {"seen": policy.token, "note": ""}).status_code == 422
    assert policy.versions.count() == 1


def test_leads_of_somebody_who_is_away_go_to_the_next_in_the_pool_where_the_absence_says_so(admin, team, three) -> None:
    put_in_force(pooled(team, (three[0], 1), (three[1], 1)), admin)
    [handoff] = hot(LeadFactory())
    away = Absence(person=handoff.owner, starts_at=FRIDAY, ends_at=FRIDAY + timedelta(days=1), returns_leads=True)
    assert save_absence(absence=away, changes={}, now=FRIDAY + HOUR) == 1
    other = next(person for person in three[:2] if person != handoff.owner)
    handoff.refresh_from_db()
    assert (handoff.owner, handoff.lead.owner, handoff.state) == (other, other, HandoffState.QUEUED)
