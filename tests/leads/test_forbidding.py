"""Facts that forbid to contact a lead win at every door; only a person with the right lifts one, with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from handoff.actions import reject_handoff, undo_last_step
from handoff.models import RejectReason
from intake.actions.upsert import LeadValues, upsert_lead
from intake.models import ImportRow
from leads.actions.decisions import disqualify_lead, reactivate_lead
from leads.actions.forbidding import lift_fact
from leads.actions.identification import Identity
from leads.actions.leads import update_lead
from leads.actions.merge import merge_leads, undo_merge
from leads.enums import DisqualifyReason, ForbiddingFact, ReactivateReason
from leads.models import Lead, Note
from tests.factories import LeadFactory
from tests.handoff.world import claimed_by
from tests.intake.importing import imported, undone

YES, NO = {"consent": True}, {"consent": False}


def consent(lead: Lead) -> bool | None:
    return Lead.objects.values_list("consent", flat=True).get(pk=lead.pk)


@pytest.mark.parametrize(("kept", "merged"), [(YES, NO), (NO, YES), ({}, NO), (NO, {})])
def test_a_merge_keeps_a_refusal_whichever_side_it_comes_from(admin, now, kept, merged):
    one, other = LeadFactory(**kept), LeadFactory(**merged)
    merge = merge_leads(kept=one, merged=other, by=admin, now=now)
    assert consent(one) is False
    undo_merge(merge=merge, by=admin, now=now)
    assert (consent(one), consent(other)) == (kept.get("consent"), merged.get("consent"))


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_merge_keeps_that_somebody_is_a_competitor(admin, now, is_kept):
    one, other = LeadFactory(is_competitor=is_kept), LeadFactory(is_competitor=not is_kept)
    merge = merge_leads(kept=one, merged=other, by=admin, now=now)
    assert Lead.objects.get(pk=one.pk).is_competitor
    undo_merge(merge=merge, by=admin, now=now)
    assert Lead.objects.get(pk=one.pk).is_competitor is is_kept


@pytest.mark.parametrize("said", [True, None])
def test_the_api_keeps_a_refusal_and_says_so(now, db, said):
    lead = LeadFactory(email="a@example.com", consent=False)
    asked = LeadValues(lead={"consent": said, "department": "Buying"})
    done = upsert_lead(identity=Identity(email="a@example.com"), values=asked, now=now)
    assert (done.changed, done.kept) == (["department"], ["consent"])
    assert consent(lead) is False


def test_the_api_takes_a_refusal(now, db):
    lead = LeadFactory(email="a@example.com", consent=True)
    done = upsert_lead(identity=Identity(email="a@example.com"), values=LeadValues(lead=NO), now=now)
    assert (done.changed, done.kept, consent(lead)) == (["consent"], [], False)


def test_the_form_of_a_lead_keeps_a_refusal_and_says_how_to_lift_it(client, admin):
    lead = LeadFactory(consent=False, name="Ann Lee")
    client.force_login(admin)
    address = reverse("leads:field", args=[lead.pk, "consent"])
    answer = client.post(address, {"consent": "true", "was": "False"}, headers={"HX-Request": "true"})
    assert (answer.status_code, consent(lead)) == (422, False)
    assert "Lift that with a reason" in answer.content.decode()
    update_lead(lead=lead, values={"consent": True, "name": "Ann Li"}, by=admin)
    assert (consent(lead), Lead.objects.get().name) == (False, "Ann Li")


@pytest.mark.parametrize("said", [True, None])
def test_the_database_keeps_it_whoever_writes(db, said):
    lead = LeadFactory(consent=False, is_competitor=True)
    Lead.objects.filter(pk=lead.pk).update(consent=said, is_competitor=False)
    lead.refresh_from_db()
    assert (lead.consent, lead.is_competitor) == (False, True)


@pytest.mark.parametrize(
    ("fact", "fields"), [(ForbiddingFact.REFUSED, NO), (ForbiddingFact.COMPETITOR, {"is_competitor": True})]
)
def test_a_person_with_the_right_lifts_a_fact_and_the_reason_stays(manager, rep, now, fact, fields):
    lead = LeadFactory(**fields)
    with pytest.raises(PermissionDenied):
        lift_fact(lead=lead, fact=fact, by=rep, reason="he called", now=now)
    assert Lead.objects.get().forbidding == [fact]
    assert lift_fact(lead=lead, fact=fact, by=manager, reason="he called", now=now)
    assert Lead.objects.get().forbidding == []
    assert consent(lead) is None
    note = Note.objects.get()
    assert (note.by, note.text, note.topic) == (manager, f"{fact.label}: he called", "lifted")


@pytest.mark.parametrize(
    ("reason", "fact"),
    [
        (DisqualifyReason.NO_CONTACT_WISHED, ForbiddingFact.REFUSED),
        (DisqualifyReason.COMPETITOR, ForbiddingFact.COMPETITOR),
    ],
)
def test_a_decision_that_says_so_forbids_and_taking_the_stage_back_does_not_lift_it(admin, now, reason, fact):
    lead = LeadFactory()
    disqualify_lead(lead=lead, by=admin, reason=reason, now=now)
    assert Lead.objects.get().forbidding == [fact]
    reactivate_lead(lead=lead, by=admin, reason=ReactivateReason.MISTAKE, now=now)
    assert (Lead.objects.get().stage, Lead.objects.get().forbidding) == ("inquiry", [fact])


def test_sales_that_meets_a_competitor_forbids_and_undo_takes_it_back(team, rep):
    handoff = claimed_by(rep)
    at: Any = handoff.queued_at
    reject_handoff(handoff=handoff, by=rep, reason=RejectReason.objects.get(code="competitor"), now=at)
    assert Lead.objects.get().is_competitor
    undo_last_step(handoff=handoff, by=rep, now=at)
    assert not Lead.objects.get().is_competitor


def test_the_page_and_the_peek_show_it_where_somebody_could_call(client, team, rep, manager):
    handoff = claimed_by(rep)
    Lead.objects.update(consent=False)
    client.force_login(rep)
    for address in (
        reverse("leads:detail", args=[handoff.lead_id]),
        reverse("handoff:peek", args=[handoff.pk]),
        reverse("handoff:lead_panel", args=[handoff.lead_id]),
        reverse("handoff:queue") + "?tab=mine",
    ):
        part = {"HX-Request": "true"} if address.endswith("/peek/") else {}
        assert "Doesn’t want to be contacted" in client.get(address, headers=part).content.decode(), address


@pytest.mark.parametrize(("said", "remarks"), [("yes", ["consent_kept"]), ("no", [])])
def test_a_file_keeps_a_refusal_with_a_remark(marketer, now, said, remarks):
    lead = LeadFactory(email="a@example.jp", consent=False)
    mapping = {"identity": "email", "columns": {"mail": "lead.email", "ok": "lead.consent", "unit": "lead.department"}}
    imported(f"mail,ok,unit\na@example.jp,{said},IT\n", mapping, marketer, now)
    assert (consent(lead), Lead.objects.get().department) == (False, "IT")
    assert [problem["code"] for problem in ImportRow.objects.get().problems] == remarks


def test_taking_an_import_back_takes_back_the_refusal_it_brought(marketer, now):
    lead = LeadFactory(email="a@example.jp", consent=True)
    mapping = {"identity": "email", "columns": {"mail": "lead.email", "ok": "lead.consent"}}
    found = imported("mail,ok\na@example.jp,no\n", mapping, marketer, now)
    assert consent(lead) is False
    undone(found, marketer, now)
    assert consent(lead) is True
