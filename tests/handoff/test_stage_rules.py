"""Rules of stages beside what sales does: both move a lead forward, neither pulls back what the other has reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.actions import accept_handoff, open_handoffs, undo_last_step
from handoff.models import Handoff
from leads.enums import Stage
from leads.models import Lead, StageChange
from scoring.actions import score_all_dirty
from scoring.models import Adjustment, Episode
from tests.factories import LeadFactory
from tests.handoff.world import contacted_by
from tests.published import document, mail_rule

SECOND = timedelta(seconds=1)
AT_50, AT_90 = ({"score": "total", "op": ">=", "value": value} for value in (50, 90))


def give(lead, model, points, at):
    Adjustment.objects.filter(lead=lead).update(until=at)
    Adjustment.objects.create(lead=lead, model=model, points=points * 100, reason="test", starts_at=at)
    score_all_dirty(now=at)


def stage(lead):
    return Lead.objects.get(pk=lead.pk).stage


def moves(lead):
    return list(StageChange.objects.filter(lead=lead).order_by("pk").values_list("after", "reason"))


@pytest.fixture
def model(publish):
    return publish(document(mail_rule()) | {"stages": {"mql": AT_50, "sql": AT_90}})


def test_who_is_an_sql_by_its_rule_stays_one_when_it_is_handed_over(model, team, now):
    lead = LeadFactory()
    give(lead, model, 95, now)
    assert Episode.objects.get().lead == lead
    assert open_handoffs(now=now) == 1
    assert (stage(lead), moves(lead)) == ("sql", [("sql", "met_stage_rule")])


def test_who_is_hot_under_the_rule_of_an_mql_becomes_one_by_the_hand_off(publish, team, now):
    model = publish(document(mail_rule()) | {"stages": {"mql": AT_90}})
    lead = LeadFactory()
    give(lead, model, 75, now)
    assert stage(lead) == "inquiry"
    open_handoffs(now=now)
    give(lead, model, 95, now + SECOND)
    assert (stage(lead), moves(lead)) == ("mql", [("mql", "became_hot")])


def test_acceptance_makes_an_sql_of_an_mql_by_rule_and_leaves_an_sql_by_rule(model, team, rep, now):
    for points, expected in ((60, "accepted"), (95, "met_stage_rule")):
        handoff = contacted_by(rep, at=now)
        Lead.objects.filter(pk=handoff.lead_id).update(stage=Stage.INQUIRY)
        give(handoff.lead, model, points, now)
        accept_handoff(handoff=Handoff.objects.get(pk=handoff.pk), by=rep, now=now)
        assert (stage(handoff.lead), moves(handoff.lead)[-1][1]) == ("sql", expected)


def test_undoing_a_step_does_not_take_back_what_a_rule_has_done_since(model, team, rep, now):
    handoff = contacted_by(rep, at=now)
    give(handoff.lead, model, 95, now + SECOND)
    assert stage(handoff.lead) == "sql"
    undo_last_step(handoff=Handoff.objects.get(pk=handoff.pk), by=rep, now=now + 2 * SECOND)
    assert (stage(handoff.lead), Handoff.objects.get(pk=handoff.pk).state) == ("sql", "claimed")
