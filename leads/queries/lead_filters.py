"""What a list of leads can be narrowed to. A form cleaned the values; no name here comes from a URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from leads.models import Company, Source
from leads.models.lead import LeadQuerySet
from leads.queries.companies import companies_by_words, forms_of
from leads.queries.masking import sees_all_contact_data

# A search word that this many companies bear ("株式会社") names no company: the list is walked instead.
MANY_COMPANIES = 300


@dataclass(frozen=True, kw_only=True)
class LeadFilter:
    """Empty means: not asked. Several values of one field are alternatives; fields narrow each other."""

    q: str = ""
    stage: Sequence[str] = ()
    source: Sequence[str] = ()
    channel: Sequence[str] = ()
    origin: Sequence[str] = ()
    industry: Sequence[str] = ()
    title_level: Sequence[int] = ()
    owner: Sequence[str] = ()
    team: Sequence[int] = ()
    created_from: date | None = None
    created_to: date | None = None
    anonymous: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)


def narrowed(leads: LeadQuerySet, by: LeadFilter, user: User) -> LeadQuerySet:
    """`leads` narrowed to what `by` asks; anonymous ones stay out unless it asks for them."""
    for value, condition in _conditions(by, user):
        if value:
            leads = leads.filter(condition)
    if by.q:
        leads = searched(leads, by.q, user)
    if by.anonymous == "with":
        return leads
    return leads.filter(is_anonymous=by.anonymous == "only")


def _conditions(by: LeadFilter, user: User) -> list[tuple[Any, Q]]:
    return [
        (by.stage, Q(stage__in=by.stage)),
        (by.source, Q(source__in=_sources(code__in=by.source) if by.source else [])),
        (by.channel, Q(source__in=_sources(channel__in=by.channel) if by.channel else [])),
        (by.origin, Q(origin__in=by.origin)),
        (by.industry, Q(company__industry__in=by.industry)),
        (by.title_level, Q(title_level__in=by.title_level)),
        (by.owner, _owned(by.owner, user)),
        (by.team, Q(team__in=by.team)),
        (by.created_from, Q(created_at__gte=_midnight(by.created_from))),
        (by.created_to, Q(created_at__lt=_midnight(by.created_to, days=1))),
        (by.custom, Q(custom__contains=dict(by.custom))),
    ]


def _sources(**which: Any) -> list[int]:
    # As a list, not as a sub-query: the planner then knows how many leads to expect.
    return list(Source.objects.filter(**which).values_list("pk", flat=True))


def _owned(owners: Sequence[str], user: User) -> Q:
    """`me`, `none` and people's ids."""
    named = [user.pk if one == "me" else int(one) for one in owners if one != "none"]
    condition = Q(owner__in=named) if named else Q()
    return condition | Q(owner=None) if "none" in owners else condition


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """When that day begins in the reader's zone; the last day of the calendar has no next one."""
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.get_current_timezone())


def searched(leads: LeadQuerySet, words: str, user: User) -> LeadQuerySet:
    """Leads whose name, e-mail, external id, telephone or company contains `words`, in any width and case."""
    condition = Q()
    for form in forms_of(words):
        # Who may not see an address must not find it out by searching either.
        own = Q(search__contains=form) if sees_all_contact_data(user) else Q(name__icontains=form)
        condition |= own
    return leads.filter(condition | _of_companies(words))


def _of_companies(words: str) -> Q:
    found = companies_by_words(Company.objects.order_by(), words).values_list("pk", flat=True)
    few = list(found[: MANY_COMPANIES + 1])
    return Q(company__in=few if len(few) <= MANY_COMPANIES else found)
