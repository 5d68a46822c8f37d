"""Example 21: back-testing the published version over the last 90 days reproduces every stored decision."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation

from accounts.enums import Role
from leads.actions.exclusions import exclude_activities, restore_activity
from leads.models import Activity, Company, Exclusion, Lead, Source
from scoring.actions import publish_version, rollback_to, run_rescores, score_all_dirty, sweep_due
from scoring.actions.judgement import CriterionAnswer, adjust_score, answer_criteria, end_adjustment
from scoring.models import Adjustment, Answer, Criterion, Episode, Option, ScoreChange, ScoringModel, Version
from scoring.queries.backtest import decisions_made_anew
from studio.draft.store import start_model
from tests.conftest import NOW
from tests.factories import CompanyFactory, LeadFactory, UserFactory, activity

DAY = timedelta(days=1)
HISTORIES = (
    "leads_leadevent",
    "leads_companyevent",
    "leads_sourceevent",
    "scoring_adjustmentevent",
    "scoring_optionevent",
)


def rules(points: int, **rest: Any) -> dict[str, Any]:
    """A model that looks at everything that has a history."""
    decided = {"answer": "bant.authority", "op": "=", "value": "decides"}
    asked = {"activity": "document_request", "within": "14d"}
    return {
        "model": "Default",
        "groups": [
            {
                "name": "Fit", "dimension": "fit", "max": 40,
                "rules": [
                    {"name": "Large", "when": {"field": "company.employees", "op": ">=", "value": 100}, "points": 15},
                    {"name": "Heads", "when": {"field": "title_level", "op": ">=", "value": "manager"}, "points": 10},
                    {"name": "Decides", "when": decided, "points": 10},
                    {"name": "Fair", "when": {"field": "channel", "op": "=", "value": "event"}, "points": 5},
                ],
            },
            {
                "name": "Interest", "dimension": "engagement", "max": 60,
                "inactivity": {"after": "10d", "half_life": "20d"},
                "rules": [
                    {"name": "Mails", "each": {"activity": "email_open"}, "points": points,
                     "decay": {"half_life": "30d"}},
                    {"name": "Documents", "each": {"activity": "document_request"}, "points": 20,
                     "repeat": "once_per_object", "decay": {"linear": "60d"}},
                ],
            },
        ],
        "hot": [
            {"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 55}, "exit": {"total": 45},
             "grace": "2d"},
            {"name": "Asked and decides", "when": {"all": [asked, decided]}},
        ],
    } | rest  # fmt: skip


class Story:
    """Eighty-five days of a small company: what happens in a day, then what the product makes of it."""

    def __init__(self, now: datetime) -> None:
        self.dice, self.admin = random.Random(21), UserFactory(role=Role.ADMIN)
        self.at = now - 85 * DAY
        companies = [CompanyFactory(employees=self.dice.choice((None, 20, 99, 100, 500))) for _ in range(6)]
        sources = list(Source.objects.filter(code__in=("exhibition", "email", "webinar")))
        self.leads = [
            LeadFactory(company=self.dice.choice(companies), source=self.dice.choice(sources), title_level=level)
            for level in (None, 1, 3, 4, 2) * 6
        ]
        self.model = start_model(name="Default", document=rules(8), by=self.admin, now=self.at)
        self._publish()
        self._date_histories()
        while self.at < now:
            self.at += DAY
            for _ in range(8):
                self.dice.choice((self.act, self.act, self.act, self.edit, self.answer, self.adjust, self.exclude))()
            self._publish_on(now)
            sweep_due(now=self.at)
            score_all_dirty(now=self.at)
            self._date_histories()

    def act(self) -> None:
        """Something happened, now or up to twenty days ago."""
        late = self.dice.choice((0, 0, 0, 3, 20)) * DAY * self.dice.random()
        code, what = self.dice.choice(("email_open", "document_request")), self.dice.choice("abc")
        activity(self.dice.choice(self.leads), code, self.at - late, now=self.at, object=what)

    def edit(self) -> None:
        lead = Lead.objects.get(pk=self.dice.choice(self.leads).pk)
        kind = self.dice.randrange(3)
        if kind == 0:
            Company.objects.filter(pk=lead.company_id).update(employees=self.dice.choice((50, 100, 1000)))
        elif kind == 1:
            Lead.objects.filter(pk=lead.pk).update(title_level=self.dice.choice((None, 2, 3)))
        else:
            Lead.objects.filter(pk=lead.pk).update(source=self.dice.choice(list(Source.objects.all()[:6])))

    def answer(self) -> None:
        """Sales wrote down what it learned, sometimes days later."""
        criterion = Criterion.objects.get(framework__code="bant", code="authority")
        option = self.dice.choice(list(Option.objects.filter(criterion=criterion)))
        lead, learned = self.dice.choice(self.leads), self.at - self.dice.choice((0, 0, 4)) * DAY
        answer_criteria(
            lead=lead, answers=[CriterionAnswer(criterion=criterion, option=option)], by=self.admin, now=self.at,
            answered_at=learned,
        )  # fmt: skip

    def adjust(self) -> None:
        lead, given = self.dice.choice(self.leads), Adjustment.objects.order_by("?").first()
        if given is not None and self.dice.random() < 0.4:
            end_adjustment(adjustment=given, now=self.at)
        else:
            until = self.at + self.dice.choice((3, 14)) * DAY
            points = self.dice.choice((1500, -1000))
            adjust_score(
                lead=lead, model=self.model, points=points, reason="met", until=until, by=self.admin, now=self.at
            )

    def exclude(self) -> None:
        """Something that counted until now never did, or does after all."""
        taken_out = Exclusion.objects.filter(reverted_at=None).select_related("lead").order_by("pk").first()
        if taken_out is not None and self.dice.random() < 0.4:
            restore_activity(lead=taken_out.lead, activity=taken_out.activity_id, by=self.admin, now=self.at)
            return
        lead = self.dice.choice(self.leads)
        newest = Activity.objects.filter(lead=lead, is_excluded=False).order_by("-occurred_at", "-pk").first()
        if newest is not None:
            exclude_activities(lead=lead, activities=[newest.pk], by=self.admin, note="a test", now=self.at)

    def _publish_on(self, now: datetime) -> None:
        if self.at == now - 45 * DAY:
            ScoringModel.objects.update(draft=rules(12))
            self._publish()
        elif self.at == now - 20 * DAY:
            rollback_to(version=Version.objects.get(number=1), by=self.admin, now=self.at)
            run_rescores(now=self.at)

    def _publish(self) -> None:
        publish_version(model=self.model, by=self.admin, note="", now=self.at)
        run_rescores(now=self.at)

    def _date_histories(self) -> None:
        """The histories' triggers read the clock; here the clock is the story's."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in HISTORIES:
                cursor.execute(
                    f"UPDATE {table} SET pgh_created_at = %s WHERE pgh_created_at = transaction_timestamp()", [self.at]
                )
            cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[Story]:
    """Told once; what the tests change is undone after each of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Story(NOW)
        transaction.set_rollback(True)


@pytest.fixture
def story(told: Story, db: None) -> Story:
    return told


def missed(now: datetime) -> list[str]:
    return [str(one) for moment in decisions_made_anew(since=now - 90 * DAY, until=now) for one in moment.missed]


def test_backtesting_the_published_version_over_the_last_90_days_reproduces_every_stored_decision(
    story: Story, now: datetime
) -> None:
    """Activities that came late or stopped counting, edited attributes, three versions, answers recorded later, points
    given and taken."""
    moments = list(decisions_made_anew(since=now - 90 * DAY, until=now))
    assert [str(one) for moment in moments for one in moment.missed] == []
    decisions = sum(moment.decisions for moment in moments)
    ended = Episode.objects.exclude(ended_at=None).count()
    assert decisions == ScoreChange.objects.count() + Episode.objects.count() + ended
    assert (Version.objects.count(), ended > 5, decisions > 300) == (3, True, True)
    assert Exclusion.objects.exclude(reverted_at=None).count() > 5


def test_what_does_not_come_out_again_is_named(story: Story, now: datetime) -> None:
    """A stored number that was tampered with, and an activity that was taken out of history."""
    change = ScoreChange.objects.order_by("at")[10]
    ScoreChange.objects.filter(pk=change.pk).update(total=change.total + 1)
    found = missed(now)
    assert len(found) == 1
    assert found[0].startswith(f"lead {change.lead_id} at {change.at}: change stored by")
    ScoreChange.objects.filter(pk=change.pk).update(total=change.total)
    opening = Episode.objects.order_by("started_at")[5]
    Activity.objects.filter(lead=opening.lead_id, occurred_at__lte=opening.started_at).delete()
    kinds = Counter(one.split(": ")[1].split()[0] for one in missed(now) if one.startswith(f"lead {opening.lead_id} "))
    assert kinds["change"] > 0
    assert kinds["opening"] > 0


def test_a_fact_in_flight_is_found_among_hundreds_of_the_same_minute(publish: Any, now: datetime) -> None:
    """The decision read the lead a moment before another opening was stored that had been received earlier."""
    lead = LeadFactory(created_at=now - DAY)
    publish(rules(1), at=now - DAY)
    at = now - timedelta(minutes=2)
    for place, pk in enumerate([activity(lead, "email_open", at) for _time in range(250)]):
        Activity.objects.filter(pk=pk).update(received_at=now - timedelta(seconds=50) + timedelta(milliseconds=place))
    score_all_dirty(now=now)
    unseen = activity(lead, "email_open", at)
    Activity.objects.filter(pk=unseen).update(received_at=now - timedelta(microseconds=5))
    assert [one for one in missed(now) if one.startswith(f"lead {lead.pk} ")] == []


def test_a_decision_of_a_version_that_was_not_in_force_is_named(story: Story, now: datetime) -> None:
    old = Version.objects.get(number=1)
    change = ScoreChange.objects.filter(version__number=2).first()
    assert change is not None
    ScoreChange.objects.filter(pk=change.pk).update(version=old)
    assert any("which was not in force" in one for one in missed(now))


@pytest.mark.parametrize("forget", ["late activities", "values", "answers"])
def test_planted_fault_a_backtest_that_sees_the_future_is_caught(story: Story, now: datetime, forget: str) -> None:
    """Each kind of fact that is taken as it is known today, not as it was known then, shows as a missed decision."""
    changes: dict[str, Callable[[], object]] = {
        "late activities": lambda: Activity.objects.update(received_at=now - 100 * DAY),
        "values": lambda: _forget("leads_companyevent"),
        "answers": lambda: Answer.objects.update(recorded_at=now - 100 * DAY),
    }
    changes[forget]()
    assert any(moment.missed for moment in decisions_made_anew(since=now - 90 * DAY, until=now))


def _forget(table: str) -> None:
    """As if what is true today had been recorded from the first."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET pgh_created_at = '2020-01-01'")
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_verify_tells_how_many_decisions_come_out_again(story: Story, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    out = StringIO()
    call_command("verify", "--days", "90", stdout=out)
    assert "decisions_reproduced" in out.getvalue()
    told = StringIO()
    with translation.override("ja"):
        call_command("verify", "--days", "90", stdout=told)
    last = told.getvalue().splitlines()[-1]
    assert (last[:2], "直近90日の判定" in last, "come out" in last) == ("ok", True, False)
    ScoreChange.objects.filter(pk=ScoreChange.objects.latest("at").pk).update(band="warm", grade="B2", total=1)
    with pytest.raises(SystemExit) as ended:
        call_command("verify", "--days", "90", stdout=out)
    assert ended.value.code == 1
