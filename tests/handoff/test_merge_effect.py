"""Before a merge is pressed it says what becomes of score, owner, hand-off and clock, and leaves no trace."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from handoff.models import Deadline, Handoff
from handoff.queries.merge_effect import merge_effect
from leads.actions.merge import merge_leads
from leads.models import Lead, Merge
from tests.factories import LeadFactory
from tests.handoff.world import CONTACT, claimed_by, handoff_of

TABLES = (Lead, Handoff, Deadline, Merge)


def state() -> list[list[dict]]:
    return [list(model._default_manager.order_by("pk").values()) for model in TABLES]


def test_the_effect_is_what_the_merge_then_does_and_asking_changes_nothing(rep, manager, team) -> None:
    handoff, kept = claimed_by(rep), LeadFactory(team=team, consent=True)
    Lead.objects.filter(pk=handoff.lead_id).update(consent=False)
    before = state()
    effect = merge_effect(kept=kept, others=[Lead.objects.get(pk=handoff.lead_id)], by=manager, now=CONTACT)
    assert state() == before
    merge_leads(kept=kept, merged=handoff.lead, by=manager, now=CONTACT)
    kept.refresh_from_db()
    handoff.refresh_from_db()
    assert (effect.owner, effect.consent) == (kept.owner, kept.consent) == (rep, False)
    assert [(one.pk, one.due_at) for one in effect.handoffs] == [(handoff.pk, handoff.due_at)]
    assert effect.closing == []


def test_the_score_after_the_merge_is_in_points_as_the_scores_before(rep, manager, team) -> None:
    handoff, kept = claimed_by(rep), LeadFactory(team=team)
    effect = merge_effect(kept=kept, others=[handoff.lead], by=manager, now=CONTACT)
    assert effect.after is None or 0 <= effect.after <= 100


def test_of_two_open_handoffs_the_effect_names_the_one_that_closes(rep, other_rep, manager) -> None:
    kept, other = claimed_by(other_rep), handoff_of(team=rep.team)
    effect = merge_effect(kept=kept.lead, others=[other.lead], by=manager, now=CONTACT)
    assert ([one.pk for one in effect.handoffs], [one.pk for one in effect.closing]) == ([kept.pk], [other.pk])


def test_the_part_shows_owner_and_due_time(client: Client, rep, manager, team) -> None:
    handoff, kept = claimed_by(rep), LeadFactory(team=team)
    client.force_login(manager)
    page = client.get(reverse("handoff:merge_effect", args=[kept.pk]), {"lead": handoff.lead_id}).content.decode()
    assert str(rep) in page
    assert "goes on, due" in page
    assert client.get(reverse("handoff:merge_effect", args=[kept.pk])).status_code == 404
