"""The worker's part in the effect of a draft: all leads range by range, the whole draft first, then edit by edit."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection

from background.jobs import JobClaim, JobKind, JobLostError, run_step
from engine import between
from leads.models import Lead
from studio.actions.effects import EFFECT, add_part, fate_counts
from studio.models import Effect
from studio.queries.effect import effect_of, flips_of
from studio.queries.effect_summary import document_behind, edits_of
from studio.statements import NEXT_LEADS

BATCH = 20_000


def run_effect_step(*, now: datetime, limit: int | None = None) -> bool:
    """One range of the oldest open job that nobody else works on. False when there is none.

    A range that cannot be counted fails the job: the page says so and offers another try.
    """
    return run_step(EFFECT, clock=lambda: now, limit=limit)


def run_effects(*, now: datetime) -> int:
    """Run all open jobs to their end. Returns how many ranges that took."""
    steps = 0
    while run_effect_step(now=now):
        steps += 1
    return steps


def count_range(claim: JobClaim) -> None:
    """Count the next range of leads for the draft, or for one of its edits.

    Counts, cursor and progress commit together; the job's row is written before the effect's, as by whoever stops it.
    Stops the job where the draft, or the version in force that it is compared with, is another one by now.
    """
    effect = Effect.objects.select_related("model").filter(job=claim.job, version=None).first()
    if effect is None:
        claim.stop()
        return
    model = effect.model
    if (effect.revision, effect.base_id) != (model.draft_revision, model.current_version_id):
        claim.stop()
        return
    with suppress(JobLostError):  # stopped meanwhile: the job's row comes first, so nothing is written yet
        EffectWalk(claim, effect).count_next()


class EffectWalk:
    """All leads once for the whole draft (turn 0), then once for each of its edits (turns 1, 2 ...)."""

    def __init__(self, claim: JobClaim, effect: Effect) -> None:
        self.claim, self.effect, self.edits = claim, effect, edits_of(effect)
        self.turn = int(claim.job.cursor.get("turn", 1 if effect.is_complete else 0))
        self.after = int(claim.job.cursor.get("after", 0))
        self.total: int | None = None
        if claim.is_first:
            turns = len(self.edits) if len(self.edits) > 1 else 0
            self.total = Lead.objects.count() * (turns if effect.is_complete else 1 + turns)

    def count_next(self) -> None:
        leads, last = self.next_range()
        if leads and self.turn == 0:
            self.count_draft(leads, last)
        elif leads:
            self.count_edit(leads, last)
        elif self.turn >= len(self.edits) or (self.turn == 0 and len(self.edits) == 1):
            self.claim.finish(total=self.total)
            counts = self.effect.edits or []
            if len(self.edits) == 1:  # a single edit is the whole draft
                counts = [fate_counts(list(self.effect.moves.values_list("fate", flat=True)))]
            self.save(is_complete=True, edits=counts)
        else:
            self.claim.advance(cursor={"turn": self.turn + 1, "after": 0}, total=self.total)
            self.save(is_complete=True, edits=[*(self.effect.edits or []), [0, 0]])

    def next_range(self) -> tuple[int, int]:
        """How many leads come next, and the last one's id."""
        if self.turn > len(self.edits):
            return 0, 0
        with connection.cursor() as cursor:
            cursor.execute(NEXT_LEADS, [self.after, self.claim.limit or BATCH])
            leads, last = cursor.fetchone()
        return int(leads), int(last or 0)

    def count_draft(self, leads: int, last: int) -> None:
        effect, scope = self.effect, between(self.after + 1, last)
        part = effect_of(document_behind(effect), model=effect.model, t=effect.at, scope=scope)
        self.claim.advance(leads, cursor={"turn": 0, "after": last}, total=self.total)
        add_part(effect, part)
        self.save(cells=effect.cells)

    def count_edit(self, leads: int, last: int) -> None:
        effect, scope = self.effect, between(self.after + 1, last)
        document = self.edits[self.turn - 1].document
        entering, leaving = flips_of(document, model=effect.model, t=effect.at, scope=scope)
        self.claim.advance(leads, cursor={"turn": self.turn, "after": last}, total=self.total)
        counts = effect.edits or [[0, 0]]
        counts[-1] = [counts[-1][0] + entering, counts[-1][1] + leaving]
        self.save(edits=counts)

    def save(self, **changes: Any) -> None:
        Effect.objects.filter(pk=self.effect.pk).update(**changes)


EFFECTS = JobKind(code=EFFECT, step=count_range)
