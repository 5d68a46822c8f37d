"""The columns of the lead list: which there are, and which somebody chose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str
    label: str | Promise
    sort: str = ""
    of_score: bool = False
    standard: bool = True


COLUMNS = (
    Column(name="company", label=_("Company")),
    Column(name="title", label=_("Job title"), standard=False),
    Column(name="stage", label=_("Stage")),
    Column(name="score", label=_("Score"), sort="score", of_score=True),
    Column(name="band", label=_("Temperature"), of_score=True),
    Column(name="owned_by", label=_("Who owns the lead"), of_score=True, standard=False),
    Column(name="source", label=_("Source")),
    Column(name="owner", label=_("Owner")),
    Column(name="active", label=_("Last activity")),
    Column(name="created", label=_("Created"), sort="created"),
    Column(name="email", label=_("Email"), standard=False),
    Column(name="phone", label=_("Phone"), standard=False),
    Column(name="external_id", label=_("External ID"), standard=False),
    Column(name="department", label=_("Department"), standard=False),
    Column(name="industry", label=_("Industry"), standard=False),
    Column(name="campaign", label=_("Campaign"), standard=False),
    Column(name="origin", label=_("Origin"), standard=False),
    Column(name="team", label=_("Team"), standard=False),
    Column(name="planned_on", label=_("Planned start"), standard=False),
)
_NAMES = {column.name for column in COLUMNS}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The columns to show, and all that could be."""

    shown: tuple[Column, ...]
    offered: tuple[Column, ...]

    @property
    def names(self) -> set[str]:
        return {column.name for column in self.shown}


def chosen(cookie: str, *, sees_scores: bool) -> Chosen:
    """What the cookie says, of the columns this person may see; the standard ones where it says nothing."""
    named = set(cookie.split("-")) & _NAMES
    offered = tuple(column for column in COLUMNS if sees_scores or not column.of_score)
    shown = tuple(column for column in offered if (column.name in named if named else column.standard))
    return Chosen(shown=shown, offered=offered)


def write(names: Iterable[str]) -> str:
    return "-".join(column.name for column in COLUMNS if column.name in set(names))
