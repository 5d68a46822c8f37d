"""The largest document the language allows: 200 rules with 50 leaves each. Its plan must stay flat."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

import engine
from benchmarks.data import build, execute
from benchmarks.report import Figure
from benchmarks.rules import TYPES
from benchmarks.scoring import STORED, seconds, to_the_end
from engine.limits import MAX_LEAVES, MAX_RULES
from scoring.queries.catalog import catalog
from scoring.queries.sources import now_sources
from scoring.statements import TUNE

OBJECTS = ("/pricing", "/products/a", "/products/b", "catalogue", "mail-7")


def document() -> dict[str, Any]:
    """Every leaf asks something that no other asks."""
    rules = [
        {"name": f"Rule {number}", "points": 1 + number % 9, "when": {"any": [{"all": _leaves(number, half)}
         for half in (0, 1)]}}
        for number in range(MAX_RULES)
    ]  # fmt: skip
    return {"model": "Wide", "groups": [{"name": "All", "dimension": "engagement", "max": 100, "rules": rules}]}


def _leaves(rule: int, half: int) -> list[dict[str, Any]]:
    """Half of a rule's leaves: plain counts, counts of objects (two leaves each), attributes."""
    return [_leaf((rule * 2 + half) * MAX_LEAVES + place, place) for place in range(20)]


def _leaf(number: int, place: int) -> dict[str, Any]:
    if place % 4 == 3:
        return {"field": "company.employees", "op": ">=", "value": number}
    counted = {"activity": TYPES[number % len(TYPES)], "within": f"{1 + number % 3000}h"}
    if place % 4 == 2:
        own = {"field": "object", "op": "starts_with", "value": OBJECTS[number % len(OBJECTS)]}
        return counted | {"where": own}
    return counted | {"count": {"op": ">=", "value": 1 + number % 4}}


def run(scale: int) -> Iterator[Figure]:
    """Compiled, planned and run for at most 10,000 leads."""
    leads = min(scale, 10_000)
    build(leads=leads, now=timezone.now())
    parsed = engine.parse(document())
    assert parsed.document is not None, parsed.problems[:3]
    execute(TUNE.replace("LOCAL ", ""))
    begin = time.perf_counter()
    compiled = engine.compile_document(
        parsed.document, catalog(), sources=now_sources(), t=timezone.now(), next_change=False
    )
    compiling = time.perf_counter() - begin
    query = f"SELECT {STORED} FROM ({compiled.sql}) AS scored"
    planning = seconds(lambda: execute(f"EXPLAIN {query}", compiled.parameters))
    taken = seconds(lambda: to_the_end(query, compiled.parameters))
    yield Figure(
        work=f"{MAX_RULES} rules, {MAX_LEAVES} leaves each: compiled, planned, run for {leads:,} leads",
        scale=scale,
        seconds=taken,
        shown=f"{compiling:.1f} s, {planning:.1f} s, {taken:.1f} s",
        grows=False,
    )
