"""Who changed what of a lead or company, when: read from the rows that database triggers keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, Model

from accounts.models import User
from leads.models import AttributeDefinition, Company, Lead
from leads.models.lead import is_contact_data
from leads.queries.contact_data import MASKED_FIELDS, mask
from leads.statements import NAMED_AT
from leads.wording import value_words
from web.formats import listed, written
from web.paging import Cursor, Order, page_of

PAGE = 40
NEWEST = Order(name="history", keys=("-pgh_id",))
UNTOLD = ("id", "created_at", "is_anonymous", "title_level_derived")


@dataclass(frozen=True, kw_only=True)
class HistoryChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class HistoryMoment:
    """What one person (or the product itself) changed at one instant."""

    at: datetime
    by: str
    changes: list[HistoryChange]
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class History:
    moments: list[HistoryMoment]
    older: str = ""


def history_of(obj: Lead | Company, *, masked: bool, older: str = "") -> History:
    """The newest changes; with `older` those before. Each row is told by what differs from the row before it."""
    rows = obj.history.order_by("-pgh_id")  # type: ignore[union-attr]
    page = page_of(rows, NEWEST, Cursor(after=older), PAGE)
    events = page.rows
    if page.after:
        events.append(rows.filter(pgh_id__lt=events[-1].pgh_id).first())
    words = _Words(obj, events, masked)
    pairs = pairwise(events if page.after else [*events, None])
    moments = [words.moment(after, before) for after, before in pairs]
    return History(moments=[moment for moment in moments if moment.changes or moment.is_first], older=page.after)


class _Words:
    """The values of history rows in words; names of other rows are loaded once."""

    def __init__(self, obj: Model, events: Sequence[Any], masked: bool) -> None:
        self.model = type(obj)
        self.masked = masked
        kept = [field for field in self.model._meta.concrete_fields if field.name not in UNTOLD]
        self.fields = [field for field in kept if events and hasattr(events[0], field.attname)]
        self.names = {field.name: _names(field, events) for field in self.fields if isinstance(field, ForeignKey)}
        actors = [actor for event in events if (actor := _actor(event)) is not None]
        people = User.objects.filter(pk__in=actors) if actors else []
        self.people: dict[int | None, str] = {person.pk: str(person) for person in people}
        definitions = AttributeDefinition.objects.all()
        self.custom = {definition.code: str(definition) for definition in definitions}
        hidden = {definition.code for definition in definitions if definition.is_contact_data}
        self.hidden = hidden if masked else set()

    def moment(self, after: Any, before: Any | None) -> HistoryMoment:
        changes = [] if before is None else [*self._changes(after, before)]
        by = self.people.get(_actor(after), "")
        return HistoryMoment(at=after.pgh_created_at, by=by, changes=changes, is_first=before is None)

    def _changes(self, after: Any, before: Any) -> Iterable[HistoryChange]:
        for field in self.fields:
            old, new = getattr(before, field.attname), getattr(after, field.attname)
            if old != new and field.name == "custom":
                old, new = old or {}, new or {}
                for code in sorted({*old, *new}):
                    if old.get(code) != new.get(code):
                        label = self.custom.get(code, code)
                        said = [written(values.get(code)) for values in (old, new)]
                        was, is_now = map(mask, said) if code in self.hidden else said
                        yield HistoryChange(label=label, before=was, after=is_now)
            elif old != new:
                label = str(field.verbose_name)
                yield HistoryChange(label=label, before=self._say(field, old), after=self._say(field, new))

    def _say(self, field: Field[Any, Any], value: Any) -> str:
        is_address = field.name == "name" and bool(value) and is_contact_data(value)
        if self.masked and (field.name in MASKED_FIELDS or is_address):
            return mask(str(value or ""))
        if isinstance(value, list):
            return listed(value)
        if field.name in self.names:
            return self.names[field.name].get(value, "" if value is None else f"#{value}")
        return str(dict(field.flatchoices).get(value) or value_words(field.name, value))


def _names(field: ForeignKey[Any, Any], events: Sequence[Any]) -> dict[Any, str]:
    ids = {getattr(event, field.attname) for event in events} - {None}
    related: Any = field.related_model
    if related is Lead or not ids:  # a lead is called by its number: its name may be hidden from the reader
        return {}
    return {row.pk: str(row) for row in related._default_manager.filter(pk__in=ids)}


def _actor(event: Any) -> int | None:
    context = event.pgh_context
    user = context.get("user") if isinstance(context, dict) else None
    return int(str(user)) if str(user).isdigit() else None


def named_at(leads: Collection[int]) -> dict[int, datetime]:
    """When those of the leads that began as anonymous browsers got a name; the others are left out."""
    with connection.cursor() as cursor:
        cursor.execute(NAMED_AT, [list(leads)])
        return dict(cursor.fetchall())
