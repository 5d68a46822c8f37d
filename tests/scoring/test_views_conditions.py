from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory


def test_choices_say_how_many_leads_have_them(marketer: User) -> None:
    for level in (3, 3, 4, None):
        LeadFactory(title_level=level, company=CompanyFactory(), consent=level == 4)
    client = as_(marketer)
    numbers = client.get(reverse("scoring:choice_counts"), {"field": "title_level"}).json()
    assert numbers == {"manager": "2", "director": "1"}
    assert client.get(reverse("scoring:choice_counts"), {"field": "consent"}).json() == {"true": "1", "false": "3"}
    for field in ("email", "owner__password", "", "company.employees"):
        assert client.get(reverse("scoring:choice_counts"), {"field": field}).json() == {}
