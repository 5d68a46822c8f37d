"""Coming soon: who is close to hot and in nobody's hands, what is missing, and when time alone makes it hot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from handoff.actions import follow_coming, open_handoffs
from handoff.actions.settings import save_call_rules
from handoff.models import ComingLead
from handoff.queries.coming import approach_of, coming, count_coming
from leads.models import Lead
from scoring.actions import score_all_dirty
from scoring.models import Adjustment, LeadScore
from tests.clients import as_
from tests.factories import LeadFactory
from tests.published import document, mail_rule

DAY = timedelta(days=1)
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def model(publish):
    """Hot from 70, or by a planned start within 30 days with 60 points."""
    plan = {
        "all": [
            {"score": "total", "op": ">=", "value": 60},
            {"field": "planned_on", "op": "within_next", "value": "30d"},
        ]
    }
    hot = [
        {"name": "Many points", "when": {"score": "total", "op": ">=", "value": 70}},
        {"name": "Plans", "when": plan},
    ]
    return publish(document(mail_rule(), hot=hot))


@pytest.fixture
def lead_with(model, team, now):
    """A lead of the team with so many points."""

    def make(points, **fields):
        lead = LeadFactory(team=fields.pop("team", team), **fields)
        Adjustment.objects.create(lead=lead, model=model, points=points * 100, reason="test", starts_at=now)
        score_all_dirty(now=now)
        return lead

    return make


def names(user):
    return [score.lead.name for score in coming(user)]


def test_who_is_at_most_ten_points_short_is_coming_the_closest_first(lead_with, rep):
    for points in (59, 60, 65, 69, 70, 95):
        lead_with(points, name=f"{points}")
    assert names(rep) == ["69", "65", "60"]
    assert count_coming(rep).number == 3


def test_who_is_in_other_hands_or_must_not_be_called_is_not_coming(lead_with, rep, other_rep, outsider, now):
    lead_with(65, name="customer", stage="customer")
    lead_with(65, name="opportunity", stage="opportunity")
    lead_with(65, name="disqualified", stage="disqualified")
    lead_with(65, name="refused", consent=False)
    lead_with(65, name="competitor", is_competitor=True)
    lead_with(65, name="of a colleague", owner=other_rep)
    lead_with(65, name="of another team", team=outsider.team)
    handed = lead_with(75, name="handed off and cooling")
    open_handoffs(now=now)
    Adjustment.objects.filter(lead=handed).update(points=6500)
    score_all_dirty(now=now + DAY)
    lead_with(65, name="nurtured", stage="nurture")
    assert names(rep) == ["nurtured"]


def test_the_row_says_what_the_nearest_definition_lacks(lead_with, model, rep, now):
    lead = lead_with(65)
    approach = approach_of(lead, model, now)
    assert (approach.nearest.name, [missing.gap for missing in approach.nearest.missing]) == (
        "Many points", ["5 more points needed"],
    )  # fmt: skip
    words = as_(rep).get(reverse("handoff:approach", args=[lead.pk, model.pk])).content.decode()
    assert "Many points" in words


def test_the_row_says_when_time_alone_makes_the_lead_hot(lead_with, model, now):
    lead = lead_with(65, planned_on=(now + 45 * DAY).date())
    turn = approach_of(lead, model, now).turn
    assert turn is not None
    assert (turn.at - now).days in (14, 15)


def test_the_list_is_counted_exactly_and_goes_on_page_by_page(lead_with, rep):
    for number in range(27):
        lead_with(65, name=f"lead {number}")
    page = as_(rep).get(reverse("handoff:coming"))
    rest = as_(rep).get(reverse("handoff:coming") + page.context["more"], **PART)
    first, second = (len(part.context["rows"]) for part in (page, rest))
    assert (first, second, page.context["count"].number) == (25, 2, 27)


def test_how_many_points_are_few_is_a_setting(lead_with, rep):
    for points in (45, 59, 65):
        lead_with(points, name=f"{points}")
    save_call_rules(changes={"near_points": 25})
    assert names(rep) == ["65", "59", "45"]
    save_call_rules(changes={"near_points": 5})
    assert names(rep) == ["65"]


def test_the_setting_stands_on_the_page_and_is_changed_by_who_may(lead_with, admin, rep):
    lead_with(45, name="45")
    assert "at most 10 points short" in as_(rep).get(reverse("handoff:coming")).content.decode()
    assert reverse("handoff:call_rules") not in as_(rep).get(reverse("handoff:coming")).content.decode()
    as_(admin).post(reverse("handoff:call_rules"), {"rest_minutes": 60, "near_points": 30})
    page = as_(admin).get(reverse("handoff:coming"))
    assert ("at most 30 points short" in page.content.decode(), page.context["count"].number) == (True, 1)


def test_who_becomes_hot_by_time_alone_is_coming_however_few_points_are_missing(publish, team, rep, now):
    planned = {"field": "planned_on", "op": "within_next", "value": "30d"}
    publish(document(mail_rule(), hot=[{"name": "Many", "when": {"score": "total", "op": ">=", "value": 70}},
                                       {"name": "Plans", "when": planned}]))  # fmt: skip
    for days in (40, 50, 300):
        LeadFactory(name=f"in {days} days", team=team, planned_on=(now + days * DAY).date())
    score_all_dirty(now=now)
    assert names(rep) == []
    assert follow_coming(now=now) == 1
    assert names(rep) == ["in 40 days"]
    [score] = coming(rep)
    assert 9 <= (approach_of(score.lead, score.model, now).turn.at - now).days <= 10
    assert follow_coming(now=now + 100 * DAY) == 0
    assert names(rep) == []


def test_who_lacks_one_condition_of_a_list_is_coming_with_that_one(publish, team, rep, now):
    def known(field):
        return {"field": field, "op": "known"}

    lists = [known("region"), known("title"), known("phone"), {"score": "total", "op": ">=", "value": 0}]
    few = [known("language"), known("department")]
    publish(
        document(mail_rule(), hot=[{"name": "List", "when": {"all": lists}}, {"name": "Few", "when": {"all": few}}])
    )
    LeadFactory(name="lacks one", team=team, region="Kansai", title="Manager", phone="")
    LeadFactory(name="lacks two", team=team, region="Kansai", title="", phone="")
    score_all_dirty(now=now)
    assert follow_coming(now=now) == 1
    assert names(rep) == ["lacks one"]
    [score] = coming(rep)
    assert len(approach_of(score.lead, score.model, now).nearest.missing) == 1


def test_who_is_called_hot_meanwhile_or_gets_into_hands_is_no_longer_coming(lead_with, rep, now):
    lead = lead_with(10, name="few points")
    ComingLead.objects.create(score=LeadScore.objects.get(lead=lead))
    assert names(rep) == ["few points"]
    Lead.objects.filter(pk=lead.pk).update(stage="customer")
    assert names(rep) == []


def test_a_lead_that_one_does_not_see_is_not_explained(lead_with, model, outsider):
    lead = lead_with(65)
    assert as_(outsider).get(reverse("handoff:approach", args=[lead.pk, model.pk])).status_code == 404
