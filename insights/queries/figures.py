"""The figures above the insights: what each counts, in which period, and the leads it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.calendars import calendars, clock_of
from handoff.enums import OutcomeResult
from handoff.enums import Promise as SalesPromise
from handoff.models import Deadline, Outcome
from insights.periods import Period
from leads.access import visible_leads
from leads.enums import Stage
from leads.models import Lead, StageChange
from scoring.models import Episode
from web.shares import Share

MEASURED = 5000  # so many first contacts tell the average of them all
IN_HANDS = (Stage.OPPORTUNITY, Stage.CUSTOMER)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number of leads. `base` says in a sentence which; `leads` narrows those that the reader sees to them."""

    code: str
    label: str | Promise
    base: str | Promise
    leads: Callable[[QuerySet[Lead], Period], QuerySet[Lead]]
    is_of_now: bool = False


@dataclass(frozen=True, kw_only=True)
class ShownFigure:
    """A figure with its number in the period, and in the one before where there is one."""

    figure: Figure
    number: int
    before: int | None = None


def _came_in(leads: QuerySet[Lead], period: Period) -> QuerySet[Lead]:
    return leads.filter(period.holds("created_at"))


def _became_hot(leads: QuerySet[Lead], period: Period) -> QuerySet[Lead]:
    return leads.filter(any_of(Episode, period.holds("started_at")))


def _grown(leads: QuerySet[Lead], period: Period) -> QuerySet[Lead]:
    """Only what came after the lead had become hot speaks for the rules."""
    lead, started_at = OuterRef("lead"), OuterRef("started_at")
    opportunity = StageChange.objects.filter(lead=lead, after__in=IN_HANDS, at__gte=started_at)
    bought = Outcome.objects.filter(lead=lead, result=OutcomeResult.WON, decided_at__gte=started_at)
    grown = Exists(opportunity) | Exists(bought)
    return leads.filter(any_of(Episode, period.holds("started_at") & Q(grown)))


def _hot_now(leads: QuerySet[Lead], period: Period) -> QuerySet[Lead]:
    """Who has bought, or is in sales' hands as an opportunity, waits for nobody."""
    return leads.filter(any_of(Episode, Q(ended_at=None))).exclude(stage__in=IN_HANDS)


def _won(leads: QuerySet[Lead], period: Period) -> QuerySet[Lead]:
    return leads.filter(any_of(Outcome, period.holds("decided_at") & Q(result=OutcomeResult.WON)))


def _answered(leads: QuerySet[Lead], period: Period) -> QuerySet[Lead]:
    return leads.filter(Exists(first_contacts(period).filter(handoff__lead=OuterRef("pk"))))


def _in_time(leads: QuerySet[Lead], period: Period) -> QuerySet[Lead]:
    kept = first_contacts(period).filter(met_at__lte=F("due_at"))
    return leads.filter(Exists(kept.filter(handoff__lead=OuterRef("pk"))))


FIGURES = {
    figure.code: figure
    for figure in (
        Figure(code="leads", label=_("Leads"), base=_("Created in the period."), leads=_came_in),
        Figure(
            code="hot_now", label=_("Hot now"), leads=_hot_now, is_of_now=True,
            base=_("Hot at this moment, without opportunities and customers; the period doesn’t matter."),
        ),
        Figure(code="became_hot", label=_("Became hot"), base=_("Became hot in the period, once or more."),
               leads=_became_hot),
        Figure(
            code="hot_grown", label=_("Hot, then opportunity or won"), leads=_grown,
            base=_("Became hot in the period, and then an opportunity or a customer, up to now."),
        ),
        Figure(code="won", label=_("Won"), base=_("Won in the period, whenever the lead was created."), leads=_won),
        Figure(
            code="answered", label=_("First contact made"), base=_("Sales first contacted them in the period."),
            leads=_answered,
        ),
        Figure(
            code="in_time", label=_("Contacted in time"), leads=_in_time,
            base=_("Sales first contacted them in the period, and within the SLA."),
        ),
    )
}  # fmt: skip


def any_of(model: type[Model], condition: Q) -> Exists:
    """Whether the lead has such a row; counts leads, however many rows each has."""
    return Exists(model._default_manager.filter(condition, lead=OuterRef("pk")))


def leads_of(user: User, figure: Figure, period: Period) -> QuerySet[Lead]:
    """The leads that a figure counts for this reader."""
    return figure.leads(visible_leads(user).identified(), period)


def shown_figures(user: User, period: Period) -> list[ShownFigure]:
    """Each figure in the period and, where that has one, in the period before."""
    before = period.before
    return [
        ShownFigure(
            figure=figure,
            number=leads_of(user, figure, period).count(),
            before=leads_of(user, figure, before).count() if before and not figure.is_of_now else None,
        )
        for figure in FIGURES.values()
    ]


def hot_precision(figures: list[ShownFigure]) -> Share:
    """How many of the leads that became hot in the period became an opportunity or were won since."""
    numbers = {shown.figure.code: shown.number for shown in figures}
    return Share(number=numbers["hot_grown"], of=numbers["became_hot"])


def first_contacts(period: Period) -> QuerySet[Deadline]:
    """The promises of a first contact that were met in the period, late or not."""
    return Deadline.objects.filter(period.holds("met_at"), promise=SalesPromise.FIRST_CONTACT, met_at__isnull=False)


def answer_time(user: User, period: Period) -> timedelta | None:
    """The average working time from becoming hot to the first contact, each by the calendar of its own deadline."""
    contacts = first_contacts(period).filter(handoff__lead__in=visible_leads(user).identified())
    newest = list(contacts.order_by("-met_at").values_list("calendar", "started_at", "met_at")[:MEASURED])
    known = {calendar.pk: calendar for calendar in calendars()}
    clocks = {pk: clock_of(known.get(pk)) for pk, _started_at, _met_at in newest}
    spans = [clocks[pk].business_time(start, met) for pk, start, met in newest if met is not None]
    return sum(spans, timedelta()) / len(spans) if spans else None
