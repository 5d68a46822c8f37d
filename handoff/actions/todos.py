"""To-dos: made, changed, done and opened again by whoever sees the lead; their owners are told when they are due.

Those that the product makes are in `automatic_todos.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.actions.deadlines import keep_next_step
from handoff.audience import managers_or_admins
from handoff.errors import RefusedError
from handoff.models import Todo
from leads.access import visible_leads
from leads.actions.telling import tell_of_lead
from leads.models import Lead

TOLD_AT_ONCE = 500


@transaction.atomic
def add_todo(*, lead: Lead, by: User, kind: str, text: str, due_at: datetime, owner: User, now: datetime) -> Todo:
    """Make a to-do, and tell its owner of one that somebody else made. Raises RefusedError."""
    require_sight(owner, lead)
    todo = Todo.objects.create(lead=lead, kind=kind, text=text, due_at=due_at, owner=owner, by=by, made_at=now)
    keep_next_step(lead, now)
    _tell_new_owner(todo, by, now)
    return todo


@transaction.atomic
def change_todo(*, todo: Todo, by: User, kind: str, text: str, due_at: datetime, owner: User, now: datetime) -> None:
    """Change what is to be done, move it to another time or hand it to somebody; only while it is not done.

    A new time or owner is told anew when it comes. Raises RefusedError.
    """
    locked = Todo.objects.select_for_update(of=("self",)).select_related("lead").get(pk=todo.pk)
    if locked.done_at is not None:
        raise RefusedError(_("This to-do is already done. Reopen it first."))
    is_given, is_moved = owner.pk != locked.owner_id, due_at != locked.due_at
    if is_given:
        require_sight(owner, locked.lead)
    locked.kind, locked.text, locked.due_at, locked.owner = kind, text, due_at, owner
    if is_given or is_moved:
        locked.told_at = None
    locked.save()
    if is_given:
        _tell_new_owner(locked, by, now)


def finish_todo(*, todo: Todo, by: User, now: datetime) -> bool:
    """Whether this call made it done: of two at once, the first is kept."""
    return bool(Todo.objects.filter(pk=todo.pk, done_at=None).update(done_at=now, done_by=by))


def reopen_todo(*, todo: Todo) -> bool:
    """Whether this call opened it again. One that has come due meanwhile is told of no second time; there is nothing to
    do for somebody whose data was erased.
    """
    done = Todo.objects.filter(pk=todo.pk, done_at__isnull=False, lead__erased_at=None)
    return bool(done.update(done_at=None, done_by=None, ended=""))


@transaction.atomic
def tell_due_todos(*, now: datetime) -> int:
    """Tell of the to-dos that have come due, each once per due time. Returns how many there were."""
    rows = Todo.objects.filter(done_at=None, told_at=None, due_at__lte=now).order_by("due_at")
    locked = rows.select_for_update(of=("self",), skip_locked=True).select_related("lead__owner", "owner")
    todos = list(locked[:TOLD_AT_ONCE])
    seen = _seen(todos)
    for todo in todos:
        tell_of_lead(
            lead=todo.lead, people=_in_charge(todo, seen), kind="handoff.todo_due", now=now,
            url=todo.get_absolute_url(), key=f"todo:{todo.pk}:{todo.due_at.isoformat()}",
        )  # fmt: skip
    Todo.objects.filter(pk__in=[todo.pk for todo in todos]).update(told_at=now)
    return len(todos)


def require_sight(owner: User, lead: Lead) -> None:
    """Raise RefusedError where `owner` could not open the lead."""
    if not visible_leads(owner).filter(pk=lead.pk).exists():
        raise RefusedError(_("%(name)s can’t see this lead. Choose someone else.") % {"name": owner})


def _candidates(todo: Todo) -> list[User]:
    """The owner and then the lead's owner, as far as they are here."""
    people = [person for person in (todo.owner, todo.lead.owner) if person is not None]
    return [person for person in people if person.is_active]


def _seen(todos: Sequence[Todo]) -> dict[int, set[int]]:
    """Which of the leads each of the people in question sees, by person: a query a person, not one a to-do."""
    people = {person.pk: person for todo in todos for person in _candidates(todo)}
    leads = [todo.lead_id for todo in todos]
    return {
        pk: set(visible_leads(person).filter(pk__in=leads).values_list("pk", flat=True))
        for pk, person in people.items()
    }


def _in_charge(todo: Todo, seen: Mapping[int, Collection[int]]) -> list[User]:
    """The owner, else the lead's owner, if they see the lead; else the managers of the lead's team."""
    present = [person for person in _candidates(todo) if todo.lead_id in seen[person.pk]]
    return present[:1] or managers_or_admins(todo.lead.team_id or 0)


def _tell_new_owner(todo: Todo, by: User, now: datetime) -> None:
    if todo.owner_id == by.pk:
        return
    tell_of_lead(
        lead=todo.lead, people=[todo.owner], kind="handoff.todo_given", now=now, url=todo.get_absolute_url(),
        key=f"todo-given:{todo.pk}:{now.isoformat()}", params={"by": str(by), "due_at": todo.due_at.isoformat()},
    )  # fmt: skip
