"""When somebody wants it, as a code that rules can compare: next_month, within_3_months, 2026-04, month_04."""

from __future__ import annotations

import re

from intake.enquiries.numbers import number
from intake.enquiries.patterns import MONTHS


def timing_of(name: str, match: re.Match[str]) -> str:
    """The code of a match of the timing pattern `name`, or "" for a number that is none."""
    parts = match.groupdict()
    if name in ("months", "weeks"):
        count = number(parts["number"] or parts["english"])
        return f"within_{count}_{name}" if count else ""
    if name == "half_year":
        return "within_6_months"
    if name not in ("month_en", "month", "month_of_year"):
        return name
    month = MONTHS.index(parts["name"]) + 1 if name == "month_en" else int(parts["month"])
    year = parts.get("year")
    return f"{year}-{month:02d}" if year else f"month_{month:02d}"
