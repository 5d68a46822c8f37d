"""What the pipeline writes, by worked examples, through the real scorer."""

from __future__ import annotations

from datetime import timedelta

from leads.models import DirtyMark
from scoring.actions import score_all_dirty, sweep_due
from scoring.models import Adjustment, Episode, LeadScore, ScoreChange, ScoringModel
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

DAY = timedelta(days=1)
FOR_14_DAYS = {"name": "Asked", "each": {"activity": "document_request"}, "points": 80, "decay": {"window": "14d"}}


def adjusted(lead, model, points, at):
    """Bring the lead to `points` by hand (in whole points)."""
    Adjustment.objects.all().update(until=at)
    Adjustment.objects.create(lead=lead, model=model, points=points * 100, reason="test", starts_at=at)
    score_all_dirty(now=at)


def episodes():
    return list(Episode.objects.order_by("number").values_list("number", "started_at", "ended_at"))


def test_a_lead_no_rule_matches_scores_0_and_not_nothing(publish, now):
    lead = LeadFactory()
    publish(document(mail_rule()))
    score = LeadScore.objects.get(lead=lead)
    assert (score.total, score.band, score.grade, score.contributions, score.hot) == (0, "cold", "C3", [0], [False])
    assert not ScoreChange.objects.exists()


def test_69_to_70_starts_one_episode_and_so_on(publish, now):
    """70 to 95 none; 95 to 71 none; 71 to 60 ends it; 60 to 72 starts a second."""
    lead = LeadFactory()
    model = publish(document(mail_rule()))
    times = [now + DAY * number for number in range(6)]
    for points, at in zip([69, 70, 95, 71, 60, 72], times, strict=True):
        adjusted(lead, model, points, at)
    assert episodes() == [(1, times[1], times[4]), (2, times[5], None)]
    assert [score.is_hot for score in LeadScore.objects.all()] == [True]


def test_the_same_mail_opened_5_times_counts_once_and_5_mails_up_to_the_cap(publish, now):
    same, different = LeadFactory(), LeadFactory()
    for number in range(5):
        activity(same, "email_open", now - DAY, object="mail-1")
        activity(different, "email_open", now - DAY, object=f"mail-{number}")
    publish(document(mail_rule(repeat="once_per_object", points=10, cap=40)))
    totals = dict(LeadScore.objects.values_list("lead_id", "total"))
    assert totals == {same.pk: 1000, different.pk: 4000}


def test_a_half_life_is_exact_with_every_background_job_switched_off_for_a_week(publish, now):
    """Half-life 30 days, 40 points, at 0, 15, 30 and 90 days."""
    lead = LeadFactory()
    activity(lead, "document_request", now)
    publish(
        document(
            {"name": "Asked", "each": {"activity": "document_request"}, "points": 40, "decay": {"half_life": "30d"}}
        )
    )
    found = [LeadScore.objects.get().total]
    for days in (15, 30, 90):
        sweep_due(now=now + DAY * days)
        DirtyMark.objects.create(lead_id=lead.pk)
        score_all_dirty(now=now + DAY * days)
        found.append(LeadScore.objects.get().total)
    assert found == [4000, 2828, 2000, 500]


def test_a_late_activity_changes_history_and_raises_no_stale_alert(publish, now):
    """Dated 20 days ago, it counts at its own time; no episode in the past."""
    lead = LeadFactory()
    rule = {"name": "Asked", "each": {"activity": "document_request"}, "points": 80, "decay": {"window": "14d"}}
    publish(document(rule))
    activity(lead, "document_request", now - 20 * DAY, now=now)
    score_all_dirty(now=now)
    assert (LeadScore.objects.get().total, episodes()) == (0, [])
    activity(lead, "document_request", now - 10 * DAY, now=now)
    score_all_dirty(now=now)
    assert (LeadScore.objects.get().total, episodes()) == (8000, [(1, now, None)])


def test_time_alone_ends_an_episode_through_the_sweep(publish, now):
    lead = LeadFactory()
    activity(lead, "document_request", now)
    publish(document(FOR_14_DAYS))
    due = LeadScore.objects.get().next_change_at
    assert now + 14 * DAY <= due <= now + 14 * DAY + timedelta(seconds=1)
    assert sweep_due(now=due - timedelta(seconds=1)) == 0
    assert sweep_due(now=due) == 1
    assert sweep_due(now=due) == 0
    score_all_dirty(now=due)
    assert (LeadScore.objects.get().total, episodes()) == (0, [(1, now, due)])
    assert LeadScore.objects.get().next_change_at is None


def test_a_lead_that_waits_with_a_mark_is_not_marked_again(publish, now):
    lead = LeadFactory()
    activity(lead, "document_request", now)
    publish(document(FOR_14_DAYS))
    activity(lead, "page_view", now + 15 * DAY)
    assert sweep_due(now=now + 15 * DAY) == 0
    score_all_dirty(now=now + 15 * DAY)
    assert LeadScore.objects.get().total == 0


def test_the_scores_of_a_model_that_nobody_uses_are_not_swept(publish, now):
    activity(LeadFactory(), "document_request", now)
    publish(document(FOR_14_DAYS))
    ScoringModel.objects.update(current_version=None)
    assert sweep_due(now=now + 15 * DAY) == 0
