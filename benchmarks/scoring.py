"""The scoring rows of DESIGN section 5. Every ratio is taken in one run on one machine, against the same bare query."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks import rules
from benchmarks.data import build, execute
from benchmarks.loop import score_one_by_one
from benchmarks.report import Figure
from leads.models import DirtyMark
from scoring.actions import publish_version, run_rescores, score_dirty, start_model, start_rescore
from scoring.actions.score import TUNE
from scoring.engine import compile_document
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.sources import now_sources

BARE = "SELECT lead_id, count(*) FROM leads_activity GROUP BY lead_id"
LOOPED = 2_000


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    """The best of some runs."""
    best = float("inf")
    for _time in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def run(scale: int) -> Iterator[Figure]:
    """All scoring figures at `scale` leads, in an empty database."""
    now = timezone.now()
    build(leads=scale, now=now)
    execute(TUNE.replace("LOCAL ", ""))  # what the scorer works with; the bare query gets the same
    bare = seconds(lambda: analyze(BARE), times=3)
    yield Figure(work="bare GROUP BY of all activities", scale=scale, seconds=bare, shown=f"{bare * 1000:,.0f} ms")
    model = start_model(name="Default", by=None, now=now, document=rules.document())
    publish_version(model=model, by=None, note="bench", now=now)
    model = ScoringModel.objects.select_related("current_version").get()
    yield from selecting(scale, model, bare, now)
    yield from rescoring(scale, bare, now)
    yield from few(scale, now)
    yield from looping(scale, now)


def analyze(query: str, parameters: Any = None) -> None:
    """Run a SELECT to its end inside the server: all columns computed, none sent."""
    execute(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY OFF) {query}", parameters)


def selecting(scale: int, model: ScoringModel, bare: float, now: datetime) -> Iterator[Figure]:
    assert model.current_version is not None
    document = document_of(model.current_version)
    for name, next_change in (("SELECT alone, 40 rules", False), ("the same with next_change_at", True)):
        compiled = compile_document(
            document, catalog(), sources=now_sources(model=model), t=now, next_change=next_change
        )
        taken = seconds(lambda: analyze(compiled.sql, compiled.parameters), times=3)  # noqa: B023 - called at once
        yield against(name, scale, taken, bare, most=3 if not next_change else None)


def rescoring(scale: int, bare: float, now: datetime) -> Iterator[Figure]:
    first = seconds(lambda: run_rescores(now=now))
    yield against("full re-score, first time (every row inserted)", scale, first, bare)
    execute("VACUUM ANALYZE scoring_leadscore")
    model = ScoringModel.objects.get()
    ScoringModel.objects.update(draft=rules.document(2))
    publish_version(model=model, by=None, note="twice the points", now=now)
    every = seconds(lambda: run_rescores(now=now))
    yield against("full re-score, every score changes", scale, every, bare, most=8)
    execute("VACUUM ANALYZE scoring_leadscore")
    execute(
        "INSERT INTO leads_activity (lead_id, type_id, occurred_at, received_at, object, properties, source)"
        " SELECT n * 20, (SELECT id FROM leads_activitytype WHERE code = 'compare_view'), %s, %s, '', '{}', 'bench'"
        " FROM generate_series(1, %s / 20) AS n",
        [now, now, scale],
    )
    start_rescore(by=None, now=now)
    some = seconds(lambda: run_rescores(now=now))
    yield against("full re-score, 5 % change", scale, some, bare, most=4)


def few(scale: int, now: datetime) -> Iterator[Figure]:
    """What a live batch costs: 500 dirty leads somewhere among all."""
    size = min(500, scale)
    taken = []
    for turn in range(7):
        marks = [DirtyMark(lead_id=1 + (turn * 131 + number * 7919) % scale) for number in range(size)]
        DirtyMark.objects.bulk_create(marks)
        taken.append(seconds(lambda: score_dirty(now=now, limit=size)))
    middle = statistics.median(taken)
    yield Figure(
        work=f"{size} dirty leads: claimed, scored, written",
        scale=scale,
        seconds=middle,
        shown=f"{middle * 1000:,.0f} ms",
        must="<= 150 ms",
        ok=middle <= 0.15,
    )


def looping(scale: int, now: datetime) -> Iterator[Figure]:
    """The re-score of everybody per lead, against a loop through the ORM over 2,000 of them."""
    model = ScoringModel.objects.select_related("current_version").get()
    leads = list(range(1, min(LOOPED, scale) + 1))
    looped = seconds(lambda: score_one_by_one(model, leads, now)) / len(leads)
    execute("DELETE FROM scoring_leadscore")
    start_rescore(by=None, now=now)
    ours = seconds(lambda: run_rescores(now=now)) / scale
    ratio = looped / ours
    yield Figure(
        work="per lead, against an ORM loop",
        scale=scale,
        seconds=ours,
        shown=f"{ours * 1e6:,.0f} us : {looped * 1e6:,.0f} us = 1 : {ratio:,.0f}",
        must=">= 50 x faster",
        ok=ratio >= 50,
        grows=False,
    )


def against(work: str, scale: int, taken: float, bare: float, *, most: float | None = None) -> Figure:
    ratio = taken / bare
    return Figure(
        work=work,
        scale=scale,
        seconds=taken,
        shown=f"{taken * 1000:,.0f} ms = {ratio:.1f} x",
        must="" if most is None else f"<= {most} x",
        ok=None if most is None else ratio <= most,
    )


def server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
