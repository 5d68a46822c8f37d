"""Merges and scores: scores of both before and after, answers and adjustments, exactness of undo on random leads."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from background.invariants import invariants
from handoff.actions import open_handoffs
from handoff.models import Handoff
from leads.actions.activities import NewActivity, record_activities
from leads.actions.merge import merge_leads, undo_merge
from leads.models import Activity, ActivityType, Lead, Note, Visitor
from scoring.actions import score_all_dirty
from scoring.actions.judgement import CriterionAnswer, adjust_score, answer_criteria
from scoring.models import Adjustment, Answer, Criterion, Episode, LeadScore
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule


def violated() -> list[str]:
    return [each.name for each in invariants() if list(each.find(timezone.now()))]


def totals() -> dict[int, int]:
    score_all_dirty(now=timezone.now())
    return dict(LeadScore.objects.values_list("lead", "total"))


def state_of(*models: type) -> dict[str, list[dict]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def opened(lead: Lead, mails: range, now: datetime) -> None:
    for mail in mails:
        activity(lead, "email_open", now - timedelta(days=1, minutes=mail), object=f"mail-{mail}")


@pytest.fixture
def example(publish):
    """A has 50 points and B 100; 3 activities are common to both: 10 points each under a cap of 120."""
    now = timezone.now()
    first, second = LeadFactory(email="a@example.jp"), LeadFactory(email="b@example.jp")
    opened(first, range(5), now)
    opened(second, range(2, 12), now)
    rule = mail_rule(points=10, cap=120)
    publish(
        document(
            rule,
            max=120,
            hot=[{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 70}, "exit": {"total": 60}}],
        ),
        at=now,
    )
    return first, second


def explained(lead: object) -> str:
    out = StringIO()
    call_command("explain", str(lead), "--json", stdout=out)
    return out.getvalue()


def test_a_merge_is_recomputed_and_undo_gives_back_50_and_100(example, manager, marketer, client: Client, send) -> None:
    """Merge of A (50) and B (100) that share 3 activities under a cap of 120: the recomputed value, not 150; undo gives
    50 and 100; the old address of the merged lead redirects."""
    first, second = example
    assert totals() == {first.pk: 5000, second.pk: 10000}
    merge = merge_leads(kept=first, merged=second, by=manager, now=timezone.now())
    # 5 + 10 - 3 = 12 activities of 10 points: 120 under the cap, shown within 0 to 100; never 50 + 100.
    assert totals() == {first.pk: 10000}
    assert LeadScore.objects.get(lead=first).contributions == [12000]
    assert violated() == []
    client.force_login(marketer)
    page = client.get(second.get_absolute_url())
    assert (page.status_code, page.headers["Location"]) == (302, first.get_absolute_url())
    answer = send("get", f"/api/v1/leads/{second.pk}/score?model=Default")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/api/v1/leads/{first.pk}/score?model=Default")
    assert f'"id": "{first.pk}"' in explained(second.pk)
    undo_merge(merge=merge, by=manager, now=timezone.now())
    assert totals() == {first.pk: 5000, second.pk: 10000}
    assert client.get(second.get_absolute_url()).status_code == 200
    assert violated() == []


def test_under_a_cap_of_60_the_merge_has_60(publish, manager) -> None:
    now = timezone.now()
    first, second = LeadFactory(), LeadFactory()
    opened(first, range(5), now)
    opened(second, range(2, 7), now)
    publish(document(mail_rule(points=10, cap=60)), at=now)
    merge_leads(kept=first, merged=second, by=manager, now=now)
    assert totals() == {first.pk: 6000}


def test_an_episode_goes_on_after_undo_and_nobody_is_told_twice(example, manager, team) -> None:
    first, second = example
    score_all_dirty(now=timezone.now())
    open_handoffs(now=timezone.now())
    before = state_of(Episode)
    assert Handoff.objects.count() == 1
    merge = merge_leads(kept=first, merged=second, by=manager, now=timezone.now())
    score_all_dirty(now=timezone.now())
    open_handoffs(now=timezone.now())
    assert violated() == []
    undo_merge(merge=merge, by=manager, now=timezone.now())
    score_all_dirty(now=timezone.now())
    open_handoffs(now=timezone.now())
    assert [row for row in state_of(Episode)["Episode"] if row["lead_id"] == second.pk] == before["Episode"]
    assert not Episode.objects.filter(lead=first, ended_at=None).exists()
    assert Handoff.objects.filter(lead=second).get().is_open
    assert violated() == []


def test_whoever_wrote_to_the_old_id_a_moment_too_late_is_heard_by_the_kept_lead(example, manager) -> None:
    first, second = example
    merge = merge_leads(kept=first, merged=second, by=manager, now=timezone.now())
    late = activity(second, "email_open", timezone.now() - timedelta(hours=1), object="late")
    Visitor.objects.create(key="late", lead=second)
    totals()
    assert totals() == {first.pk: 10000}
    assert LeadScore.objects.get(lead=first).contributions == [12000]
    assert Activity.objects.get(pk=late).lead == first
    assert Visitor.objects.get().lead == first
    undo_merge(merge=merge, by=manager, now=timezone.now())
    assert Activity.objects.get(pk=late).lead == second
    assert Visitor.objects.get().lead == second
    totals()
    assert violated() == []


TABLES = (Lead, Activity, Visitor, Note, Answer, Adjustment)


@pytest.mark.parametrize("seed", range(12))
def test_merge_and_undo_leave_no_trace_on_random_leads(publish, manager, seed: int) -> None:
    now, dice = timezone.now(), random.Random(seed)
    model = publish(
        document(mail_rule(points=7, decay={"half_life": "30d"}), mail_rule(name="Once", repeat="once_per_object")),
        at=now,
    )
    pair = [_random_lead(dice, model, manager, now) for _ in range(2)]
    scored = _scores(now)
    before = state_of(*TABLES)
    kept, merged = dice.sample(pair, 2)
    union = {(row["type_id"], row["occurred_at"], row["object"]) for row in before["Activity"]}
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    facts = Activity.objects.filter(lead=kept).values_list("type_id", "occurred_at", "object")
    assert set(facts) == union
    _scores(now)
    assert violated() == []
    undo_merge(merge=merge, by=manager, now=now)
    assert state_of(*TABLES) == before
    assert _scores(now) == scored
    assert violated() == []


def _scores(now: datetime) -> dict[int, tuple[int, list[int]]]:
    score_all_dirty(now=now)
    return {row.lead_id: (row.total, row.contributions) for row in LeadScore.objects.all()}


def _random_lead(dice: random.Random, model, by, now: datetime) -> Lead:
    fields = {name: dice.choice(["", "x", "y"]) for name in ("phone", "title", "department", "country", "campaign")}
    lead = LeadFactory(**fields, title_level=dice.choice([None, 1, 5]), custom=dice.choice([{}, {"a": 1}, {"b": ""}]))
    types = list(ActivityType.objects.filter(code__in=["email_open", "page_view"]))
    rows = [
        NewActivity(
            lead_id=lead.pk, type_id=dice.choice(types).pk, object=dice.choice(["", "m1", "m2"]),
            occurred_at=now - timedelta(days=dice.choice([0, 1, 1, 2, 30, 90, 700])),
        )
        for _ in range(dice.randrange(12))
    ]  # fmt: skip
    record_activities(rows, source="test", now=now)
    for number in range(dice.randrange(3)):
        Visitor.objects.create(key=f"{lead.pk}-{number}", lead=lead)
        adjust_score(lead=lead, model=model, points=500, reason="fair", until=None, by=by, now=now)
    criterion = dice.choice(list(Criterion.objects.all()))
    said = CriterionAnswer(criterion=criterion, option=criterion.options.first())
    answer_criteria(lead=lead, answers=[said], by=by, now=now)
    return lead


def test_answers_and_adjustments_count_for_the_kept_lead(publish, manager) -> None:
    now = timezone.now()
    first, second = LeadFactory(), LeadFactory()
    model = publish(document(mail_rule()), at=now)
    adjust_score(lead=second, model=model, points=1500, reason="met at the fair", until=None, by=manager, now=now)
    merge_leads(kept=first, merged=second, by=manager, now=now)
    score_all_dirty(now=now)
    assert LeadScore.objects.get().total == 1500


def test_a_known_contact_submits_a_form_from_a_new_browser(publish, send) -> None:
    now = timezone.now()
    known = LeadFactory(email="taro@example.co.jp")
    activity(known, "email_open", now - timedelta(days=2), object="mail")
    prices = {"name": "Prices", "each": {"activity": "price_view"}, "points": 10}
    form = {"name": "Form", "each": {"activity": "form_submit"}, "points": 20}
    publish(document(mail_rule(), prices, form), at=now)

    def tell(lead: dict, kind: str) -> None:
        told = {"key": kind, "lead": lead, "type": kind, "occurred_at": timezone.now().isoformat(), "object": "/"}
        assert send("post", "/api/v1/activities", told).status_code == 202

    tell({"anonymous_id": "new browser"}, "price_view")
    anonymous = Lead.objects.get(is_anonymous=True)
    # The anonymous profile is scored before it is identified (S69).
    assert totals() == {known.pk: 500, anonymous.pk: 1000}
    tell({"email": "taro@example.co.jp", "anonymous_id": "new browser"}, "form_submit")
    assert totals() == {known.pk: 3500}
    assert list(Lead.objects.present()) == [known]
    assert violated() == []
