"""To-dos: the list, the panel that the lead page hosts, the dialog and the buttons."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions import RefusedError, add_todo, change_todo, finish_todo, reopen_todo
from handoff.day_head import asked_kind, asked_tab, day_head
from handoff.enums import TodoDue, TodoTab
from handoff.forms.todo import TodoForm
from handoff.models import Todo
from handoff.queries.todos import BY_DUE, NEWEST_DONE, todo_for, todos_in, visible_todos
from handoff.todo_rows import todo_rows
from leads.access import lead_for
from leads.errors import LeadErasedError
from leads.queries.contact_data import reveal
from leads.views.decisions import back_to, sheet
from web.pages import redirect_to, render_page, render_part, wants_part
from web.paging import PAGE_SIZE, Cursor, count_of, page_of

SHOWN_DONE = 5


@guarded(policies.TODOS)
def todos(request: UserRequest) -> HttpResponse:
    """The list: a tab, narrowed by when they are due; page by page."""
    now = timezone.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TodoTab.values else TodoTab.MINE
    due = request.GET.get("due", "") if tab != TodoTab.DONE else ""
    order = NEWEST_DONE if tab == TodoTab.DONE else BY_DUE
    page = page_of(todos_in(request.user, tab, due, now), order, Cursor.of(request.GET), PAGE_SIZE)
    reveal(request.user, [todo.lead for todo in page.rows])
    address = {"tab": str(tab), "due": due}
    context = {
        "todos": page.rows,
        "now": now,
        "tabs": [_choice(request, now, choice.label, tab == choice, tab=choice.value) for choice in TodoTab],
        "dues": [] if tab == TodoTab.DONE else _due_choices(request, now, str(tab), due),
        "more": f"?{urlencode(address | {'after': page.after})}" if page.after else "",
        "is_narrowed": bool(due),
    }
    return render_page(request, "handoff/todos.html", context, part="" if page.is_start else "handoff/_todo_rows.html")


def _due_choices(request: UserRequest, now: datetime, tab: str, due: str) -> list[dict[str, Any]]:
    every = _choice(request, now, _("All"), due not in TodoDue.values, tab=tab)
    spans = [_choice(request, now, choice.label, due == choice, tab=tab, due=choice.value) for choice in TodoDue]
    return [every, *spans]


def _choice(request: UserRequest, now: datetime, label: object, current: bool, **address: str) -> dict[str, Any]:
    """A link to a part of the list, with how many rows it leads to."""
    rows = todos_in(request.user, address["tab"], address.get("due", ""), now)
    return {"label": label, "current": current, "href": f"?{urlencode(address)}", "count": count_of(rows)}


@guarded(policies.TODOS)
def of_lead(request: UserRequest, pk: int) -> HttpResponse:
    """The panel of the lead page; `pk` is the lead's."""
    return _panel(request, pk)


def _panel(request: UserRequest, lead_pk: int) -> HttpResponse:
    lead = lead_for(request.user, lead_pk)
    rows = visible_todos(request.user).filter(lead=lead)
    context = {
        "lead": lead,
        "now": timezone.now(),
        "todos": rows.filter(done_at=None).order_by("due_at", "pk"),
        "done": rows.filter(done_at__isnull=False).order_by("-done_at", "-pk")[:SHOWN_DONE],
    }
    return render_part(request, "handoff/_todos.html", context)


@guarded(policies.TODOS, *FORM)
def add(request: UserRequest, pk: int) -> HttpResponse:
    """The dialog of a new to-do; `pk` is the lead's."""
    lead, now = lead_for(request.user, pk), timezone.now()
    if lead.erased_at is not None:
        raise LeadErasedError
    form = TodoForm(request.POST if request.method == "POST" else None, by=request.user, now=now)
    if form.is_valid():
        try:
            add_todo(lead=lead, by=request.user, now=now, **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error("owner", str(refusal))
        else:
            messages.success(request, _("To-do added."))
            return redirect_to(request, back_to(request, lead))
    return sheet(request, form, about=lead.pk, title=_("Add to-do"), submit=_("Add to-do"), action=request.path)


@guarded(policies.TODOS, *FORM)
def change(request: UserRequest, pk: int) -> HttpResponse:
    """The dialog that moves a to-do, hands it to somebody or changes its text."""
    todo, now = todo_for(request.user, pk), timezone.now()
    form = TodoForm(request.POST if request.method == "POST" else None, by=request.user, now=now, todo=todo)
    if form.is_valid():
        try:
            change_todo(todo=todo, by=request.user, now=now, **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("To-do saved."))
            return redirect_to(request, back_to(request, todo.lead))
    return sheet(request, form, about=todo.lead_id, title=_("Change to-do"), submit=_("Save"), action=request.path)


@guarded(policies.TODOS, POST)
def finish(request: UserRequest, pk: int) -> HttpResponse:
    todo = todo_for(request.user, pk)
    finish_todo(todo=todo, by=request.user, now=timezone.now())
    return _shown_again(request, todo)


@guarded(policies.TODOS, POST)
def reopen(request: UserRequest, pk: int) -> HttpResponse:
    todo = todo_for(request.user, pk)
    reopen_todo(todo=todo)
    return _shown_again(request, todo)


def _shown_again(request: UserRequest, todo: Todo) -> HttpResponse:
    """The panel or the row that the button stands in; a page without scripts goes to the lead."""
    if not wants_part(request):
        return redirect_to(request, todo.get_absolute_url())
    if request.POST.get("view") == "day":
        return _row_of_day(request, todo)
    if request.POST.get("view") != "list":
        return _panel(request, todo.lead_id)
    changed = todo_for(request.user, todo.pk)
    reveal(request.user, [changed.lead])
    return render_part(request, "handoff/_todo_rows.html", {"todos": [changed], "now": timezone.now()})


def _row_of_day(request: UserRequest, todo: Todo) -> HttpResponse:
    """The row of "My day" with what has become of it, and what stands above the list."""
    now = timezone.now()
    query = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")[:4000]).query)
    rows = todo_rows([todo_for(request.user, todo.pk)], request.user, now)
    context = {"row": rows[todo.pk], **day_head(request.user, asked_tab(query), asked_kind(query), now)}
    return render_part(request, "handoff/_day_answer.html", context)
