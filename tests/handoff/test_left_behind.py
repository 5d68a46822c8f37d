"""Nothing is left behind: who could be forgotten stands in a list, and managers are told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.actions import add_todo, alarm_left_behind, claim_handoff, snooze_handoff
from handoff.models import Deadline, Handoff
from handoff.queries.left_behind import counts, left_behind
from leads.models import Lead, Note
from notices.models import OutboxMessage
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


def test_the_managers_are_told_of_it_once_after_a_day_and_again_only_after_somebody_worked_on_it(rep, manager):
    handoffs = [without_clock(handoff_of(LeadFactory())) for _ in range(2)]
    for handoff in handoffs:
        claim_handoff(handoff=handoff, by=rep, now=FRIDAY)
    told = [alarm_left_behind(now=FRIDAY + hours * HOUR) for hours in (23, 24, 25, 80)]
    assert told == [0, 2, 0, 0]
    notices = OutboxMessage.objects.filter(kind="handoff.left_behind", user=manager, channel="in_app")
    assert [(notice.params["count"], notice.url) for notice in notices] == [(2, "/queue/unattended/?kind=no_next")]
    assert handoffs[0].steps.order_by("-pk").first().kind == "left_behind"
    snooze_handoff(handoff=handoffs[0], by=rep, until=FRIDAY + 100 * HOUR, now=FRIDAY + 90 * HOUR)
    assert [alarm_left_behind(now=FRIDAY + hours * HOUR) for hours in (99, 120, 121)] == [0, 1, 0]


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
    assert "<b>2</b>" in link  # those that wait in a queue are seen there
    assert "?kind=hot" in link


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
