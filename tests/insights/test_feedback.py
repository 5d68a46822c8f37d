"""The inbox of what sales says: its filters and counts, the talk, the state, the table, and the weeks."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from handoff.actions import answer_survey, reject_handoff, reply_to_feedback
from handoff.models import Feedback, FeedbackRule, Handoff, RejectReason
from insights.enums import FeedbackTab
from insights.periods import Period, Span
from insights.queries.feedback import FeedbackFilter, in_tab, narrowed, rule_counts, tab_counts
from insights.queries.satisfaction import satisfaction
from leads.models import LeadExport
from scoring.models import ScoreChange, Version
from tests.factories import LeadFactory
from tests.handoff.world import DOCUMENT, contacted_by, model

pytestmark = pytest.mark.django_db
ALL = Period(span=Span.ALL)
ADDRESS = "insights:feedback"


@pytest.fixture
def now() -> datetime:
    return timezone.now() - timedelta(hours=2)


def lead_of(rep: User, now: datetime, name: str = "Aoki") -> Handoff:
    """Contacted by the rep, with the decision that made the lead hot."""
    handoff = contacted_by(rep, at=now, lead=LeadFactory(name=name, team=rep.team))
    ScoreChange.objects.create(
        lead=handoff.lead, model=handoff.model, version=handoff.episode.version, at=handoff.episode.started_at,
        fit=0, engagement=8000, qualification=0, total=8000, band="hot", grade="A1", contributions=[3000, 5000],
        hot=[True],
    )  # fmt: skip
    return handoff


def rated(rep: User, now: datetime, answer: str = "wrong", **rest: Any) -> Feedback:
    name = rest.pop("name", "Aoki")
    return answer_survey(handoff=lead_of(rep, now, name), by=rep, answer=answer, now=now, **rest)


def turned_down(rep: User, now: datetime, code: str = "no_need", name: str = "Baba") -> Feedback:
    handoff = lead_of(rep, now, name)
    reject_handoff(handoff=handoff, by=rep, reason=RejectReason.objects.get(code=code), now=now)
    return handoff.feedback.get()


def test_each_tab_holds_as_many_as_it_says_and_too_late_stands_apart(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    rated(rep, now)
    rated(rep, now, "good")  # waits for no answer
    turned_down(rep, now)
    turned_down(rep, now, "too_late")
    Feedback.objects.filter(verdict="wrong").update(state="declined", declined_because="One of many")
    client.force_login(marketer)
    page = client.get(reverse(ADDRESS))
    counts = {tab.value: count for tab, count, _current in page.context["tabs"]}
    assert counts == {"open": 1, "changed": 0, "declined": 1, "all": 3, "late": 1}
    for tab, count in counts.items():
        assert len(client.get(reverse(ADDRESS), {"tab": tab}).context["page"].rows) == count


def test_every_filter_leaves_the_rows_that_it_names(marketer: User, rep: User, other_rep: User, now: datetime) -> None:
    doubting = rated(rep, now, doubted=[("Interest", "Studied the prices")])
    other = rated(other_rep, now, "good")
    refused = turned_down(rep, now)
    rule = {"group": "Interest", "rule": "Studied the prices"}
    found = {
        name: set(narrowed(marketer, FeedbackFilter(**wanted), ALL))
        for name, wanted in {
            "verdict": {"verdict": "good"}, "reason": {"reason": "rejected:no_need"}, "rep": {"rep": rep.pk},
            "rule": rule, "doubted": {**rule, "doubted": True}, "any doubt": {"doubted": True},
            "model": {"model": model().pk}, "no team": {"team": 0x7FFF}, "team": {"team": rep.team_id},
        }.items()
    }  # fmt: skip
    everyone = {doubting, other, refused}
    assert found == {
        "verdict": {other}, "reason": {refused}, "rep": {doubting, refused}, "rule": everyone, "doubted": {doubting},
        "any doubt": {doubting}, "model": everyone, "no team": set(), "team": everyone,
    }  # fmt: skip


def test_a_rule_is_counted_by_what_sales_said_of_its_leads_without_what_came_too_late(
    marketer: User, rep: User, now: datetime
) -> None:
    rated(rep, now, doubted=[("Interest", "Studied the prices")])
    rated(rep, now, "good")
    turned_down(rep, now)
    turned_down(rep, now, "too_late")
    rows = narrowed(marketer, FeedbackFilter(), ALL)
    first, second = rule_counts(rows)
    assert (first.rule, first.doubted, second.rule, second.doubted) == (
        "Studied the prices", 1, "Asked for documents", 0,
    )  # fmt: skip
    assert [number for _verdict, number in first.numbers] == [1, 0, 1, 1, 0]
    for verdict, number in first.numbers:
        wanted = FeedbackFilter(group=first.group, rule=first.rule, model=first.model, verdict=verdict)
        assert in_tab(narrowed(marketer, wanted, ALL), FeedbackTab.ALL).count() == number
    assert first.link.address == f"{model().get_absolute_url()}#rule-0-0"


def test_the_address_names_a_rule_and_the_filter_offers_each_that_spoke(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    rated(rep, now, doubted=[("Interest", "Studied the prices")])
    turned_down(rep, now)
    client.force_login(marketer)
    page = client.get(reverse(ADDRESS), {"rule": "Interest: Studied the prices", "doubted": "on"})
    assert len(page.context["page"].rows) == 1
    assert [key for key, _name in page.context["form"].fields["rule"].choices] == [
        "", "Interest: Asked for documents", "Interest: Studied the prices",
    ]  # fmt: skip


def test_a_rule_that_is_no_more_has_no_link_and_its_verdict_stays(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    feedback = rated(rep, now)
    FeedbackRule.objects.filter(feedback=feedback, rule="Studied the prices").update(rule="Was renamed since")
    client.force_login(marketer)
    row = client.get(reverse(ADDRESS)).context["page"].rows[0]
    assert {link.rule.rule: bool(link.address) for link in row.rules} == {
        "Hot lead": True, "Asked for documents": True, "Was renamed since": False,
    }  # fmt: skip


def test_a_rep_reads_what_the_team_says_without_the_name_of_a_colleagues_lead(
    client: Client, rep: User, other_rep: User, now: datetime
) -> None:
    feedback = rated(other_rep, now, name="Hidden Name")
    feedback.handoff.lead.refresh_from_db()
    client.force_login(rep)
    page = client.get(reverse(ADDRESS)).content.decode()
    assert "A colleague’s lead" in page
    assert "Hidden Name" not in page
    assert client.get(feedback.get_absolute_url()).status_code == 200


def test_of_another_team_a_rep_reads_nothing(client: Client, rep: User, outsider: User, now: datetime) -> None:
    feedback = rated(rep, now)
    client.force_login(outsider)
    assert client.get(feedback.get_absolute_url()).status_code == 404
    assert client.post(reverse("insights:feedback_reply", args=[feedback.pk]), {"text": "Hi"}).status_code == 404
    assert feedback.replies.count() == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Feedback", "Wrong", "Named as wrong")),
        ("ja", ("フィードバック", "見込み違い", "誤りと判断")),
    ],
)
def test_list_and_detail_speak_the_readers_language(
    client: Client, marketer: User, rep: User, now: datetime, language: str, words: tuple[str, ...]
) -> None:
    User.objects.filter(pk=marketer.pk).update(language=language)
    feedback = rated(rep, now, doubted=[("Interest", "Studied the prices")], comment="A student")
    reply_to_feedback(feedback=feedback, by=rep, text="From a school", now=now)
    client.force_login(marketer)
    page = client.get(reverse(ADDRESS)).content.decode()
    assert all(each in page for each in (*words, "Studied the prices", "A student"))
    detail = client.get(feedback.get_absolute_url()).content.decode()
    assert all(each in detail for each in ("A student", "From a school", "/without/?group=Interest"))


def test_a_reply_joins_the_talk_and_an_empty_one_is_asked_for(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    feedback = rated(rep, now)
    client.force_login(marketer)
    address = reverse("insights:feedback_reply", args=[feedback.pk])
    assert client.post(address, {"text": " "}).status_code == 422
    client.post(address, {"text": "Which pages?"})
    assert list(feedback.replies.values_list("text", "by")) == [("Which pages?", marketer.pk)]


def decide(client: Client, *chosen: Feedback, **typed: Any) -> Any:
    return client.post(reverse("insights:feedback_decide"), {"pk": [one.pk for one in chosen], **typed})


def test_several_are_declined_at_once_and_a_change_needs_its_version(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    first, second = rated(rep, now), turned_down(rep, now)
    client.force_login(marketer)
    assert decide(client, first, state="changed").status_code == 422
    decide(client, first, second, state="declined", because="Too few to tell")
    assert set(Feedback.objects.values_list("state", "declined_because")) == {("declined", "Too few to tell")}
    version = Version.objects.create(model=model(), number=2, document=DOCUMENT, note="")
    decide(client, first, state="changed", version=version.pk)
    first.refresh_from_db()
    assert (first.state, first.changed_in) == ("changed", version)


def test_all_of_a_list_are_decided_as_its_filters_say(client: Client, marketer: User, rep: User, now: datetime) -> None:
    rated(rep, now)
    refused = turned_down(rep, now)
    client.force_login(marketer)
    typed = {"all": "1", "query": "verdict=rejected", "state": "declined", "because": "No"}
    client.post(reverse("insights:feedback_decide"), typed)
    assert list(Feedback.objects.filter(state="declined")) == [refused]


def test_a_version_of_another_model_is_told_and_the_others_are_done(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    first, second = rated(rep, now), rated(rep, now)
    other = type(model()).objects.create(name="Other")
    version = Version.objects.create(model=other, number=1, document=DOCUMENT, note="")
    Feedback.objects.filter(pk=second.pk).update(model=other, version=version)
    client.force_login(marketer)
    decide(client, first, second, state="changed", version=version.pk)
    assert list(Feedback.objects.filter(state="changed")) == [second]
    assert "1 not done: Choose the version of the model" in client.get(reverse(ADDRESS)).content.decode()


def test_the_table_has_the_rows_of_the_list_and_is_recorded(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    rated(rep, now, comment="=1+1", doubted=[("Interest", "Studied the prices")])
    turned_down(rep, now)
    client.force_login(marketer)
    answer = client.post(reverse("insights:feedback_export"), {"query": "verdict=wrong"})
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    cells = dict(zip(heading, row, strict=True))
    assert (cells["Verdict"], cells["Lead"], cells["Comment"], cells["Named as wrong"]) == (
        "Wrong", "Aoki", "'=1+1", "Studied the prices",
    )  # fmt: skip
    assert LeadExport.objects.get().rows == 1


def test_the_list_asks_as_often_for_three_rows_as_for_one(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    client.force_login(marketer)
    asked = []
    for _number in range(3):
        rated(rep, now)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(ADDRESS))
        asked.append(len(queries))
    assert asked[1] == asked[2]


@pytest.mark.parametrize("query", ["tab=x", "verdict=x", "reason=lost", "reason=x:y", "rep=x", "model=9", "after=x"])
def test_what_cannot_be_read_is_not_filtered_by(
    client: Client, marketer: User, rep: User, now: datetime, query: str
) -> None:
    rated(rep, now)
    client.force_login(marketer)
    page = client.get(f"{reverse(ADDRESS)}?{query}")
    assert (page.status_code, len(page.context["page"].rows)) == (200, 1)


# Weeks


def test_each_week_has_the_shares_of_its_answers_and_too_few_have_none(
    marketer: User, rep: User, now: datetime
) -> None:
    monday = timezone.localtime(now).replace(hour=12) - timedelta(days=timezone.localtime(now).weekday())
    before = monday - timedelta(days=7)
    for answer in ("good", "good", "good", "so_so", "wrong"):
        Feedback.objects.filter(pk=rated(rep, now, answer).pk).update(at=before)
    Feedback.objects.filter(pk=rated(rep, now, "good").pk).update(at=monday)
    turned_down(rep, now)
    latest, earlier = satisfaction(narrowed(marketer, FeedbackFilter(), ALL))
    assert (latest.first, latest.answers, latest.is_enough) == (monday.date(), 1, False)
    assert [share.number for _answer, share in earlier.shares] == [3, 1, 1]
    assert [round(share.per_cent) for _answer, share in earlier.shares] == [60, 20, 20]
    low, high = earlier.shares[0][1].interval or (0, 0)
    assert (round(low, 2), round(high, 2)) == (0.23, 0.88)


def test_the_number_of_a_week_opens_as_many_rows(client: Client, marketer: User, rep: User, now: datetime) -> None:
    for answer in ("good", "good", "wrong"):
        rated(rep, now, answer)
    client.force_login(marketer)
    (week,) = client.get(reverse(ADDRESS)).context["weeks"]
    for answer, share in week.shares:
        query = {"tab": "all", "verdict": answer, "period": "custom", "since": week.since, "until": week.until}
        assert len(client.get(reverse(ADDRESS), query).context["page"].rows) == share.number


def test_a_page_without_feedback_says_where_it_comes_from(client: Client, marketer: User, team: Team) -> None:
    client.force_login(marketer)
    assert "Reps rate a lead with one press" in client.get(reverse(ADDRESS)).content.decode()
    assert "Nothing came too late" in client.get(reverse(ADDRESS), {"tab": "late"}).content.decode()
    assert "No feedback matches" in client.get(reverse(ADDRESS), {"verdict": "good"}).content.decode()
    assert tab_counts(narrowed(marketer, FeedbackFilter(), ALL))[FeedbackTab.ALL] == 0
