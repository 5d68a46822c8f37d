"""The audit log in words: what the triggers of pghistory wrote, newest first, each with what was before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import starmap
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import CharField, Field, ForeignKey, Model, OuterRef, QuerySet, Subquery, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from pghistory.models import Event

from accounts.audit_kinds import AuditKind, address_of_row, audit_kind, name_in_words
from accounts.models import User
from web import formats
from web.filters import midnight
from web.paging import Order, merged, signed, unsigned

NEWEST = Order(name="-pgh_id", keys=("-pgh_id",))
CURSOR = "audit log"
HIDDEN_FIELDS = frozenset(
    {"id", "code", "is_superuser", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "pgh_context_id"}
)
NOTHING = "–"
NAME_FIELDS = ("name", "label_en", "title", "email", "code", "reason")
VERBS = {"insert": gettext_lazy("added"), "update": gettext_lazy("changed"), "delete": gettext_lazy("deleted")}
LONGEST = 300  # characters of a value


@dataclass(frozen=True, kw_only=True)
class AuditChange:
    """One field of one event, in words; `before` is "" where the object was new."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One event: who did what to which object, and what that changed. Nobody means the system itself.

    `what` is the name of the object, or of the lead or other thing it is about; `href` is that one's page.
    """

    at: datetime
    who: User | None
    kind: str
    what: str
    href: str
    verb: str | Promise
    is_new: bool
    reason: str
    changes: list[AuditChange]


class EventKey(NamedTuple):
    """Where an event is kept, and when it was written."""

    kind: str
    pk: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Which events are wanted. Days are days of the reader's zone."""

    kind: str = ""
    person: int | None = None
    since: date | None = None
    until: date | None = None


@cache
def kinds() -> dict[str, type[Any]]:
    """The event model of every kind of object whose changes are kept, by a short name for the address."""
    events: list[Any] = [model for model in apps.get_models() if issubclass(model, Event)]
    return {event.pgh_tracked_model._meta.model_name: event for event in events}


def kind_words(event: type[Any]) -> str:
    """What objects of this kind are called, with a capital letter."""
    return capitalized(event.pgh_tracked_model._meta.verbose_name)


def capitalized(words: str | Promise) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


def entries(filters: AuditFilter, *, mark: str = "", size: int = 50) -> tuple[list[AuditEntry], str]:
    """The newest `size` events that fit, older than `mark`, and the mark that leads further back ("" at the end).

    Every table is walked along its own key, which is the order of writing, so that each page costs the same; the mark
    says how far each table has been read. One statement finds the newest of all tables, and only what is shown is read.
    """
    read: dict[str, int] = dict(unsigned(CURSOR, mark))
    chosen = {filters.kind: kinds()[filters.kind]} if filters.kind in kinds() else kinds()
    newest = [keys_of(name, event, filters, before=read.get(name))[: size + 1] for name, event in chosen.items()]
    tables: dict[str, list[EventKey]] = {name: [] for name in chosen}
    for key in starmap(EventKey, newest[0].union(*newest[1:], all=True)):
        tables[key.kind].append(key)
    # Merged, not sorted: each table keeps the order of its key even where clocks of transactions overlap.
    in_order = (sorted(keys, key=lambda key: -key.pk) for keys in tables.values())
    shown, has_more = merged(in_order, key=lambda key: key.at, size=size)
    read |= {key.kind: key.pk for key in shown}
    rows = events_of(shown)
    words = AuditWords(rows)
    return [words.entry(row) for row in rows], signed(CURSOR, list(read.items())) if has_more else ""


def keys_of(kind: str, event: type[Any], filters: AuditFilter, *, before: int | None) -> QuerySet[Any, Any]:
    """The events of one table that fit, newest first, as the values of `EventKey`."""
    rows = event._default_manager.order_by(*NEWEST.expressions())
    if before is not None:
        rows = rows.filter(NEWEST.beyond([before]))
    if filters.person is not None:
        rows = rows.filter(pgh_context__user=filters.person)
    if filters.since is not None:
        rows = rows.filter(pgh_created_at__gte=midnight(filters.since))
    if filters.until is not None:
        rows = rows.filter(pgh_created_at__lt=midnight(filters.until, days_later=1))
    keys: QuerySet[Any, Any] = rows.values_list(Value(kind, CharField()), "pgh_id", "pgh_created_at")
    return keys


def events_of(keys: Collection[EventKey]) -> list[Any]:
    """The events in the order of their keys, each with the key of the one before it as `earlier_id`.

    One query for each table that has one of them.
    """
    found: dict[tuple[str, int], Any] = {}
    for kind in {key.kind for key in keys}:
        rows = kinds()[kind]._default_manager
        earlier = rows.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
        annotated = rows.annotate(earlier_id=Subquery(earlier.values("pgh_id")[:1]))
        wanted = annotated.in_bulk([key.pk for key in keys if key.kind == kind])
        found |= {(kind, pk): row for pk, row in wanted.items()}
    return [found[key.kind, key.pk] for key in keys]


class AuditWords:
    """Says events in words. What they point to is read once for all of them, with one query a table."""

    def __init__(self, rows: list[Any]) -> None:
        self.people = User.objects.in_bulk({person_id(row) for row in rows} - {None})
        self.earlier = objects_of((type(row), row.earlier_id) for row in rows)
        self.related = objects_of(
            (field.related_model, getattr(row, field.attname))
            for row in [*rows, *self.earlier.values()]
            for field in pointing_fields(row)
        )

    def entry(self, row: Any) -> AuditEntry:
        """One event. A field of a new object has nothing before it; one that is empty there is no change."""
        before = None if row.pgh_label == "insert" else self.earlier.get((type(row), row.earlier_id))
        kind = kind_of(row)
        changes = []
        for field in [] if row.pgh_label == "delete" else audited_fields(row):
            new = self.value(kind, field, row)
            old = self.value(kind, field, before) if before is not None else NOTHING if new == NOTHING else ""
            if old != new:
                name = kind.fields.get(field.name, field.verbose_name)
                changes.append(AuditChange(field=capitalized(name), before=old, after=new))
        subject = self.subject(kind, row)
        return AuditEntry(
            at=row.pgh_created_at,
            who=self.people.get(person_id(row) or 0),
            kind=kind_words(type(row)),
            what=name_in_words(subject) if subject and kind.about else name_of(kind, row),
            href=address_of_row(subject) if subject else "",
            is_new=before is None,
            verb=VERBS.get(row.pgh_label, row.pgh_label),
            reason=str((row.pgh_context or {}).get("reason", "")),
            changes=changes,
        )

    def subject(self, kind: AuditKind, row: Any) -> Any:
        """What the event is about, as it is today; None where that is gone."""
        field = row._meta.get_field(kind.about or "pgh_obj")
        return self.related.get((field.related_model, getattr(row, field.attname)))

    def value(self, kind: AuditKind, field: Field[Any, Any], row: Any) -> str:
        """The value of a field as a person would say it."""
        value = getattr(row, field.attname)
        if value is None or value in ("", [], {}):
            return NOTHING
        if field.name in kind.values:
            return str(kind.values[field.name](value, row))[:LONGEST]
        if isinstance(field, ForeignKey):
            target = self.related.get((field.related_model, value))
            return name_in_words(target) if target is not None else f"#{value}"
        choices = dict(getattr(field, "base_field", field).flatchoices)
        texts = (word_of(each, choices) for each in (value if isinstance(value, list) else [value]))
        return formats.listed(texts)[:LONGEST]


def word_of(value: Any, choices: Mapping[Any, Any]) -> str:
    """One value of a column, by the name it has among the choices; of an object of JSON its names and values."""
    if isinstance(value, dict):
        return formats.listed(f"{name}={formats.written(inner)}" for name, inner in value.items())
    return str(choices.get(value) or formats.written(value))


def person_id(row: Any) -> int | None:
    """Who caused an event, as the context of the request said it."""
    person = (row.pgh_context or {}).get("user")
    return person if isinstance(person, int) else None


def kind_of(row: Any) -> AuditKind:
    """The words of the model that an event is about."""
    return audit_kind(row.pgh_tracked_model)


def audited_fields(row: Any) -> list[Field[Any, Any]]:
    """The columns whose changes are shown; what the row is about is its name, not a change."""
    kind = kind_of(row)
    hidden = HIDDEN_FIELDS | kind.hidden | {kind.about}
    return [field for field in row._meta.concrete_fields if field.name not in hidden]


def pointing_fields(row: Any) -> list[ForeignKey[Any, Any]]:
    """The columns that lead to other objects: those that are shown, and the one that says what the event is about."""
    about = row._meta.get_field(kind_of(row).about or "pgh_obj")
    return [about, *(field for field in audited_fields(row) if isinstance(field, ForeignKey))]


def name_of(kind: AuditKind, row: Any) -> str:
    """What the object of an event was called then."""
    if kind.called is not None:
        return str(kind.called(row))
    fields = ("label_ja", *NAME_FIELDS) if formats.language() == "ja" else NAME_FIELDS
    values = (getattr(row, field, None) for field in fields)
    return next((str(value) for value in values if value), f"#{row.pgh_obj_id}")


def objects_of(keys: Iterable[tuple[Any, Any]]) -> dict[tuple[type[Model], Any], Any]:
    """The objects with these models and keys that exist, with one query a model."""
    by_model: dict[Any, set[Any]] = {}
    for model, key in keys:
        if key is not None:
            by_model.setdefault(model, set()).add(key)
    return {
        (model, key): found
        for model, wanted in by_model.items()
        for key, found in with_what_it_reads(model).in_bulk(wanted).items()
    }


def with_what_it_reads(model: Any) -> QuerySet[Any, Any]:
    """The rows of a model, each with the objects that its words look at."""
    rows: QuerySet[Any, Any] = model._default_manager.all()
    reads = audit_kind(model).reads
    return rows.select_related(*reads) if reads else rows  # without a name it would follow every key
