"""Where links lead: only to pages that exist, and only for those whom the page lets in."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.template import RequestContext, Template
from django.test import RequestFactory

from accounts.models import User
from frame import navigation
from frame.apps import links_lead_to_pages


def links(user: User, path: str = "/") -> dict[str, bool]:
    request = RequestFactory().get(path)
    request.user = user
    return {
        link.entry.url: link.current
        for _label, entries in navigation.links_for(request, navigation.SECTIONS)
        for link in entries
    }


def test_every_entry_names_a_page_with_a_policy() -> None:
    assert links_lead_to_pages() == []


def test_an_entry_without_a_page_is_an_error_of_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    section = navigation.SECTIONS[0]
    nowhere = replace(section.entries[0], url="handoff:nowhere")
    monkeypatch.setattr(navigation, "SECTIONS", (replace(section, entries=(nowhere,)),))
    assert [error.msg for error in links_lead_to_pages()] == [
        "a link leads to handoff:nowhere, which no page is called"
    ]


def test_a_template_that_asks_for_an_unknown_page_fails(admin: User) -> None:
    request = RequestFactory().get("/")
    request.user = admin
    with pytest.raises(ImproperlyConfigured):
        Template('{% may_open "leads:nowhere" as url %}').render(RequestContext(request))


def test_templates_ask_only_for_pages_that_exist() -> None:
    pages = {
        page
        for path in settings.BASE_DIR.glob("*/templates/**/*.html")
        for page in re.findall(r'{% may_open "([^"]+)"( [a-z.]+)? as', path.read_text("utf-8"))
    }
    assert pages
    for name, argument in pages:
        assert navigation.policy_of(name, *([1] if argument else [])) is not None


def test_a_page_that_is_open_to_all_needs_no_role() -> None:
    assert navigation.may_open(AnonymousUser(), "accounts:language")


def test_a_helper_sees_less_than_an_administrator(helper: User, admin: User) -> None:
    assert links(helper).keys() < links(admin).keys()
    assert "frame:settings" not in links(helper)


def test_the_longest_address_above_a_page_is_current(admin: User) -> None:
    current = [url for url, is_current in links(admin, "/settings/people/new/").items() if is_current]
    assert current == ["frame:settings"]
