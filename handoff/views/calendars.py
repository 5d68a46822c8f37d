"""When the teams work."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import may_change_calendar, teams_to_set
from handoff.actions.settings import remove_closing, save_calendar, save_closings, use_calendar
from handoff.calendars import calendars as all_calendars
from handoff.calendars import clock_of, value_of
from handoff.clock import BusinessClock, OfficeCalendar, OpenDay
from handoff.forms import CalendarForm, ClosingForm
from handoff.models import Calendar, Closing
from handoff.queries.year import use_of, year_without_closings
from handoff.views.calendar_year import calendar_to_change, make_change
from web import formats
from web.pages import redirect_to, render_page, render_part

PREVIEW_DAYS = 14


@guarded(policies.CALENDARS_VIEW)
def calendars(request: UserRequest) -> HttpResponse:
    now, user = timezone.now(), request.user
    rows = [
        {
            "calendar": calendar,
            "days": _days(value_of(calendar), now),
            "is_open": clock_of(calendar).is_open(now),
            "can_edit": may_change_calendar(user, calendar),
            "use": use_of(calendar, user),
            "missing": year_without_closings(calendar, timezone.localdate()),
            "may_use": teams_to_set(user).exclude(team_calendar__calendar=calendar),
        }
        for calendar in all_calendars().prefetch_related("teams__team")
    ]
    can_add = is_allowed(user, policies.CALENDARS_EDIT)
    return render_page(request, "handoff/calendars.html", {"calendars": rows, "can_add": can_add})


@guarded(policies.CALENDARS_EDIT, *FORM)
def new(request: UserRequest) -> HttpResponse:
    return _form_page(request, Calendar())


@guarded(policies.CALENDARS_EDIT, *FORM)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    return _form_page(request, calendar_to_change(request, pk))


@guarded(policies.CALENDARS_EDIT, POST)
def preview(request: UserRequest) -> HttpResponse:
    """The coming two weeks under the hours typed so far; nothing is stored."""
    stored = request.POST.get("calendar", "")
    instance = all_calendars().filter(pk=stored).first() if stored.isascii() and stored.isdecimal() else None
    form = CalendarForm(request.POST, instance=instance or Calendar(), today=timezone.localdate())
    form.fields["name"].required = False
    days = _days(form.value(form.cleaned_data), timezone.now()) if form.is_valid() else []
    context = {"days": days, "problems": form.errors, "region": form["holidays_region"]}
    return render_part(request, "handoff/_calendar_preview.html", context)


@guarded(policies.CALENDARS_EDIT, POST)
def add_closing(request: UserRequest, pk: int) -> HttpResponse:
    calendar = calendar_to_change(request, pk)
    form = ClosingForm(request.POST, calendar=calendar, today=timezone.localdate())
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("days", "name", "intervals")}
        now = timezone.now()

        def change() -> int:
            return save_closings(calendar=calendar, **chosen, by=request.user, now=now)

        return make_change(request, change, done=saved_words, back=reverse("handoff:calendar_edit", args=[pk]))
    return _form_page(request, calendar, closing_form=form)


@guarded(policies.CALENDARS_EDIT, POST)
def drop_closing(request: UserRequest, pk: int, closing_pk: int) -> HttpResponse:
    calendar, now = calendar_to_change(request, pk), timezone.now()
    get_object_or_404(Closing, pk=closing_pk, calendar=calendar)

    def change() -> int:
        closing = Closing.objects.get(pk=closing_pk, calendar=calendar)
        return remove_closing(closing=closing, by=request.user, now=now)

    def done(moved: int) -> str:
        return f"{_('Removed. That day is a normal working day again.')} {moved_words(moved)}".strip()

    return make_change(request, change, done=done, back=reverse("handoff:calendar_edit", args=[pk]))


@guarded(policies.CALENDARS_EDIT, POST)
def use(request: UserRequest, pk: int) -> HttpResponse:
    """Count the promises of a team in this calendar from now on."""
    calendar = get_object_or_404(Calendar, pk=pk)
    team_id = request.POST.get("team", "")
    team = get_object_or_404(teams_to_set(request.user), pk=int(team_id) if team_id.isdecimal() else 0)
    use_calendar(team=team, calendar=calendar)
    messages.success(request, _("%(team)s now uses this calendar.") % {"team": team})
    return redirect("handoff:calendars")


def moved_words(moved: int) -> str:
    """How many open deadlines a change moved; nothing where it moved none."""
    words = ngettext("%(number)s open deadline moved.", "%(number)s open deadlines moved.", moved)
    return words % {"number": formats.number(moved)} if moved else ""


def saved_words(moved: int) -> str:
    """That a change was saved, and what it did."""
    return f"{_('Saved.')} {moved_words(moved)}".strip()


def _form_page(request: UserRequest, calendar: Calendar, closing_form: ClosingForm | None = None) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    posted = request.POST if request.method == "POST" and closing_form is None else None
    form = CalendarForm(posted, instance=calendar, today=today)
    if posted and form.is_valid():
        return _saved(request, calendar.pk, form)
    context: dict[str, Any] = {
        "form": form,
        "calendar": calendar,
        "days": [] if form.errors else _days(value_of(calendar), now),
        "problems": form.errors,
        "closing_form": closing_form or (ClosingForm(calendar=calendar, today=today) if calendar.pk else None),
        "closings": calendar.closings.filter(day__gte=today) if calendar.pk else [],
    }
    failed = form.errors or (closing_form and closing_form.errors)
    return render_page(request, "handoff/calendar_edit.html", context, status=422 if failed else 200)


def _saved(request: UserRequest, pk: int | None, form: CalendarForm) -> HttpResponse:
    """Store what was typed; no promise is counted by a calendar that is new."""
    now = timezone.now()
    if pk is None:
        calendar = Calendar()
        moved = save_calendar(calendar=calendar, changes=form.cleaned_data, by=request.user, now=now)
        messages.success(request, saved_words(moved))
        return redirect_to(request, reverse("handoff:calendar_edit", args=[calendar.pk]))

    def change() -> int:
        calendar = Calendar.objects.get(pk=pk)
        return save_calendar(calendar=calendar, changes=form.cleaned_data, by=request.user, now=now)

    return make_change(request, change, done=saved_words, back=reverse("handoff:calendar_edit", args=[pk]))


def _days(calendar: OfficeCalendar, now: datetime) -> list[OpenDay]:
    language = "ja" if formats.language() == "ja" else "en_US"
    today: date = now.astimezone(ZoneInfo(calendar.zone)).date()
    return BusinessClock(calendar).open_days(today, PREVIEW_DAYS, language=language)
