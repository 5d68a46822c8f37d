"""Which leads become customers, by a dimension of the reader's choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.enums import OutcomeResult
from handoff.models import Outcome
from insights.periods import Period
from insights.queries.figures import any_of
from leads.access import visible_leads
from leads.enums import ChannelKind, TitleLevel
from leads.models import Lead, Source
from leads.wording import value_words
from scoring.enums import Band
from scoring.models import Episode, ScoreChange
from web.shares import Interval, wilson

UNKNOWN = _("unknown")
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
LEVELS = (Band.HOT, Band.WARM)
_LEVEL = Case(
    *(When(any_of(ScoreChange, Q(model__is_primary=True, band=level)), then=Value(level.value)) for level in LEVELS),
    default=Value(Band.COLD.value),
)
_SIZE = Case(*(When(condition, then=Value(code)) for code, _label, condition in SIZES), default=None)

DIMENSIONS = {
    "source": Grouping(label=_("Source"), value=F("source__code"), words=source_words, narrow="source"),
    "industry": Grouping(label=_("Industry"), value=F("company__industry"), words=industry_words, narrow="industry"),
    "level": Grouping(
        label=_("Highest interest level"), value=_LEVEL, words=lambda level: capfirst(str(Band(level).label))
    ),
    "size": Grouping(label=_("Company size"), value=_SIZE, words=lambda code: str(SIZE_LABELS.get(code, UNKNOWN))),
    "title": Grouping(label=_("Title level"), value=F("title_level"), words=title_words, narrow="title_level"),
    "channel": Grouping(label=_("Channel"), value=F("source__channel"), words=channel_words, narrow="channel"),
}


def conversion_by(user: User, dimension: Grouping, period: Period) -> list[ConversionRow]:
    """How many leads of each group, of those that came in in the period, became hot and bought until now.

    Most leads first; only what `user` may see.
    """
    leads: QuerySet[Lead, Any] = visible_leads(user).identified().filter(period.holds("created_at"))
    bought = any_of(Outcome, Q(result=OutcomeResult.WON))
    came_in = {"created_from": period.first, "created_to": period.last} if period.first else {}
    groups = (
        leads.annotate(group=dimension.value, was_hot=any_of(Episode, Q()), bought=bought)
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
            query=urlencode({dimension.narrow: row["group"], **came_in}) if dimension.narrow and row["group"] else "",
        )
        for row in groups
    ]


def strongest(rows: list[ConversionRow]) -> Iterator[ConversionRow]:
    """The groups that surely buy more often than the whole: their interval lies above the common rate."""
    total, won = sum(row.leads for row in rows), sum(row.won for row in rows)
    for row in rows:
        if total and row.interval and row.interval.low > won / total:
            yield row
