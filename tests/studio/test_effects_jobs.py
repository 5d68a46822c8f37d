"""Effects as they are kept: at once, by a job in ranges, edit by edit, superseded, stopped; what a version keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from background.models import JobRun
from leads.models import Lead
from scoring.actions import publish_version, rollback_to, run_rescores, score_all_dirty
from scoring.models import ScoringModel
from scoring.queries.documents import check_document, document_of
from studio.actions import effect_job, effects
from studio.actions.effect_job import run_effect_step, run_effects
from studio.actions.effects import bring_effect, keep_prediction, predict, stop_effect
from studio.draft.store import save_draft
from studio.models import Effect
from studio.queries.effect import EffectTimeoutError, effect_of, reading
from studio.queries.effect_summary import edit_effects, pace_of, summary_of
from studio.queries.predictions import check_of
from studio.queries.single_edits import AT_MOST, single_edits
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LEVELS = (0, 1, 2, 3)


@pytest.fixture
def model(publish: Publish, now: datetime) -> ScoringModel:
    """Twelve leads with 0 to 3 mails at 25 points each: those with three are hot."""
    for number in range(12):
        lead = LeadFactory()
        for mail in range(LEVELS[number % 4]):
            activity(lead, "email_open", now - DAY, object=str(mail))
    return publish(document(mail_rule(points=25)))


def draft(model: ScoringModel, raw: dict[str, Any], by: User, now: datetime) -> ScoringModel:
    fresh = ScoringModel.objects.get(pk=model.pk)
    return save_draft(model=fresh, document=raw, revision=fresh.draft_revision, by=by, now=now)


def bring(model: ScoringModel, by: User, now: datetime, *, anew: bool = False) -> Effect:
    parsed, _problems = check_document(model.draft)
    assert parsed is not None
    return bring_effect(model=model, document=parsed, by=by, now=now, anew=anew)


def known(effect: Effect) -> tuple[Any, ...]:
    """Everything that is known of an effect, however it came about."""
    fresh = Effect.objects.get(pk=effect.pk)
    moves = sorted(fresh.moves.values_list("lead", "fate", "before", "after"))
    return sorted(map(str, fresh.cells)), moves, fresh.edits, fresh.is_complete


TWO_EDITS = document(
    mail_rule(points=35), hot=[{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 80}}]
)


def test_few_leads_are_counted_at_once_and_their_effect_is_kept_for_a_minute(model, marketer, now) -> None:
    model = draft(model, document(mail_rule(points=35)), marketer, now)
    found = bring(model, marketer, now)
    summary = summary_of(found)
    assert (summary.leads, summary.entering, summary.leaving, found.job) == (12, 3, 0, None)
    assert [(each.first, each.now, each.after) for each in summary.bins if each.now or each.after] == [
        (0, 3, 3), (25, 3, 0), (35, 0, 3), (50, 3, 0), (70, 0, 3), (75, 3, 0), (95, 0, 3),
    ]  # fmt: skip
    assert summary.bands == [("hot", 3, 6), ("warm", 3, 0), ("cold", 6, 6)]
    assert [(each.before, each.after, each.leads) for each in summary.moved] == [("warm", "hot", 3)]
    assert bring(model, marketer, now + timedelta(seconds=59)).pk == found.pk
    assert bring(model, marketer, now + timedelta(seconds=60)).pk != found.pk
    assert Effect.objects.count() == 1


def test_a_job_that_counts_range_by_range_finds_what_one_statement_finds(model, marketer, now, monkeypatch) -> None:
    model = draft(model, TWO_EDITS, marketer, now)
    found = bring(model, marketer, now)
    effects.try_edits(effect=found)
    expected = known(found)
    monkeypatch.setattr(effects, "MANY", 5)
    monkeypatch.setattr(effects, "FEW", 2)
    counted = bring(model, marketer, now, anew=True)
    assert (counted.is_complete, counted.job.state) == (False, "waiting")
    assert run_effect_step(now=now, limit=5)
    job = JobRun.objects.get(kind="effect", state="running")
    assert (job.done, job.total) == (5, 36)
    assert summary_of(Effect.objects.get(pk=counted.pk)).leads == 5
    while run_effect_step(now=now, limit=5):
        pass
    job.refresh_from_db()
    assert (known(counted), job.state, job.done) == (expected, "done", 36)


def test_the_job_tries_only_the_edits_where_the_draft_itself_was_counted_at_once(
    model, marketer, now, monkeypatch
) -> None:
    monkeypatch.setattr(effects, "FEW", 2)
    model = draft(model, TWO_EDITS, marketer, now)
    found = bring(model, marketer, now)
    assert (found.is_complete, found.edits, found.job.state) == (True, None, "waiting")
    run_effects(now=now)
    told = edit_effects(Effect.objects.get(pk=found.pk))
    assert [(row.change.name, row.entering, row.leaving) for row in told] == [
        ("Opened a mail", 3, 0),
        ("Hot lead", 0, 0),
    ]
    assert JobRun.objects.get(kind="effect").done == 24


def test_a_newer_edit_supersedes_the_job_of_the_older_one(model, marketer, now, monkeypatch) -> None:
    monkeypatch.setattr(effects, "MANY", 5)
    model = draft(model, document(mail_rule(points=35)), marketer, now)
    older = bring(model, marketer, now)
    run_effect_step(now=now, limit=5)
    model = draft(model, document(mail_rule(points=45)), marketer, now)
    newer = bring(model, marketer, now)
    states = JobRun.objects.filter(kind="effect").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["stopped", "waiting"]
    run_effects(now=now)
    assert list(Effect.objects.values_list("pk", "is_complete")) == [(newer.pk, True)]
    assert older.pk != newer.pk


def test_a_job_whose_draft_was_edited_and_that_nobody_looks_at_stops_by_itself(
    model, marketer, now, monkeypatch
) -> None:
    monkeypatch.setattr(effects, "MANY", 5)
    bring(draft(model, document(mail_rule(points=35)), marketer, now), marketer, now)
    draft(model, document(mail_rule(points=45)), marketer, now)
    run_effects(now=now)
    assert JobRun.objects.get(kind="effect").state == "stopped"


def test_a_job_stops_when_another_version_came_into_force(model, marketer, admin, now, monkeypatch) -> None:
    first = model.current_version
    publish_version(model=draft(model, TWO_EDITS, admin, now), by=admin, note="n", now=now)
    monkeypatch.setattr(effects, "MANY", 5)
    bring(draft(model, document(mail_rule(points=35)), marketer, now), marketer, now)
    rollback_to(version=first, by=admin, now=now)
    run_effects(now=now)
    assert JobRun.objects.get(kind="effect").state == "stopped"


def test_a_stopped_job_keeps_what_it_counted_and_counts_no_further(model, marketer, now, monkeypatch) -> None:
    monkeypatch.setattr(effects, "MANY", 5)
    model = draft(model, document(mail_rule(points=35)), marketer, now)
    found = bring(model, marketer, now)
    run_effect_step(now=now, limit=5)
    assert stop_effect(model=model, now=now)
    assert not run_effect_step(now=now)
    assert not stop_effect(model=model, now=now)
    again = bring(model, marketer, now)
    assert (again.pk, summary_of(again).leads, again.is_complete) == (found.pk, 5, False)


def test_a_job_stopped_while_it_counts_writes_nothing_of_that_range(model, marketer, now, monkeypatch) -> None:
    monkeypatch.setattr(effects, "MANY", 5)
    model = draft(model, document(mail_rule(points=35)), marketer, now)
    found = bring(model, marketer, now)

    def stopped_meanwhile(*args: Any, **rest: Any) -> Any:
        stop_effect(model=model, now=now)
        return effect_of(*args, **rest)

    monkeypatch.setattr(effect_job, "effect_of", stopped_meanwhile)
    run_effects(now=now)
    fresh = Effect.objects.get(pk=found.pk)
    assert (fresh.cells, fresh.moves.count(), JobRun.objects.get(kind="effect").state) == ([], 0, "stopped")


def test_what_takes_too_long_for_a_page_goes_to_a_worker(model, marketer, now, monkeypatch) -> None:
    def too_long(*_args: Any, **_rest: Any) -> Any:
        raise EffectTimeoutError

    model = draft(model, document(mail_rule(points=35)), marketer, now)
    with monkeypatch.context() as slow:
        slow.setattr(effects, "effect_of", too_long)
        found = bring(model, marketer, now)
        assert (found.is_complete, found.job.state) == (False, "waiting")
    run_effects(now=now)
    assert summary_of(Effect.objects.get(pk=found.pk)).entering == 3


def test_a_range_that_cannot_be_counted_fails_the_job_with_its_reason(model, marketer, now, monkeypatch) -> None:
    monkeypatch.setattr(effects, "MANY", 5)
    found = bring(draft(model, document(mail_rule(points=35)), marketer, now), marketer, now)
    Effect.objects.filter(pk=found.pk).update(document={"model": "Default", "groups": "none"})
    run_effects(now=now)
    job = JobRun.objects.get(kind="effect")
    assert (job.state, job.error.split(":")[0]) == ("failed", "ValueError")


def test_counting_cannot_write_and_gives_up_in_time(db: None, settings) -> None:
    from django.db import InternalError

    with pytest.raises(InternalError, match="read-only"), reading() as cursor:
        cursor.execute("DELETE FROM leads_lead")
    settings.PREVIEW_TIMEOUT = "50ms"
    with pytest.raises(EffectTimeoutError), reading() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    LeadFactory()  # the connection is as usable, and as writable, as before


def test_a_model_that_was_never_published_has_an_effect_too(marketer, admin, now) -> None:
    from studio.draft.store import start_model

    lead = LeadFactory()
    activity(lead, "email_open", now - DAY)
    made = start_model(name="New", by=admin, now=now, document=document(mail_rule(points=80)) | {"model": "New"})
    found = bring(made, marketer, now)
    assert (summary_of(found).entering, found.edits, pace_of(made, summary_of(found), now)) == (1, [], None)


# --- edits -----------------------------------------------------------------------------------------------------------


def edits_between(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    old, new = check_document(before)[0], check_document(after)[0]
    assert old is not None
    assert new is not None
    return single_edits(old, new)


def test_the_difference_falls_into_single_edits_each_by_itself(db: None) -> None:
    before = document(mail_rule(), mail_rule(name="Clicked", each={"activity": "email_click"}), max=40)
    after = document(mail_rule(points=9), mail_rule(name="Read", each={"activity": "page_view"}), max=50) | {
        "bands": {"hot": 80, "warm": 30}
    }
    after["groups"].append({"name": "Fit", "dimension": "fit", "rules": [mail_rule(name="Two")]})
    found = edits_between(before, after)
    assert [(edit.change.kind, edit.change.where, edit.change.name) for edit in found] == [
        ("changed", "Groups", "Interest"),
        ("changed", "Interest", "Opened a mail"),
        ("added", "Interest", "Read"),
        ("removed", "Interest", "Clicked"),
        ("added", "Groups", "Fit"),
        ("changed", "Thresholds", "Interest level"),
    ]
    assert [rule.name for rule in found[3].document.rules] == ["Opened a mail"]
    assert [rule.name for rule in found[4].document.rules] == ["Opened a mail", "Clicked", "Two"]


def test_what_decides_nothing_is_no_edit_and_twelve_are_enough(db: None) -> None:
    assert edits_between(document(mail_rule()), document(mail_rule(hypothesis="because"))) == []
    many = [mail_rule(name=f"Rule {number}") for number in range(20)]
    assert len(edits_between(document(mail_rule()), document(*many))) == AT_MOST == 12


# --- a day, and afterwards -------------------------------------------------------------------------------------------


def test_hot_leads_a_day_are_those_of_the_last_30_days_scaled_by_the_draft(model, marketer, now) -> None:
    later = now + 40 * DAY
    for _ in range(2):
        lead = LeadFactory()
        for mail in range(3):
            activity(lead, "email_open", later - DAY, object=str(mail))
    score_all_dirty(now=later - DAY)
    model = draft(model, document(mail_rule(points=35)), marketer, later)
    pace = pace_of(model, summary_of(bring(model, marketer, later)), later)
    assert pace is not None
    assert (pace.days, pace.opened, pace.now, pace.after) == (30, 2, 2 / 30, 2 / 30 * 8 / 5)


def publish_predicted(model: ScoringModel, by: User, now: datetime) -> tuple[Any, Effect]:
    effect = predict(model=model, raw=model.draft, now=now)
    version = publish_version(model=model, by=by, note="n", now=now)
    keep_prediction(effect=effect, version=version)
    assert effect is not None
    return version, effect


def test_a_version_keeps_what_was_predicted_and_it_came_so(model, admin, now) -> None:
    later = now + DAY
    model = draft(model, document(mail_rule(points=35)), admin, later)
    version, effect = publish_predicted(model, admin, later)
    assert check_of(version, effect, Lead.objects.present()) is None
    run_rescores(now=later)
    version.job.refresh_from_db()
    check = check_of(version, effect, Lead.objects.present())
    assert check is not None
    assert (check.predicted, check.actual, check.differing) == (
        {"entering": 3, "leaving": 0}, {"entering": 3, "leaving": 0}, 0,
    )  # fmt: skip
    model = draft(model, document(mail_rule(points=1)), admin, later)
    bring(model, admin, later)
    assert version.prediction.pk == effect.pk  # the next draft's effect is another one


def test_what_came_otherwise_is_named_with_its_reason(model, admin, now) -> None:
    later, soon = now + DAY, now + DAY + timedelta(minutes=5)
    quiet = Lead.objects.exclude(activities__isnull=False).order_by("pk").first()
    assert quiet is not None
    model = draft(model, document(mail_rule(points=35)), admin, later)
    version, effect = publish_predicted(model, admin, later)
    for mail in range(2):
        activity(quiet, "email_open", later + timedelta(minutes=1), object=str(mail))
    score_all_dirty(now=soon)
    run_rescores(now=soon)
    version.job.refresh_from_db()
    check = check_of(version, effect, Lead.objects.present())
    assert check is not None
    assert [(each.lead, each.predicted, each.actual, each.reason) for each in check.differences] == [
        (quiet, "", "entering", "activity")
    ]
    assert (check.differing, check.actual["entering"]) == (1, 4)


def test_the_base_of_an_effect_is_the_version_in_force(model, admin, now) -> None:
    found = bring(draft(model, document(mail_rule(points=35)), admin, now), admin, now)
    assert found.base == model.current_version
    assert document_of(model.current_version).rules[0].points == 25
