"""How often a hot lead becomes an opportunity or a customer, and how sure that is."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import User
from leads.enums import Stage
from leads.models import StageChange
from scoring.models import LeadScore, ScoreChange
from tests.factories import LeadFactory
from tests.handoff.world import FRIDAY, episode, score_of
from tests.insights.test_queries import win

DAY = timedelta(days=1)


def opportunity(lead, at):
    StageChange.objects.create(lead=lead, after=Stage.OPPORTUNITY, at=at, reason="opportunity")


def reached(lead, band):
    """The interest level that the lead came to at some time."""
    score = score_of(lead)
    facts = {name: getattr(score, name) for name in ("model", "version", "fit", "engagement", "qualification", "total")}
    ScoreChange.objects.create(lead=lead, band=band, grade="A1", at=FRIDAY, **facts)
    LeadScore.objects.filter(pk=score.pk).update(band="cold")


def ten_hot_leads_four_opportunities_one_win():
    leads = LeadFactory.create_batch(10)
    for lead in leads:
        episode(lead, at=FRIDAY)
    for lead in leads[:4]:
        opportunity(lead, FRIDAY + DAY)
    win(leads[0], FRIDAY + 2 * DAY)
    return leads


def overview(client, user, **query):
    client.force_login(user)
    return client.get(reverse("insights:home"), query)


def words_of(page):
    return " ".join(unescape(page.content.decode()).split())


@pytest.mark.parametrize(
    ("language", "told"), [("en", "95% confidence: 17–69%"), ("ja", "95%信頼区間：17〜69%")]
)  # fmt: skip
def test_10_hot_leads_4_opportunities_1_win_precision_with_its_interval(client, marketer, language, told):
    User.objects.filter(pk=marketer.pk).update(language=language)
    ten_hot_leads_four_opportunities_one_win()
    page = overview(client, marketer)
    share = page.context["precision"]
    assert (share.number, share.of, share.per_cent) == (4, 10, 40)
    assert (round(share.low, 1), round(share.high, 1)) == (16.8, 68.7)
    assert told in words_of(page)
    assert "40%" in words_of(page)


def test_a_band_with_fewer_than_5_not_enough_data_no_colour(client, marketer):
    for lead in LeadFactory.create_batch(4):
        reached(lead, "hot")
        win(lead, FRIDAY)
    for lead in LeadFactory.create_batch(5):
        reached(lead, "warm")
    body = words_of(overview(client, marketer, by="level")).split("<tbody")[1].split("</tbody>")[0]
    high, medium = sorted((row for row in body.split("<tr")[1:]), key=lambda row: "Medium interest" in row)
    assert "High interest" in high
    assert "not enough data" in high
    assert "<svg" not in high
    assert "100" not in high
    assert "<svg" in medium
    assert "0.0%" in medium


def test_fewer_than_5_hot_leads_show_no_precision(client, marketer):
    for lead in LeadFactory.create_batch(4):
        episode(lead, at=FRIDAY)
        opportunity(lead, FRIDAY + DAY)
    page = overview(client, marketer)
    stat = words_of(page).split("Hot precision")[1].split("</a>")[0]
    assert "not enough data" in stat
    assert "100%" not in stat


def test_an_opportunity_from_before_the_lead_was_hot_does_not_count_for_precision(client, marketer):
    lead = LeadFactory()
    opportunity(lead, FRIDAY - DAY)
    win(lead, FRIDAY - DAY)
    episode(lead, at=FRIDAY)
    assert overview(client, marketer).context["precision"].number == 0


def test_precision_leads_to_exactly_the_leads_it_counts(client, marketer):
    leads = ten_hot_leads_four_opportunities_one_win()
    address = f"{reverse('insights:figure_leads', args=['hot_grown'])}?period=all"
    assert f'href="{address}"' in words_of(overview(client, marketer))
    assert {lead.pk for lead in client.get(address).context["page"].rows} == {lead.pk for lead in leads[:4]}
