"""The demo as each role reads it: every page that a link leads to, in both languages, without a code in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.enums import Role
from accounts.models import User
from handoff.actions import open_handoffs
from insights.actions import run_demo_step, start_demo
from tests.languages import codes_in

pytestmark = [pytest.mark.django_db, pytest.mark.deep]
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
MOST_OF_A_KIND = 4  # pages of one address pattern, such as leads
NOT_READ = {"frame:gallery", "accounts:language", "accounts:theme", "api:contract"}


def pages(client: Client) -> Iterator[tuple[str, str]]:
    """Address and text of every page that links lead to, a few of each kind."""
    waiting, seen, kinds = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        links = [answer.headers["Location"]] if "Location" in answer.headers else []
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            yield address, text
            links += map(unescape, LINK.findall(text))
        for link in links:
            path = link.partition("?")[0]
            try:
                name = resolve(path).view_name
            except Resolver404:
                continue
            if link not in seen and kinds[name] < MOST_OF_A_KIND and name not in NOT_READ:
                kinds[name] += 1
                seen.add(link)
                waiting.append(link)


@pytest.fixture
def demo(admin: User, now: datetime) -> None:
    start_demo(by=admin, language="ja", now=now)
    while run_demo_step(now=now):
        pass
    open_handoffs(now=now)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("role", list(Role))
def test_no_page_of_the_demo_shows_a_code(admin: User, demo: None, role: Role, language: str) -> None:
    admin.refresh_from_db()
    admin.role, admin.language = role, language
    admin.save()
    client = Client()
    client.force_login(admin)
    wrong, count = {}, 0
    for address, text in pages(client):
        count += 1
        if words := codes_in(text, language):
            wrong[address] = words
    assert wrong == {}
    assert count > 10
