"""My day: one list of hand-offs and to-dos, its numbers, its order, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from handoff.actions import (
    add_todo,
    finish_todo,
    log_contact,
    skip_handoff,
    snooze_handoff,
    undo_last_step,
)
from handoff.actions.pauses import pause_handoff
from handoff.models import Handoff
from handoff.queries.day import day_counts, day_items
from tests.clients import as_
from tests.factories import LeadFactory
from tests.handoff.world import TOKYO, claimed_by, handoff_of, score_of

PART = {"HTTP_HX_REQUEST": "true"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 7, 22, 12, tzinfo=TOKYO)  # a Wednesday; first contact of Tuesday's leads is due on Friday


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture
def rep(rep):
    rep.timezone = "Asia/Tokyo"
    rep.save()
    return rep


def mine(rep, name, total=8000, days_ago=1):
    handoff = claimed_by(rep, lead=LeadFactory(name=name), at=NOON - days_ago * DAY, score=total)
    Handoff.objects.filter(pk=handoff.pk).update(current_total=total)
    return handoff


def due(handoff, at):
    handoff.deadlines.update(due_at=at)
    Handoff.objects.filter(pk=handoff.pk).update(due_at=at)


def todo(rep, name, due_at, total=0):
    lead = LeadFactory(name=name, owner=rep, team=rep.team)
    score_of(lead, total or 2000)
    return add_todo(lead=lead, by=rep, kind="call", text="", due_at=due_at, owner=rep, now=NOON - DAY)


def shown(rep, query=""):
    """The names of the rows that the page shows, and the page."""
    page = as_(rep).get(reverse("handoff:day") + query)
    return [row.name for row in page.context["rows"]], page


def test_hand_offs_and_todos_stand_in_one_order(rep, noon):
    late = mine(rep, "late")
    due(late, NOON - 3 * HOUR)
    for name, total, at in (("today 80", 8000, 6), ("today 95", 9500, 5), ("friday", 9900, 50)):
        due(mine(rep, name, total), NOON + at * HOUR)
    called = mine(rep, "call-back 11:30", 9900)
    snooze_handoff(handoff=called, by=rep, until=NOON - HOUR / 2, now=NOON - 2 * HOUR)
    todo(rep, "to-do 11:00", NOON - HOUR)
    todo(rep, "to-do tonight", NOON + 6 * HOUR, total=8800)
    todo(rep, "to-do of yesterday", NOON - DAY)
    todo(rep, "to-do tomorrow", NOON + DAY)
    assert shown(rep)[0] == [
        "to-do of yesterday", "late", "to-do 11:00", "call-back 11:30", "today 95", "to-do tonight", "today 80",
        "friday",
    ]  # fmt: skip
    assert shown(rep, "?tab=later")[0] == ["to-do tomorrow"]


def test_each_number_leads_to_as_many_rows_as_it_says(rep, other_rep, noon):
    mine(rep, "hot")
    due(mine(rep, "late"), NOON - HOUR)
    snooze_handoff(handoff=mine(rep, "back"), by=rep, until=NOON - HOUR, now=NOON - 2 * HOUR)
    snooze_handoff(handoff=mine(rep, "asleep"), by=rep, until=NOON + HOUR, now=NOON - HOUR)
    result = mine(rep, "result")
    log_contact(handoff=result, by=rep, at=NOON - HOUR, channel="phone", now=NOON - HOUR)
    log_contact(handoff=mine(rep, "tried"), by=rep, at=NOON, channel="phone", now=NOON, reached=False)
    claimed_by(other_rep, lead=LeadFactory(name="not mine"), at=NOON - DAY)
    handoff_of(LeadFactory(name="the team's"), at=NOON - DAY)
    todo(rep, "old", NOON - 2 * DAY)
    todo(rep, "tonight", NOON + HOUR)
    todo(rep, "tomorrow", NOON + DAY)
    finish_todo(todo=todo(rep, "done", NOON), by=rep, now=NOON - HOUR)
    names, page = shown(rep)
    assert sorted(names) == ["back", "hot", "late", "old", "result", "tonight"]
    counts = day_counts(rep, NOON)
    assert (counts.hot, counts.call_back, counts.result, counts.todo, counts.overdue) == (2, 1, 1, 2, 2)
    assert (counts.now, counts.later, counts.done) == (6, 3, 5)
    for link in [*page.context["day_tabs"][:3], *page.context["day_counts"]]:
        number = link.count.number if link.count else int(link.label.split()[0])
        assert (link.label, len(shown(rep, link.href)[0])) == (link.label, number)
    team, coming = page.context["day_tabs"][3:]
    assert len(as_(rep).get(team.href).context["rows"]) == team.count.number == 1
    assert len(as_(rep).get(coming.href).context["rows"]) == coming.count.number


def test_a_retry_waits_in_later_and_comes_back_at_its_time(rep, noon):
    handoff = mine(rep, "tried")
    log_contact(handoff=handoff, by=rep, at=NOON, channel="phone", now=NOON, reached=False)
    retry_at = Handoff.objects.get(pk=handoff.pk).retry_at
    just_before = [day_counts(rep, at) for at in (NOON, retry_at - HOUR / 60)]
    assert [(counts.now, counts.later) for counts in just_before] == [(0, 1), (0, 1)]
    then = day_counts(rep, retry_at)
    assert (then.call_back, then.later) == (1, 0)


def test_a_lead_that_waits_for_the_customer_is_in_later_until_then(rep, noon):
    handoff = mine(rep, "waits")
    log_contact(handoff=handoff, by=rep, at=NOON - HOUR, channel="phone", now=NOON - HOUR)
    pause_handoff(handoff=handoff, by=rep, until=NOON + 5 * HOUR, now=NOON)
    assert [(counts.result, counts.later) for counts in (day_counts(rep, NOON), day_counts(rep, NOON + 6 * HOUR))] == [
        (0, 1), (1, 0),
    ]  # fmt: skip
    assert [item.at for item in day_items(rep, "later", NOON)] == [NOON + 5 * HOUR]


def test_done_lists_what_was_worked_on_today_and_an_undone_step_takes_it_out(rep, noon):
    first, second = mine(rep, "first"), mine(rep, "second")
    skip_handoff(handoff=first, by=rep, reason="later", now=NOON)
    log_contact(handoff=second, by=rep, at=NOON - HOUR, channel="phone", now=NOON)
    assert shown(rep, "?tab=done")[0] == ["second"]
    undo_last_step(handoff=second, by=rep, now=NOON)
    assert shown(rep, "?tab=done")[0] == []
    log_contact(handoff=first, by=rep, at=NOON - HOUR, channel="phone", now=NOON)
    assert day_counts(rep, NOON + DAY).done == 0  # tomorrow begins at zero


def test_a_todo_is_marked_as_done_in_its_row_and_the_numbers_follow(rep, noon):
    made = todo(rep, "call", NOON + HOUR)
    day = reverse("handoff:day")
    press = as_(rep).post(
        reverse("handoff:todo_finish", args=[made.pk]), {"view": "day"}, HTTP_HX_CURRENT_URL=f"http://x{day}", **PART
    )
    answer = press.content.decode()
    assert "Reopen" in answer
    assert [link.count.number for link in press.context["day_tabs"]][:3] == [0, 0, 1]
    assert 'id="queue-tabs" hx-swap-oob="true"' in answer


def test_the_list_goes_on_page_by_page_without_a_row_twice(rep, noon):
    lead = LeadFactory(owner=rep, team=rep.team)
    for number in range(26):
        add_todo(lead=lead, by=rep, kind="call", text=str(number), due_at=NOON + HOUR, owner=rep, now=NOON)
    names, page = shown(rep)
    rest = as_(rep).get(reverse("handoff:day") + page.context["more"], **PART)
    seen = [row.todo.pk for part in (page, rest) for row in part.context["rows"]]
    assert (len(names), len(rest.context["rows"]), len(set(seen))) == (25, 1, 26)
    assert len(shown(rep, "?after=forged")[0]) == 25


def test_the_end_of_the_list_says_what_was_done_who_comes_back_and_what_else_there_is(rep, noon):
    worked = mine(rep, "Tried")
    log_contact(handoff=worked, by=rep, at=NOON, channel="phone", now=NOON, reached=False)
    snooze_handoff(handoff=mine(rep, "Mori"), by=rep, until=NOON + 2 * HOUR, now=NOON)
    todo(rep, "Tomorrow", NOON + DAY)
    page = as_(rep).get(reverse("handoff:next"))
    assert page.url == reverse("handoff:day_end")
    end = as_(rep).get(page.url)
    assert (end.context["end"].done, end.context["end"].later) == (2, 3)
    assert sorted(comeback.lead.name for comeback in end.context["end"].comebacks) == ["Mori", "Tomorrow", "Tried"]
    words = end.content.decode()
    assert "2 worked today" in " ".join(words.split())
    assert "3 come back" in " ".join(words.split())
    assert shown(rep)[1].context["end"].later == 3  # an empty "Now" shows it, too


def test_external_staff_have_a_day_of_calls_only(helper, manager, noon):
    page = as_(helper).get(reverse("handoff:day"))
    assert [link.label for link in page.context["day_tabs"]] == ["Now", "Later", "Done today"]
    assert day_items(helper, "now", timezone.now()) == []


def test_work_begins_with_ones_own_day_for_who_calls_and_with_the_queue_for_managers(rep, helper, manager):
    begins = [as_(user).get("/").url for user in (rep, helper, manager)]
    assert begins == ["/day/", "/day/", "/queue/"]


def test_the_page_asks_no_more_for_many_rows_than_for_few(rep, noon, django_assert_max_num_queries):
    for number in range(3):
        mine(rep, f"lead {number}")
        todo(rep, f"todo {number}", NOON + HOUR)
    browser = as_(rep)
    browser.get(reverse("handoff:day"))
    with django_assert_max_num_queries(60) as asked:
        browser.get(reverse("handoff:day"))
    for number in range(5):
        mine(rep, f"more {number}")
        todo(rep, f"more {number}", NOON + HOUR)
    with django_assert_max_num_queries(len(asked)):
        browser.get(reverse("handoff:day"))
