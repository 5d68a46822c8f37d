"""Hand-offs follow what people decide about the lead; the lead's page learns of contacts and claims."""

from __future__ import annotations

import pytest
from django.test import Client

from handoff.enums import HandoffState
from handoff.models import Deadline
from leads.actions.decisions import assign_leads, disqualify_lead, nurture_lead, reactivate_lead
from leads.enums import DisqualifyReason, NurtureReason, ReactivateReason
from leads.queries.contact_data import contact, open_leads, reveal
from leads.queries.timeline import timeline
from tests.handoff.world import CONTACT, claimed_by, contacted_by, handoff_of


@pytest.mark.parametrize("prepare", [lambda rep: handoff_of(team=rep.team), claimed_by, contacted_by])
def test_a_lead_that_is_put_aside_waits_for_nobody(rep, manager, prepare) -> None:
    handoff = prepare(rep)
    assert nurture_lead(lead=handoff.lead, by=manager, reason=NurtureReason.TOO_EARLY, now=CONTACT)
    handoff.refresh_from_db()
    handoff.lead.refresh_from_db()
    assert (handoff.state, handoff.result, handoff.due_at, handoff.lead.stage, handoff.lead.owner) == (
        HandoffState.CLOSED, "", None, "nurture", None,
    )  # fmt: skip
    assert not Deadline.objects.filter(handoff=handoff, met_at=None, cancelled_at=None).exists()
    assert handoff.steps.values_list("kind", "by").first() == ("withdrawn", manager.pk)


def test_what_is_closed_already_stays_as_it_was(rep, manager) -> None:
    handoff = handoff_of(team=rep.team)
    disqualify_lead(lead=handoff.lead, by=manager, reason=DisqualifyReason.NO_NEED, now=CONTACT)
    reactivate_lead(lead=handoff.lead, by=manager, reason=ReactivateReason.MISTAKE, now=CONTACT)
    assert handoff.steps.filter(kind="withdrawn").count() == 1


def test_the_new_owner_of_a_lead_answers_for_its_open_handoff(rep, other_rep, manager) -> None:
    handoff = claimed_by(rep)
    assign_leads(leads=[handoff.lead], owner=other_rep, by=manager, now=CONTACT)
    handoff.refresh_from_db()
    handoff.lead.refresh_from_db()
    assert (handoff.owner, handoff.lead.owner) == (other_rep, other_rep)


def test_a_claimed_handoff_whose_owner_is_taken_away_waits_for_the_team(rep, manager) -> None:
    handoff = claimed_by(rep)
    assign_leads(leads=[handoff.lead], owner=None, by=manager, now=CONTACT)
    handoff.refresh_from_db()
    assert (handoff.owner, handoff.state) == (None, HandoffState.QUEUED)


def test_a_contact_is_a_line_of_the_leads_timeline(rep) -> None:
    handoff = contacted_by(rep)
    told = timeline(leads=[handoff.lead_id], reader=rep, opened=[handoff.lead_id], kind="contact").entries
    assert [(entry.at, str(entry.by)) for entry in told] == [(handoff.contacted_at, str(rep))]


def test_a_helper_sees_how_to_reach_a_lead_once_it_is_claimed(helper, rep, client: Client) -> None:
    handoff = claimed_by(helper)
    assert open_leads(helper, [handoff.lead_id]) == {handoff.lead_id}
    lead = handoff.lead
    reveal(helper, [lead])
    assert contact(lead, "email") == lead.email
    other = handoff_of(owner=helper, team=helper.team)
    assert open_leads(helper, [other.lead_id]) == set()
