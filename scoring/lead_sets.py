"""Numbers of leads elsewhere in the product that the list of leads opens: exactly those that were counted.

Whoever shows such a number registers how its leads are found; the list takes the name of the set as one of its
filters, so that it is searched, narrowed, ordered and exported like any other list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from scoring.errors import ScoringError

PARAMETER = "counted"
LASTS = 60  # seconds: whoever pages through a list reads the leads that were counted, once


class LeadSetError(ScoringError):
    """The leads behind a number cannot be told any more; the words are for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class LeadSet:
    """The leads behind a number, and what they have in common, in the reader's words."""

    words: str
    ids: tuple[int, ...]


FoundSet = tuple[str, Callable[[], tuple[int, ...]]]
"""What the leads have in common, and a function that finds them."""
Finder = Callable[[list[str], datetime], FoundSet]
"""From the parts of a set's name behind its kind. Raises LeadSetError."""

_finders: dict[str, Finder] = {}


def register_lead_sets(kind: str, finder: Finder) -> None:
    _finders[kind] = finder


def lead_set(name: str, now: datetime) -> LeadSet:
    """The set of a name such as `draft.3.91ab20.rule.0.2`. Raises LeadSetError."""
    kind, *parts = name.split(".")
    if kind not in _finders:
        raise LeadSetError(_("This number no longer has a list. Open it again from the page that shows it."))
    words, find = _finders[kind](parts, now)
    key = f"scoring.leads:{name}"
    ids: tuple[int, ...] | None = cache.get(key)
    if ids is None:
        ids = find()
        cache.set(key, ids, LASTS)
    return LeadSet(words=words, ids=ids)


def set_address(name: str) -> str:
    """The list of leads narrowed to a set. Rules count visitors whose name nobody knows yet, so these are in it."""
    return f"{reverse('scoring:lead_list')}?{urlencode({'anonymous': 'with', PARAMETER: name})}"
