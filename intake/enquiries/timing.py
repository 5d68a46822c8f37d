"""When somebody wants it, as a code that rules can compare: next_month, within_3_months, 2026-04, month_04."""

from __future__ import annotations

import re

from intake.enquiries.numbers import NUMBER, number

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
AMOUNT = rf"(?P<number>{NUMBER})"
# Their names are the codes, but for those that hold a number, a year or a month.
TIMINGS = {
    name: re.compile(written, re.MULTILINE)
    for name, written in {
        "now": (
            r"今すぐ|すぐに(?:でも)?|大?至急|早急|(?:なるべく|できるだけ)早|\b(?:asap|immediately|right away|"
            r"right now|(?<!not )urgent(?:ly)?|as soon as possible)\b|\bnow\s*\?"
        ),
        "this_week": r"今週|\bthis week\b",
        "next_week": r"来週|\bnext week\b",
        "this_month": r"今月|\bthis month\b",
        "next_month": r"(?<!再)来月|\bnext month\b",
        "this_quarter": r"今四半期|\bthis quarter\b",
        "next_quarter": r"[来次]四半期|\bnext quarter\b",
        "this_term": r"今期|当期|今年度|\bthis (?:fiscal|financial) year\b",
        "next_term": r"来期|来年度|\bnext (?:fiscal|financial) year\b",
        "this_year": r"年内|今年(?!度)|\bthis year\b|\bend of the year\b",
        "next_year": r"来年(?!度)|\bnext year\b",
        "within_6_months": r"半年(?:以内|後|ほど|くらい)|\b(?:within|in) (?:half a year|six months)\b",
        "months": (
            rf"{AMOUNT}\s?[かヶヵカケ箇]?月(?:以内|後|くらい|ほど)|\b(?:within|in) (?:the )?(?:next )?"
            rf"(?P<english>{NUMBER}) months?\b"
        ),
        "weeks": (
            rf"{AMOUNT}\s?週間(?:以内|後|くらい|ほど)|\b(?:within|in) (?:the )?(?:next )?"
            rf"(?P<english>{NUMBER}) weeks?\b"
        ),
        "month_of_year": r"(?<!\d)(?P<year>20\d\d)(?:年\s?|[/-])(?P<month>1[0-2]|0?[1-9])(?!\d)月?",
        "month": (
            r"(?<![\d年か])(?P<month>1[0-2]|0?[1-9])月"
            r"(?:から|まで|に|頃|ごろ|末|中|上旬|下旬|開始|以降|導入|稼働|スタート)"
        ),
        "month_en": (
            rf"\b(?:in|by|from|starting|until|before) (?:the end of |early |late |mid-? ?)?"
            rf"(?P<name>{'|'.join(MONTHS)})\b(?: (?P<year>20\d\d)\b)?"
        ),
        "quarter": r"\bq(?P<quarter>[1-4])\b(?: (?:of )?(?P<year>20\d\d)\b)?",
    }.items()
}  # fmt: skip

Timing = tuple[int, int, str]
"""Begin and end in a folded text, and the code."""


def timings_in(text: str) -> list[Timing]:
    """Every time that a folded text names, in order."""
    return sorted(
        (match.start(), match.end(), code)
        for name, written in TIMINGS.items()
        for match in written.finditer(text)
        if (code := _code(name, match))
    )


def _code(name: str, match: re.Match[str]) -> str:
    """The code of a match of the pattern `name`, or "" for a number that is none."""
    parts = match.groupdict()
    if name in ("months", "weeks"):
        count = number(parts["number"] or parts["english"])
        return f"within_{count}_{name}" if count else ""
    if name == "quarter":
        return f"{parts['year']}-q{parts['quarter']}" if parts["year"] else f"quarter_{parts['quarter']}"
    if name not in ("month_en", "month", "month_of_year"):
        return name
    month = MONTHS.index(parts["name"]) + 1 if name == "month_en" else int(parts["month"])
    year = parts.get("year")
    return f"{year}-{month:02d}" if year else f"month_{month:02d}"
