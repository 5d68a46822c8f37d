"""Absences from a file: looked at first, with what is wrong by line, then entered."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.absence_files import read_absences
from handoff.actions.absence_import import (
    FoundAbsence,
    enter_absences,
    forget_rows,
    found_absences,
    keep_rows,
    kept_rows,
    token_of,
)
from handoff.errors import AbsenceFileError
from handoff.views.absences import people_for
from web import formats
from web.pages import redirect_to, render_page


class AbsenceFileForm(forms.Form):
    """A file, and whose absences it holds where it does not say so itself."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".ics,.csv,.txt,.tsv"}),
        help_text=gettext_lazy(
            "A calendar (.ics; repeating events are read 2 years ahead), or a CSV with the columns person, from, "
            "until, note."
        ),
    )  # fmt: skip
    whose = forms.ModelChoiceField(
        label=gettext_lazy("User"), queryset=User.objects.none(), required=False,
        help_text=gettext_lazy("For absences that name no one."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["whose"].queryset = people  # type: ignore[attr-defined]


@guarded(policies.ABSENCES, *FORM)
def upload(request: UserRequest) -> HttpResponse:
    """Choose a file; what it holds is shown before anything is entered, and kept for a day like other drafts."""
    people, now = people_for(request.user), timezone.now()
    rows, whose = kept_rows(request.user, now) or ([], request.user.pk)
    form = AbsenceFileForm(
        request.POST if request.method == "POST" else None, request.FILES or None, people=people,
        initial={"whose": whose},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            rows = read_absences(form.cleaned_data["file"].read(), ZoneInfo(request.user.timezone), now)
        except AbsenceFileError as error:
            form.add_error("file", str(error))
        else:
            keep_rows(rows, whose=form.cleaned_data["whose"], by=request.user, now=now)
            return redirect_to(request, reverse("handoff:absence_import"))
    named = people.filter(pk=whose or 0).first()
    found = found_absences(rows, people=list(people), whose=named, now=now)
    context = {"form": form, **(_shown(found) if found else {})}
    return render_page(request, "handoff/absence_import.html", context, status=422 if form.errors else 200)


@guarded(policies.ABSENCES, POST)
def enter(request: UserRequest) -> HttpResponse:
    """Enter what the preview showed; with `discard`, forget it instead."""
    if "discard" in request.POST:
        forget_rows(request.user)
        return redirect_to(request, reverse("handoff:absence_import"))
    try:
        number = enter_absences(
            token=request.POST.get("token", ""), people=list(people_for(request.user)), now=timezone.now()
        )
    except signing.BadSignature:
        messages.warning(request, _("The preview is too old. Choose the file again."))
        return redirect_to(request, reverse("handoff:absence_import"))
    forget_rows(request.user)
    words = ngettext("%(n)s absence entered.", "%(n)s absences entered.", number)
    messages.success(request, words % {"n": formats.number(number)})
    return redirect_to(request, reverse("handoff:absences"))


def _shown(found: list[FoundAbsence]) -> dict[str, Any]:
    wrong = sum(bool(each.problem) for each in found)
    return {"found": found, "right": len(found) - wrong, "wrong": wrong, "token": token_of(found)}
