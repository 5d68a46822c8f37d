"""What is no sign of interest keeps nobody warm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.models import ActivityType, DirtyMark
from leads.shipped import NO_INTEREST
from scoring.actions import score_all_dirty, sweep_due
from scoring.models import LeadScore
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

DAY = timedelta(days=1)
QUIET = {"after": "30d", "half_life": "30d"}


def total(at):
    sweep_due(now=at)
    score_all_dirty(now=at)
    return LeadScore.objects.order_by("-total").first().total


def test_the_types_that_ship_say_which_are_none(db):
    none = ActivityType.objects.filter(is_interest=False).order_by("code").values_list("code", flat=True)
    assert tuple(none) == NO_INTEREST == ("complaint", "email_bounce", "phone_call", "unsubscribe")


@pytest.mark.parametrize("kind", NO_INTEREST)
def test_fifty_points_of_may_do_not_rise_again_by_an_unsubscribe_of_november(publish, now, kind):
    lead = LeadFactory()
    activity(lead, "email_open", now)
    publish(document(mail_rule(points=50), inactivity=QUIET))
    before = total(now + 180 * DAY)
    assert before == 156  # five half-lives
    activity(lead, kind, now + 180 * DAY)
    assert total(now + 180 * DAY) == before
    assert total(now + 210 * DAY) == 78


def test_a_visit_does_wake_the_points_of_a_quiet_lead(publish, now):
    lead = LeadFactory()
    activity(lead, "email_open", now)
    publish(document(mail_rule(points=50), inactivity=QUIET))
    activity(lead, "page_view", now + 180 * DAY)
    assert total(now + 180 * DAY) == 5000


def test_any_activity_means_any_sign_of_interest(publish, now):
    lead = LeadFactory()
    any_rule = {"name": "Anything", "each": {"activity": "any"}, "points": 10}
    busy = {"name": "Busy", "when": {"activity": "any", "count": {"op": ">=", "value": 2}}, "points": 5}
    activity(lead, "page_view", now)
    activity(lead, "unsubscribe", now)
    publish(document(any_rule, busy))
    assert total(now) == 1000
    activity(lead, "page_view", now + DAY)
    assert total(now + DAY) == 2500


def test_a_rule_that_names_it_still_counts_it(publish, now):
    lead = LeadFactory()
    activity(lead, "email_open", now)
    activity(lead, "complaint", now)
    publish(document(mail_rule(points=50), {"name": "Complained", "each": {"activity": "complaint"}, "points": -20}))
    assert total(now) == 3000


def test_whoever_says_that_a_type_is_none_has_its_leads_scored_again(client, publish, admin, now):
    lead, other = LeadFactory(), LeadFactory()
    activity(lead, "email_open", now)
    activity(lead, "case_view", now + 170 * DAY)
    publish(document(mail_rule(points=50), inactivity=QUIET))
    total(now + 180 * DAY)
    client.force_login(admin)
    kind = ActivityType.objects.get(code="case_view")
    sent = {"code": kind.code, "label_en": kind.label_en, "label_ja": kind.label_ja, "icon": kind.icon}
    client.post(reverse("leads:activity_types_edit", args=[kind.pk]), sent)
    assert not ActivityType.objects.get(code="case_view").is_interest
    assert set(DirtyMark.objects.values_list("lead_id", flat=True)) == {lead.pk}
    score_all_dirty(now=now + 180 * DAY)
    assert LeadScore.objects.get(lead=lead).total == 156
    assert other.pk != lead.pk
