"""Nothing is left behind: who could be forgotten stands in a list, and managers are told once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from handoff.actions import add_todo, alarm_left_behind, snooze_handoff
from handoff.models import Deadline, Handoff
from handoff.queries.left_behind import counts, left_behind
from leads.models import Lead, Note
from notices.enums import Way
from notices.models import MailPreference, OutboxMessage, TopicPreference
from tests.clients import as_
from tests.factories import LeadFactory
from tests.handoff.world import CONTACT, FRIDAY, THURSDAY, claimed_by, contacted_by, handoff_of, score_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def names(user, kind, now=CONTACT):
    return sorted(getattr(row, "lead", row).name for row in left_behind(user, kind, now))


def without_clock(handoff):
    Deadline.objects.filter(handoff=handoff).update(cancelled_at=FRIDAY)
    Handoff.objects.filter(pk=handoff.pk).update(due_at=None)
    return handoff


def test_a_hand_off_in_work_that_nothing_brings_back_is_in_the_list(rep, manager):
    without_clock(claimed_by(rep, name="forgotten"))
    claimed_by(rep, name="has a clock")
    planned = without_clock(claimed_by(rep, name="has a to-do"))
    add_todo(lead=planned.lead, by=rep, kind="call", text="", due_at=CONTACT, owner=rep, now=FRIDAY)
    asleep = without_clock(claimed_by(rep, name="asleep"))
    snooze_handoff(handoff=asleep, by=rep, until=CONTACT + DAY, now=FRIDAY)
    assert names(manager, "no_next") == ["forgotten"]
    assert names(manager, "no_next", CONTACT + 2 * DAY) == ["asleep", "forgotten"]


def told(user, kind="handoff.left_behind"):
    """Of whom the person was told under the bell, and why."""
    notices = OutboxMessage.objects.filter(kind=kind, user=user, channel="in_app").order_by("pk")
    return [(notice.params.get("lead"), notice.params["why_en"]) for notice in notices]


def test_the_managers_are_told_of_it_once_after_a_day_and_again_only_if_it_comes_back(rep, manager):
    handoff = without_clock(claimed_by(rep, name="forgotten"))
    assert [alarm_left_behind(now=FRIDAY + hours * HOUR) for hours in (0, 23, 24, 25, 80)] == [0, 0, 1, 0, 0]
    assert told(manager) == [("forgotten", "In work without a next step")]
    snooze_handoff(handoff=handoff, by=rep, until=FRIDAY + 100 * HOUR, now=FRIDAY + 90 * HOUR)
    assert [alarm_left_behind(now=FRIDAY + hours * HOUR) for hours in (99, 101, 120, 125, 126)] == [0, 0, 0, 1, 0]
    assert len(told(manager)) == 2


def test_all_four_lists_alarm_each_after_its_own_time(rep, manager, team):
    now = timezone.now()
    score_of(LeadFactory(name="hot", team=team, stage="mql"))
    claimed = without_clock(claimed_by(rep, name="no next step"))
    handoff_of(LeadFactory(name="no owner"))
    LeadFactory(name="unseen", team=team, created_at=now - 3 * DAY)
    assert alarm_left_behind(now=now) == 1
    assert told(manager) == [("unseen", "New, not looked at")]
    assert alarm_left_behind(now=now + HOUR) == 2
    assert alarm_left_behind(now=now + DAY) == 1
    assert sorted(told(manager)[1:]) == [
        ("hot", "Hot without a hand-off"), ("no next step", "In work without a next step"),
        ("no owner", "Overdue without an owner"),
    ]  # fmt: skip
    assert claimed.steps.filter(kind="left_behind").count() == 0


def test_a_lead_in_two_lists_is_told_of_once_with_both(manager, team):
    now = timezone.now()
    lead = LeadFactory(name="both", team=team, created_at=now - 2 * DAY + HOUR, stage="inquiry")
    score_of(lead)
    assert [alarm_left_behind(now=now), alarm_left_behind(now=now + 2 * HOUR)] == [0, 1]
    assert told(manager) == [("both", "Hot without a hand-off, New, not looked at")]


def test_many_of_a_team_are_told_in_one_sentence_and_other_teams_of_theirs(manager, admin, team):
    now = timezone.now()
    LeadFactory.create_batch(6, team=team, created_at=now - 3 * DAY)
    LeadFactory(name="of nobody", team=None, created_at=now - 3 * DAY)
    assert alarm_left_behind(now=now) == 7
    assert told(manager, "handoff.left_behind_many") == [(None, "New, not looked at (6)")]
    assert (told(manager), told(admin)) == ([], [("of nobody", "New, not looked at")])


def test_whoever_wants_no_mails_of_this_topic_gets_none(manager, team):
    MailPreference.objects.create(user=manager)
    TopicPreference.objects.create(user=manager, topic="nobody", way=Way.BELL)
    LeadFactory(team=team, created_at=timezone.now() - 3 * DAY)
    alarm_left_behind(now=timezone.now())
    assert list(OutboxMessage.objects.filter(user=manager).values_list("channel", flat=True)) == ["in_app"]


def test_following_the_lists_costs_no_more_for_more_leads(manager, team, django_assert_num_queries):
    now = timezone.now()
    LeadFactory.create_batch(6, team=team, created_at=now - 3 * DAY)
    with CaptureQueriesContext(connection) as few:
        alarm_left_behind(now=now)
    LeadFactory.create_batch(20, team=team, created_at=now - 3 * DAY)
    with django_assert_num_queries(len(few)):
        alarm_left_behind(now=now + HOUR)


def test_whoever_waits_in_a_queue_after_the_deadline_has_no_owner(rep, manager):
    handoff_of(LeadFactory(name="waits"))
    claimed_by(rep, name="claimed")
    assert (names(manager, "no_owner", CONTACT), names(manager, "no_owner", THURSDAY + HOUR)) == ([], ["waits"])


def test_a_new_lead_that_nobody_looked_at_is_in_the_list_from_the_third_day_on(rep, manager, team):
    now = timezone.now()

    def came(name, days, **fields):
        return LeadFactory(name=name, team=team, created_at=now - days * DAY, **fields)

    came("new", 1)
    came("forgotten", 3)
    came("months ago", 91)
    came("owned", 3, owner=rep)
    came("refused", 3, consent=False)
    came("competitor", 3, is_competitor=True)
    Note.objects.create(lead=came("noted", 3), text="Called", by=rep)
    add_todo(lead=came("planned", 3), by=manager, kind="call", text="", due_at=now, owner=manager, now=now)
    handoff_of(came("handed off", 3))
    assert names(manager, "unseen", now) == ["forgotten"]


def test_each_tab_counts_the_rows_that_it_shows(rep, manager, team):
    score_of(LeadFactory(name="hot", team=team))
    without_clock(claimed_by(rep, name="forgotten"))
    handoff_of(LeadFactory(name="waits"))
    LeadFactory(team=team, created_at=timezone.now() - 3 * DAY)
    page = as_(manager).get(reverse("handoff:unattended"))
    for tab, count, _current in page.context["tabs"]:
        rows = as_(manager).get(reverse("handoff:unattended"), {"kind": tab.value}).context["rows"]
        assert (tab, count.number) == (tab, len(rows))
    numbers = {kind.value: number.number for kind, number in counts(manager, timezone.now()).items()}
    assert numbers == {"hot": 1, "no_owner": 1, "no_next": 1, "unseen": 1}
    link = as_(manager).get(reverse("handoff:unattended_count")).content.decode()
    linked = dict(re.findall(r'kind=(\w+)".*?<b>(\d+)</b>', link, re.DOTALL))
    assert linked == {"hot": "1"}  # the number is that of the list that the link opens


def test_the_list_goes_on_page_by_page(manager, team):
    LeadFactory.create_batch(51, team=team, created_at=timezone.now() - 3 * DAY)
    browser = as_(manager)
    page = browser.get(reverse("handoff:unattended"), {"kind": "unseen"})
    rest = browser.get(reverse("handoff:unattended") + page.context["more"], HTTP_HX_REQUEST="true")
    assert (len(page.context["rows"]), len(rest.context["rows"]), Lead.objects.count()) == (50, 1, 51)


@pytest.mark.parametrize("kind", ["", "nonsense"])
def test_an_unknown_kind_is_the_first(manager, kind):
    page = as_(manager).get(reverse("handoff:unattended"), {"kind": kind})
    assert page.context["kind"] == "hot"


def test_a_contacted_lead_whose_result_clock_runs_is_not_left(rep, manager):
    contacted_by(rep)
    assert names(manager, "no_next") == []
