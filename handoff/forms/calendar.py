"""A calendar as one form: a line of hours for each weekday, as people write them: "9:00-12:00, 13:00-18:00"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import holidays
from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.calendars import hours_of, value_of
from handoff.clock import OfficeCalendar, check
from handoff.models import Calendar
from web import cldr
from web.fields import BoundedDateField

Intervals = list[list[str]]

MOST_DAYS = 31
PIECE = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*[-–—~〜～]\s*(\d{1,2}):(\d{2})\s*$")
PROBLEMS = {
    "zone_unknown": gettext_lazy("Unknown time zone. Write it like Asia/Tokyo."),
    "country_unknown": gettext_lazy(
        "No public holidays are available for this country. Choose another or leave it empty."
    ),
    "subdivision_unknown": gettext_lazy("This region isn’t part of the country. Choose another or leave it empty."),
    "week_incomplete": gettext_lazy("A week has seven days. Enter all seven."),
    "hours_backwards": gettext_lazy("Each period must end after it starts, on the same day. Enter a later end time."),
    "hours_overlap": gettext_lazy("The periods overlap or are out of order. Enter them from morning to evening."),
    "never_open": gettext_lazy(
        "This calendar has no working hours in the next year, so no deadline can be calculated. Open at least one day."
    ),
}
PROBLEM_FIELDS = {"zone": "timezone", "country": "holidays_country", "subdivision": "holidays_region"}


def parse_hours(text: str) -> Intervals:
    """ "9:00-12:00, 13:00-18:00" as intervals; nothing is a closed day. Raises ValidationError."""
    text = text.replace("：", ":").replace("、", ",").replace("，", ",").strip()
    intervals: Intervals = []
    for piece in text.split(",") if text else []:
        match = PIECE.match(piece)
        if match is None:
            raise ValidationError(_("“%(text)s” isn’t a period. Write it like 9:00-18:00.") % {"text": piece.strip()})
        opens_hour, opens_minute, closes_hour, closes_minute = (int(digits) for digits in match.groups())
        if max(opens_minute, closes_minute) > 59 or opens_hour > 24 or closes_hour > 24:
            raise ValidationError(_("“%(text)s” isn’t a time of day. Write it like 9:00.") % {"text": piece.strip()})
        intervals.append([f"{opens_hour:02d}:{opens_minute:02d}", f"{closes_hour:02d}:{closes_minute:02d}"])
    return intervals


def hours_text(intervals: Intervals) -> str:
    return ", ".join(f"{opens}-{closes}" for opens, closes in intervals)


def country_choices() -> list[tuple[str, str]]:
    codes = (code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2)
    return [("", _("none")), *cldr.country_choices(codes)]


def region_choices(country: str) -> list[tuple[str, str]]:
    """The parts of a country that have public holidays of their own, by the names they are known under."""
    codes = holidays.list_supported_countries().get(country, [])
    aliases = holidays.country_holidays(country).get_subdivision_aliases() if codes else {}
    named = ((code, ", ".join(aliases.get(code) or [code])) for code in codes)
    return [("", _("national holidays only")), *sorted(named, key=lambda pair: pair[1])]


class HoursField(forms.CharField):
    """The open periods of one day."""

    def clean(self, value: Any) -> Any:
        return parse_hours(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return hours_text(value) if isinstance(value, list) else value


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    holidays_country = forms.ChoiceField(label=gettext_lazy("Public holidays"), required=False)
    holidays_region = forms.CharField(label=gettext_lazy("Holidays of the region"), required=False, max_length=40)

    class Meta:
        model = Calendar
        fields = ["name", "timezone", "holidays_country", "holidays_region"]

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["holidays_country"].choices = country_choices()  # type: ignore[attr-defined]
        country = str(self["holidays_country"].value() or "")
        self.fields["holidays_region"].widget = forms.Select(choices=region_choices(country))
        for number, name in WEEKDAYS.items():
            self.fields[f"day_{number}"] = HoursField(label=name, required=False, max_length=120)
            self.initial.setdefault(f"day_{number}", self.instance.week[number])
        self.fields["day_0"].help_text = _("For example 9:00-12:00, 13:00-18:00. Leave empty if closed.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["week"] = [cleaned[f"day_{number}"] for number in range(7)]
            for problem in check(self.value(cleaned), today=self.today):
                day = re.fullmatch(r"week\[(\d)\]", problem.where)
                field = f"day_{day.group(1)}" if day else PROBLEM_FIELDS.get(problem.where)
                self.add_error(field, ValidationError(PROBLEMS[problem.code], code=problem.code))
        return cleaned

    def value(self, cleaned: dict[str, Any]) -> OfficeCalendar:
        """The calendar as it would be, closings included."""
        present = value_of(self.instance)
        return OfficeCalendar(
            zone=cleaned["timezone"],
            week=tuple(hours_of(day) for day in cleaned["week"]),
            country=cleaned["holidays_country"],
            subdivision=cleaned["holidays_region"],
            exceptions=present.exceptions,
        )


class ClosingForm(forms.Form):
    """Days on which the company is closed or works other hours: one day or a range, also in the years after."""

    day = BoundedDateField(label=gettext_lazy("From"))
    last_day = BoundedDateField(
        label=gettext_lazy("To"), required=False, help_text=gettext_lazy("Leave empty for one day.")
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    intervals = HoursField(
        label=gettext_lazy("Open hours on that day"), required=False, max_length=120,
        help_text=gettext_lazy("Leave empty if closed all day. Half day: 9:00-12:00."),
    )  # fmt: skip
    years = forms.TypedChoiceField(
        label=gettext_lazy("Repeat"), required=False, coerce=int,
        choices=[
            (1, gettext_lazy("this year only")), (3, gettext_lazy("for 3 years")), (5, gettext_lazy("for 5 years"))
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, calendar: Calendar, today: date, **options: Any) -> None:
        super().__init__(
            *args, **{"auto_id": "closing_%s", **options}
        )  # beside the calendar's form, which has a name too
        self.calendar, self.today = calendar, today

    def clean_years(self) -> int:
        return self.cleaned_data["years"] or 1

    def clean(self) -> dict[str, Any]:
        """The days as `days`; refused where they are no range, too many, or leave no working hours."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        first, last = cleaned["day"], cleaned["last_day"] or cleaned["day"]
        if not 0 <= (last - first).days < MOST_DAYS:
            words = _("Choose a last day after the first, at most %(days)s days later.") % {"days": MOST_DAYS - 1}
            self.add_error("last_day", words)
            return cleaned
        cleaned["days"] = list(days_of(first, last, cleaned["years"]))
        present, hours = value_of(self.calendar), hours_of(cleaned["intervals"])
        exceptions = dict(present.exceptions) | dict.fromkeys(cleaned["days"], hours)
        for problem in check(replace(present, exceptions=tuple(exceptions.items())), today=self.today):
            field = None if problem.code == "never_open" else "intervals"
            if PROBLEMS[problem.code] not in self.errors.get(field or "__all__", []):
                self.add_error(field, PROBLEMS[problem.code])
        return cleaned


def days_of(first: date, last: date, years: int) -> Iterator[date]:
    """Every day of a range, and of the same range in the years after; 29 February is left out where there is none."""
    for later in range(years):
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            with suppress(ValueError):
                yield day.replace(year=day.year + later)
