"""Periods of the company's year, and figures that count the rows they lead to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from insights.periods import Span, named, period_form
from insights.queries.conversion import DIMENSIONS, conversion_by
from leads.models import Lead
from scoring.models import Episode
from tests.factories import LeadFactory, source
from tests.handoff.world import CONTACT, contacted_by, jst
from tests.insights.test_queries import win

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("span", "first", "last", "before_first", "before_last"),
    [
        (Span.MONTH, "2026-11-01", "2026-11-30", "2026-10-01", "2026-10-30"),
        (Span.LAST_MONTH, "2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"),
        (Span.QUARTER, "2026-10-01", "2026-11-30", "2026-07-01", "2026-08-30"),
        (Span.LAST_QUARTER, "2026-07-01", "2026-09-30", "2026-04-01", "2026-06-30"),
        (Span.YEAR, "2026-04-01", "2026-11-30", "2025-04-01", "2025-11-30"),
        (Span.LAST_YEAR, "2025-04-01", "2026-03-31", "2024-04-01", "2025-03-31"),
        (Span.DAYS_90, "2026-09-02", "2026-11-30", "2026-06-04", "2026-09-01"),
    ],
)
def test_a_period_is_compared_with_the_same_part_of_the_one_before(span, first, last, before_first, before_last):
    period = named(span, TODAY)
    assert (str(period.first), str(period.last)) == (first, last)
    assert period.before
    assert (str(period.before.first), str(period.before.last)) == (before_first, before_last)


def test_the_year_begins_with_the_month_that_the_installation_says(settings):
    settings.FISCAL_YEAR_MONTH = 1
    assert str(named(Span.YEAR, TODAY).first) == "2026-01-01"
    assert str(named(Span.QUARTER, date(2026, 12, 31)).first) == "2026-10-01"


@pytest.mark.parametrize(
    "query",
    [
        {"period": "custom"},
        {"period": "custom", "since": "2026-11-02", "until": "2026-11-01"},
        {"period": "custom", "since": "0001-01-01", "until": "9999-12-31"},
        {"period": "next"},
    ],
)
def test_a_period_that_makes_no_sense_is_all_time_and_says_so(client, marketer, query):
    assert period_form(query).chosen(TODAY).first is None
    client.force_login(marketer)
    page = client.get(reverse("insights:home"), query)
    assert page.status_code == 200
    assert page.context["form"].errors


def test_days_chosen_by_hand_are_compared_with_as_many_before():
    period = period_form({"period": "custom", "since": "2026-11-01", "until": "2026-11-10"}).chosen(TODAY)
    assert (str(period.before.first), str(period.before.last)) == ("2026-10-22", "2026-10-31")


def test_every_figure_counts_the_rows_it_leads_to(client, marketer, rep, now):
    today = timezone.localdate()
    old, young = LeadFactory(), LeadFactory()
    Lead.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=200))
    win(old, now)
    win(young, now - timedelta(days=100))
    contacted_by(rep, at=CONTACT)
    client.force_login(marketer)
    for query in ("period=all", "period=90d", f"period=custom&since=2026-07-01&until={today}"):
        page = client.get(f"{reverse('insights:home')}?{query}")
        for shown in page.context["figures"]:
            address = f"{reverse('insights:figure_leads', args=[shown.figure.code])}?{query}"
            assert address.replace("&", "&amp;") in page.content.decode()
            listed = client.get(address)
            assert (len(listed.context["page"].rows), listed.context["number"]) == (shown.number, shown.number), address
    numbers = {
        shown.figure.code: (shown.number, shown.before)
        for shown in client.get(f"{reverse('insights:home')}?period=90d").context["figures"]
    }
    assert numbers["won"] == (1, 1)
    assert numbers["hot_now"][1] is None


def test_groups_are_those_of_the_leads_that_came_in_in_the_period(marketer, now):
    old, young = LeadFactory(source=source("email")), LeadFactory(source=source("email"))
    Lead.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=200))
    win(old, now)
    win(young, now)
    rows = conversion_by(marketer, DIMENSIONS["source"], named(Span.DAYS_90, timezone.localdate()))
    assert [(row.leads, row.won) for row in rows] == [(1, 1)]
    assert "created_from=" in rows[0].query


def test_a_rep_reads_the_figures_of_the_own_leads_only(client, rep, other_rep):
    contacted_by(rep, at=jst(7, 21, 16))
    contacted_by(other_rep, at=jst(7, 21, 16))
    client.force_login(rep)
    figures = {shown.figure.code: shown.number for shown in client.get(reverse("insights:home")).context["figures"]}
    assert figures["answered"] == 1
    assert Episode.objects.count() == 2
