"""To-dos: who sees them, what becomes of them, and that nobody is told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.actions import RefusedError, add_todo, change_todo, finish_todo, reopen_todo, tell_due_todos
from handoff.models import Todo
from handoff.queries.todos import todos_in
from leads.actions.merge import merge_leads, undo_merge
from notices.models import OutboxMessage
from tests.clients import as_
from tests.conftest import NOW
from tests.factories import LeadFactory

PART = {"HTTP_HX_REQUEST": "true"}
HOUR = timedelta(hours=1)


def todo_of(owner, lead=None, *, by=None, due_at=NOW + HOUR, kind="call", text="", now=NOW):
    lead = lead or LeadFactory(owner=owner, team=owner.team)
    return add_todo(lead=lead, by=by or owner, kind=kind, text=text, due_at=due_at, owner=owner, now=now)


def told(person, kind="handoff.todo_due"):
    return OutboxMessage.objects.filter(user=person, kind=kind, channel="in_app").count()


def test_an_owner_is_told_once_when_a_todo_is_due_and_again_after_it_was_moved(rep):
    todo = todo_of(rep)
    assert (tell_due_todos(now=NOW), told(rep)) == (0, 0)
    assert (tell_due_todos(now=NOW + HOUR), tell_due_todos(now=NOW + 2 * HOUR), told(rep)) == (1, 0, 1)
    change_todo(todo=todo, by=rep, kind="call", text="", due_at=NOW + 3 * HOUR, owner=rep, now=NOW + 2 * HOUR)
    assert (tell_due_todos(now=NOW + 2 * HOUR), tell_due_todos(now=NOW + 3 * HOUR), told(rep)) == (0, 1, 2)


def test_a_due_todo_whose_owner_left_or_lost_sight_of_the_lead_reaches_somebody(rep, other_rep, manager):
    finish_todo(todo=todo_of(rep), by=rep, now=NOW)
    todo_of(other_rep)
    other_rep.is_active = False
    other_rep.save()
    hidden = todo_of(rep)
    hidden.lead.owner = manager
    hidden.lead.save()
    assert tell_due_todos(now=NOW + HOUR) == 2
    assert (told(rep, "handoff.todo_due"), told(other_rep, "handoff.todo_due")) == (0, 0)
    assert told(manager, "handoff.todo_due") == 2


def test_whoever_is_given_a_todo_is_told_by_whom(rep, manager):
    todo = todo_of(rep, by=manager)
    assert told(rep, "handoff.todo_given") == 1
    change_todo(todo=todo, by=rep, kind="call", text="", due_at=todo.due_at, owner=manager, now=NOW)
    assert (told(manager, "handoff.todo_given"), Todo.objects.get().owner) == (1, manager)


def test_a_todo_is_not_given_to_somebody_who_cannot_see_the_lead(rep, outsider):
    lead = LeadFactory(owner=rep, team=rep.team)
    with pytest.raises(RefusedError, match=r"Osamu Outsider can’t see this lead\. Choose someone else\."):
        todo_of(outsider, lead, by=rep)
    assert Todo.objects.count() == 0


def test_of_two_who_finish_a_todo_at_once_the_first_is_kept_and_reopening_takes_it_back(rep, manager):
    todo = todo_of(rep)
    assert (finish_todo(todo=todo, by=rep, now=NOW), finish_todo(todo=todo, by=manager, now=NOW)) == (True, False)
    assert Todo.objects.get().done_by == rep
    with pytest.raises(RefusedError, match="already done"):
        change_todo(todo=todo, by=rep, kind="call", text="", due_at=NOW, owner=rep, now=NOW)
    assert (reopen_todo(todo=todo), reopen_todo(todo=todo)) == (True, False)
    assert (Todo.objects.get().done_at, Todo.objects.get().done_by) == (None, None)


def test_todos_follow_their_lead_through_a_merge_and_back(rep, manager, team):
    todo, kept = todo_of(rep), LeadFactory(owner=rep, team=team)
    before = todo.lead
    merge = merge_leads(kept=kept, merged=before, by=manager, now=NOW)
    assert Todo.objects.get().lead == kept
    undo_merge(merge=merge, by=manager, now=NOW)
    assert Todo.objects.get().lead == before


def test_who_sees_the_lead_sees_its_todos_and_nobody_else(rep, other_rep, manager, outsider, helper, client):
    todo = todo_of(rep)
    lead_panel = reverse("handoff:lead_todos", args=[todo.lead_id])
    finish = reverse("handoff:todo_finish", args=[todo.pk])
    answers = {
        user.name: (as_(user).get(lead_panel).status_code, as_(user).post(finish, {"view": "list"}, **PART).status_code)
        for user in (other_rep, outsider, helper, manager, rep)
    }
    assert answers == {
        "Rika Rep": (404, 404), "Osamu Outsider": (404, 404), "Hana Helper": (403, 403),
        "Makoto Manager": (200, 200), "Ren Rep": (200, 200),
    }  # fmt: skip


def test_each_count_of_the_list_is_the_number_of_rows_it_leads_to(rep, other_rep, manager):
    now = timezone.now()
    for hours in (-2, -1, 24 * 3):
        todo_of(rep, due_at=now + hours * HOUR)
    todo_of(other_rep, due_at=now - HOUR)
    finish_todo(todo=todo_of(rep), by=rep, now=now)
    for user, tab, counts in ((rep, "mine", [3, 3, 1]), (manager, "team", [0, 4, 0])):
        page = as_(user).get(reverse("handoff:todos"), {"tab": tab})
        links = [*page.context["tabs"], *page.context["dues"]]
        assert [link["count"].number for link in page.context["tabs"]] == counts
        rows = [len(as_(user).get(reverse("handoff:todos") + link["href"]).context["todos"]) for link in links]
        assert [link["count"].number for link in links] == rows
    assert [todo.due_at for todo in todos_in(rep, "mine", "overdue", now).order_by("due_at")] == [
        now - 2 * HOUR, now - HOUR,
    ]  # fmt: skip


def test_the_list_goes_on_page_by_page_and_says_what_to_do_when_it_is_empty(rep):
    page = as_(rep).get(reverse("handoff:todos"))
    assert "Open a lead and choose “Add to-do” to plan a call or the next step." in page.content.decode()
    lead = LeadFactory(owner=rep, team=rep.team)
    for number in range(51):
        todo_of(rep, lead, due_at=NOW + number * HOUR)
    page = as_(rep).get(reverse("handoff:todos"))
    rest = as_(rep).get(reverse("handoff:todos") + page.context["more"], **PART)
    assert (len(page.context["todos"]), len(rest.context["todos"])) == (50, 1)


def test_a_todo_is_added_moved_done_and_reopened_on_the_lead_page(rep):
    lead = LeadFactory(owner=rep, team=rep.team)
    browser = as_(rep)
    typed = {"kind": "confirm", "due_at": "2026-12-01T09:00", "owner": rep.pk, "text": "ask for the budget"}
    browser.post(reverse("handoff:todo_add", args=[lead.pk]), typed, **PART)
    todo = Todo.objects.get()
    assert (todo.kind, todo.text, todo.by, todo.lead) == ("confirm", "ask for the budget", rep, lead)
    moved = typed | {"due_at": "2026-12-02T09:00"}
    browser.post(reverse("handoff:todo_change", args=[todo.pk]), moved, **PART)
    assert Todo.objects.get().due_at - todo.due_at == timedelta(days=1)
    done = browser.post(reverse("handoff:todo_finish", args=[todo.pk]), {"view": "panel"}, **PART).content.decode()
    assert "Nothing to do for this lead." in done
    assert "Last done" in done
    again = browser.post(reverse("handoff:todo_reopen", args=[todo.pk]), {"view": "panel"}, **PART).content.decode()
    assert "Mark as done" in again
    assert "Last done" not in again


@pytest.mark.parametrize("due_at", ["9999-12-31T00:00", "0001-01-01T00:00", "soon", ""])
def test_a_due_time_at_the_edge_of_the_calendar_is_refused_and_the_text_stays(rep, due_at):
    lead = LeadFactory(owner=rep, team=rep.team)
    typed = {"kind": "call", "due_at": due_at, "owner": rep.pk, "text": "typed with care"}
    answer = as_(rep).post(reverse("handoff:todo_add", args=[lead.pk]), typed, **PART)
    assert (answer.status_code, Todo.objects.count()) == (422, 0)
    assert "typed with care" in answer.content.decode()
