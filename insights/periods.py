"""The period that a page of insights is about, and the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from web import formats
from web.fields import BoundedDateField
from web.filters import midnight


class Span(TextChoices):
    """The periods that are offered by name."""

    ALL = "all", pgettext_lazy("period", "All time")
    MONTH = "month", gettext_lazy("This month")
    LAST_MONTH = "last_month", gettext_lazy("Last month")
    QUARTER = "quarter", gettext_lazy("This quarter")
    LAST_QUARTER = "last_quarter", gettext_lazy("Last quarter")
    YEAR = "year", gettext_lazy("This fiscal year")
    LAST_YEAR = "last_year", gettext_lazy("Last fiscal year")
    DAYS_90 = "90d", gettext_lazy("Last 90 days")
    CUSTOM = "custom", gettext_lazy("From – to")


# Months of a period that begins with its first one, and how many periods ago it began.
CALENDAR = {
    Span.MONTH: (1, 0), Span.LAST_MONTH: (1, 1), Span.QUARTER: (3, 0), Span.LAST_QUARTER: (3, 1),
    Span.YEAR: (12, 0), Span.LAST_YEAR: (12, 1),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `first` to `last`, both included, in the reader's zone; without them everything there ever was."""

    span: Span
    first: date | None = None
    last: date | None = None
    before_first: date | None = None

    @property
    def before(self) -> Period | None:
        """What this one is compared with: as many days from the beginning of the period before; None for all time."""
        if self.first is None or self.last is None or self.before_first is None:
            return None
        last = min(self.before_first + (self.last - self.first), self.first - timedelta(days=1))
        return Period(span=Span.CUSTOM, first=self.before_first, last=last)

    def holds(self, field: str) -> Q:
        """The condition that an instant, or a day of the reader's, lies in the period."""
        if self.first is None or self.last is None:
            return Q()
        return Q(**{f"{field}__gte": midnight(self.first), f"{field}__lt": midnight(self.last, days_later=1)})

    @property
    def query(self) -> str:
        """The period in an address."""
        if self.span != Span.CUSTOM or self.first is None or self.last is None:
            return f"period={self.span.value}"
        return f"period=custom&since={self.first.isoformat()}&until={self.last.isoformat()}"

    def days(self, today: date) -> str:
        """Its days in words."""
        if self.first is None or self.last is None:
            return _("since the first lead")
        return formats.span(formats.dated(self.first, today), formats.dated(self.last, today))


class PeriodForm(forms.Form):
    """The choice above a page. What cannot be read is all time; the form says so."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=Span.choices, required=False)
    since = BoundedDateField(label=gettext_lazy("From"), required=False)
    until = BoundedDateField(label=gettext_lazy("To"), required=False)

    def clean(self) -> dict[str, date | str | None]:
        cleaned = super().clean() or {}
        if cleaned.get("period") == Span.CUSTOM and not self.errors:
            first, last = cleaned.get("since"), cleaned.get("until")
            if first is None or last is None:
                raise ValidationError(_("Enter the first and the last day of the period."))
            if first > last:
                raise ValidationError(_("The first day lies after the last one. Swap the two dates."))
        return cleaned

    def chosen(self, today: date) -> Period:
        """The period asked for; all time where none is, or where it makes no sense."""
        if not self.is_valid():
            return Period(span=Span.ALL)
        span = Span(self.cleaned_data.get("period") or Span.ALL)
        if span == Span.CUSTOM:
            return _of_days(span, self.cleaned_data["since"], self.cleaned_data["until"])
        return named(span, today)


def period_form(query: Mapping[str, str], *, usual: Span = Span.ALL) -> PeriodForm:
    """The form as an address fills it; `usual` where that names no period."""
    names = ("period", "since", "until")
    return PeriodForm({"period": usual.value} | {name: query[name] for name in names if query.get(name)})


def named(span: Span, today: date) -> Period:
    """A period by its name. One that still runs ends today."""
    if span == Span.DAYS_90:
        return _of_days(span, today - timedelta(days=89), today)
    if span not in CALENDAR:
        return Period(span=Span.ALL)
    months, ago = CALENDAR[span]
    first = _months_on(_beginning(today, months), -months * ago)
    last = today if ago == 0 else _months_on(first, months) - timedelta(days=1)
    return Period(span=span, first=first, last=last, before_first=_months_on(first, -months))


def _of_days(span: Span, first: date, last: date) -> Period:
    """Compared with as many days right before it."""
    length = last - first + timedelta(days=1)
    before = first - length if (first - date.min) > length else None
    return Period(span=span, first=first, last=last, before_first=before)


def _beginning(today: date, months: int) -> date:
    """The first day of the period of `months` that `today` lies in; quarters are those of the fiscal year."""
    since = (today.month - settings.FISCAL_YEAR_MONTH) % 12 % months
    return _months_on(today.replace(day=1), -since)


def _months_on(first: date, months: int) -> date:
    """The first day of a month, some months later."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
