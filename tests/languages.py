"""Whether a page that was asked for in Japanese says something in English."""

from __future__ import annotations

import html
import re
from functools import cache

import polib

from leadqual.env import BASE_DIR

UNREAD = re.compile(r"<(script|style|textarea|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
TEXT = re.compile(r">([^<]+)<|(?:aria-label|title|placeholder|alt)=\"([^\"]+)\"")
# What these pages show of their data: names, what was typed, and the name of the other language.
DATA = {"Default", "Inbound", "English", "New", "No budget", "50–99"}
# The audit trail calls references as the models do.
REFERENCES = {"Criterion", "Framework", "Position", "Timing"}


@cache
def translations() -> dict[str, set[str]]:
    """Each English text of the catalogs without a variable in it, in small letters, with its Japanese ones."""
    found: dict[str, set[str]] = {}
    for path in BASE_DIR.glob("*/locale/ja/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            if entry.msgstr and "%" not in entry.msgid:
                found.setdefault(entry.msgid.lower(), set()).add(entry.msgstr)
    return found


def english_in(page: str) -> list[str]:
    """The texts of the page that the catalogs translate, and that stand there in English all the same."""
    texts = (
        {html.unescape(" ".join((a or b).split())) for a, b in TEXT.findall(UNREAD.sub("", page))} - DATA - REFERENCES
    )
    catalog = translations()
    return sorted(text for text in texts if not is_code(text) and text not in catalog.get(text.lower(), {text}))


def is_code(text: str) -> bool:
    """Of a country, or one word in small letters: the code of a reason, a column of a file."""
    return len(text) <= 2 or (text.islower() and " " not in text)
