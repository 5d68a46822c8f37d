"""What the queue can be narrowed to: the query parameters of its page and of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet

from accounts.requests import UserRequest
from handoff.access import visible_handoffs
from handoff.enums import OPEN_STATES, BoardResult, HandoffState, QueueTab
from handoff.forms.compliance import PERIODS
from handoff.models import Deadline, Handoff
from handoff.queries.queue import decided_within, due_condition, first_tab, queue, result_condition
from handoff.routing import OVERFLOW
from leads.models import Lead
from leads.queries.search import searched

DUES = ("overdue", "rest_of_today", "today", "soon", "week")
STATES = (*(state.value for state in (*OPEN_STATES, HandoffState.REJECTED, HandoffState.CLOSED)), "cooled", OVERFLOW)


def stored_query(query: QueryDict) -> str:
    """The tab and the filters of a list, in one order and without its page: what a saved view keeps."""
    names = ("tab", *QueueFilterSet.base_filters)
    return urlencode([(name, str(query[name])) for name in names if query.get(name)])


class WholeNumberFilter(Filter):  # type: ignore[misc]  # django-filter has no types
    field_class = forms.IntegerField


class QueueFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The hand-offs of one tab in their order, narrowed. What makes no sense in the address is left out.

    `tab` is of QueueTab: the team's unless another is asked for; people from outside begin with their own.
    """

    q = CharFilter(max_length=200, method="filter_words")
    source = WholeNumberFilter("lead__source_id", min_value=1, max_value=2**31)
    owner = WholeNumberFilter("owner_id", min_value=1, max_value=2**31)
    language = CharFilter("lead__language", max_length=10)
    due = ChoiceFilter(choices=[(due, due) for due in DUES], method="filter_due")
    definition = CharFilter("episode__definition", max_length=120)
    score = WholeNumberFilter(min_value=1, max_value=100, method="filter_score")
    calendar = WholeNumberFilter(min_value=1, max_value=2**31, method="filter_calendar")
    state = ChoiceFilter(choices=[(state, state) for state in STATES], method="filter_state")
    result = ChoiceFilter(choices=BoardResult.choices, method="filter_result")
    closed = ChoiceFilter(choices=PERIODS, method="filter_closed")

    class Meta:
        model = Handoff
        fields: Sequence[str] = ()

    def __init__(self, data: Mapping[str, str], *, request: UserRequest, now: datetime) -> None:
        tab = data.get("tab", first_tab(request.user))
        self.tab = QueueTab(tab) if tab in QueueTab.values else QueueTab.TEAM
        self.now, self.user = now, request.user
        super().__init__(data, queue(request.user, self.tab, now), request=request)

    def value(self, name: str) -> Any:
        """What a parameter asks for; "" where it does not, or cannot be read."""
        self.form.is_valid()
        return self.form.cleaned_data.get(name) or ""

    @property
    def visible(self) -> QuerySet[Handoff]:
        """All that the reader sees, whatever tab and filters say."""
        return visible_handoffs(self.user)

    @property
    def narrows(self) -> bool:
        return any(self.value(name) for name in self.filters)

    def filter_words(self, handoffs: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        return handoffs.filter(lead__in=searched(Lead.objects.present(), value, self.user).values("pk"))

    def filter_due(self, handoffs: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        return handoffs.filter(due_condition(value, self.now))

    def filter_score(self, handoffs: QuerySet[Handoff], name: str, value: int) -> QuerySet[Handoff]:
        """A total of now of at least so many points."""
        return handoffs.filter(current_total__gte=value * 100)

    def filter_calendar(self, handoffs: QuerySet[Handoff], name: str, value: int) -> QuerySet[Handoff]:
        """Leads with a deadline that is counted in this calendar."""
        running = Deadline.objects.filter(calendar=value, met_at=None, cancelled_at=None)
        return handoffs.filter(pk__in=running.values("handoff"))

    def filter_state(self, handoffs: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        special = {"cooled": Q(cooled_at__isnull=False), OVERFLOW: Q(routed_by=OVERFLOW, owner=None)}
        return handoffs.filter(special.get(value, Q(state=value)))

    def filter_result(self, handoffs: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        return handoffs.filter(result_condition(value))

    def filter_closed(self, handoffs: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        """What ended in the last so many days."""
        return handoffs.filter(decided_within(int(value), self.now))
