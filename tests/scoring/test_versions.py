from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from background.models import JobRun
from scoring.actions import (
    DraftConflictError,
    NothingToPublishError,
    ThresholdsRefusedError,
    UnpublishableError,
    publish_version,
    rollback_to,
    run_rescore_step,
    run_rescores,
    score_all_dirty,
    set_primary,
)
from scoring.barriers import at_barrier
from scoring.models import LeadScore, ScoringModel, Version
from studio.draft.store import save_draft, start_model
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

DAY = timedelta(days=1)


def scores():
    fields = ("lead_id", "total", "contributions", "band", "grade", "hot", "fit", "engagement")
    return list(LeadScore.objects.order_by("lead_id").values_list(*fields))


def test_a_rule_edited_from_10_to_5_and_rolled_back_restores_identical_numbers(publish, admin, now):
    """Example 11: everyone re-scored, history keeps the old version's values, rollback restores identical numbers."""
    leads = [LeadFactory() for _ in range(3)]
    for lead, mails in zip(leads, (0, 1, 9), strict=True):
        for number in range(mails):
            activity(lead, "email_open", now - DAY, object=str(number))
    model = publish(document(mail_rule(points=10, decay={"half_life": "30d"})))
    first, before = model.current_version, scores()
    publish(document(mail_rule(points=5, decay={"half_life": "30d"})))
    assert ([row[1] for row in before], [row[1] for row in scores()]) == ([0, 977, 8793], [0, 489, 4401])
    back = rollback_to(version=first, by=admin, now=now)
    run_rescores(now=now)
    score_all_dirty(now=now)
    assert scores() == before
    assert (back.number, back.document) == (3, first.document)
    assert set(LeadScore.objects.values_list("version__number", flat=True)) == {3}


def test_a_published_version_never_changes(publish):
    version = publish(document(mail_rule())).current_version
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(document={})
    version.refresh_from_db()
    assert version.document["groups"][0]["rules"][0]["points"] == 5


def test_of_two_people_editing_the_same_draft_the_second_is_shown_the_conflict(marketer, admin, now):
    model = start_model(name="Default", by=admin, now=now)
    mine, theirs = document(mail_rule(points=1)), document(mail_rule(points=2))
    saved = save_draft(model=model, document=theirs, revision=1, by=admin, now=now)
    with pytest.raises(DraftConflictError) as conflict:
        save_draft(model=model, document=mine, revision=1, by=marketer, now=now)
    assert (conflict.value.model.draft, conflict.value.model.draft_by) == (theirs, admin)
    with pytest.raises(DraftConflictError):
        publish_version(model=model, by=admin, note="", now=now, revision=1)
    save_draft(model=model, document=mine, revision=saved.draft_revision, by=marketer, now=now)
    assert ScoringModel.objects.get().draft == mine


def test_what_cannot_be_published_comes_back_with_every_problem_and_nothing_changes(admin, now):
    bad = document(
        {"name": "a", "each": {"activity": "telepathy"}, "points": 5},
        {"name": "b", "when": {"field": "shoe_size", "op": ">=", "value": 3}, "points": "many"},
    )
    model = start_model(name="Default", by=admin, now=now, document=bad)
    with pytest.raises(UnpublishableError) as refused:
        publish_version(model=model, by=admin, note="", now=now)
    assert "groups[0].rules[1].points" in {problem.path for problem in refused.value.problems}
    good = bad | {"groups": [bad["groups"][0] | {"rules": [bad["groups"][0]["rules"][0]]}]}
    model = save_draft(model=model, document=good, revision=1, by=admin, now=now)
    with pytest.raises(UnpublishableError) as refused:
        publish_version(model=model, by=admin, note="", now=now)
    assert [problem.path for problem in refused.value.problems] == ["groups[0].rules[0].each.activity"]
    assert (Version.objects.count(), JobRun.objects.count()) == (0, 0)
    assert ScoringModel.objects.get().draft is not None


@pytest.mark.parametrize(
    "change",
    [
        {"hot": [{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 10}, "exit": {"total": 60}}]},
        {"hot": []},
        {"bands": {"hot": 10, "warm": 5}},
        {"grades": {"fit": {"A": 1, "B": 0}, "engagement": {"1": 2, "2": 1}}},
    ],
)
def test_a_marketer_publishes_rules_but_not_thresholds(marketer, admin, now, change):
    model = start_model(name="Default", by=marketer, now=now, document=document(mail_rule()))
    assert publish_version(model=model, by=marketer, note="three rules", now=now).number == 1
    model = ScoringModel.objects.get()
    changed = document(mail_rule()) | change
    model = save_draft(model=model, document=changed, revision=model.draft_revision, by=marketer, now=now)
    with pytest.raises(ThresholdsRefusedError):
        publish_version(model=model, by=marketer, note="", now=now)
    assert Version.objects.count() == 1
    assert publish_version(model=model, by=admin, note="agreed", now=now).number == 2
    with pytest.raises(ThresholdsRefusedError):
        rollback_to(version=Version.objects.get(number=1), by=marketer, now=now)


def test_publishing_replaces_a_job_that_still_runs_and_keeps_its_own(publish, admin, now):
    publish(document(mail_rule()), score=False)
    publish(document(mail_rule(points=6)), score=False)
    assert list(JobRun.objects.order_by("pk").values_list("state", flat=True)) == ["stopped", "waiting"]
    assert Version.objects.get(number=2).job == JobRun.objects.order_by("-pk").first()


def test_there_is_nothing_to_publish_without_a_change(publish, admin, now):
    model = publish(document(mail_rule()))
    with pytest.raises(NothingToPublishError):
        publish_version(model=model, by=admin, note="", now=now)
    same = document(mail_rule())
    model = save_draft(model=model, document=same, revision=model.draft_revision, by=admin, now=now)
    with pytest.raises(NothingToPublishError):
        publish_version(model=model, by=admin, note="", now=now)


def test_the_first_model_is_the_primary_one_until_another_is(db, now):
    model = start_model(name="Default", by=None, now=now)
    other = start_model(name="Pilot", by=None, now=now)
    assert (model.is_primary, other.is_primary) == (True, False)
    set_primary(model=other)
    assert list(ScoringModel.objects.filter(is_primary=True)) == [other]


@pytest.mark.django_db(transaction=True)
def test_a_rescore_goes_on_where_it_was_interrupted_and_keeps_the_reason(publish, now):
    for _ in range(5):
        LeadFactory()
    publish(document(mail_rule()), score=False)
    assert run_rescore_step(now=now, limit=2)
    at_barrier("rescore_claimed", lambda: 1 / 0)
    try:
        with pytest.raises(ZeroDivisionError):
            run_rescore_step(now=now, limit=2)
    finally:
        at_barrier("rescore_claimed", None)
    job = JobRun.objects.get()
    assert (job.state, job.done, job.total, job.percent, job.error) == (
        "running",
        2,
        5,
        40,
        "ZeroDivisionError: division by zero",
    )
    assert LeadScore.objects.count() == 2
    assert run_rescores(now=now) == 2
    job.refresh_from_db()
    assert (job.state, job.done, job.error, LeadScore.objects.count()) == ("done", 5, "", 5)
