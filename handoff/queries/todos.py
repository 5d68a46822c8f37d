"""The to-dos a person may see: of one lead, and in the lists "Mine", "Everyone’s" and "Done"."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from handoff.enums import TodoDue, TodoTab
from handoff.models import Todo
from leads.access import visible_leads
from web.paging import Order

BY_DUE = Order(name="due", keys=("due_at", "pk"))
NEWEST_DONE = Order(name="done", keys=("-done_at", "-pk"))


def visible_todos(user: User) -> QuerySet[Todo]:
    """Who sees a lead sees its to-dos."""
    related = ("lead__company", "owner", "done_by", "by", "answer__criterion")
    return Todo.objects.filter(lead__in=visible_leads(user).values("pk")).select_related(*related)


def todo_for(user: User, pk: int) -> Todo:
    """The to-do that `user` asked for. Raises Http404 when unseen."""
    todo = visible_todos(user).filter(pk=pk).first()
    if todo is None:
        raise Http404
    return todo


def todos_in(user: User, tab: str, due: str, now: datetime) -> QuerySet[Todo]:
    """The rows of a tab; `due` narrows open ones to overdue, the rest of today in the reader's zone, or later."""
    todos = visible_todos(user)
    if tab == TodoTab.DONE:
        return todos.filter(done_at__isnull=False, owner=user)
    todos = todos.filter(done_at=None)
    if tab == TodoTab.MINE:
        todos = todos.filter(owner=user)
    return todos.filter(_due_in(due, now))


def _due_in(due: str, now: datetime) -> Q:
    tomorrow = (timezone.localtime(now) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    spans = {
        TodoDue.OVERDUE: Q(due_at__lte=now),
        TodoDue.TODAY: Q(due_at__gt=now, due_at__lt=tomorrow),
        TodoDue.LATER: Q(due_at__gt=now, due_at__gte=tomorrow),
    }
    return spans[TodoDue(due)] if due in TodoDue.values else Q()
