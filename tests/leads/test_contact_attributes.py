"""A custom attribute may hold contact details: external staff see it after claiming only, everybody else always."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from intake.imports.new_attributes import looks_like_contact_data
from leads.models import AttributeDefinition, Lead
from tests.clients import as_
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
SECRET = "090-8765-4321"


@pytest.fixture
def lead(rep: User, team: object) -> Lead:
    AttributeDefinition.objects.create(
        code="private", type="text", label_en="Private number", label_ja="自宅の電話番号", is_contact_data=True
    )
    made: Lead = LeadFactory(name="Sato", owner=rep, team=team, custom={"private": SECRET})
    return made


def pages(client: Client, lead: Lead) -> list[bool]:
    addresses = (
        reverse("leads:detail", args=[lead.pk]),
        reverse("leads:fact", args=[lead.pk, "custom_private"]),
        reverse("leads:history", args=[lead.pk]),
    )
    return [SECRET in client.get(address).content.decode() for address in addresses]


def test_who_works_here_sees_it(rep: User, lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(custom={"private": "other"})
    Lead.objects.filter(pk=lead.pk).update(custom={"private": SECRET})
    assert pages(as_(rep), lead) == [True, True, True]


def test_external_staff_see_dots_on_the_page_in_the_field_and_in_the_history(helper: User, lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(custom={"private": "other"}, owner=helper)
    Lead.objects.filter(pk=lead.pk).update(custom={"private": SECRET})
    assert pages(as_(helper), lead) == [False, False, False]
    assert "•••21" in as_(helper).get(reverse("leads:detail", args=[lead.pk])).content.decode()


def test_an_administrator_marks_an_attribute(admin: User) -> None:
    values = {"owner": "lead", "code": "mobile", "type": "text", "label_en": "Mobile", "label_ja": "携帯番号"}
    as_(admin).post(reverse("leads:attributes_new"), values | {"is_contact_data": "on"})
    assert AttributeDefinition.objects.get(code="mobile").is_contact_data is True


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["090-1234-5678", "０８０１２３４５６７８", "なし"], True),
        (["a@home.example", "", "b@home.example"], True),
        (["ｘ＠ｙ．example"], True),
        (["red", "blue"], False),
        (["2026-11-30", "2026-12-01"], False),
        (["7.5", "300"], False),
        ([], False),
    ],
)
def test_a_column_of_numbers_or_addresses_becomes_a_contact_detail(values: list[str], expected: bool) -> None:
    assert looks_like_contact_data(values) is expected
