"""How long the page of a draft waits: distribution, who enters and leaves hot; range by range, as a worker counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

import engine
from benchmarks import rules
from benchmarks.data import build, execute
from benchmarks.report import Figure
from benchmarks.scoring import seconds
from engine import LeadScope, between
from scoring.actions import publish_version, run_rescores
from scoring.models import ScoringModel
from studio.actions.effect_job import BATCH
from studio.draft.store import start_model
from studio.queries.effect import EffectPart, effect_of, flips_of

MUST_AT = 100_000  # leads; with ten activities each
MUST = 3.0


def run(scale: int) -> Iterator[Figure]:
    """A draft that gives twice the points, against 40 rules in force and every lead scored."""
    now = timezone.now()
    model = in_force(scale, now)
    draft = engine.parse(rules.document(2)).document
    assert draft is not None
    found: list[EffectPart] = []

    def count() -> None:
        found[:] = [effect_of(draft, model=model, t=now, scope=part) for part in ranges(scale)]

    taken = seconds(count, times=3)
    fates = [move.fate for part in found for move in part.moves]
    entering = fates.count("entering")
    words = f"{taken:.2f} s (+{entering:,} -{len(fates) - entering:,} hot)"
    yield _figure("preview of a draft: distribution, who enters and leaves", scale, taken, words, must=True)
    taken = seconds(lambda: [flips_of(draft, model=model, t=now, scope=part) for part in ranges(scale)], times=3)
    yield _figure("one edit of it: how many enter and leave", scale, taken, f"{taken:.2f} s", must=False)


def in_force(scale: int, now: datetime) -> ScoringModel:
    """40 rules published over `scale` leads, all of them scored."""
    build(leads=scale, now=now)
    model = start_model(name="Default", by=None, now=now, document=rules.document())
    publish_version(model=model, by=None, note="bench", now=now)
    run_rescores(now=now)
    execute("VACUUM ANALYZE")
    return ScoringModel.objects.select_related("current_version").get()


def ranges(scale: int) -> Iterator[LeadScope]:
    return (between(first, first + BATCH - 1) for first in range(1, scale + 1, BATCH))


def _figure(work: str, scale: int, taken: float, words: str, *, must: bool) -> Figure:
    told = f"<= {MUST:.0f} s at {MUST_AT:,}" if must else ""
    ok = taken <= MUST if must and scale >= MUST_AT else None
    return Figure(work=work, scale=scale, seconds=taken, shown=words, must=told, ok=ok)
