from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.models import Outcome
from insights.periods import Period, Span
from insights.queries.conversion import DIMENSIONS, conversion_by, strongest
from insights.queries.figures import answer_time
from tests.factories import CompanyFactory, LeadFactory, source
from tests.handoff.world import contacted_by, jst
from web.shares import wilson

ALL = Period(span=Span.ALL)


def win(lead, now):
    Outcome.objects.create(lead=lead, result="won", decided_at=now, source="test")


def test_won_per_source_counts_leads_and_not_outcomes(marketer, now):
    leads = [LeadFactory(source=source("email")) for _ in range(3)]
    LeadFactory(source=source("social"))
    win(leads[0], now)
    win(leads[0], now + timedelta(days=1))
    rows = conversion_by(marketer, DIMENSIONS["source"], ALL)
    assert [(row.value, row.leads, row.won) for row in rows] == [("email", 3, 1), ("social", 1, 0)]


def test_a_rep_counts_only_the_leads_they_see(rep, now):
    LeadFactory(source=source("email"), owner=rep)
    LeadFactory(source=source("email"))
    assert [row.leads for row in conversion_by(rep, DIMENSIONS["source"], ALL)] == [1]


@pytest.mark.parametrize(
    ("employees", "group"), [(49, "1-49"), (50, "50-99"), (100, "100-499"), (500, "500-"), (None, None)]
)
def test_company_sizes_are_groups_without_gaps(marketer, employees, group):
    LeadFactory(company=CompanyFactory(employees=employees))
    assert [row.value for row in conversion_by(marketer, DIMENSIONS["size"], ALL)] == [group]


def test_fewer_than_five_leads_have_no_rate():
    assert wilson(1, 4) is None


def test_wilson_of_one_win_in_ten():
    low, high = wilson(1, 10)
    assert (round(low, 4), round(high, 4)) == (0.0179, 0.4042)


def test_only_a_group_surely_above_the_common_rate_is_called_strong(marketer, now):
    for _ in range(30):
        LeadFactory(source=source("social"))
    good = [LeadFactory(source=source("referral")) for _ in range(10)]
    for lead in good[:8]:
        win(lead, now)
    assert [row.value for row in strongest(conversion_by(marketer, DIMENSIONS["source"], ALL))] == ["referral"]


def test_the_time_to_first_contact_is_business_time(rep):
    contacted_by(rep, at=jst(7, 21, 10))  # hot on Friday at 17:00; Monday is a holiday
    assert answer_time(rep, ALL) == timedelta(hours=2)


def test_insights_say_their_period_whose_leads_they_count_and_what_the_rate_is_of(client, rep):
    LeadFactory(owner=rep)
    client.force_login(rep)
    words = client.get("/insights/").content.decode()
    assert "since the first lead" in words
    assert "You see your own leads and those of your team that have no owner." in words
    assert "Win rate: leads won so far, of all leads created in the period (1)." in words
