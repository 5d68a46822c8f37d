"""Hand-offs follow their lead through a merge and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.actions import claim_handoff
from handoff.enums import HandoffState
from handoff.models import Deadline, Handoff, Outcome
from handoff.queries.panel import latest_handoff
from leads.actions.merge import merge_leads, undo_merge
from leads.models import Lead
from tests.factories import LeadFactory
from tests.handoff.world import CONTACT, FRIDAY, claimed_by, contacted_by, handoff_of

LATER = FRIDAY + timedelta(hours=1)


def state_of(*models: type) -> dict[str, list[dict]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


TABLES = (Lead, Handoff, Deadline, Outcome)


@pytest.mark.parametrize("prepare", [lambda rep: handoff_of(team=rep.team), claimed_by, contacted_by])
def test_an_open_handoff_moves_to_a_lead_that_has_none_and_returns(rep, manager, team, prepare) -> None:
    handoff = prepare(rep)
    kept = LeadFactory(team=team)
    before = state_of(*TABLES)
    merge = merge_leads(kept=kept, merged=handoff.lead, by=manager, now=CONTACT)
    handoff.refresh_from_db()
    kept.refresh_from_db()
    assert (handoff.lead, handoff.is_open, kept.owner, kept.team) == (kept, True, handoff.owner, handoff.team)
    assert handoff.steps.values_list("kind", "by").first() == ("merged_moved", manager.pk)
    assert latest_handoff(rep, kept.pk) == handoff
    undo_merge(merge=merge, by=manager, now=CONTACT)
    assert state_of(*TABLES) == before
    assert handoff.steps.values_list("kind", flat=True).first() == "unmerged"


@pytest.mark.parametrize("prepare", [lambda rep: handoff_of(team=rep.team), claimed_by, contacted_by])
def test_where_the_kept_lead_has_one_the_other_one_closes_and_opens_again(rep, other_rep, manager, prepare) -> None:
    kept = claimed_by(other_rep)
    handoff = prepare(rep)
    before = state_of(*TABLES)
    merge = merge_leads(kept=kept.lead, merged=handoff.lead, by=manager, now=CONTACT)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.closed_at, handoff.due_at) == (HandoffState.CLOSED, CONTACT, None)
    assert not Deadline.objects.filter(handoff=handoff, met_at=None, cancelled_at=None).exists()
    assert handoff.steps.values_list("kind", "by").first() == ("merged_closed", manager.pk)
    assert latest_handoff(manager, kept.lead_id) == kept
    undo_merge(merge=merge, by=manager, now=CONTACT)
    assert state_of(*TABLES) == before


def test_what_was_done_with_a_moved_handoff_stays_done(rep, manager, team) -> None:
    handoff, kept = handoff_of(team=team), LeadFactory(team=team)
    merged = handoff.lead
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=LATER)
    handoff.refresh_from_db()
    claim_handoff(handoff=handoff, by=rep, now=LATER)
    undo_merge(merge=merge, by=manager, now=LATER)
    handoff.refresh_from_db()
    assert (handoff.lead, handoff.owner, handoff.state) == (merged, rep, HandoffState.CLAIMED)
    assert dict(Lead.objects.values_list("pk", "owner")) == {merged.pk: rep.pk, kept.pk: None}


def test_a_waiting_handoff_goes_to_the_owner_of_the_kept_lead(rep, manager, team) -> None:
    handoff, kept = handoff_of(team=team), LeadFactory(team=team, owner=rep)
    before = state_of(*TABLES)
    merge = merge_leads(kept=kept, merged=handoff.lead, by=manager, now=LATER)
    handoff.refresh_from_db()
    assert (handoff.owner, handoff.state, Lead.objects.get(pk=kept.pk).owner) == (rep, HandoffState.QUEUED, rep)
    undo_merge(merge=merge, by=manager, now=LATER)
    assert state_of(*TABLES) == before


def test_outcomes_go_along_once(manager) -> None:
    kept, merged = LeadFactory(), LeadFactory()
    for lead in (kept, merged):
        Outcome.objects.create(lead=lead, result="won", decided_at=FRIDAY, source="test")
    Outcome.objects.create(lead=merged, result="lost", decided_at=FRIDAY, source="test")
    before = state_of(*TABLES)
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=LATER)
    assert sorted(kept.outcomes.values_list("result", flat=True)) == ["lost", "won"]
    undo_merge(merge=merge, by=manager, now=LATER)
    assert state_of(*TABLES) == before
