"""When somebody wants it, as a code that rules can compare: next_month, within_3_months, 2026-04, month_04."""

from __future__ import annotations

import re

from intake.enquiries.numbers import number
from intake.enquiries.patterns import MONTHS


def timing_of(name: str, match: re.Match[str]) -> str:
    """The code of a match of the timing pattern `name`."""
    found = match.groupdict()
    if name in ("months", "weeks"):
        count = number(found["number"] or found["english"])
        return f"within_{count}_{name}" if count else ""
    if name == "half_year":
        return "within_6_months"
    if name == "month_en":
        return _month(found["year"], MONTHS.index(found["name"]) + 1)
    if name in ("month", "month_of_year"):
        return _month(found.get("year"), int(found["month"]))
    return name


def _month(year: str | None, month: int) -> str:
    return f"{year}-{month:02d}" if year else f"month_{month:02d}"
