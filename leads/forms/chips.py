"""The filters that are set, in words, each with the address of the list without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Team, User
from leads.models import Source
from leads.wording import value_words
from web.formats import listed

PAGING = ("after", "before")


@dataclass(frozen=True, kw_only=True)
class FilterChip:
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


def chips(form: forms.Form, *, hidden: tuple[str, ...] = ("q", "sort")) -> list[FilterChip]:
    """One chip for each filter that is set and could be read. `form` is bound to a QueryDict."""
    query = cast("QueryDict", form.data)
    return [
        FilterChip(
            field=name,
            label=str(form.fields[name].label),
            words=listed(words_of(name, form.fields[name], value if isinstance(value, list) else [value])),
            without=canonical(query, leave_out=(name,)),
        )
        for name, value in form.cleaned_data.items()
        if name not in hidden and value not in (None, "", [])
    ]


def words_of(name: str, field: forms.Field, values: Sequence[Any]) -> list[str]:
    """What the values of one filter are called; sources, owners and teams are looked up."""
    if name == "source":
        sources = {source.code: str(source) for source in Source.objects.filter(code__in=values)}
        return [sources.get(code, code) for code in values]
    if name == "owner":
        people = User.objects.filter(
            pk__in=[owner for owner in values if owner.isascii() and owner.isdecimal() and len(owner) < 19]
        )
        owners = {"me": _("Mine"), "none": _("No owner")} | {str(person.pk): str(person) for person in people}
        return [owners.get(owner, f"#{owner}") for owner in values]
    if name == "team":
        teams = {str(team.pk): str(team) for team in Team.objects.filter(pk__in=values)}
        return [teams.get(str(pk), f"#{pk}") for pk in values]
    choices = {str(key): str(words) for key, words in getattr(field, "choices", [])}
    keys = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    return [choices.get(key) or value_words(name, value) for key, value in zip(keys, values, strict=True)]
