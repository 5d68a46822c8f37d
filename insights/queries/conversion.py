"""Which leads become customers, by a dimension of the reader's choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, Model, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.calendars import calendars, clock_of
from handoff.enums import OutcomeResult
from handoff.enums import Promise as SalesPromise
from handoff.models import Deadline, Outcome
from insights.statistics import Interval, wilson
from leads.access import visible_leads
from leads.enums import ChannelKind, Stage, TitleLevel
from leads.models import Lead, Source
from leads.wording import value_words
from scoring.models import Episode

UNKNOWN = _("unknown")
MEASURED = 5000  # so many first contacts tell the average of them all
SIZES = (
    ("1-49", _("Under 50"), Q(company__employees__lt=50)),
    ("50-99", _("50–99"), Q(company__employees__lt=100)),
    ("100-499", _("100–499"), Q(company__employees__lt=500)),
    ("500-", _("500+"), Q(company__employees__gte=500)),
)


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """Something leads can be compared by. `value` groups them; `words` names a group; `narrow` lists its leads."""

    label: str | Promise
    value: Any
    words: Callable[[Any], str]
    narrow: str = ""


@dataclass(frozen=True, kw_only=True)
class ConversionRow:
    """One group: all its leads, those that were ever hot, those that bought."""

    value: Any
    label: str
    leads: int
    hot: int
    won: int
    query: str

    @property
    def rate(self) -> float | None:
        """Per cent of the leads that bought, or None for too few leads."""
        return None if self.interval is None else 100 * self.won / self.leads

    @property
    def share(self) -> float:
        """The rate as the length of a bar: 50 % of buyers fill it, more hardly ever buy."""
        return min(100.0, 2 * (self.rate or 0))

    @property
    def interval(self) -> Interval | None:
        return wilson(self.won, self.leads)

    @property
    def low(self) -> float:
        return 100 * self.interval.low if self.interval else 0.0

    @property
    def high(self) -> float:
        return 100 * self.interval.high if self.interval else 0.0


def source_words(code: str | None) -> str:
    """The name of a source, in the reader's language."""
    return str(Source.objects.filter(code=code).first() or UNKNOWN)


def title_words(level: int | None) -> str:
    return str(TitleLevel(level).label if level else UNKNOWN)


def industry_words(industry: str | None) -> str:
    return value_words("industry", industry) or str(UNKNOWN)


def channel_words(channel: str | None) -> str:
    return str(ChannelKind(channel).label if channel else UNKNOWN)


SIZE_LABELS = {code: label for code, label, _condition in SIZES}
_SIZE = Case(*(When(condition, then=Value(code)) for code, _label, condition in SIZES), default=None)

DIMENSIONS = {
    "source": Grouping(label=_("Source"), value=F("source__code"), words=source_words, narrow="source"),
    "industry": Grouping(label=_("Industry"), value=F("company__industry"), words=industry_words, narrow="industry"),
    "size": Grouping(label=_("Company size"), value=_SIZE, words=lambda code: str(SIZE_LABELS.get(code, UNKNOWN))),
    "title": Grouping(label=_("Title level"), value=F("title_level"), words=title_words, narrow="title_level"),
    "channel": Grouping(label=_("Channel"), value=F("source__channel"), words=channel_words, narrow="channel"),
}


def conversion_by(user: User, dimension: Grouping) -> list[ConversionRow]:
    """How many leads of each group became hot and bought, most leads first; only what `user` may see."""
    leads: QuerySet[Lead, Any] = visible_leads(user).identified()
    groups = (
        leads.annotate(group=dimension.value, was_hot=_any(Episode), bought=_any(Outcome, result=OutcomeResult.WON))
        .values("group")
        .annotate(leads=Count("pk"), hot=Count("pk", filter=Q(was_hot=True)), won=Count("pk", filter=Q(bought=True)))
        .order_by("-leads", "group")
    )
    return [
        ConversionRow(
            value=row["group"],
            label=dimension.words(row["group"]),
            leads=row["leads"],
            hot=row["hot"],
            won=row["won"],
            query=f"{dimension.narrow}={row['group']}" if dimension.narrow and row["group"] else "",
        )
        for row in groups
    ]


def _any(model: type[Model], **conditions: Any) -> Exists:
    """Whether the lead has such a row; counts leads, however many rows each has."""
    return Exists(model._default_manager.filter(lead=OuterRef("pk"), **conditions))


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The figures above the table."""

    leads: int
    hot_now: int
    won: int
    answered: int
    in_time: int
    answer_time: timedelta | None
    """Business time from becoming hot to the first contact, on average."""


IN_HANDS = (Stage.OPPORTUNITY, Stage.CUSTOMER)


def headline(user: User) -> Headline:
    """How many of the leads that `user` sees are hot now and bought, and how fast sales answered."""
    leads: QuerySet[Lead, Any] = visible_leads(user).identified()
    met = Deadline.objects.filter(promise=SalesPromise.FIRST_CONTACT, met_at__isnull=False)
    contacts = met.filter(handoff__lead__in=leads)
    won = leads.filter(_any(Outcome, result=OutcomeResult.WON))
    return Headline(
        leads=leads.count(),
        # Who has bought, or is in sales' hands as an opportunity, waits for nobody.
        hot_now=leads.filter(_any(Episode, ended_at=None)).exclude(stage__in=IN_HANDS).count(),
        won=won.count(),
        **contacts.aggregate(answered=Count("pk"), in_time=Count("pk", filter=Q(met_at__lte=F("due_at")))),
        answer_time=business_answer_time(contacts),
    )


def business_answer_time(contacts: QuerySet[Deadline]) -> timedelta | None:
    """The average working time that the newest first contacts took, each by the calendar of its own deadline."""
    newest = list(contacts.order_by("-met_at").values_list("calendar", "started_at", "met_at")[:MEASURED])
    known = {calendar.pk: calendar for calendar in calendars()}
    clocks = {pk: clock_of(known.get(pk)) for pk, _started_at, _met_at in newest}
    spans = [clocks[pk].business_time(start, met) for pk, start, met in newest if met is not None]
    return sum(spans, timedelta()) / len(spans) if spans else None


def strongest(rows: list[ConversionRow]) -> Iterator[ConversionRow]:
    """The groups that surely buy more often than the whole: their interval lies above the common rate."""
    total, won = sum(row.leads for row in rows), sum(row.won for row in rows)
    for row in rows:
        if total and row.interval and row.interval.low > won / total:
            yield row
