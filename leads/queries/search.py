"""Leads by the words that somebody types."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from leads.models import Company
from leads.models.lead import LeadQuerySet
from leads.queries.companies import companies_by_words, forms_of
from leads.queries.contact_data import sees_all_contact_data

# A search word that this many companies bear ("株式会社") names no company: the list is walked instead.
MANY_COMPANIES = 300


def searched(leads: LeadQuerySet, words: str, user: User) -> LeadQuerySet:
    """Leads whose name, e-mail, external id, telephone or company contains `words`, in any width and case."""
    condition = Q()
    for form in forms_of(words):
        # Who may not see an address must not find it out by searching either.
        named = Q(name__icontains=form) & ~Q(name__contains="@")
        condition |= Q(search__contains=form) if sees_all_contact_data(user) else named
    companies = companies_by_words(Company.objects.order_by(), words).values_list("pk", flat=True)
    few = list(companies[: MANY_COMPANIES + 1])
    return leads.filter(condition | Q(company__in=few if len(few) <= MANY_COMPANIES else companies))
