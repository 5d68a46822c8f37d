"""The number of a company's leads leads to exactly those leads."""

from __future__ import annotations

import re
from html import unescape

from django.urls import reverse

from tests.factories import CompanyFactory, LeadFactory


def test_the_number_of_leads_of_a_company_leads_to_exactly_those_leads(client, rep):
    company = CompanyFactory(name="Aoba Works")
    mine = LeadFactory.create_batch(3, company=company, owner=rep)
    LeadFactory(company=company, owner=rep, is_anonymous=True)
    LeadFactory(company=company)
    LeadFactory(owner=rep)
    client.force_login(rep)
    page = client.get(reverse("leads:companies"), {"q": "Aoba Works"}).content.decode()
    address, number = re.findall(r'<a href="([^"]+company=[0-9]+)">([0-9]+)</a>', page)[0]
    listed = client.get(unescape(address))
    assert {row.lead.pk for row in listed.context["page"].rows} == {lead.pk for lead in mine}
    assert (int(number), listed.context["count"].number) == (3, 3)
    assert [chip.words for chip in listed.context["chips"]] == ["Aoba Works"]


def test_a_company_that_the_reader_does_not_see_is_not_named_by_the_list_of_leads(client, rep):
    company = LeadFactory(company=CompanyFactory(name="Secret Works")).company
    client.force_login(rep)
    listed = client.get(reverse("scoring:lead_list"), {"company": company.pk})
    assert "Secret Works" not in listed.content.decode()
    assert list(listed.context["page"].rows) == []
