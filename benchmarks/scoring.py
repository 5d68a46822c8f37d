"""The scoring rows of docs/benchmarks.md. Every ratio is taken in one run on one machine, against one bare query."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks import rules
from benchmarks.both import BACKENDS, at_once, peak_megabytes, shared
from benchmarks.data import build, execute
from benchmarks.library import Library
from benchmarks.loop import score_one_by_one
from benchmarks.report import Figure
from engine import between, compile_document
from leads.models import DirtyMark
from scoring.actions import (
    publish_version,
    run_rescore_step,
    run_rescores,
    score_all_dirty,
    score_dirty,
    start_rescore,
    sweep_due,
)
from scoring.actions.rescoring import BATCH
from scoring.models import LeadScore, ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.sources import now_sources
from scoring.statements import TUNE
from studio.draft.store import start_model

BARE = "SELECT lead_id, count(*) FROM leads_activity GROUP BY lead_id"
LOOPED = 2_000
STORED = "lead_id, points, fit, engagement, qualification, adjustments, total, band, grade, hot, holds, next_change_at"


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
    bare = Bare(table=reading(), index=seconds(lambda: to_the_end(BARE), times=3))
    yield Figure(
        work="bare GROUP BY of all activities, from the table",
        scale=scale,
        seconds=bare.table,
        shown=f"{bare.table * 1000:,.0f} ms",
    )
    yield against("the same, answered by our index", scale, bare.index, bare)
    model = start_model(name="Default", by=None, now=now, document=rules.document())
    publish_version(model=model, by=None, note="bench", now=now)
    model = ScoringModel.objects.select_related("current_version").get()
    yield from selecting(scale, model, bare, now)
    yield from rescoring(scale, bare, now)
    yield from few(scale, now)
    yield from due(scale)
    yield from looping(scale, now)
    yield from evaluating(scale, now)
    yield memory(scale)


@dataclass(frozen=True, kw_only=True)
class Bare:
    """Seconds that counting everybody's activities takes, from the table and from the index that covers the query."""

    table: float
    index: float


def reading() -> float:
    """The bare query from the table: what it costs who has no index of ours."""
    execute("SET enable_indexonlyscan = off")
    taken = seconds(lambda: to_the_end(BARE), times=3)
    execute("RESET enable_indexonlyscan")
    return taken


def to_the_end(query: str, parameters: Any = None) -> None:
    """Have every row and every column of a query computed, and none sent."""
    execute(f"SELECT count(row) FROM ({query}) AS row", parameters)


def selecting(scale: int, model: ScoringModel, bare: Bare, now: datetime) -> Iterator[Figure]:
    """Everybody's scores in ranges of ids, two at a time, as two workers compute them; all but the writing."""
    assert model.current_version is not None
    document = document_of(model.current_version)

    def batch(first: int, next_change: bool) -> None:
        sources = now_sources(scope=between(first, first + BATCH - 1), model=model)
        compiled = compile_document(document, catalog(), sources=sources, t=now, next_change=next_change)
        execute(TUNE.replace("LOCAL ", ""))
        to_the_end(f"SELECT {STORED} FROM ({compiled.sql}) AS scored", compiled.parameters)

    for name, next_change in (("SELECT alone, 40 rules", False), ("the same with next_change_at", True)):
        firsts = range(1, scale + 1, BATCH)
        taken = seconds(lambda: shared(firsts, lambda first: batch(first, next_change)), times=2)  # noqa: B023 - at once
        yield against(name, scale, taken, bare, most=None if next_change else 3)


def rescoring(scale: int, bare: Bare, now: datetime) -> Iterator[Figure]:
    """The whole way: batches claimed by two workers, locked, scored, written with their indexes, committed."""
    first = rescored(now)
    yield against("full re-score, first time (every row inserted)", scale, first, bare)
    settle()
    model = ScoringModel.objects.get()
    ScoringModel.objects.update(draft=rules.document(2))
    publish_version(model=model, by=None, note="twice the points", now=now)
    yield against("full re-score, every score changes", scale, rescored(now), bare, most=8)
    settle()
    execute(
        "INSERT INTO leads_activity (lead_id, type_id, occurred_at, received_at, object, properties, source)"
        " SELECT n * 20, (SELECT id FROM leads_activitytype WHERE code = 'compare_view'), %s, %s, '', '{}', 'bench'"
        " FROM generate_series(1, %s / 20) AS n",
        [now, now, scale],
    )
    start_rescore(by=None, now=now)
    yield against("full re-score, 5 % change", scale, rescored(now), bare, most=4)


def settle() -> None:
    """What PostgreSQL does by itself within minutes: done, so that it does not fall into a measurement."""
    execute("VACUUM ANALYZE scoring_leadscore, scoring_scorechange, scoring_episode")


def rescored(now: datetime) -> float:
    return seconds(lambda: at_once(lambda: run_rescores(now=now)))


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


def due(scale: int) -> Iterator[Figure]:
    """Time alone: of all leads one in a hundred is due; they are found, marked, and scored again by two workers."""
    now = timezone.now()
    chosen = random.Random(1).sample(range(1, scale + 1), max(scale // 100, 1))
    LeadScore.objects.filter(next_change_at__lte=now).update(next_change_at=now + timedelta(days=1))
    LeadScore.objects.filter(lead__in=chosen).update(next_change_at=now)
    settle()

    def work() -> None:
        sweep_due(now=now)
        at_once(lambda: score_all_dirty(now=now))

    taken = seconds(work)
    yield Figure(
        work="decay: 1 % of the leads are due",
        scale=scale,
        seconds=taken,
        shown=f"{taken:.2f} s",
        must="<= 2 s at 1,000,000",
        ok=taken <= 2 if scale >= 1_000_000 else None,
    )


def looping(scale: int, now: datetime) -> Iterator[Figure]:
    """The re-score of everybody per lead, against a loop through the ORM over 2,000 of them, each on one core."""
    model = ScoringModel.objects.select_related("current_version").get()
    leads = list(range(1, min(LOOPED, scale) + 1))
    looped = seconds(lambda: score_one_by_one(model, leads, now)) / len(leads)
    ours = alone(scale, now)
    yield compared("per lead, against an ORM loop", scale, ours, looped, least=50)


def alone(scale: int, now: datetime) -> float:
    """Seconds a lead that one worker takes to score and write 100,000 of them (all, if there are fewer)."""
    execute("DELETE FROM scoring_leadscore WHERE lead_id <= 100000")
    start_rescore(by=None, now=now)
    steps, leads = min(scale, 100_000) // min(BATCH, scale), min(scale, 100_000)
    return seconds(lambda: [run_rescore_step(now=now) for _ in range(steps)]) / leads


def evaluating(scale: int, now: datetime) -> Iterator[Figure]:
    """The rules alone, against a rules library whose facts are in memory already; loading them is not counted."""
    model = ScoringModel.objects.select_related("current_version").get()
    assert model.current_version is not None
    library = Library(model.current_version.document, list(range(1, min(LOOPED, scale) + 1)), now)
    evaluated = seconds(library.score) / len(library.facts)
    ours = alone(scale, now)
    yield compared("per lead, against zen-engine over loaded facts", scale, ours, evaluated)


def compared(work: str, scale: int, ours: float, theirs: float, *, least: int | None = None) -> Figure:
    ratio = theirs / ours
    return Figure(
        work=work,
        scale=scale,
        seconds=ours,
        shown=f"{ours * 1e6:,.0f} us : {theirs * 1e6:,.0f} us = 1 : {ratio:,.0f}",
        must="" if least is None else f">= {least} x faster",
        ok=None if least is None else ratio >= least,
        grows=False,
    )


def memory(scale: int) -> Figure:
    """What this process, which did the work of two workers, and the PostgreSQL backends of each had at most."""
    ours, theirs = peak_megabytes(), max(BACKENDS)
    return Figure(
        work="peak memory: worker, a PostgreSQL backend of its",
        scale=scale,
        seconds=ours,
        shown=f"{ours:,.0f} MB, {theirs:,.0f} MB",
        must="worker < 300 MB",
        ok=ours < 300,
        grows=False,
    )


def against(work: str, scale: int, taken: float, bare: Bare, *, most: float | None = None) -> Figure:
    """In the shown figure first the ratio that the demand is about, then the one against the index."""
    ratio = taken / bare.table
    return Figure(
        work=work,
        scale=scale,
        seconds=taken,
        shown=f"{taken * 1000:,.0f} ms = {ratio:.1f} x ({taken / bare.index:.1f} x)",
        must="" if most is None else f"<= {most} x",
        ok=None if most is None else ratio <= most,
    )


def server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
