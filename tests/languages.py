"""Whether a page that was asked for in Japanese says something in English, or shows a code that has words."""

from __future__ import annotations

import html
import re
from functools import cache

import polib
from django.apps import apps
from django.db.models import Field

from handoff.shipped import LOST_REASONS, REJECT_REASONS
from leadqual.env import BASE_DIR
from leads import shipped
from leads.enums import Industry, TitleLevel

UNREAD = re.compile(r"<(script|style|textarea|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
TEXT = re.compile(r">([^<]+)<|(?:aria-label|title|placeholder|alt)=\"([^\"]+)\"")
# What these pages show of their data: names, also of teams and in the log those in English, and what was typed.
DATA = {"Default", "Inbound", "English", "New", "No budget", "50–99", "Tokyo", "Timing"}


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
    texts = {html.unescape(" ".join((a or b).split())) for a, b in TEXT.findall(UNREAD.sub("", page))} - DATA
    catalog = translations()
    return sorted(text for text in texts if not is_code(text) and text not in catalog.get(text.lower(), {text}))


def is_code(text: str) -> bool:
    """Of a country, or one word in small letters: the code of a reason, a column of a file."""
    return len(text) <= 2 or (text.islower() and " " not in text)


# What is typed or sent as it stands, and may hold any letters: addresses of pages, files and people, names of fields.
ADDRESS = re.compile(r"\S*[/@#=]\S*|\S+\.\S+")
# Columns of the files that are imported here, which are also codes.
HEADERS = {"name"}
RUN = re.compile(r"[A-Za-z]\w*(?: [A-Za-z]\w*)*", re.ASCII)


@cache
def codes() -> set[str]:
    """Every code that is stored and has words: choices of columns, and the types and sources that are shipped."""
    columns = (field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, Field))
    choices = ((code, label) for column in columns for code, label in column.flatchoices)
    found = {code for code, label in choices if isinstance(code, str) and code.lower() != str(label).lower()}
    found |= {code for code, *_words in (*shipped.ACTIVITY_TYPES, *shipped.SOURCES)}
    return {*found, *Industry.values, *(level.code for level in TitleLevel), "None", "---------"} - HEADERS


@cache
def shipped_values() -> set[str]:
    """What the shipped activity types, sources and reasons are called in English, the words of these names, and their
    codes and icons."""
    rows = (*shipped.ACTIVITY_TYPES, *shipped.SOURCES, *REJECT_REASONS, *LOST_REASONS)
    texts = {text for row in rows for text in row if isinstance(text, str)}
    return texts | {word for text in texts for word in re.split(r"[\W_]+", text)}


def codes_in(page: str, language: str = "ja") -> list[str]:
    """The codes that a person reads in the page: as a whole text, or beside signs and Japanese words.

    In an English page a word in small letters may be just that: there only what is no English word is looked for.
    """
    texts = (html.unescape(" ".join((a or b).split())) for a, b in TEXT.findall(UNREAD.sub("", page)))
    runs = {run for text in texts for run in RUN.findall(ADDRESS.sub("/", text))}
    dashes = {"---------"} if ">---------<" in page else set()
    known = codes() if language == "ja" else {code for code in codes() if "_" in code or code == "None"}
    return sorted((runs & known) | dashes)
