"""What the lists of the desk can be narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import ChoiceFilter, Filter, FilterSet

from accounts.models import User
from handoff.enums import OPEN_STATES, HandoffState, OutcomeResult
from handoff.filters import DUES
from handoff.models import Handoff, Outcome, Todo
from handoff.queries.queue import due_condition
from web.filters import SeveralFilter

MOST = 2**31


class IdFilter(Filter):  # type: ignore[misc]  # django-filter has no types
    """Rows that belong to the one with this id."""

    field_class = forms.IntegerField

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name, min_value=1, max_value=MOST)


def owner_filter() -> SeveralFilter:
    inner = forms.CharField(validators=[RegexValidator(r"^(me|none|[0-9]{1,9})$")])
    return SeveralFilter(inner=inner, method="filter_owner")


class OwnedFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """A list whose rows belong to people; `request` says who "me" is."""

    def filter_owner(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        me: User = self.request.user
        people = [me.pk if owner == "me" else int(owner) for owner in value if owner != "none"]
        condition = Q(owner__in=people) | (Q(owner=None) if "none" in value else Q(pk__in=()))
        return rows.filter(condition) if value else rows


class HandoffApiFilterSet(OwnedFilterSet):
    state = SeveralFilter("state", inner=forms.ChoiceField(choices=HandoffState.choices))
    is_open = ChoiceFilter(choices=[("true", "true"), ("false", "false")], method="filter_open")
    owner = owner_filter()
    team = IdFilter("team_id")
    lead = IdFilter("lead_id")
    due = ChoiceFilter(choices=[(due, due) for due in DUES], method="filter_due")

    class Meta:
        model = Handoff
        fields: Sequence[str] = ()

    def filter_open(self, handoffs: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        is_open = Q(state__in=OPEN_STATES)
        return handoffs.filter(is_open if value == "true" else ~is_open)

    def filter_due(self, handoffs: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        return handoffs.filter(due_condition(value, timezone.now()), state__in=OPEN_STATES)


HANDOFF_FILTERS = {
    "state": "Hand-offs in one of these states.",
    "is_open": "Open ones, or those that have ended.",
    "owner": "Of these users, by id; `me` is the user the key acts as, `none` nobody.",
    "team": "Of this team, by id.",
    "lead": "Of this lead, by id.",
    "due": "Open ones whose next promise is due then; days are those of the key's person.",
}


class TodoApiFilterSet(OwnedFilterSet):
    owner = owner_filter()
    lead = IdFilter("lead_id")
    is_done = ChoiceFilter(choices=[("true", "true"), ("false", "false")], method="filter_done")

    class Meta:
        model = Todo
        fields: Sequence[str] = ()

    def filter_done(self, todos: QuerySet[Todo], name: str, value: str) -> QuerySet[Todo]:
        return todos.filter(done_at__isnull=value == "false")


TODO_FILTERS = {
    "owner": "Of these users, by id; `me` is the user the key acts as.",
    "lead": "About this lead, by id.",
    "is_done": "Those that are done, or that are not.",
}


class OutcomeApiFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    lead = IdFilter("lead_id")
    result = SeveralFilter("result", inner=forms.ChoiceField(choices=OutcomeResult.choices))

    class Meta:
        model = Outcome
        fields: Sequence[str] = ()


OUTCOME_FILTERS = {"lead": "Of this lead, by id.", "result": "One of these results."}
