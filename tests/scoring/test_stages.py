"""Stage rules: the verdict that is stored, and the leads that move forward by it (S3, S107)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from background.invariants import invariants
from leads.actions import advance_stage
from leads.actions.merge import merge_leads, undo_merge
from leads.enums import Stage
from leads.models import DirtyMark, Lead, StageChange
from leads.wording import reason
from scoring.actions import run_rescores, score_all_dirty, set_primary, start_rescore, sweep_due
from scoring.models import Adjustment, LeadScore, ScoreChange, ScoringModel
from scoring.queries.backtest import decisions_made_anew
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

DAY = timedelta(days=1)
AT_50, AT_80 = ({"score": "total", "op": ">=", "value": value} for value in (50, 80))
BOTH = {"mql": AT_50, "sql": AT_80}


def staged(stages=BOTH, **rest):
    return document(mail_rule(points=10), **rest) | {"stages": stages}


def give(lead, points, at):
    """Bring the lead to `points`, in whole points."""
    Adjustment.objects.filter(lead=lead).update(until=at)
    for model in ScoringModel.objects.all():
        Adjustment.objects.create(lead=lead, model=model, points=points * 100, reason="test", starts_at=at)
    score_all_dirty(now=at)


def moves(lead=None):
    rows = StageChange.objects.filter(lead=lead) if lead else StageChange.objects.all()
    return list(rows.order_by("pk").values_list("before", "after"))


def stage(lead):
    return Lead.objects.get(pk=lead.pk).stage


def test_a_lead_moves_on_when_the_verdict_rises_and_the_product_says_why(publish, now):
    lead = LeadFactory()
    publish(staged())
    give(lead, 50, now)
    give(lead, 80, now + DAY)
    first, second = StageChange.objects.order_by("pk")
    assert moves() == [("inquiry", "mql"), ("mql", "sql")]
    assert (first.at, first.by, reason(first.reason)) == (now, None, "Met the stage rule")
    assert second.at == now + DAY
    assert LeadScore.objects.get().stage == "sql"
    assert not DirtyMark.objects.exists()


def test_who_meets_the_rule_of_an_sql_at_once_is_one_without_having_been_an_mql(publish, now):
    lead = LeadFactory(stage=Stage.NURTURE)
    publish(staged())
    give(lead, 90, now)
    assert moves() == [("nurture", "sql")]


@pytest.mark.parametrize("further", [Stage.OPPORTUNITY, Stage.CUSTOMER, Stage.DISQUALIFIED])
def test_who_is_further_or_out_stays_there(publish, now, further):
    lead = LeadFactory(stage=further)
    publish(staged())
    give(lead, 90, now)
    assert (stage(lead), moves(), LeadScore.objects.get().stage) == (further, [], "sql")


def test_nobody_goes_back_when_the_verdict_falls_and_a_second_rise_moves_again(publish, now):
    lead = LeadFactory()
    publish(staged())
    give(lead, 90, now)
    give(lead, 60, now + DAY)
    assert (stage(lead), LeadScore.objects.get().stage) == ("sql", "mql")
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.NURTURE)
    give(lead, 70, now + 2 * DAY)
    assert stage(lead) == "nurture", "given back to nurture, and no rule has turned since"
    give(lead, 85, now + 3 * DAY)
    assert stage(lead) == "sql"


def test_publishing_moves_everybody_who_meets_the_rules(publish, now):
    leads = [LeadFactory() for _ in range(4)]
    publish(document(mail_rule(points=10)))
    for lead, points in zip(leads, (40, 55, 85, 90), strict=True):
        give(lead, points, now)
    Lead.objects.filter(pk=leads[3].pk).update(stage=Stage.CUSTOMER)
    assert moves() == []
    publish(staged(), at=now + DAY)
    assert [stage(lead) for lead in leads] == ["inquiry", "mql", "sql", "customer"]
    assert len(moves()) == 2


def test_a_second_publication_moves_only_whose_verdict_rises_by_it(publish, now):
    lead, other = LeadFactory(), LeadFactory()
    publish(staged())
    give(lead, 60, now)
    give(other, 45, now)
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.NURTURE)
    publish(staged(BOTH | {"mql": {"score": "total", "op": ">=", "value": 40}}), at=now + DAY)
    assert (stage(lead), stage(other)) == ("nurture", "mql")


def test_only_the_primary_model_moves_leads(publish, now):
    lead = LeadFactory()
    publish(document(mail_rule(points=10)))
    publish(staged() | {"model": "Second"})
    give(lead, 90, now)
    second = ScoringModel.objects.get(name="Second")
    assert LeadScore.objects.get(model=second).stage == "sql"
    assert (stage(lead), moves()) == ("inquiry", [])
    set_primary(model=second)
    give(lead, 10, now + DAY)
    give(lead, 55, now + 2 * DAY)
    assert stage(lead) == "mql"


def test_who_is_outside_the_audience_is_at_no_stage(publish, now):
    inside, outside = LeadFactory(country="Japan"), LeadFactory(country="Germany")
    asked = {"activity": "document_request"}
    publish(staged({"mql": asked}) | {"audience": {"field": "country", "op": "=", "value": "Japan"}})
    for lead in (inside, outside):
        activity(lead, "document_request", now)
    score_all_dirty(now=now)
    assert (stage(inside), stage(outside)) == ("mql", "inquiry")
    assert LeadScore.objects.get(lead=outside).stage == ""


def test_a_change_of_the_verdict_alone_is_kept(publish, now):
    lead = LeadFactory()
    publish(staged({"mql": {"activity": "document_request", "within": "14d"}}))
    activity(lead, "document_request", now)
    score_all_dirty(now=now)
    assert LeadScore.objects.get().next_change_at == now + 14 * DAY + timedelta(microseconds=1)
    sweep_due(now=now + 15 * DAY)
    score_all_dirty(now=now + 15 * DAY)
    rows = ScoreChange.objects.order_by("pk").values_list("at", "stage_before", "stage", "band")
    assert list(rows) == [(now, "", "mql", "cold"), (now + 15 * DAY, "mql", "", "cold")]
    assert stage(lead) == "mql"


def test_a_rule_that_looks_at_the_stage_sees_the_move_and_nothing_goes_round_and_round(publish, now):
    """An MQL gets ten points more, which do not make it an SQL; the leads come to rest."""
    lead = LeadFactory()
    more = {"name": "MQL", "when": {"field": "stage", "op": "=", "value": "mql"}, "points": 10}
    publish(document(mail_rule(points=10), more) | {"stages": BOTH})
    give(lead, 55, now)
    assert (stage(lead), LeadScore.objects.get().total) == ("mql", 6500)
    give(lead, 75, now + DAY)
    assert (stage(lead), LeadScore.objects.get().total) == ("sql", 7500)
    assert moves() == [("inquiry", "mql"), ("mql", "sql")]
    assert score_all_dirty(now=now + DAY) == 0


def test_without_rules_the_stage_is_left_to_the_hand_off(publish, now):
    lead = LeadFactory()
    publish(staged({}))
    give(lead, 100, now)
    assert (stage(lead), moves(), LeadScore.objects.get().stage) == ("inquiry", [], "")


def test_a_rescore_that_changes_nothing_moves_nobody(publish, now):
    lead = LeadFactory()
    publish(staged())
    give(lead, 60, now)
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.NURTURE)
    score_all_dirty(now=now)
    start_rescore(by=None, now=now + DAY)
    run_rescores(now=now + DAY)
    assert stage(lead) == "nurture"


def test_a_batch_costs_the_same_queries_for_one_lead_and_for_three(publish, now):
    model, costs = publish(staged()), []
    for number in (1, 1, 3):
        for lead in LeadFactory.create_batch(number):
            Adjustment.objects.create(lead=lead, model=model, points=6000, reason="test", starts_at=now)
        with CaptureQueriesContext(connection) as asked:
            score_all_dirty(now=now)
        costs.append(len(asked))
    assert costs[1] == costs[2]
    assert moves() == [("inquiry", "mql")] * 5


def test_undoing_a_merge_does_not_move_the_lead_that_returns(publish, now, admin):
    kept, merged = LeadFactory(), LeadFactory()
    publish(staged())
    give(merged, 60, now)
    Lead.objects.filter(pk=merged.pk).update(stage=Stage.NURTURE)
    score_all_dirty(now=now)
    merge = merge_leads(kept=Lead.objects.get(pk=kept.pk), merged=Lead.objects.get(pk=merged.pk), by=admin, now=now)
    score_all_dirty(now=now)
    assert stage(kept) == "mql", "what both did meets the rule"
    undo_merge(merge=merge, by=admin, now=now)
    score_all_dirty(now=now)
    assert (stage(merged), LeadScore.objects.get(lead=merged).stage) == ("nurture", "mql")


def test_stored_verdicts_are_verified_and_every_decision_comes_out_again(publish, admin):
    now = timezone.now()
    publish(staged(), at=now)
    leads = [LeadFactory(created_at=now - DAY) for _ in range(3)]
    for lead in leads:
        for number in range(6):
            activity(lead, "email_open", now - timedelta(minutes=number), object=f"mail {number}")
    score_all_dirty(now=timezone.now())
    assert {stage(lead) for lead in leads} == {"mql"}
    assert [each.name for each in invariants() if list(each.find(timezone.now()))] == []
    found = list(decisions_made_anew(since=now - DAY, until=timezone.now() + DAY))
    assert sum(each.decisions for each in found) >= 3
    assert [missed for each in found for missed in each.missed] == []
    LeadScore.objects.filter(lead=leads[0]).update(stage="sql")
    ScoreChange.objects.filter(lead=leads[1], stage="mql").update(stage="")
    wrong = [each.name for each in invariants() if list(each.find(timezone.now()))]
    assert wrong == ["scores_equal_recomputation"]
    found = list(decisions_made_anew(since=now - DAY, until=timezone.now() + DAY))
    assert {missed.lead_id for each in found for missed in each.missed} == {leads[1].pk}
    call_command("verify", "--repair", stdout=StringIO())
    score_all_dirty(now=timezone.now())
    assert LeadScore.objects.get(lead=leads[0]).stage == "mql"


def test_moving_many_writes_a_decision_only_for_those_who_moved(db, now):
    leads = {name: LeadFactory(stage=name) for name in Stage.values}
    ids = [lead.pk for lead in leads.values()]
    assert advance_stage(ids=ids, to=Stage.MQL, reason="met_stage_rule", now=now, version="Default v1") == 2
    assert sorted(moves()) == [("inquiry", "mql"), ("nurture", "mql")]
    assert advance_stage(ids=ids, to=Stage.SQL, reason="met_stage_rule", now=now, version="Default v1") == 3
    assert advance_stage(ids=ids, to=Stage.SQL, reason="met_stage_rule", now=now, version="Default v1") == 0
    assert advance_stage(ids=[], to=Stage.SQL, reason="met_stage_rule", now=now, version="Default v1") == 0
    standing = {name: stage(lead) for name, lead in leads.items()}
    assert {name for name, now_at in standing.items() if now_at == name} == {
        "sql", "opportunity", "customer", "disqualified",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_who_is_disqualified_while_the_product_moves_it_stays_disqualified(now):
    lead = LeadFactory()

    def advance():
        try:
            return advance_stage(ids=[lead.pk], to=Stage.MQL, reason="met_stage_rule", now=now, version="Default v1")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(stage=Stage.DISQUALIFIED)
            moving = pool.submit(advance)
            while not _somebody_waits():
                assert not moving.done()
        assert moving.result() == 0
    assert (stage(lead), moves()) == ("disqualified", [])


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]
