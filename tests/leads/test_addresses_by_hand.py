"""Further addresses by hand: added, removed, made the first one; found, told in the history, right after an undo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditFilter, entries
from accounts.models import User
from intake.actions.intake import find_leads
from leads.actions.addresses import MOST_ADDRESSES, add_address, remove_address
from leads.actions.identification import Identity
from leads.actions.merge import merge_leads, undo_merge
from leads.models import Lead
from leads.queries.search import searched
from tests.clients import as_
from tests.factories import LeadFactory

AT = datetime(2026, 11, 30, 1, tzinfo=UTC)
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(rep: User, team: object) -> Lead:
    made: Lead = LeadFactory(name="Sato", email="sato@acme.example", owner=rep, team=team)
    return made


def post(client: Client, lead: Lead, what: str, address: str) -> int:
    where = reverse("leads:addresses", args=[lead.pk])
    status = client.post(where, {"what": what, "address": address}, headers=HTMX).status_code
    lead.refresh_from_db()
    return status


def test_an_address_that_is_added_is_shown_found_and_names_the_lead(rep: User, marketer: User, lead: Lead) -> None:
    assert post(as_(rep), lead, "add", "Ｓato@Home.example") == 200
    assert lead.other_emails == ["sato@home.example"]
    assert "sato@home.example" in as_(rep).get(lead.get_absolute_url()).content.decode()
    assert list(searched(Lead.objects.present(), "sato@home.example", marketer)) == [lead]
    assert find_leads([Identity(email="sato@home.example")]) == {Identity(email="sato@home.example"): lead.pk}


def test_the_first_address_changes_places_with_a_further_one(rep: User, lead: Lead) -> None:
    post(as_(rep), lead, "add", "sato@home.example")
    answer = as_(rep).post(
        reverse("leads:addresses", args=[lead.pk]), {"what": "primary", "address": "sato@home.example"}, headers=HTMX
    )
    lead.refresh_from_db()
    assert (lead.email, lead.other_emails) == ("sato@home.example", ["sato@acme.example"])
    assert answer.status_code < 400


def test_an_address_that_is_removed_names_nobody(rep: User, lead: Lead) -> None:
    post(as_(rep), lead, "add", "sato@home.example")
    assert post(as_(rep), lead, "remove", "sato@home.example") == 200
    assert (lead.other_emails, find_leads([Identity(email="sato@home.example")])) == ([], {})


@pytest.mark.parametrize("address", ["sato@acme.example", "mori@acme.example", "m@home.example", "nonsense", ""])
def test_an_address_that_is_there_or_is_anothers_or_none_is_refused_and_nothing_changes(
    rep: User, lead: Lead, address: str
) -> None:
    LeadFactory(email="mori@acme.example", other_emails=["m@home.example"])
    assert (post(as_(rep), lead, "add", address), lead.other_emails) == (422, [])


def test_a_lead_has_no_more_addresses_than_anybody_reads(rep: User, lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(other_emails=[f"s{number}@x.example" for number in range(MOST_ADDRESSES)])
    assert (post(as_(rep), lead, "add", "more@x.example"), len(lead.other_emails)) == (422, MOST_ADDRESSES)


def test_the_form_takes_a_further_address_of_its_own_and_refuses_one_of_another_lead(rep: User, lead: Lead) -> None:
    LeadFactory(other_emails=["m@home.example"])
    post(as_(rep), lead, "add", "sato@home.example")
    where = reverse("leads:field", args=[lead.pk, "email"])
    refused = as_(rep).post(where, {"email": "m@home.example", "was": lead.email}, headers=HTMX)
    taken = as_(rep).post(where, {"email": "sato@home.example", "was": lead.email}, headers=HTMX)
    lead.refresh_from_db()
    assert (refused.status_code, taken.status_code) == (422, 200)
    assert (lead.email, lead.other_emails) == ("sato@home.example", [])


def test_the_history_and_the_audit_log_say_who_added_it(rep: User, admin: User, lead: Lead) -> None:
    post(as_(rep), lead, "add", "sato@home.example")
    page = as_(rep).get(reverse("leads:history", args=[lead.pk])).content.decode()
    newest = entries(AuditFilter(kind="lead"))[0][0]
    assert ("sato@home.example" in page, "[" in page.partition("sato@home.example")[0][-3:]) == (True, False)
    assert (newest.who, [(one.field, one.after) for one in newest.changes]) == (
        rep, [("Other emails", "sato@home.example")],
    )  # fmt: skip


def test_undoing_a_merge_takes_its_addresses_away_and_keeps_those_added_since(marketer: User, lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(other_emails=["old@acme.example", "gone@acme.example"])
    lead.refresh_from_db()
    merged = LeadFactory(email="sato@home.example", other_emails=["h@home.example"])
    merge = merge_leads(kept=lead, merged=merged, by=marketer, now=AT)
    lead.refresh_from_db()
    add_address(lead=lead, address="new@acme.example", by=marketer)
    remove_address(lead=lead, address="gone@acme.example", by=marketer)
    undo_merge(merge=merge, by=marketer, now=AT)
    lead.refresh_from_db()
    merged.refresh_from_db()
    assert lead.other_emails == ["old@acme.example", "new@acme.example"]
    assert (merged.email, merged.other_emails) == ("sato@home.example", ["h@home.example"])


def test_external_staff_and_reps_of_others_change_no_address(helper: User, rep: User, lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(owner=helper)
    assert [post(as_(who), lead, "add", "x@home.example") for who in (helper, rep)] == [403, 404]
    assert lead.other_emails == []
