from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet, Value

from accounts.models import User
from leads.access import visible_leads
from leads.free_mail import is_free_mail
from leads.models import Company
from leads.models.company import NameKey
from leads.models.search_text import Folded
from web.cleaning import search_form
from web.paging import Order

# Lower bounds of the sizes one can filter by.
SIZES = ((1, 9), (10, 49), (50, 99), (100, 299), (300, 999), (1000, None))

BY_NAME = Order.by("name")


def companies_by_words(companies: QuerySet[Company], words: str) -> QuerySet[Company]:
    """Companies whose name contains `words`, or whose domain is just that."""
    form = search_form(words)
    return companies.alias(folded_name=Folded("name")).filter(Q(folded_name__contains=form) | Q(domain=form))


def companies_called(name: str) -> QuerySet[Company]:
    """Companies of this name, however it is spelt (see `name_key`), or that one of this name was merged into."""
    called = Company.objects.alias(name_key=NameKey("name")).filter(name_key=NameKey(Value(name)))
    former = called.filter(merged_into__isnull=False).values("merged_into")
    return Company.objects.present().filter(Q(pk__in=called.values("pk")) | Q(pk__in=former))


def companies_at(domain: str) -> QuerySet[Company]:
    """Companies with this domain, or that one with it was merged into. Nobody's where anybody has an address."""
    if not domain or is_free_mail(domain):
        return Company.objects.none()
    former = Company.objects.filter(domain=domain, merged_into__isnull=False).values("merged_into")
    return Company.objects.present().filter(Q(domain=domain) | Q(pk__in=former))


def similar_companies(company: Company, among: QuerySet[Company]) -> QuerySet[Company]:
    """Companies that may be the same one: of the same name in another spelling, the same domain, or a longer name."""
    same = Q(pk__in=companies_called(company.name).values("pk"))
    if company.domain and not is_free_mail(company.domain):
        same |= Q(domain=company.domain)
    key = NameKey(Value(company.name))
    return among.alias(name_key=NameKey("name")).filter(same | Q(name_key__startswith=key))


def lead_counts(user: User, companies: Sequence[Company]) -> dict[int, int]:
    """How many leads of each company `user` sees."""
    seen = visible_leads(user).filter(company__in=companies, is_anonymous=False)
    return dict(seen.order_by().values_list("company").annotate(Count("pk")))


def industries(limit: int = 200) -> list[str]:
    """The industries in use; companies without one are left out."""
    used = Company.objects.exclude(industry="").order_by("industry").values_list("industry", flat=True)
    return list(used.distinct()[:limit])


def countries(limit: int = 200) -> list[str]:
    used = Company.objects.exclude(country="").order_by("country").values_list("country", flat=True)
    return list(used.distinct()[:limit])


def regions(limit: int = 200) -> list[str]:
    used = Company.objects.exclude(region="").order_by("region").values_list("region", flat=True)
    return list(used.distinct()[:limit])
