"""Episodes: opened by an upward crossing, kept by hysteresis and grace, one at a time, numbered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.models import DirtyMark, Lead
from scoring.actions import run_rescores, score_all_dirty, start_rescore, sweep_due
from scoring.models import Adjustment, Episode, LeadScore, ScoreChange
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

DAY = timedelta(days=1)
ASKED = {"activity": "document_request", "within": "14d"}


def hot(name: str, when: dict, **rest):
    return {"name": name, "when": when} | rest


def at_least(points: int):
    return {"score": "total", "op": ">=", "value": points}


def give(lead, model, points, at):
    """Bring the lead to `points`, in whole points."""
    Adjustment.objects.filter(lead=lead).update(until=at)
    Adjustment.objects.create(lead=lead, model=model, points=points * 100, reason="test", starts_at=at)
    score_all_dirty(now=at)


def episodes():
    return list(Episode.objects.order_by("pk").values_list("definition", "started_at", "ended_at", "cooling_since"))


def test_an_episode_names_the_definition_that_opened_it_and_its_score(publish, now):
    lead = LeadFactory()
    model = publish(document(mail_rule(), hot=[hot("Asked", ASKED), hot("Many points", at_least(70))]))
    give(lead, model, 80, now)
    episode = Episode.objects.get()
    assert (episode.definition, episode.score, episode.version, episode.number) == (
        "Many points",
        8000,
        model.current_version,
        1,
    )


def test_another_definition_keeps_it_open_and_hysteresis_is_the_openers(publish, now):
    lead = LeadFactory()
    model = publish(
        document(mail_rule(), hot=[hot("Asked", ASKED), hot("Many points", at_least(70), exit={"total": 60})])
    )
    activity(lead, "document_request", now)
    give(lead, model, 65, now)
    assert episodes() == [("Asked", now, None, None)]
    give(lead, model, 75, now + DAY)
    give(lead, model, 75, now + 20 * DAY)
    assert episodes() == [("Asked", now, None, None)]
    give(lead, model, 65, now + 21 * DAY)
    assert [row[:3] for row in episodes()] == [("Asked", now, now + 21 * DAY)]


def test_a_grace_time_keeps_it_open_and_the_sweep_ends_it(publish, now):
    lead = LeadFactory()
    model = publish(document(mail_rule(), hot=[hot("Hot", at_least(70), exit={"total": 60}, grace="3d")]))
    give(lead, model, 80, now)
    give(lead, model, 10, now + DAY)
    assert episodes() == [("Hot", now, None, now + DAY)]
    assert LeadScore.objects.get().is_hot
    give(lead, model, 65, now + 2 * DAY)
    assert episodes() == [("Hot", now, None, None)]
    give(lead, model, 10, now + 3 * DAY)
    assert LeadScore.objects.get().next_change_at == now + 6 * DAY
    assert sweep_due(now=now + 6 * DAY) == 1
    score_all_dirty(now=now + 6 * DAY)
    assert [row[2] for row in episodes()] == [now + 6 * DAY]
    assert not LeadScore.objects.get().is_hot


def test_a_definition_that_a_new_version_no_longer_has_ends_its_episode(publish, now):
    lead = LeadFactory()
    model = publish(document(mail_rule(), hot=[hot("Old", at_least(70))]))
    give(lead, model, 80, now)
    publish(document(mail_rule(), hot=[hot("New", at_least(90))]), at=now + DAY)
    assert [row[:3] for row in episodes()] == [("Old", now, now + DAY)]
    publish(document(mail_rule(), hot=[hot("New", at_least(75))]), at=now + 2 * DAY)
    assert [row[:3] for row in episodes()] == [("Old", now, now + DAY), ("New", now + 2 * DAY, None)]


def test_a_lead_that_is_merged_away_loses_its_score_and_its_episode_ends(publish, now):
    kept, gone = LeadFactory(), LeadFactory()
    model = publish(document(mail_rule()))
    give(gone, model, 80, now)
    Lead.objects.filter(pk=gone.pk).update(merged_into=kept)
    score_all_dirty(now=now + DAY)
    assert list(LeadScore.objects.values_list("lead", flat=True)) == [kept.pk]
    assert [row[2] for row in episodes()] == [now + DAY]


def test_anonymous_leads_are_scored_too(publish, now):
    lead = LeadFactory(email="", name="", is_anonymous=True)
    publish(document(mail_rule(points=80)), score=False)
    activity(lead, "email_open", now)
    score_all_dirty(now=now)
    assert LeadScore.objects.get().is_hot


def test_a_change_is_kept_with_its_breakdown_and_what_was_before(publish, now):
    lead = LeadFactory()
    model = publish(document(mail_rule(points=45)))
    activity(lead, "email_open", now)
    score_all_dirty(now=now)
    give(lead, model, 30, now + DAY)
    give(lead, model, 31, now + 2 * DAY)
    rows = ScoreChange.objects.order_by("pk").values_list(
        "at", "band_before", "band", "total_before", "total", "hot_before", "hot"
    )
    assert list(rows) == [
        (now, "cold", "warm", 0, 4500, [False], [False]),
        (now + DAY, "warm", "hot", 4500, 7500, [False], [True]),
    ]
    assert ScoreChange.objects.order_by("pk").last().contributions == [4500]


@pytest.mark.parametrize("renamed", [False, True])
def test_a_version_with_another_order_of_definitions_is_no_change_for_anybody(publish, now, renamed):
    lead = LeadFactory()
    first, second = hot("One", at_least(70)), hot("Two", at_least(90))
    model = publish(document(mail_rule(), hot=[first, second]))
    give(lead, model, 80, now)
    before = ScoreChange.objects.count()
    publish(document(mail_rule(), hot=[second, first | ({"name": "Uno"} if renamed else {})]), at=now + DAY)
    assert ScoreChange.objects.count() - before == (1 if renamed else 0)


def test_what_came_out_the_same_is_not_rewritten_by_a_rescore_but_by_news(publish, now):
    lead = LeadFactory()
    publish(document(mail_rule()))
    publish_time = LeadScore.objects.get().scored_at
    start_rescore(by=None, now=now + DAY)
    run_rescores(now=now + DAY)
    assert LeadScore.objects.get().scored_at == publish_time
    DirtyMark.objects.create(lead_id=lead.pk)
    score_all_dirty(now=now + DAY)
    assert LeadScore.objects.get().scored_at == now + DAY
