"""The filters above the queue: those that are set, and what the others offer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import User
from accounts.policies import guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.enums import OPEN_STATES, BoardResult, HandoffState, QueueTab
from handoff.filters import QueueFilterSet
from handoff.forms.compliance import PERIODS
from handoff.queries.queue import InUse, in_use
from handoff.queue_head import address
from handoff.routing import OVERFLOW
from leads.models import Source
from web.cldr import language_name
from web.pages import render_part

SCORES = (90, 80, 70, 60, 50)


@dataclass(frozen=True, kw_only=True)
class FilterOption:
    label: str | Promise
    href: str


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One filter above the list: set to something, or offering its options, which `ask_at` has where they are read
    from the leads there are."""

    label: str | Promise
    chosen: str | Promise
    clear: str
    options: list[FilterOption]
    ask_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A filter that offers what the open hand-offs have: its word, its pairs of value and word, and the word of one."""

    label: str | Promise
    pairs: Callable[[InUse], list[tuple[str, str]]]
    named: Callable[[str], str]


FOUND = {
    "source": Found(
        label=gettext_lazy("Source"),
        pairs=lambda used: [(str(source.pk), str(source)) for source in used.sources],
        named=lambda pk: str(Source.objects.filter(pk=pk).first() or pk),
    ),
    "owner": Found(
        label=gettext_lazy("Owner"),
        pairs=lambda used: [(str(person.pk), str(person)) for person in used.owners],
        named=lambda pk: str(User.objects.filter(pk=pk).first() or pk),
    ),
    "language": Found(
        label=gettext_lazy("Language"),
        pairs=lambda used: [(code, language_name(code)) for code in used.languages],
        named=language_name,
    ),
    "definition": Found(
        label=pgettext_lazy("filter", "Hot definition"),
        pairs=lambda used: [(name, name) for name in used.definitions],
        named=str,
    ),
}


def chips(request: UserRequest, filters: QueueFilterSet) -> list[Chip]:
    """Every filter, in its order. Reading what the hand-offs have is left to whoever opens it."""
    scores = [(str(least), _("%(points)s and more") % {"points": least}) for least in SCORES]
    return [
        *(_found(request, name, str(filters.value(name))) for name in FOUND),
        _chip(request, "score", _("Score"), str(filters.value("score")), scores),
        _chip(request, "due", _("Due"), filters.value("due"), _dues()),
        _chip(request, "state", pgettext("hand-off", "Status"), filters.value("state"), _states(filters.tab)),
        *_chips_of_ended(request, filters),
    ]


@guarded(policies.QUEUE)
def filter_options(request: UserRequest, name: str) -> HttpResponse:
    """What one filter offers: only what would find something among this person's open hand-offs."""
    if name not in FOUND:
        raise Http404
    filters = QueueFilterSet(request.GET, request=request, now=timezone.now())
    pairs = FOUND[name].pairs(in_use(request.user))
    chip = _chip(request, name, str(FOUND[name].label), str(filters.value(name)), pairs)
    return render_part(request, "handoff/_filter_options.html", {"options": chip.options})


def _found(request: UserRequest, name: str, value: str) -> Chip:
    found = FOUND[name]
    return Chip(
        label=found.label,
        chosen=found.named(value) if value else "",
        clear=address(request.GET, **{name: None, "after": None}),
        options=[],
        ask_at=f"{reverse('handoff:queue_filter', args=[name])}?{request.GET.urlencode()}",
    )


def _chips_of_ended(request: UserRequest, filters: QueueFilterSet) -> list[Chip]:
    """How and when hand-offs ended, where those that did are listed."""
    if filters.tab != QueueTab.DONE:
        return []
    periods = [(str(days), str(words)) for days, words in PERIODS]
    results = [(result.value, str(result.label)) for result in BoardResult]
    return [
        _chip(request, "result", _("Result"), filters.value("result"), results),
        _chip(request, "closed", _("Closed"), filters.value("closed"), periods),
    ]


def _dues() -> list[tuple[str, str]]:
    return [
        ("overdue", _("overdue")),
        ("rest_of_today", _("due later today")),
        ("today", _("due today or earlier")),
        ("soon", _("within 24 hours")),
        ("week", _("within 7 days")),
    ]


def _states(tab: str) -> list[tuple[str, str]]:
    """The states that a tab shows, and what else can be asked of open ones."""
    in_tab: dict[str, list[HandoffState]] = {
        QueueTab.MINE: [HandoffState.QUEUED, HandoffState.CLAIMED],
        QueueTab.WAITING: [HandoffState.CONTACTED, HandoffState.ACCEPTED],
        QueueTab.ALL: list(OPEN_STATES),
        QueueTab.DONE: [HandoffState.REJECTED, HandoffState.CLOSED],
    }
    states = [(state.value, str(state.label)) for state in in_tab.get(tab, [])]
    return states if tab == QueueTab.DONE else [*states, ("cooled", _("Cooled")), (OVERFLOW, _("No one available"))]


def _chip(request: UserRequest, name: str, label: str, value: str, options: list[tuple[str, str]]) -> Chip:
    """A filter whose options are known. They lead to the queue, whatever asks for them."""
    queue = reverse("handoff:queue")
    return Chip(
        label=label,
        chosen=dict(options).get(value, value) if value else "",
        clear=address(request.GET, **{name: None, "after": None}),
        options=[
            FilterOption(label=words, href=f"{queue}{address(request.GET, **{name: code, 'after': None})}")
            for code, words in options
        ],
    )
