"""Whose desk would get how much of a draft: those who would become hot, routed as hand-offs are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import Team, User
from handoff.actions import open_handoffs
from insights.queries.draft_load import draft_loads
from leads.enums import Stage
from scoring.actions import publish_version, run_rescores
from scoring.models import ScoringModel
from scoring.queries.documents import check_document
from studio.actions.effects import bring_effect
from studio.draft.store import save_draft, start_model
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def drafted(points: int, admin: User, now: datetime) -> ScoringModel:
    """A model in force by which 60 points are not hot, and a draft with other points."""
    model = start_model(name="Default", document=document(mail_rule(points=60)), by=admin, now=now - DAY)
    publish_version(model=model, by=admin, note="n", now=now - DAY)
    run_rescores(now=now - DAY)
    return redrafted(points, admin, now)


def redrafted(points: int, admin: User, now: datetime) -> ScoringModel:
    fresh = ScoringModel.objects.get()
    raw = document(mail_rule(points=points))
    model = save_draft(model=fresh, document=raw, revision=fresh.draft_revision, by=admin, now=now)
    parsed, _problems = check_document(raw)
    assert parsed is not None
    bring_effect(model=model, document=parsed, by=admin, now=now)
    return model


def test_what_a_draft_brings_is_routed_as_hand_offs_are(
    rep: User, manager: User, admin: User, team: Team, other_team: Team, now: datetime
) -> None:
    User.objects.filter(pk=rep.pk).update(capacity=1)
    for owner, of, stage in (
        (rep, team, Stage.INQUIRY),
        (rep, None, Stage.INQUIRY),
        (None, other_team, Stage.INQUIRY),
        (None, None, Stage.INQUIRY),
        (rep, team, Stage.DISQUALIFIED),
    ):
        activity(LeadFactory(owner=owner, team=of, stage=stage), "email_open", now - 2 * DAY)
    activity(LeadFactory(name="", email="", is_anonymous=True), "email_open", now - 2 * DAY)
    found = draft_loads(drafted(80, admin, now), manager, now)
    assert found is not None
    assert [(each.load.person, each.load.open, each.after, each.is_over) for each in found.people] == [
        (rep, 0, 2, True)
    ]
    assert found.queues == [(other_team, 1), (team, 1)]
    assert found.cooled == 0


def test_hand_offs_whose_lead_would_stop_being_hot_are_counted(admin: User, team: Team, now: datetime) -> None:
    activity(LeadFactory(team=team), "email_open", now - 2 * DAY)
    model = drafted(80, admin, now)
    publish_version(model=model, by=admin, note="n", now=now)
    run_rescores(now=now)
    open_handoffs(now=now)
    found = draft_loads(redrafted(30, admin, now), admin, now)
    assert found is not None
    assert (found.cooled, found.queues) == (1, [])


def test_before_the_effect_is_worked_out_nothing_is_told(admin: User, now: datetime) -> None:
    model = start_model(name="Default", document=document(mail_rule()), by=admin, now=now)
    assert draft_loads(model, admin, now) is None
