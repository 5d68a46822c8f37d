"""One company is one company: however it is spelt, by every door, and after a merge that can be taken back."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from intake.actions.upsert import LeadValues, upsert_lead
from intake.imports.lead_tables import LeadTables
from leads.actions.company_merge import merge_companies, undo_company_merge
from leads.actions.duplicates import find_duplicates
from leads.actions.identification import Identity
from leads.actions.leads import company_called, create_lead
from leads.errors import MergeRefusedError
from leads.models import Company, CompanyMerge, Lead
from leads.queries.merges import similar_leads
from tests.factories import CompanyFactory, LeadFactory

AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
SPELLINGS = [
    "株式会社アクメ",
    "(株)アクメ",
    "（株）アクメ",
    "㈱アクメ",
    "アクメ㍿",
    "ｱｸﾒ 株式会社",
    "アクメ",
    "株式会社　アクメ",
]
OTHERS = ["有限会社アクメ", "アクメ商事株式会社", "合同会社アクメ", "アクメホールディングス"]
# Four people as a file may hold them: three spellings of one, and a colleague.
PEOPLE = """mail,name,tel,company
a@acme.example,佐藤 一郎,03-1234-5678,株式会社アクメ
b@acme.example,佐藤　一郎,０３（１２３４）５６７８,(株)アクメ
ichiro@home.example,サトウ イチロウ,+81-3-1234-5678,アクメ
d@acme.example,鈴木 花子,03-1234-9999,株式会社アクメ
"""


def by_api(name: str, number: int, by: User) -> int | None:
    values = LeadValues(company={"name": name})
    return upsert_lead(identity=Identity(email=f"api{number}@x.example"), values=values, now=AT).lead.company_id


def by_form(name: str, number: int, by: User) -> int | None:
    company = company_called(name=name, by=by)
    return create_lead(by=by, values={"name": "N", "company": company}, now=AT).company_id


def by_file(name: str, number: int, by: User) -> int | None:
    keys, companies = LeadTables().find_companies([name])
    numbers = LeadTables().keys_of(companies)
    return next((pk for pk, key in numbers.items() if key == keys[name]), None)


DOORS = [by_api, by_form, by_file]


@pytest.mark.parametrize("door", DOORS)
def test_all_spellings_of_a_company_are_one_by_every_door(marketer: User, door) -> None:
    acme = CompanyFactory(name="株式会社アクメ")
    found = [door(name, number, marketer) for number, name in enumerate(SPELLINGS)]
    others = [door(name, 100 + number, marketer) for number, name in enumerate(OTHERS)]
    assert (found, acme.pk in others) == ([acme.pk] * len(SPELLINGS), False)


@pytest.mark.parametrize("door", DOORS)
def test_the_name_of_a_merged_company_means_the_one_that_lives_on(marketer: User, door) -> None:
    acme, old = CompanyFactory(name="アクメ"), CompanyFactory(name="旧アクメ工業株式会社")
    merge_companies(kept=acme, merged=old, by=marketer, now=AT)
    assert door("旧アクメ工業", 1, marketer) == acme.pk


def test_a_merge_moves_leads_and_fills_what_is_not_known_and_undo_restores_both(marketer: User) -> None:
    acme = CompanyFactory(name="アクメ", employees=100, custom={"rank": "A"})
    other = CompanyFactory(
        name="Acme", employees=90, domain="acme.example", revenue=5, currency="USD", custom={"rank": "B", "zone": "1"}
    )
    mine, theirs = LeadFactory(company=acme), LeadFactory(company=other)
    merge = merge_companies(kept=acme, merged=other, by=marketer, now=AT)
    acme.refresh_from_db()
    theirs.refresh_from_db()
    values = (acme.employees, acme.domain, acme.revenue, acme.currency, acme.custom, theirs.company_id)
    assert values == (100, "acme.example", 5, "USD", {"rank": "A", "zone": "1"}, acme.pk)
    undo_company_merge(merge=merge, by=marketer, now=AT)
    acme.refresh_from_db()
    values = (acme.employees, acme.domain, acme.revenue, acme.currency, acme.custom)
    assert values == (100, "", None, "JPY", {"rank": "A"})
    assert [Lead.objects.get(pk=lead.pk).company_id for lead in (mine, theirs)] == [acme.pk, other.pk]
    assert set(Company.objects.present()) == {acme, other}


def test_merges_are_taken_back_in_reverse_order(marketer: User) -> None:
    first, second, third = CompanyFactory(), CompanyFactory(), CompanyFactory()
    one = merge_companies(kept=second, merged=first, by=marketer, now=AT)
    two = merge_companies(kept=third, merged=second, by=marketer, now=AT)
    with pytest.raises(MergeRefusedError):
        undo_company_merge(merge=one, by=marketer, now=AT)
    assert {company.merged_into_id for company in Company.objects.filter(pk__in=[first.pk, second.pk])} == {third.pk}
    undo_company_merge(merge=two, by=marketer, now=AT)
    undo_company_merge(merge=CompanyMerge.objects.get(pk=one.pk), by=marketer, now=AT)
    assert Company.objects.present().count() == 3


@pytest.mark.parametrize("refused", ["itself", "merged before"])
def test_a_merge_that_makes_no_sense_is_refused(marketer: User, refused: str) -> None:
    acme, other = CompanyFactory(), CompanyFactory()
    if refused == "merged before":
        merge_companies(kept=acme, merged=other, by=marketer, now=AT)
    with pytest.raises(MergeRefusedError):
        merge_companies(kept=acme, merged=acme if refused == "itself" else other, by=marketer, now=AT)
    assert CompanyMerge.objects.count() == (refused != "itself")


def test_companies_are_merged_on_their_page_and_one_press_undoes_it(client: Client, marketer: User) -> None:
    acme, other = CompanyFactory(name="アクメ"), CompanyFactory(name="株式会社アクメ")
    LeadFactory(company=other)
    client.force_login(marketer)
    page = reverse("leads:company_merge", args=[acme.pk])
    proposed = list(client.get(page).context["found"])
    client.post(page, {"other": other.pk})
    old = client.get(reverse("leads:company", args=[other.pk]))
    shown = client.get(reverse("leads:company", args=[acme.pk])).content.decode()
    undo = reverse("leads:company_merge_undo", args=[CompanyMerge.objects.get().pk])
    listed = [company.name for company in client.get(reverse("leads:companies")).context["page"].rows]
    client.post(undo)
    assert (proposed, old.headers["Location"], undo in shown, listed) == (
        [other], reverse("leads:company", args=[acme.pk]), True, ["アクメ"],
    )  # fmt: skip
    assert set(Company.objects.present()) == {acme, other}


@pytest.mark.parametrize("door", ["api", "form", "activity"])
def test_an_address_of_a_company_joins_it_by_every_door(marketer: User, door: str) -> None:
    acme = CompanyFactory(name="Acme", domain="acme.example")
    address = "hanako@acme.example"
    if door == "form":
        create_lead(by=marketer, values={"name": "Hanako", "email": address}, now=AT)
    else:
        upsert_lead(identity=Identity(email=address), values=LeadValues(), now=AT)
    assert Lead.objects.get(email=address).company == acme


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.co.jp", "docomo.ne.jp"])
@pytest.mark.django_db
def test_a_free_mail_address_joins_nobody(domain: str) -> None:
    CompanyFactory(name="Somebody", domain=domain)
    assert LeadFactory(email=f"taro@{domain}").company is None
    assert Lead.objects.get(email=f"taro@{domain}").company is None


def test_a_domain_of_several_companies_says_nothing_until_they_are_merged(marketer: User) -> None:
    acme, other = CompanyFactory(domain="group.example"), CompanyFactory(domain="group.example")
    LeadFactory(email="a@group.example")
    merge_companies(kept=acme, merged=other, by=marketer, now=AT)
    LeadFactory(email="b@group.example")
    assert [Lead.objects.get(email=f"{name}@group.example").company for name in "ab"] == [None, acme]


def test_three_spellings_of_a_person_are_proposed_as_duplicates_and_a_colleague_is_not(marketer: User) -> None:
    leads = {}
    for number, row in enumerate(csv.DictReader(StringIO(PEOPLE))):
        company = company_called(name=row["company"], by=marketer)
        leads[number] = LeadFactory(name=row["name"], email=row["mail"], phone=row["tel"], company=company)
    find_duplicates(now=AT)
    proposed = {number: {other.pk for other in similar_leads(lead, marketer)} for number, lead in leads.items()}
    same = {leads[number].pk for number in range(3)}
    assert proposed == {**{number: same - {leads[number].pk} for number in range(3)}, 3: set()}
    assert Company.objects.count() == 1
