"""The effect of a draft on its pages: the panel in all its states, names, one lead tried, and the check afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from background.models import JobRun
from leads.models import Lead
from scoring.actions import run_rescores
from scoring.models import ScoringModel, Version
from studio.actions import effects
from studio.actions.effect_job import run_effects
from studio.draft.store import draft_token, save_draft
from studio.models import Effect
from studio.queries.effect import EffectTimeoutError
from tests.clients import as_
from tests.factories import LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def address(name: str, *args: Any) -> str:
    return reverse(f"studio:{name}", args=args)


@pytest.fixture
def now() -> datetime:
    """The pages read the clock themselves."""
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def model(publish: Publish, rep: User, outsider: User, now: datetime) -> ScoringModel:
    """Five leads with two mails at 30 points each, one of the rep, one of another team's; 60 is not hot."""
    for owner in (rep, outsider, None, None, None):
        lead = LeadFactory(owner=owner, team=owner and owner.team)
        for mail in range(2):
            activity(lead, "email_open", now - DAY, object=str(mail))
    return publish(document(mail_rule(points=30)))


def draft(model: ScoringModel, raw: dict[str, Any], by: User) -> ScoringModel:
    fresh = ScoringModel.objects.get(pk=model.pk)
    return save_draft(model=fresh, document=raw, revision=fresh.draft_revision, by=by, now=timezone.now())


def panel(user: User, model: ScoringModel) -> Any:
    answer = as_(user).get(address("effect", model.pk))
    assert answer.status_code == 200
    return answer


MORE = document(mail_rule(points=40))


# --- the panel -------------------------------------------------------------------------------------------------------


def test_without_a_draft_the_panel_says_which_version_is_in_force(marketer: User, model: ScoringModel) -> None:
    answer = panel(marketer, model)
    assert "The draft is the same as version 1" in answer.content.decode()
    assert not Effect.objects.exists()


def test_a_draft_that_says_the_same_has_no_effect(marketer: User, model: ScoringModel) -> None:
    draft(model, document(mail_rule(points=30)), marketer)
    assert "The draft is the same as version 1" in panel(marketer, model).content.decode()


def test_the_panel_tells_who_becomes_hot_and_how_scores_are_spread(marketer: User, model: ScoringModel) -> None:
    draft(model, MORE, marketer)
    answer = panel(marketer, model)
    text = answer.content.decode()
    assert (answer.context["summary"].entering, answer.context["summary"].leaving) == (5, 0)
    assert address("effect_names", model.pk, "entering") in text
    assert '<svg class="lq-histogram"' in text
    assert "every 2s" not in text


def test_the_panel_names_what_keeps_a_draft_from_being_tried(marketer: User, model: ScoringModel) -> None:
    draft(model, document(mail_rule(each={"activity": "telepathy"})), marketer)
    answer = panel(marketer, model)
    assert "groups[0].rules[0].each.activity" in answer.content.decode()
    assert not Effect.objects.exists()


def test_a_rep_sees_the_effect_but_cannot_stop_or_repeat_the_counting(rep: User, marketer: User, model: Any) -> None:
    draft(model, MORE, marketer)
    text = panel(rep, model).content.decode()
    assert address("effect_anew", model.pk) not in text
    for name in ("effect_anew", "effect_stop"):
        before = Effect.objects.get().pk
        assert as_(rep).post(address(name, model.pk)).status_code == 403
        assert Effect.objects.get().pk == before


def test_many_leads_are_counted_by_a_worker_while_the_panel_asks_again(
    marketer: User, model: ScoringModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "MANY", 2)
    draft(model, MORE, marketer)
    text = panel(marketer, model).content.decode()
    assert "every 2s" in text
    assert address("effect_stop", model.pk) in text
    run_effects(now=timezone.now())
    answer = panel(marketer, model)
    assert (answer.context["summary"].entering, "every 2s" in answer.content.decode()) == (5, False)


def test_counting_can_be_stopped_and_begun_anew(
    marketer: User, model: ScoringModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "MANY", 2)
    draft(model, MORE, marketer)
    panel(marketer, model)
    stopped = as_(marketer).post(address("effect_stop", model.pk)).content.decode()
    assert ("Stopped" in stopped, "every 2s" in stopped) == (True, False)
    assert "every 2s" in as_(marketer).post(address("effect_anew", model.pk)).content.decode()
    assert list(JobRun.objects.filter(kind="effect").order_by("pk").values_list("state", flat=True)) == [
        "stopped",
        "waiting",
    ]


def test_a_failed_count_says_so(marketer: User, model: ScoringModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "MANY", 2)
    draft(model, MORE, marketer)
    panel(marketer, model)
    JobRun.objects.filter(kind="effect").update(state="failed", error="cut off")
    assert "Counting failed" in panel(marketer, model).content.decode()


def test_each_edit_alone_is_told_after_the_whole(marketer: User, model: ScoringModel) -> None:
    two = document(
        mail_rule(points=40), hot=[{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 55}}]
    )
    draft(model, two, marketer)
    panel(marketer, model)
    answer = as_(marketer).get(address("effect_edits", model.pk))
    assert [(row.change.name, row.entering, row.leaving) for row in answer.context["rows"]] == [
        ("Opened a mail", 5, 0),
        ("Hot lead", 5, 0),
    ]


def test_edits_that_take_too_long_say_so(marketer: User, model: ScoringModel, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_args: Any, **_rest: Any) -> Any:
        raise EffectTimeoutError

    draft(model, document(mail_rule(points=40), mail_rule(name="More")), marketer)
    panel(marketer, model)
    monkeypatch.setattr(effects, "flips_of", too_long)
    assert "would take too long" in as_(marketer).get(address("effect_edits", model.pk)).content.decode()


# --- names -----------------------------------------------------------------------------------------------------------


def test_names_are_those_that_one_may_see_and_the_others_are_counted(
    rep: User, marketer: User, model: ScoringModel
) -> None:
    draft(model, MORE, marketer)
    panel(marketer, model)
    page = address("effect_names", model.pk, "entering")
    everybody, own = as_(marketer).get(page), as_(rep).get(page)
    assert [(len(each.context["page"].rows), each.context["hidden"]) for each in (everybody, own)] == [(5, 0), (1, 4)]
    assert [(move.before, move.after) for move in own.context["page"].rows] == [(6000, 8000)]
    assert as_(marketer).get(address("effect_names", model.pk, "leaving")).context["number"] == 0
    assert as_(marketer).get(address("effect_names", model.pk, "flying")).status_code == 404


def test_names_come_in_pages_that_miss_nobody(
    marketer: User, publish: Publish, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        activity(LeadFactory(), "email_open", now - DAY)
    model = draft(publish(document(mail_rule(points=30))), document(mail_rule(points=75)), marketer)
    panel(marketer, model)
    page, found = address("effect_names", model.pk, "entering"), []
    mark = ""
    while True:
        with django_assert_max_num_queries(25):
            answer = as_(marketer).get(page, {"after": mark})
        found += [move.lead_id for move in answer.context["page"].rows]
        mark = answer.context["page"].after
        if not mark:
            break
    assert (len(found), len(set(found)), answer.context["number"]) == (60, 60, 60)


def test_names_of_a_draft_that_was_edited_since_are_not_shown(marketer: User, model: ScoringModel) -> None:
    draft(model, MORE, marketer)
    panel(marketer, model)
    draft(model, document(mail_rule(points=45)), marketer)
    assert as_(marketer).get(address("effect_names", model.pk, "entering")).context["effect"] is None


# --- one lead --------------------------------------------------------------------------------------------------------


def test_one_lead_is_tried_line_by_line_under_both(rep: User, marketer: User, model: ScoringModel) -> None:
    draft(model, document(mail_rule(points=40), mail_rule(name="Bonus", points=-5)), marketer)
    lead = Lead.objects.get(owner=rep)
    answer = as_(rep).get(address("test_lead", model.pk), {"lead": lead.pk})
    trial = answer.context["trial"]
    assert [(line.text, line.before, line.after, line.differs) for line in trial.lines] == [
        ("Opened a mail", 6000, 8000, True),
        ("Bonus", None, -1000, True),
    ]
    assert (trial.before.total, trial.after.total) == (6000, 7000)
    assert [(each.name, each.before, each.after) for each in trial.hot] == [("Hot lead", False, True)]


def test_a_lead_is_tried_at_any_instant_and_found_by_name(marketer: User, model: ScoringModel, now: datetime) -> None:
    lead = LeadFactory(name="Sato Hanako", created_at=now - 3 * DAY)
    draft(model, MORE, marketer)
    found = as_(marketer).get(address("test_lead", model.pk), {"q": "hanako"})
    assert found.context["found"] == [lead]
    before = (now - 2 * DAY).strftime("%Y-%m-%dT%H:%M")
    other = Lead.objects.exclude(pk=lead.pk).first()
    assert other is not None
    tried = as_(marketer).get(address("test_lead", model.pk), {"lead": other.pk, "at": before})
    assert (tried.context["trial"].after.total, tried.status_code) == (0, 200)


def test_a_lead_that_one_may_not_see_cannot_be_tried_and_bad_input_is_told(
    rep: User, outsider: User, marketer: User, model: ScoringModel
) -> None:
    draft(model, MORE, marketer)
    foreign = LeadFactory(owner=outsider, team=outsider.team)
    page = address("test_lead", model.pk)
    assert as_(rep).get(page, {"lead": foreign.pk}).status_code == 404
    assert as_(marketer).get(page, {"lead": "9" * 40}).status_code == 422
    assert as_(marketer).get(page, {"lead": 1, "at": "yesterday"}).status_code == 422
    assert as_(marketer).get(page, {"q": "nobody at all"}).context["found"] == []


# --- afterwards ------------------------------------------------------------------------------------------------------


def test_publishing_keeps_the_prediction_and_the_version_says_it_came_so(admin: User, model: ScoringModel) -> None:
    fresh = draft(model, MORE, admin)
    posted = {"seen": draft_token(fresh), "note": "more for mails", "handoffs": "5"}
    assert as_(admin).post(address("publish", model.pk), posted).status_code == 303
    version = Version.objects.get(number=2)
    waiting = as_(admin).get(address("prediction", model.pk, 2)).content.decode()
    assert "every 3s" in waiting
    run_rescores(now=timezone.now())
    answer = as_(admin).get(address("prediction", model.pk, 2))
    assert (version.prediction.moves.count(), answer.context["check"].differing) == (5, 0)
    assert "as predicted" in answer.content.decode()
    assert as_(admin).get(address("prediction", model.pk, 1)).context["effect"] is None


def test_going_back_is_predicted_as_well(admin: User, publish: Publish, model: ScoringModel) -> None:
    publish(MORE)
    assert as_(admin).post(address("roll_back", model.pk, 1), {"note": "too many"}).status_code == 303
    run_rescores(now=timezone.now())
    check = as_(admin).get(address("prediction", model.pk, 3)).context["check"]
    # 60 points are above the exit of 60 no more: the five that 80 points made hot stop being so.
    assert (check.predicted["leaving"], check.differing) == (5, 0)


def test_a_conflict_publishes_nothing_and_predicts_nothing(admin: User, marketer: User, model: ScoringModel) -> None:
    fresh = draft(model, MORE, admin)
    draft(model, document(mail_rule(points=41)), marketer)
    as_(admin).post(address("publish", model.pk), {"seen": draft_token(fresh), "note": "late"})
    assert (Version.objects.count(), Effect.objects.count()) == (1, 0)
