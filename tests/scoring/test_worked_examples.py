"""Worked examples through the product itself: intake, scorer, sweep, hand-off and notices, clause by clause."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.actions import make_key
from accounts.enums import Scope
from accounts.models import Team, User
from handoff.actions import mark_cooled, open_handoffs
from handoff.models import Handoff
from leads.models import Activity, ActivityKey, Lead
from notices.models import Notice, OutboxMessage
from scoring.actions import run_rescores, score_all_dirty, sweep_due
from scoring.actions.judgement import CriterionAnswer, adjust_score, answer_criteria
from scoring.actions.versions import rollback_to
from scoring.models import Criterion, Episode, LeadScore, Option, ScoreChange, ScoringModel
from scoring.starters import five_conditions
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import Publish, document, mail_rule
from tests.scoring.explained import explanation_of

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
JST = ZoneInfo("Asia/Tokyo")
REQUESTED = datetime(2026, 6, 1, 10, 0, tzinfo=JST)


def work(at: datetime) -> None:
    """What beat and workers do."""
    sweep_due(now=at)
    score_all_dirty(now=at)
    open_handoffs(now=at)
    mark_cooled(now=at)


def explained(lead: Lead, at: datetime) -> dict[str, Any]:
    found = explanation_of(lead=lead, model=ScoringModel.objects.get(), at=at)
    assert found is not None
    return found


# --- 1 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("employees", "pages", "hot"),
    [(100, ("/products/a", "/products/b"), True), (99, ("/products/a", "/products/b"), False),
     (100, ("/products/a", "/products/a"), False)],
    ids=["all five", "99 employees", "the same page twice"],
)  # fmt: skip
def test_1_the_hot_conditions_of_s51_as_shipped(
    publish: Publish, admin: User, employees: int, pages: tuple[str, ...], hot: bool
) -> None:
    """Document requested 2026-06-01 10:00 JST, 2 different product pages, 100 employees, manager with decision right,
    plan within 3 months: hot. At 2026-06-15 10:00:01, with no new activity: not hot. 99 employees: not hot. The same
    page twice: not hot."""
    company = CompanyFactory(employees=employees)
    lead = LeadFactory(company=company, title_level=3, planned_on=date(2026, 8, 30))
    publish(document(mail_rule(), hot=[five_conditions("en")]), at=REQUESTED - 10 * DAY)
    for page in pages:
        activity(lead, "page_view", REQUESTED - 5 * DAY, object=page)
    authority = Criterion.objects.get(framework__code="bant", code="authority")
    decides = Option.objects.get(criterion=authority, code="decides")
    answer_criteria(
        lead=lead, answers=[CriterionAnswer(criterion=authority, option=decides)], by=admin, now=REQUESTED - DAY
    )
    activity(lead, "document_request", REQUESTED, object="catalogue")
    work(REQUESTED)
    assert (LeadScore.objects.get().hot, Episode.objects.count()) == ([hot], int(hot))
    (definition,) = explained(lead, REQUESTED)["hot"]
    assert definition["met"] is hot
    assert [one["met"] for one in definition["conditions"]].count(False) == int(not hot)
    work(REQUESTED + 14 * DAY)
    assert LeadScore.objects.get().hot == [hot]
    work(datetime(2026, 6, 15, 10, 0, 1, tzinfo=JST))
    assert (LeadScore.objects.get().hot, Episode.objects.filter(ended_at=None).count()) == ([False], 0)


# --- 2 ---------------------------------------------------------------------------------------------------------------


def test_2_crossings_and_what_they_say_to_whom(
    publish: Publish, admin: User, team: Team, rep: User, now: datetime
) -> None:
    """69 to 70 starts one episode; 70 to 95 none; 95 to 71 none and no notice; 71 to 60 ends it; 60 to 72 starts a
    second."""
    lead = LeadFactory()
    model = publish(document(mail_rule()))
    steps = []
    for number, points in enumerate((69, 70, 95, 71, 60, 72)):
        at = now + number * DAY
        adjust_score(lead=lead, model=model, points=points * 100, reason="x", until=at + DAY, by=admin, now=at)
        before = OutboxMessage.objects.count() + Notice.objects.count()
        work(at)
        told = OutboxMessage.objects.count() + Notice.objects.count() - before
        assert LeadScore.objects.get().total == points * 100
        open_now = Episode.objects.filter(ended_at=None).count()
        steps.append((points, Episode.objects.count(), open_now, told > 0))
    assert [step[:3] for step in steps] == [(69, 0, 0), (70, 1, 1), (95, 1, 1), (71, 1, 1), (60, 1, 0), (72, 2, 1)]
    # Nobody has claimed the hand-off, which goes on: the second episode has no owner to tell.
    assert [told for *_, told in steps] == [False, True, False, False, False, False]
    assert [episode.number for episode in Episode.objects.order_by("number")] == [1, 2]


# --- 6, 7 ------------------------------------------------------------------------------------------------------------

FADING = [
    mail_rule(decay={"half_life": "10d"}, points=7),
    mail_rule(name="Asked", each={"activity": "document_request"}, decay={"linear": "40d"}, points=9),
    mail_rule(name="Complained", each={"activity": "complaint"}, decay={"half_life": "20d"}, points=-3),
]


def faded(publish: Publish, now: datetime, dice: random.Random) -> Lead:
    lead = LeadFactory()
    for code in ("email_open", "document_request", "complaint"):
        for _ in range(10):
            activity(lead, code, now - dice.random() * 60 * DAY, object=str(dice.random()))
    publish(document(*FADING, max=20))
    return lead


@pytest.mark.parametrize("instants", [100, pytest.param(1_000, marks=pytest.mark.deep)])
def test_6_group_cap_20_with_decaying_rules(publish: Publish, now: datetime, instants: int) -> None:
    """The cap applies after decay; the breakdown sums to the total at 1,000 random instants."""
    dice = random.Random(6)
    lead, capped = faded(publish, now, dice), 0
    for _ in range(instants):
        found = explained(lead, now - 60 * DAY + dice.random() * 150 * DAY)
        (group,) = found["groups"]
        capped += group["uncapped"] > 20
        assert group["points"] == min(group["uncapped"], 20)
        assert sum(_hundredths(rule) for rule in group["rules"]) == round(group["uncapped"] * 100)
        assert sum(_hundredths(line) for line in found["lines"]) == round(found["total"] * 100) <= 2_000
    assert 0 < capped < instants


def _hundredths(said: dict[str, Any]) -> int:
    return round(said["points"] * 100)


def test_7_exact_with_every_background_job_switched_off_for_a_week(publish: Publish, now: datetime) -> None:
    """Half-life 30 days, 40 points: exact at 0, 15, 30 and 90 days, with every background job switched off for a
    week."""
    lead = LeadFactory()
    activity(lead, "demo_request", now)
    publish(document(mail_rule(each={"activity": "demo_request"}, points=40, decay={"half_life": "30d"})))
    assert LeadScore.objects.get().total == 4000
    for day in range(1, 9):
        work(now + day * DAY)
    stale = LeadScore.objects.get().total
    # The week in which nothing runs. Whoever asks is told the truth, and what is stored is not it.
    asked = {days: explained(lead, now + days * DAY)["total"] for days in (0, 15, 30, 90)}
    assert asked == {0: 40.0, 15: 28.28, 30: 20.0, 90: 5.0}
    assert (LeadScore.objects.get().total, stale > 2828) == (stale, True)
    for days, points in ((15, 2828), (30, 2000), (90, 500)):
        work(now + days * DAY)
        score = LeadScore.objects.get()
        assert (score.total // 100, score.scored_at) == (points // 100, now + days * DAY)


# --- 10 --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_10_the_same_activity_posted_10_times_in_parallel(publish: Publish, admin: User) -> None:
    """Stored once."""
    lead = LeadFactory(email="taro@example.co.jp")
    publish(document(mail_rule(points=30)), at=timezone.now())
    _key, secret = make_key(by=admin, name="site", scopes=[Scope.ACTIVITIES_WRITE], expires_at=None)
    told = {"key": "k1", "lead": {"email": lead.email}, "type": "email_open", "occurred_at": timezone.now().isoformat()}

    def post(_number: int) -> tuple[int, dict[str, Any]]:
        try:
            answer = Client().post(
                "/api/v1/activities",
                told,
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )
            return answer.status_code, answer.json()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(post, range(10)))
    assert [status for status, _ in answers] == [202] * 10
    assert (sum(a["accepted"] for _, a in answers), sum(a["duplicates"] for _, a in answers)) == (1, 9)
    assert (Activity.objects.count(), ActivityKey.objects.count()) == (1, 1)
    score_all_dirty(now=timezone.now())
    assert LeadScore.objects.get().total == 3000


def test_10_an_activity_dated_20_days_ago(publish: Publish, team: Team, rep: User, now: datetime) -> None:
    """History changes, no stale alert."""
    lead = LeadFactory()
    rule = mail_rule(each={"activity": "document_request"}, points=80, decay={"window": "14d"})
    publish(document(rule), at=now - 30 * DAY)
    work(now - DAY)
    assert explained(lead, now - 10 * DAY)["total"] == 0
    activity(lead, "document_request", now - 20 * DAY, now=now)
    work(now)
    then = explained(lead, now - 10 * DAY)
    assert (then["total"], then["band"], then["hot"][0]["met"]) == (80, "hot", True)
    assert (LeadScore.objects.get().total, explained(lead, now)["total"]) == (0, 0)
    assert not Episode.objects.exists()
    assert not ScoreChange.objects.exists()
    assert not Handoff.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert not Notice.objects.exists()


# --- 11, 12 ----------------------------------------------------------------------------------------------------------


def test_11_a_rule_edited_from_10_to_5_and_published(publish: Publish, admin: User, now: datetime) -> None:
    """Everyone re-scored, history before that instant keeps the old version's values; rollback restores identical
    numbers."""
    leads = [LeadFactory() for _ in range(4)]
    for lead, mails in zip(leads, (0, 1, 3, 9), strict=True):
        for number in range(mails):
            activity(lead, "email_open", now - 5 * DAY, object=str(number))
    first = publish(document(mail_rule(points=10)), at=now - 4 * DAY).current_version
    assert first is not None
    numbers = ("lead_id", "total", "engagement", "contributions", "band", "grade", "hot", "is_hot")
    before = list(LeadScore.objects.order_by("lead_id").values_list(*numbers))
    publish(document(mail_rule(points=5)), at=now - 2 * DAY)
    rows = LeadScore.objects.order_by("lead_id")
    assert list(rows.values_list("total", "version__number")) == [(0, 2), (500, 2), (1500, 2), (4500, 2)]
    for at, points, version in ((now - 3 * DAY, 10, 1), (now - 2 * DAY - SECOND, 10, 1), (now - 2 * DAY, 5, 2)):
        said = [explained(lead, at) for lead in leads]
        assert [(one["total"], one["version"], one["in_force"]) for one in said] == [
            (points * mails, version, True) for mails in (0, 1, 3, 9)
        ]
    rollback_to(version=first, by=admin, now=now)
    run_rescores(now=now)
    assert list(LeadScore.objects.order_by("lead_id").values_list(*numbers)) == before
    assert set(LeadScore.objects.values_list("version__number", flat=True)) == {3}


def test_12_manual_15_met_at_the_fair_valid_14_days(publish: Publish, admin: User, now: datetime) -> None:
    """A visible line that vanishes on time."""
    lead = LeadFactory()
    model = publish(document(mail_rule()))
    until = now + 14 * DAY
    adjust_score(lead=lead, model=model, points=1500, reason="met at the fair", until=until, by=admin, now=now)
    work(now)
    (line,) = explained(lead, now)["lines"]
    assert (line["kind"], line["name"], line["points"]) == ("adjustment", "met at the fair", 15.0)
    last = until - timedelta(microseconds=1)
    for at, points in ((last, 1500), (until, 0)):
        work(at)
        assert (LeadScore.objects.get().total, len(explained(lead, at)["lines"])) == (points, points // 1500)
