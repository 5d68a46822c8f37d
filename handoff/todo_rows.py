"""To-dos as rows of "My day", in ready words, in the grid of the queue's rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from handoff.calling_hours import phone_link
from handoff.models import Todo
from handoff.queries.day import midnight_of
from leads.queries.contact_data import name_of, reveal
from scoring.models import LeadScore
from web import atoms, formats


@dataclass(frozen=True, kw_only=True)
class TodoRow:
    """One to-do as "My day" shows it. Words are escaped where they are put in; pieces are HTML already."""

    todo: Todo
    address: str
    name: str
    company: str
    score: SafeString
    what: str
    why: str
    text: str
    due: SafeString
    phone: SafeString


def todo_rows(todos: Iterable[Todo], user: User, now: datetime) -> dict[int, TodoRow]:
    """The rows of to-dos by key, read with what `visible_todos` names."""
    rows = list(todos)
    reveal(user, [todo.lead for todo in rows])
    scores = LeadScore.objects.filter(lead__in={todo.lead_id for todo in rows}, model__is_primary=True)
    totals = {score.lead_id: score for score in scores}
    return {todo.pk: _row(todo, totals.get(todo.lead_id), now) for todo in rows}


def _row(todo: Todo, score: LeadScore | None, now: datetime) -> TodoRow:
    lead = todo.lead
    return TodoRow(
        todo=todo, address=lead.get_absolute_url(), name=name_of(lead), company=str(lead.company or ""),
        score=_score(score), what=todo.get_kind_display(), why=cause_in_words(todo), text=todo.text,
        due=_due(todo, now), phone=_phone(todo),
    )  # fmt: skip


def cause_in_words(todo: Todo) -> str:
    """Why the product made it, with the question where it is about an answer; "" for one made by hand."""
    if not todo.cause:
        return ""
    if todo.answer is None:
        return todo.get_cause_display()
    return _("%(label)s: %(value)s") % {"label": todo.get_cause_display(), "value": todo.answer.criterion}


def _score(score: LeadScore | None) -> SafeString:
    if score is None:
        return atoms.NOTHING
    return atoms.score(
        total=score.total, fit=score.fit, engagement=score.engagement, qualification=score.qualification,
        grade=score.grade,
    )  # fmt: skip


def _due(todo: Todo, now: datetime) -> SafeString:
    if todo.done_at is not None:
        return atoms.badge(pgettext("to-do", "Done"), kind="good", icon_name="check")
    state = "late" if todo.due_at < midnight_of(now) else "soon" if todo.due_at <= now else ""
    left = _("To-do") if state != "late" else _("Overdue")
    return atoms.due(formats.moment_tag(todo.due_at, now), left, state=state)


def _phone(todo: Todo) -> SafeString:
    phone = todo.lead.phone
    if todo.done_at is not None or not phone or not getattr(todo.lead, "is_open_to_reader", False):
        return atoms.NOTHING
    return phone_link(todo.lead, timezone.get_current_timezone(), timezone.now())
