"""The worker's part in the effect of a draft: all leads range by range, the whole draft first, then edit by edit."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from background.enums import JobState
from background.models import JobRun
from background.transactions import retrying
from engine import between
from leads.models import Lead
from scoring.enums import Fate
from studio.actions.effects import EFFECT, OPEN, add_part
from studio.models import Effect
from studio.queries.effect import effect_of, flips_of
from studio.queries.effect_summary import document_behind, edits_of

log = logging.getLogger(__name__)

BATCH = 20_000

RANGE = "SELECT count(*), max(id) FROM (SELECT id FROM leads_lead WHERE id > %s ORDER BY id LIMIT %s) AS batch"
# One worker a job: who dies lets go of it, and who stops a job need not wait for a range to end.
HOLD = "SELECT pg_try_advisory_xact_lock(hashtext('scoring.effect'), %s)"


def run_effect_step(*, now: datetime, limit: int = BATCH) -> bool:
    """One range of the oldest open job that nobody else works on. False when there is none.

    A range that cannot be counted fails the job: the page says so and offers another try.
    """
    for pk in JobRun.objects.filter(kind=EFFECT, state__in=OPEN).order_by("pk").values_list("pk", flat=True):
        try:
            if _step(pk, now, limit):
                return True
        except Exception as error:
            log.exception("effect_job_failed", extra={"job": pk})
            reason = f"{type(error).__name__}: {error}"[:500]
            open_job = JobRun.objects.filter(pk=pk, state__in=OPEN)
            open_job.update(state=JobState.FAILED, error=reason, ended_at=now, touched_at=now)
            return True
    return False


def run_effects(*, now: datetime) -> int:
    """Run all open jobs to their end. Returns how many ranges that took."""
    steps = 0
    while run_effect_step(now=now):
        steps += 1
    return steps


@retrying
@transaction.atomic
def _step(pk: int, now: datetime, limit: int) -> bool:
    """Counts, cursor and progress commit together. False where another worker holds the job."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [pk % 2**31])
        if not cursor.fetchone()[0]:
            return False
    job = JobRun.objects.get(pk=pk)
    effect = Effect.objects.select_related("model").filter(job=job, version=None).first()
    if effect is None or not _is_of_today(effect):
        JobRun.objects.filter(pk=pk, state__in=OPEN).update(state=JobState.STOPPED, ended_at=now)
        return True
    _Count(job, effect, now).go_on(limit)
    return True


def _is_of_today(effect: Effect) -> bool:
    """Whether the draft, and the version that it is compared with, are still those that it is about."""
    model = effect.model
    return (effect.revision, effect.base_id) == (model.draft_revision, model.current_version_id)


class _Count:
    """A walk over all leads for the whole draft, then one for each of its edits."""

    def __init__(self, job: JobRun, effect: Effect, now: datetime) -> None:
        self.job, self.effect, self.now = job, effect, now
        self.edits = edits_of(effect)
        self.turn = int(job.cursor.get("turn", 1 if effect.is_complete else 0))  # 0: the draft; 1: its first edit ...
        self.after = int(job.cursor.get("after", 0))

    def go_on(self, limit: int) -> None:
        leads, last = self._next_range(limit)
        if leads:
            self._count(leads, last)
        elif self._is_last_turn():
            self._end()
        else:
            self._turn_over()

    def _next_range(self, limit: int) -> tuple[int, int]:
        if self.turn > len(self.edits):
            return 0, 0
        with connection.cursor() as cursor:
            cursor.execute(RANGE, [self.after, limit])
            leads, last = cursor.fetchone()
        return int(leads), int(last or 0)

    def _is_last_turn(self) -> bool:
        return self.turn >= len(self.edits) or (self.turn == 0 and len(self.edits) == 1)

    def _turn_over(self) -> None:
        if self._keep({"turn": self.turn + 1, "after": 0}, 0):
            self._save(is_complete=True, edits=[*(self.effect.edits or []), [0, 0]])

    def _count(self, leads: int, last: int) -> None:
        scope, t = between(self.after + 1, last), self.effect.at
        model, cursor = self.effect.model, {"turn": self.turn, "after": last}
        if self.turn == 0:
            part = effect_of(document_behind(self.effect), model=model, t=t, scope=scope)
            if self._keep(cursor, leads):
                add_part(self.effect, part)
                self._save(cells=self.effect.cells)
            return
        entering, leaving = flips_of(self.edits[self.turn - 1].document, model=model, t=t, scope=scope)
        if self._keep(cursor, leads):
            edits = self.effect.edits or [[0, 0]]
            edits[-1] = [edits[-1][0] + entering, edits[-1][1] + leaving]
            self._save(edits=edits)

    def _keep(self, cursor: dict[str, int], leads: int) -> bool:
        """Note how far we are. False where somebody stopped the job meanwhile: what was counted is of no use."""
        begun = self.job.state == JobState.RUNNING
        changes = {} if begun else {"state": JobState.RUNNING, "started_at": self.now, "total": self._total()}
        mine = JobRun.objects.filter(pk=self.job.pk, state__in=OPEN)
        return bool(mine.update(cursor=cursor, done=F("done") + leads, touched_at=self.now, **changes))

    def _total(self) -> int:
        """Leads to look at, each as often as there are turns."""
        edits = len(self.edits) if len(self.edits) > 1 else 0
        return Lead.objects.count() * (edits if self.effect.is_complete else 1 + edits)

    def _end(self) -> None:
        ended = JobRun.objects.filter(pk=self.job.pk, state__in=OPEN)
        if ended.update(state=JobState.DONE, ended_at=self.now, touched_at=self.now, error=""):
            self._save(is_complete=True, edits=self._all_edits())

    def _all_edits(self) -> list[list[int]]:
        if len(self.edits) != 1:
            return self.effect.edits or []
        fates = list(self.effect.moves.values_list("fate", flat=True))
        return [[fates.count(Fate.ENTERING), fates.count(Fate.LEAVING)]]

    def _save(self, **changes: Any) -> None:
        Effect.objects.filter(pk=self.effect.pk).update(**changes)
