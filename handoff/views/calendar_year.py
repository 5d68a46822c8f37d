"""A calendar's year at a glance, the next year in one press, and giving a calendar up."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.access import may_change_calendar
from handoff.actions.calendar_changes import Effect, delete_calendar, effect_of, is_used, take_over_closings
from handoff.calendars import calendars
from handoff.models import Calendar
from handoff.queries.year import in_years, use_of, year_of, year_without_closings
from leads.queries.contact_data import reveal
from web import formats
from web.pages import redirect_to, render_page


class YearForm(forms.Form):
    year = forms.IntegerField(required=False)


class SuccessorForm(forms.Form):
    """Which calendar replaces one that is given up."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("Replaced by"), queryset=Calendar.objects.none(), empty_label=None
    )

    def __init__(self, *args: object, calendar: Calendar, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        others = calendars().exclude(pk=calendar.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


@guarded(policies.CALENDARS_VIEW)
def year(request: UserRequest, pk: int) -> HttpResponse:
    """Twelve months with holidays, closings, half days and the days off of the week."""
    calendar, today, asked = get_object_or_404(calendars(), pk=pk), timezone.localdate(), YearForm(request.GET)
    asked.is_valid()
    shown = in_years(asked.cleaned_data.get("year"), today)
    can_edit = may_change_calendar(request.user, calendar)
    own = {closing.day.year for closing in calendar.closings.all()}
    context = {
        "calendar": calendar,
        "shown": year_of(calendar, shown),
        "before": shown - 1,
        "after": shown + 1,
        "use": use_of(calendar, request.user),
        "can_edit": can_edit,
        "missing": year_without_closings(calendar, today),
        "can_take_over": can_edit and shown not in own and shown - 1 in own,
    }
    return render_page(request, "handoff/calendar_year.html", context)


@guarded(policies.CALENDARS_EDIT, POST)
def take_over(request: UserRequest, pk: int, year: int) -> HttpResponse:
    """The closings of the year before, on the same dates; what that moves is said first."""
    calendar, now = calendar_to_change(request, pk), timezone.now()
    year = in_years(year, timezone.localdate())

    def change() -> int:
        return take_over_closings(calendar=calendar, year=year, by=request.user, now=now)

    def done(number: int) -> str:
        words = ngettext("%(n)s day added to %(year)s.", "%(n)s days added to %(year)s.", number)
        return words % {"n": formats.number(number), "year": year}

    return make_change(request, change, done=done, back=_address(calendar, year))


@guarded(policies.CALENDARS_EDIT, *FORM)
def delete(request: UserRequest, pk: int) -> HttpResponse:
    """Give a calendar up: one in use names its successor first."""
    calendar, now = calendar_to_change(request, pk), timezone.now()
    use = use_of(calendar, request.user)
    form = SuccessorForm(request.POST if request.method == "POST" else None, calendar=calendar)
    others = form.fields["successor"].queryset  # type: ignore[attr-defined]
    if not is_used(calendar):
        del form.fields["successor"]
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data.get("successor")

        def change() -> int:
            stored = calendars().get(pk=calendar.pk)
            return delete_calendar(calendar=stored, successor=successor, by=request.user, now=now)

        return make_change(
            request, change, done=lambda _moved: _("Calendar deleted."), back=reverse("handoff:calendars")
        )
    context = {"form": form, "calendar": calendar, "use": use, "has_others": others.exists()}
    return render_page(request, "handoff/calendar_delete.html", context, status=422 if form.errors else 200)


def make_change(
    request: UserRequest, change: Callable[[], int], *, done: Callable[[int], str], back: str
) -> HttpResponse:
    """Make a change of a calendar, say what `done` says of its answer, and go `back`.

    Where it would move promises, they are named first, until they were seen. What was posted is sent again with that
    press, so that nothing typed is lost. The change is made twice, once to be looked at: it reads what it changes.
    """
    effect = effect_of(change)
    if effect.moved and request.POST.get("seen") != effect.token:
        return render_page(request, "handoff/calendar_effect.html", effect_context(request, effect, back))
    messages.success(request, done(change()))
    return redirect_to(request, back)


def effect_context(request: UserRequest, effect: Effect, back: str) -> dict[str, object]:
    reveal(request.user, [each.handoff.lead for each in effect.moved])
    left_out = ("csrfmiddlewaretoken", "seen")
    kept = [(name, value) for name in request.POST if name not in left_out for value in request.POST.getlist(name)]
    return {"moved": effect.moved, "token": effect.token, "kept": kept, "action": request.path, "back": back}


def calendar_to_change(request: UserRequest, pk: int) -> Calendar:
    """Raises Http404 for one that is not there, PermissionDenied for one that is not this person's to change."""
    calendar = get_object_or_404(calendars(), pk=pk)
    if not may_change_calendar(request.user, calendar):
        raise PermissionDenied
    return calendar


def _address(calendar: Calendar, year: int) -> str:
    return f"{reverse('handoff:calendar_year', args=[calendar.pk])}?year={year}"
