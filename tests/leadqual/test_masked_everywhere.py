"""What external staff may not see before they claim a lead is in no page, notice, mail or export that they get."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from handoff.actions import assign_handoff, claim_handoff, log_contact, release_handoff
from handoff.actions.deadline_sweep import sweep_deadlines
from handoff.models import Handoff
from leads.actions.decisions import add_note
from leads.models import AttributeDefinition, Lead
from notices.actions import deliver_due
from tests.factories import CompanyFactory, activity
from tests.handoff.world import CONTACT, FRIDAY, handoff_of
from tests.leadqual.test_roles_and_urls import all_rows, table_of
from tests.leadqual.test_roles_and_urls import world as world

ADDRESS, PHONE, NUMBER = "zebra.quagga@okapi.example", "090-8765-4321", "+819087654321"
SECRETS = ("quagga", "okapi", "8765-", "87654", "4321")  # not four digits alone: random ids have those by chance

KINDS: dict[str, dict[str, str]] = {
    "only an address": {"name": "", "email": ADDRESS, "phone": ""},
    "only a telephone": {"name": "", "email": "", "phone": PHONE},
    "an address for a name": {"name": ADDRESS, "email": "", "phone": ""},
    "everything": {"name": "Sato Hanako", "email": ADDRESS, "phone": PHONE, "external_id": "okapi-8765"},
}


@pytest.fixture(params=KINDS)
def handoff(request: pytest.FixtureRequest, helper: User, rep: User, manager: User) -> Handoff:
    """Given to the helper after a rep had worked on it, and not claimed yet."""
    made = handoff_of(**KINDS[request.param], company=CompanyFactory())
    claim_handoff(handoff=made, by=rep, now=FRIDAY)
    log_contact(handoff=made, by=rep, at=CONTACT, channel="phone", now=CONTACT, reached=False, note=f"Call {PHONE}")
    release_handoff(handoff=made, by=rep, now=CONTACT)
    AttributeDefinition.objects.create(
        code="private", type="text", label_en="Private number", label_ja="自宅の電話番号", is_contact_data=True
    )
    Lead.objects.filter(pk=made.lead_id).update(custom={"private": f"{PHONE} / {ADDRESS}"})
    activity(made.lead, "form_submit", CONTACT, object="contact", properties={"text": f"Mail me at {ADDRESS}"})
    add_note(lead=made.lead, by=rep, text=f"Also under {NUMBER}", topic="general", now=CONTACT)
    Lead.objects.filter(pk=made.lead_id).update(phone="03-8765-0000")
    Lead.objects.filter(pk=made.lead_id).update(phone=KINDS[request.param]["phone"])
    made.refresh_from_db()
    assign_handoff(handoff=made, to=helper, by=manager, now=CONTACT)
    return made


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.lower()]


@pytest.fixture
def client(client: Client, helper: User) -> Client:
    client.raise_request_exception = False
    client.force_login(helper)
    client.cookies["lead_columns"] = "email-phone-external_id-score"
    return client


@pytest.fixture
def patterns(world: SimpleNamespace) -> list[tuple[str, dict[str, Any]]]:
    """Every address that is read, by name, with its keywords; asked for before the hand-off is made."""
    found = []
    for row in all_rows():
        if row.method == "GET" and ":" in row.name:
            before = transaction.savepoint()
            found.append((row.name, table_of(row.app).OBJECTS[row.object](world) if row.object != "-" else {}))
            transaction.savepoint_rollback(before)
    return found


@pytest.mark.django_db
def test_no_page_tells_external_staff_what_they_may_not_see_yet(
    client: Client, patterns: list[tuple[str, dict[str, Any]]], handoff: Handoff
) -> None:
    addresses = set()
    for name, keywords in patterns:
        for pk in (handoff.pk, handoff.lead_id, handoff.lead.company_id):
            addresses.add(reverse(name, kwargs=keywords | ({"pk": pk} if "pk" in keywords else {})))
    pages, read = {}, 0
    for address in sorted(addresses):
        for query in ("", "?tab=mine&q=a&anonymous=with&sort=name")[: 1 if any(map(str.isdigit, address)) else 2]:
            answer = client.get(address + query)
            read += answer.status_code == 200
            if answer.status_code == 200 and (found := told(answer.content.decode("utf-8", "replace"))):
                pages[address + query] = found
    assert (pages, read > 20) == ({}, True)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["handoff:queue", "scoring:lead_list", "leads:companies", "handoff:news"])
def test_no_search_tells_letter_by_letter_what_is_hidden(client: Client, handoff: Handoff, page: str) -> None:
    for words in ("zebra", "quagga", "okapi.example", "8765", "4321", "+8190", "090-8"):
        shown = client.get(reverse(page), {"q": words, "tab": "mine"}).content.decode()
        found = [f"/queue/{handoff.pk}/" in shown, f"/leads/{handoff.lead_id}/" in shown]
        assert (words, found) == (words, [False, False])


@pytest.mark.django_db
def test_no_filter_tells_a_custom_contact_detail(client: Client, handoff: Handoff) -> None:
    shown = set()
    for wanted in (f"{PHONE} / {ADDRESS}", "somebody else"):
        page = client.get(reverse("scoring:lead_list"), {"custom_private": wanted}).content.decode()
        shown.add(f"/leads/{handoff.lead_id}/" in page)
    assert len(shown) == 1


@pytest.mark.django_db
def test_no_notice_and_no_mail_tells_external_staff(client: Client, helper: User, handoff: Handoff) -> None:
    sweep_deadlines(now=CONTACT + timedelta(days=9))
    while deliver_due(now=CONTACT + timedelta(days=9)):
        pass
    theirs = [message for message in mail.outbox if message.to == [helper.email]]
    mails = [f"{message.subject} {message.body} {message.message()}" for message in theirs]
    bell = client.get(reverse("notices:list")).content.decode()
    assert (len(mails) > 0, "handoff" in bell or "lead" in bell.lower()) == (True, True)
    assert [told(text) for text in [*mails, bell]] == [[] for _text in [*mails, bell]]


@pytest.mark.django_db
def test_external_staff_export_nothing(client: Client, handoff: Handoff) -> None:
    answer = client.post(reverse("scoring:lead_export"), {"lead": handoff.lead_id})
    assert (answer.status_code, told(answer.content.decode())) == (403, [])


@pytest.mark.django_db
def test_a_lead_as_text_holds_no_contact_data(handoff: Handoff) -> None:
    assert told(str(handoff.lead)) == []


@pytest.mark.django_db
def test_claiming_shows_it_at_once(client: Client, handoff: Handoff) -> None:
    lead = Lead.objects.get(pk=handoff.lead_id)
    claimed = client.post(reverse("handoff:claim", args=[handoff.pk]))
    page = client.get(reverse("leads:detail", args=[handoff.lead_id])).content.decode()
    assert (claimed.status_code, lead.phone in page, lead.email in page) == (303, True, True)
