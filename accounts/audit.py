"""The audit trail in words: what the triggers of pghistory wrote, newest first, each with what was before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Event

from accounts.models import User
from web import moments
from web.paging import Order, merged, signed, unsigned

NEWEST = Order(name="-pgh_id", keys=("-pgh_id",))
CURSOR = "audit trail"
UNSAID = frozenset(
    {"id", "is_superuser", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "pgh_context_id"}
)
NOTHING = "–"
NAMES = ("name", "label_en", "title", "email", "code", "reason")
VERBS = {"insert": gettext_lazy("added"), "update": gettext_lazy("changed"), "delete": gettext_lazy("deleted")}
Names = dict[tuple[type[Model], Any], str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of one event, in words; `before` is "" where the object was new."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event: who did what to which object, and what that changed. Nobody means the system itself."""

    at: datetime
    who: User | None
    kind: str
    what: str
    verb: str | Promise
    is_new: bool
    reason: str
    changes: list[Change]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The filters. Days are days of the reader's zone."""

    kind: str = ""
    person: int | None = None
    since: date | None = None
    until: date | None = None


@cache
def kinds() -> dict[str, type[Event]]:
    """Every kind of object whose changes are kept, by a short name for the address."""
    events = [model for model in apps.get_models() if issubclass(model, Event)]
    return {event.pgh_tracked_model._meta.model_name or "": event for event in events}


def kind_words(event: type[Event]) -> str:
    words = str(event.pgh_tracked_model._meta.verbose_name)
    return words[:1].upper() + words[1:]


def entries(wanted: Wanted, *, mark: str = "", size: int = 50) -> tuple[list[Entry], str]:
    """The newest `size` events that fit, older than `mark`, and the mark that leads further back ("" at the end).

    Every table is walked along its own key, which is the order of writing, so that each page costs the same; the mark
    says how far each table has been read.
    """
    read: dict[str, int] = dict(unsigned(CURSOR, mark))
    chosen = {wanted.kind: kinds()[wanted.kind]} if wanted.kind in kinds() else kinds()
    tables = [list(_of(event, wanted, before=read.get(name))[: size + 1]) for name, event in chosen.items()]
    # Merged, not sorted: each table keeps the order of its key even where clocks of transactions overlap.
    shown, has_more = merged(tables, key=lambda row: row.pgh_created_at, size=size)
    read |= {row.pgh_tracked_model._meta.model_name: row.pgh_id for row in shown}
    return _said(shown), signed(CURSOR, list(read.items())) if has_more else ""


def _of(event: type[Event], wanted: Wanted, *, before: int | None) -> QuerySet[Any]:
    rows = event._default_manager.order_by(*NEWEST.expressions())
    if before is not None:
        rows = rows.filter(NEWEST.beyond([before]))
    if wanted.person is not None:
        rows = rows.filter(pgh_context__user=wanted.person)
    if wanted.since is not None:
        rows = rows.filter(pgh_created_at__gte=moments.midnight(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(pgh_created_at__lt=moments.midnight(wanted.until, days_later=1))
    earlier = event._default_manager.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    return rows.annotate(earlier_id=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]))


# ---- saying it ----


def _said(rows: list[Any]) -> list[Entry]:
    people = User.objects.in_bulk({_person_id(row) for row in rows} - {None})
    earlier = _earlier(rows)
    names = _related_names([*rows, *earlier.values()])
    return [_entry(row, earlier.get((type(row), row.earlier_id)), people, names) for row in rows]


def _person_id(row: Any) -> int | None:
    person = (row.pgh_context or {}).get("user")
    return person if isinstance(person, int) else None


def _earlier(rows: Iterable[Any]) -> dict[tuple[type[Model], int], Any]:
    """The state before each event, one query a table."""
    wanted: dict[type[Model], set[int]] = {}
    for row in rows:
        if row.earlier_id is not None:
            wanted.setdefault(type(row), set()).add(row.earlier_id)
    return {
        (event, pk): row for event, ids in wanted.items() for pk, row in event._default_manager.in_bulk(ids).items()
    }


def _related_names(rows: Iterable[Any]) -> Names:
    """What the objects are called that these events point to, one query a table."""
    wanted: dict[type[Model], set[Any]] = {}
    for row in rows:
        for field in _fields(row):
            if isinstance(field, ForeignKey):
                wanted.setdefault(field.related_model, set()).add(getattr(row, field.attname))
    return {
        (model, pk): str(found)
        for model, keys in wanted.items()
        for pk, found in model._default_manager.in_bulk(keys - {None}).items()
    }


def _entry(row: Any, earlier: Any, people: dict[int, User], names: Names) -> Entry:
    context = row.pgh_context or {}
    before = None if row.pgh_label == "insert" else earlier
    changes = [_change(field, before, row, names) for field in _fields(row)] if row.pgh_label != "delete" else []
    return Entry(
        at=row.pgh_created_at,
        who=people.get(_person_id(row) or 0),
        kind=kind_words(type(row)),
        what=_name(row),
        is_new=before is None,
        verb=VERBS.get(row.pgh_label, row.pgh_label),
        reason=str(context.get("reason", "")),
        changes=[change for change in changes if change.before != change.after],
    )


def _name(row: Any) -> str:
    if moments.in_japanese() and getattr(row, "label_ja", ""):
        return str(row.label_ja)
    found = next((getattr(row, name) for name in NAMES if getattr(row, name, "")), "")
    return str(found) or f"#{row.pgh_obj_id}"


def _fields(row: Any) -> list[Field[Any, Any]]:
    return [field for field in row._meta.concrete_fields if field.name not in UNSAID]


def _change(field: Field[Any, Any], before: Any, after: Any, names: Names) -> Change:
    """A field of a new object has nothing before; one that is empty there is no change."""
    words = str(field.verbose_name)
    now = _words(field, after, names)
    then = _words(field, before, names) if before is not None else NOTHING if now == NOTHING else ""
    return Change(field=words[:1].upper() + words[1:], before=then, after=now)


def _words(field: Field[Any, Any], row: Any, names: Names) -> str:
    """A value as a person would say it."""
    value = getattr(row, field.attname)
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), f"#{value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moments.stamp(value)
    return (", ".join(map(str, value)) if isinstance(value, list) else str(value))[:300]
