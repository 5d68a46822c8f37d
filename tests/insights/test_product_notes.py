"""The notes about products in one list (S121)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from leads.models import Lead, Note
from tests.clients import as_
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
ADDRESS = reverse("insights:product_notes")


def note(lead: Lead, by: User, text: str, topic: str = "product", days: int = 0) -> Note:
    at = timezone.now() - timedelta(days=days)
    return Note.objects.create(lead=lead, text=text, topic=topic, at=at, by=by)


def texts(user: User, **query: str) -> list[str]:
    return [row.text for row in as_(user).get(ADDRESS, query).context["page"].rows]


def test_only_notes_about_products_are_listed_the_newest_first(marketer: User, rep: User) -> None:
    lead = LeadFactory()
    note(lead, rep, "Loves the search", days=2)
    note(lead, rep, "Wants a dark mode", days=1)
    note(lead, rep, "Calls again on Monday", topic="general")
    note(lead, rep, "Was slow last year", days=100)
    assert texts(marketer) == ["Wants a dark mode", "Loves the search"]
    assert len(texts(marketer, period="all")) == 3
    assert as_(marketer).get(ADDRESS).context["number"] == 2


def test_a_rep_reads_those_of_leads_that_they_see(rep: User, outsider: User) -> None:
    lead = LeadFactory(team=rep.team)
    note(lead, rep, "Loves the search")
    assert (texts(rep), texts(outsider)) == (["Loves the search"], [])


@pytest.mark.parametrize(("language", "words"), [("en", "No product feedback"), ("ja", "製品へのご意見はありません")])
def test_without_any_the_page_says_where_they_come_from(marketer: User, language: str, words: str) -> None:
    User.objects.filter(pk=marketer.pk).update(language=language)
    assert words in as_(marketer).get(ADDRESS).content.decode()
