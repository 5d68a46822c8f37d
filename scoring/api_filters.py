"""What the API lists can be narrowed to: codes for programs, and nothing that only makes sense on a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import CharFilter

from leads.enums import TitleLevel
from leads.filters import CompanyFilterSet
from leads.models import Company
from leads.models.lead import LeadQuerySet
from leads.queries.companies import companies_at
from leads.queries.contact_data import sees_all_contact_data
from leads.queries.search import with_address
from scoring.enums import Temperature
from scoring.filters import ScoredLeadFilterSet
from web.filters import SeveralFilter

LEVELS = {level.code: level for level in TitleLevel}

LEAD_FILTERS = {
    "q": "Words that stand in the name, reading, e-mail address, external id, telephone number or company.",
    "email": "Exactly this address, as the first or a further one.",
    "external_id": "Exactly this external id.",
    "stage": "Leads at one of these stages.",
    "temperature": "Leads of one of these temperatures; hot is who is in an open episode.",
    "owned_by": "Leads that one of these departments owns by their total.",
    "source": "Leads of one of these sources, by code.",
    "channel": "Leads whose source is one of these channels.",
    "origin": "Leads that marketing or sales found.",
    "industry": "Leads of companies of one of these industries.",
    "company": "Leads of one of these companies, by id.",
    "title_level": "Leads of one of these levels.",
    "owner": "Leads of one of these users, by id; `me` is the user the key acts as, `none` nobody.",
    "team": "Leads of one of these teams, by id.",
    "created_from": "Added on this day or later.",
    "created_to": "Added on this day or earlier.",
    "anonymous": "Browsers that nobody is known behind yet: left out unless asked for.",
    "archived": "Archived leads: left out unless asked for.",
}
COMPANY_FILTERS = {
    "q": "Part of the name, or the domain.",
    "domain": "Exactly this domain.",
    "industry": "Companies of one of these industries.",
    "size": "Companies of one of these sizes, by the least number of employees.",
    "country": "Companies of one of these countries.",
    "region": "Companies of one of these regions.",
    "archived": "Archived companies: left out unless asked for.",
}


class LeadApiFilterSet(ScoredLeadFilterSet):
    """The parameters of the list of leads, with codes for levels, and exact names."""

    title_level = SeveralFilter(
        inner=forms.ChoiceField(choices=[(code, code) for code in LEVELS]), method="filter_level"
    )
    temperature = SeveralFilter(inner=forms.ChoiceField(choices=Temperature.choices), method="filter_band")
    email = CharFilter(max_length=254, method="filter_email")
    external_id = CharFilter("external_id", max_length=120)
    band = None  # type: ignore[assignment]  # taken out, as django-filter does it
    counted = None
    sort = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.sees_scores:
            del self.filters["temperature"]
        if not sees_all_contact_data(self.user):  # who may not see an address does not find it out by asking
            for name in ("email", "external_id"):
                del self.filters[name]

    def filter_level(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        return leads.filter(title_level__in=[LEVELS[code] for code in value]) if value else leads

    def filter_email(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return leads.filter(with_address(value))


class CompanyApiFilterSet(CompanyFilterSet):
    domain = CharFilter(max_length=200, method="filter_domain")

    def filter_domain(self, companies: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        return companies.filter(pk__in=companies_at(value.strip().lower()).values("pk"))
