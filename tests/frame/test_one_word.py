"""One thing has one word: a page is called what its entry in the menu is called, in both languages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.utils import translation

from accounts.models import User
from frame.navigation import SECTIONS, SETTINGS, MenuEntry, address_of
from tests.clients import as_
from tests.published import Publish

# The ranking is the list of leads in another order, and called what that is called.
ENTRIES = [
    entry
    for section in (*SECTIONS, *SETTINGS)
    for entry in section.entries
    if not entry.setting and entry.url != "scoring:ranking"
]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url)
def test_a_page_bears_the_word_of_its_menu_entry(
    admin: User, entry: MenuEntry, language: str, publish: Publish
) -> None:
    """Some pages lead elsewhere while nothing is published."""
    publish({"model": "Default"}, score=False)
    admin.language = language
    admin.save()
    answer = as_(admin).get(address_of(entry.url), headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = answer.content.decode()
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert heading is not None
    assert title is not None
    with translation.override(language):
        word = str(entry.label)
    said = " ".join(unescape(re.sub(r"<[^>]+>", "", heading[1])).split())
    assert (said, word in unescape(title[1])) == (word, True)
