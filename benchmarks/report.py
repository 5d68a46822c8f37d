"""Figures of one or several scales as one table; the exponent says how cost grows from the smallest to the largest."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measurement: what, how long or how fast, and against which demand."""

    work: str
    scale: int
    seconds: float
    shown: str
    must: str = ""
    ok: bool | None = None
    grows: bool = True  # whether its cost is expected to depend on the scale, so that an exponent says something


def table(figures: Iterable[Figure]) -> str:
    """GitHub's form of a table."""
    rows = list(figures)
    works = list(dict.fromkeys(row.work for row in rows))
    scales = sorted({row.scale for row in rows})
    head = ["work", *(f"{scale:,} leads" for scale in scales), *(["exponent"] if len(scales) > 1 else []), "must", ""]
    body = [_line(work, {row.scale: row for row in rows if row.work == work}, scales) for work in works]
    widths = [max(len(line[place]) for line in [head, *body]) for place in range(len(head))]
    lines = [head, ["-" * width for width in widths], *body]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in lines
    )


def _line(work: str, by_scale: dict[int, Figure], scales: list[int]) -> list[str]:
    newest = by_scale[max(by_scale)]
    exponent = [_exponent(by_scale)] if len(scales) > 1 else []
    verdict = "" if newest.ok is None else "ok" if newest.ok else "MISSED"
    return [
        work,
        *(by_scale[scale].shown if scale in by_scale else "" for scale in scales),
        *exponent,
        newest.must,
        verdict,
    ]


def _exponent(by_scale: dict[int, Figure]) -> str:
    small, large = by_scale[min(by_scale)], by_scale[max(by_scale)]
    if small.scale == large.scale or not large.grows:
        return ""
    return f"{math.log(large.seconds / small.seconds) / math.log(large.scale / small.scale):.2f}"


def replace_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put the text between the marks of this name. Raises ValueError where the page has none."""
    begin, end = f"<!-- bench {name} -->\n", f"\n<!-- end of bench {name} -->"
    before, _begin, rest = page.read_text(encoding="utf-8").partition(begin)
    _old, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page} has no marks for {name}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
