"""Every number of an import that counts rows leads to exactly those rows."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.intake.importing import imported, undone

MAPPING = {"identity": "email", "columns": {"Mail": "lead.email", "Name": "lead.name"}}


def links(client: Client) -> list[tuple[str, int]]:
    """The addresses of the numbers in the list of imports, with the numbers."""
    page = client.get(reverse("intake:imports")).content.decode()
    found = re.findall(r'<td class="lq-num"[^>]*>\s*<a href="([^"]+)">([0-9,]+)</a>', page)
    return [(unescape(address), int(number.replace(",", ""))) for address, number in found]


def test_a_number_of_the_list_of_imports_leads_to_exactly_the_rows_it_counts(
    client: Client, marketer: User, now: datetime
) -> None:
    imported("Mail,Name\na@x.example,Aoki\n", MAPPING, marketer, now)
    imported("Mail,Name\na@x.example,Abe\nb@x.example,Baba\nno address,\n", MAPPING, marketer, now)
    client.force_login(marketer)
    counted = links(client)
    assert [number for _address, number in counted] == [3, 1, 1, 1, 1, 1]
    for address, number in counted:
        assert len(client.get(address).context["rows"]) == number, address


def test_a_number_of_an_undone_import_leads_nowhere_because_its_rows_say_what_the_undo_did(
    client: Client, marketer: User, now: datetime
) -> None:
    undone(imported("Mail,Name\na@x.example,Aoki\n", MAPPING, marketer, now), marketer, now)
    client.force_login(marketer)
    assert links(client) == []
    report = client.get(
        re.findall(r'<td><a href="([^"]+)">', client.get(reverse("intake:imports")).content.decode())[0]
    )
    assert "?outcome=created" not in report.content.decode().split("lq-chips-inside")[0]
