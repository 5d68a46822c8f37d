"""Further addresses of a person: kept, found, and names of the same lead by every door."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from accounts.models import User
from intake.actions.intake import find_leads
from intake.actions.upsert import LeadValues, upsert_lead
from leads.actions.identification import Identity
from leads.actions.merge import merge_leads, undo_merge
from leads.models import Lead
from leads.queries.search import searched
from tests.factories import LeadFactory
from tests.intake.importing import imported, undone

AT = datetime(2026, 11, 22, 1, tzinfo=UTC)


def test_the_addresses_of_both_are_kept_found_and_mean_the_one_that_lives_on(client: Client, marketer: User) -> None:
    kept = LeadFactory(name="Sato", email="sato@acme.example", other_emails=["old@acme.example"])
    merged = LeadFactory(name="Sato H", email="sato@home.example", other_emails=["h@home.example"])
    merge = merge_leads(kept=kept, merged=merged, by=marketer, now=AT)
    others = ["old@acme.example", "sato@home.example", "h@home.example"]
    named = find_leads([Identity(email=address) for address in others])
    kept.refresh_from_db()
    client.force_login(marketer)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert (kept.other_emails, set(named.values())) == (others, {kept.pk})
    assert [list(searched(Lead.objects.present(), address, marketer)) for address in others] == [[kept]] * 3
    assert [address in page for address in others] == [True, True, True]
    undo_merge(merge=merge, by=marketer, now=AT)
    kept.refresh_from_db()
    assert kept.other_emails == ["old@acme.example"]


def test_an_address_that_another_one_replaces_by_the_api_is_kept(marketer: User) -> None:
    lead = LeadFactory(email="first@acme.example", external_id="crm-1")
    values = LeadValues(lead={"other_emails": ["third@acme.example"]})
    upsert_lead(identity=Identity(email="second@acme.example", external_id="crm-1"), values=values, now=AT)
    lead.refresh_from_db()
    again = upsert_lead(identity=Identity(email="third@acme.example"), values=LeadValues(lead={"name": "S"}), now=AT)
    lead.refresh_from_db()
    assert (lead.email, lead.other_emails, again.lead) == (
        "second@acme.example", ["first@acme.example", "third@acme.example"], lead,
    )  # fmt: skip
    assert (again.created, lead.name) == (False, "S")


def test_external_staff_read_no_other_address_before_the_claim(client: Client, helper: User) -> None:
    lead = LeadFactory(name="Sato", email="sato@acme.example", other_emails=["quagga@home.example"], owner=helper)
    client.force_login(helper)
    page = client.get(lead.get_absolute_url()).content.decode()
    assert ("quagga" in page, list(searched(Lead.objects.present(), "quagga@home.example", helper))) == (False, [])


def test_a_file_adds_addresses_and_its_undo_takes_them_away(marketer: User) -> None:
    lead = LeadFactory(email="sato@acme.example", other_emails=["old@acme.example"])
    mapping = {"identity": "email", "columns": {"mail": "lead.email", "more": "lead.other_emails"}}
    text = "mail,more\nsato@acme.example,h@home.example; old@acme.example\nnew@acme.example,n@home.example\n"
    done = imported(text, mapping, marketer, AT)
    lead.refresh_from_db()
    new = Lead.objects.get(email="new@acme.example")
    named = find_leads([Identity(email="n@home.example")])
    assert (lead.other_emails, new.other_emails, set(named.values())) == (
        ["old@acme.example", "h@home.example"], ["n@home.example"], {new.pk},
    )  # fmt: skip
    undone(done, marketer, AT)
    lead.refresh_from_db()
    assert (lead.other_emails, Lead.objects.filter(pk=new.pk).exists()) == (["old@acme.example"], False)
