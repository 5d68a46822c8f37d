"""Where the rules were wrong (S46): rejected by sales, or missed by the rules."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from handoff.actions.decisions import reject_handoff
from handoff.models import Handoff, Outcome, RejectReason
from insights.enums import WrongVerdict
from insights.periods import Period, Span, named
from insights.queries.verdicts import missed, reasons, rejected, summary
from leads.models import Lead
from scoring.models import ScoringModel, Version
from tests.factories import LeadFactory
from tests.handoff.world import DOCUMENT, claimed_by, episode

DAY = timedelta(days=1)
ALL = Period(span=Span.ALL)
pytestmark = pytest.mark.django_db


@pytest.fixture
def now(rep: User) -> datetime:
    """A year after the first rules."""
    now, model = timezone.now(), ScoringModel.objects.create(name="Default", is_primary=True, hands_over=True)
    model.current_version = Version.objects.create(
        model=model, number=1, document=DOCUMENT, note="", published_at=now - 365 * DAY
    )
    model.save()
    return now


def last_90_days() -> Period:
    return named(Span.DAYS_90, timezone.localdate())


def turned_down(rep: User, at: datetime, code: str, **lead: str) -> Handoff:
    handoff = claimed_by(rep, at=at, lead=LeadFactory(team=rep.team, **lead))
    reject_handoff(handoff=handoff, reason=RejectReason.objects.get(code=code), comment="No budget", by=rep, now=at)
    return handoff


def won(lead: Lead, at: datetime) -> Outcome:
    return Outcome.objects.create(lead=lead, result="won", decided_at=at, source="test")


def test_who_was_hot_and_rejected_is_listed_with_the_reason(marketer: User, rep: User, now: datetime) -> None:
    turned_down(rep, now - DAY, "too_early", name="Aoki")
    turned_down(rep, now - 2 * DAY, "too_early", name="Baba")
    turned_down(rep, now - 100 * DAY, "wrong_person", name="Chiba")
    claimed_by(rep, at=now - DAY)
    found = rejected(marketer, period=last_90_days())
    assert {(one.lead.name, one.reject_reason.code) for one in found} == {("Aoki", "too_early"), ("Baba", "too_early")}
    assert [(one.code, number) for one, number in reasons(marketer, period=ALL)] == [
        ("too_early", 2),
        ("wrong_person", 1),
    ]
    assert [one.lead.name for one in rejected(marketer, period=ALL, reason="wrong_person")] == ["Chiba"]
    told = summary(marketer, period=last_90_days())
    assert (told.accepted.number, told.rejected) == (0, 2)


def test_who_bought_without_having_been_hot_is_missed_but_nobody_from_before_the_rules(
    marketer: User, now: datetime
) -> None:
    was_hot, hot_later, never, before, again = LeadFactory.create_batch(5)
    episode(was_hot, at=now - 20 * DAY)
    episode(hot_later, at=now - 5 * DAY)
    for lead in (was_hot, hot_later, never, again):
        won(lead, now - 10 * DAY)
    won(before, now - 400 * DAY)
    won(again, now - 380 * DAY)  # the first purchase is what tells
    found = missed(marketer, period=last_90_days())
    assert {one.lead for one in found} == {hot_later, never}
    told = summary(marketer, period=ALL)
    assert (told.foreseen.number, told.foreseen.of, told.missed) == (1, 3, 2)


def test_without_rules_nobody_is_missed(marketer: User) -> None:
    won(LeadFactory(), timezone.now())
    assert list(missed(marketer, period=ALL)) == []


def test_a_rep_finds_only_the_leads_they_see(rep: User, outsider: User, now: datetime) -> None:
    handoff = turned_down(rep, now - DAY, "too_early")
    Lead.objects.filter(pk=handoff.lead_id).update(owner=rep)
    assert (rejected(rep, period=ALL).count(), rejected(outsider, period=ALL).count()) == (1, 0)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Why sales rejected leads"), ("ja", "マーケに戻した理由の内訳")]
)
def test_the_page_leads_from_a_verdict_to_the_score_of_that_moment(
    client: Client, marketer: User, rep: User, now: datetime, language: str, words: str
) -> None:
    User.objects.filter(pk=marketer.pk).update(language=language)
    turned_down(rep, now - DAY, "too_early", name="Aoki")
    client.force_login(marketer)
    page = client.get(reverse("insights:verdicts")).content.decode()
    assert all(each in page for each in (words, "Aoki", "No budget"))
    lead = Lead.objects.get(name="Aoki")
    address = unescape(page.split(f'href="{lead.get_absolute_url()}?')[1].split('"')[0])
    asked = {name: datetime.fromisoformat(value) for name, value in parse_qsl(address)}
    queued = timezone.localtime(Handoff.objects.get(lead=lead).queued_at).replace(tzinfo=None)
    assert asked["at"] == asked["known_at"] == queued.replace(microsecond=0) + timedelta(seconds=1)
    shown = client.get(f"{lead.get_absolute_url()}?{address}").content.decode()
    panel = unescape(shown.split(f'"{reverse("scoring:lead_panel", args=[lead.pk])}?')[1].split('"')[0])
    assert parse_qsl(panel) == parse_qsl(address)


@pytest.mark.parametrize("query", ["show=nothing", "period=-1", "reason=nope", "after=forged", "show=missed&reason=x"])
def test_what_cannot_be_read_is_not_filtered_by(client: Client, marketer: User, now: datetime, query: str) -> None:
    client.force_login(marketer)
    assert client.get(f"{reverse('insights:verdicts')}?{query}").status_code == 200


def test_the_verdict_review_offers_the_same_periods_as_the_overview(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    offered = [
        re.findall(r'<option value="(\w+)"', client.get(reverse(name)).content.decode())[: len(Span)]
        for name in ("insights:home", "insights:verdicts")
    ]
    assert offered == [list(Span.values), list(Span.values)]


def test_verdicts_are_those_of_the_last_90_days_until_somebody_chooses(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    turned_down(rep, now - DAY, "too_early", name="Aoki")
    turned_down(rep, now - 100 * DAY, "too_early", name="Chiba")
    client.force_login(marketer)
    day = timezone.localdate(now - 100 * DAY).isoformat()
    listed = [
        [row.lead.name for row in client.get(reverse("insights:verdicts"), query).context["page"].rows]
        for query in ({}, {"period": "all"}, {"period": "custom", "since": day, "until": day})
    ]
    assert listed == [["Aoki"], ["Aoki", "Chiba"], ["Chiba"]]


def test_a_period_that_is_none_shows_the_one_that_is_listed(client: Client, marketer: User, now: datetime) -> None:
    client.force_login(marketer)
    page = client.get(reverse("insights:verdicts"), {"period": "45"})
    assert page.context["days"] == "since the first lead"
    assert "selected" not in page.content.decode().split('name="period"')[1].split("</select>")[0]
    assert 'aria-invalid="true"' in page.content.decode()


def test_the_page_asks_as_often_for_three_rows_as_for_one(
    client: Client, marketer: User, rep: User, now: datetime
) -> None:
    client.force_login(marketer)
    asked = []
    for number in range(3):
        turned_down(rep, now - DAY, "too_early")
        won(LeadFactory(), now - number * DAY)
        with CaptureQueriesContext(connection) as queries:
            for show in WrongVerdict:
                client.get(reverse("insights:verdicts"), {"show": show.value})
        asked.append(len(queries))
    assert asked[1] == asked[2]
