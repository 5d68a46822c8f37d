"""Putting leads aside and taking them back; giving them to somebody."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from leads.actions.decisions import assign_leads, disqualify_lead, nurture_lead, reactivate_lead
from leads.enums import DisqualifyReason, NurtureReason, ReactivateReason, Stage
from leads.models import Lead, StageChange
from leads.signals import stage_decided
from tests.factories import LeadFactory


def test_a_lead_is_put_aside_with_a_reason_and_taken_back(marketer, now) -> None:
    lead = LeadFactory(stage=Stage.MQL)
    told = []
    stage_decided.connect(hear := lambda **news: told.append((news["lead_ids"], news["stage"])))
    assert nurture_lead(lead=lead, by=marketer, reason=NurtureReason.TOO_EARLY, now=now)
    assert disqualify_lead(lead=lead, by=marketer, reason=DisqualifyReason.COMPETITOR, now=now, note="rival")
    assert not disqualify_lead(lead=lead, by=marketer, reason=DisqualifyReason.NO_NEED, now=now)
    assert reactivate_lead(lead=lead, by=marketer, reason=ReactivateReason.MISTAKE, now=now)
    stage_decided.disconnect(hear)
    assert list(StageChange.objects.order_by("pk").values_list("before", "after", "reason", "note", "by")) == [
        ("mql", "nurture", "too_early", "", marketer.pk),
        ("nurture", "disqualified", "competitor", "rival", marketer.pk),
        ("disqualified", "mql", "mistake", "", marketer.pk),
    ]
    assert told == [([lead.pk], stage) for stage in ("nurture", "disqualified", "mql")]


def test_a_customer_is_not_put_aside(marketer, now) -> None:
    lead = LeadFactory(stage=Stage.CUSTOMER)
    assert not disqualify_lead(lead=lead, by=marketer, reason=DisqualifyReason.NO_NEED, now=now)
    assert not reactivate_lead(lead=lead, by=marketer, reason=ReactivateReason.MISTAKE, now=now)


def test_a_decision_needs_one_of_its_reasons(client: Client, marketer) -> None:
    lead = LeadFactory()
    client.force_login(marketer)
    for reason in ("", "too_early", "x\0"):
        url = reverse("leads:decide", args=[lead.pk, "disqualify"])
        assert client.post(url, {"reason": reason}).status_code == 422
    assert client.post(reverse("leads:decide", args=[lead.pk, "win"]), {"reason": "x"}).status_code == 404
    assert StageChange.objects.count() == 0


def test_a_bulk_decision_leaves_what_one_may_not_change(client: Client, rep, other_rep) -> None:
    own, foreign = LeadFactory(owner=rep, team=rep.team), LeadFactory(owner=other_rep, team=rep.team)
    queued = LeadFactory(owner=None, team=rep.team)
    client.force_login(rep)
    chosen = {"lead": [own.pk, foreign.pk, queued.pk, "x"], "reason": "too_early", "from": "stage=inquiry&after=zz"}
    answer = client.post(reverse("leads:bulk", args=["nurture"]), chosen)
    assert answer.headers["Location"] == "/leads/?stage=inquiry"
    assert [Lead.objects.get(pk=lead.pk).stage for lead in (own, foreign, queued)] == ["nurture", "inquiry", "inquiry"]


def test_a_manager_gives_leads_to_the_own_team_only(client: Client, manager, rep, outsider) -> None:
    lead = LeadFactory(team=manager.team)
    client.force_login(manager)
    url = reverse("leads:assign", args=[lead.pk])
    assert client.post(url, {"owner": outsider.pk}).status_code == 422
    assert client.post(url, {"owner": rep.pk}).status_code == 303
    lead.refresh_from_db()
    assert (lead.owner, lead.team) == (rep, rep.team)


def test_an_owner_can_be_taken_away_and_the_team_stays(manager, rep, now) -> None:
    lead = LeadFactory(owner=rep, team=rep.team)
    assert assign_leads(leads=[lead], owner=None, by=manager, now=now) == 1
    lead.refresh_from_db()
    assert (lead.owner, lead.team) == (None, rep.team)
