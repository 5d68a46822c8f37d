"""The filters that are set, in words, each with the address of the list without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Team, User
from leads.models import Source

PAGING = ("after", "before")


@dataclass(frozen=True, kw_only=True)
class Chip:
    field: str
    label: str
    words: str
    without: str


def canonical(data: QueryDict, *, leave_out: tuple[str, ...] = ()) -> str:
    """The query string of a list: sorted, without paging, without empty values; two equal lists have equal ones."""
    pairs = sorted(
        (name, value)
        for name, values in data.lists()
        if name not in PAGING + leave_out
        for value in values
        if value != ""
    )
    clean = QueryDict(mutable=True)
    for name, value in pairs:
        clean.appendlist(name, value)
    return clean.urlencode()


def chips(form: forms.Form, *, hidden: tuple[str, ...] = ("q", "sort")) -> list[Chip]:
    """One chip for each filter that is set and could be read."""
    made = []
    for name, value in form.cleaned_data.items():
        if name not in hidden and value not in (None, "", []):
            field = form.fields[name]
            words = ", ".join(_words(name, field, value))
            label = str(field.label)
            made.append(Chip(field=name, label=label, words=words, without=canonical(form.data, leave_out=(name,))))
    return made


def _words(name: str, field: forms.Field, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if name in LOADED:
        return LOADED[name](values)
    words = {str(key): str(text) for key, text in getattr(field, "choices", [])}
    return [words.get(str(one).lower() if isinstance(one, bool) else str(one)) or _plain(one) for one in values]


def _plain(value: Any) -> str:
    return date_format(value, "Y-m-d") if hasattr(value, "year") else str(value)


def _source_words(codes: list[str]) -> list[str]:
    known = {source.code: str(source) for source in Source.objects.filter(code__in=codes)}
    return [known.get(code, code) for code in codes]


def _owner_words(owners: list[str]) -> list[str]:
    people = User.objects.filter(pk__in=[one for one in owners if one.isdigit()])
    known = {"me": _("Mine"), "none": _("Nobody")} | {str(person.pk): str(person) for person in people}
    return [known.get(one, f"#{one}") for one in owners]


def _team_words(teams: list[int]) -> list[str]:
    known = {team.pk: str(team) for team in Team.objects.filter(pk__in=teams)}
    return [known.get(one, f"#{one}") for one in teams]


LOADED = {"source": _source_words, "owner": _owner_words, "team": _team_words}
