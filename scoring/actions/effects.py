"""The effect of a draft: at once where there are few leads, else by a job that counts them range by range."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from leads.models import Lead
from leads.transactions import retrying
from notices.enums import JobState
from notices.models import JobRun
from scoring import engine
from scoring.actions.versions import subject_of
from scoring.engine import Document, between
from scoring.enums import Fate
from scoring.models import Effect, ScoringModel, Version
from scoring.queries.edits import Edit
from scoring.queries.effect import Part, TookTooLong, effect_of, flips_of, read_cells, written_cells
from scoring.queries.effect_summary import document_behind, edits_of
from scoring.signals import effect_wanted

log = logging.getLogger(__name__)

EFFECT = "effect"
BATCH = 20_000
OPEN = (JobState.WAITING, JobState.RUNNING)
MANY = 50_000  # leads from which a worker counts them
FEW = 5_000  # leads up to which every edit is tried while a page waits
FRESH = timedelta(minutes=1)  # after which an effect that was worked out at once is worked out again

RANGE = "SELECT count(*), max(id) FROM (SELECT id FROM leads_lead WHERE id > %s ORDER BY id LIMIT %s) AS batch"
# Of leads that were deleted meanwhile nothing is kept.
MOVES = """
INSERT INTO scoring_move (effect_id, lead_id, fate, before, after)
SELECT %(effect)s, lead.id, fate, before, after
FROM unnest(%(leads)s::bigint[], %(fates)s::text[], %(befores)s::integer[], %(afters)s::integer[])
     AS move(lead_id, fate, before, after)
JOIN leads_lead AS lead ON lead.id = move.lead_id"""
# One worker a job: who dies lets go of it, and who stops a job need not wait for a range to end.
HOLD = "SELECT pg_try_advisory_xact_lock(hashtext('scoring.effect'), %s)"


def bring_effect(
    *, model: ScoringModel, document: Document, by: User | None, now: datetime, anew: bool = False
) -> Effect:
    """The effect of `document`, the draft as it stands: what is known, or a new one, at once or in the hands of a job.

    A job for an earlier state of the draft stops.
    """
    found = known_effect(model, document)
    if found is not None and not anew and _lasts(found, now):
        return found
    return _begin(model=model, document=document, part=_at_once(model, document, now), by=by, now=now)


def known_effect(model: ScoringModel, document: Document) -> Effect | None:
    """What is known of the draft as it stands, against the version in force."""
    effects = Effect.objects.filter(model=model, version=None, revision=model.draft_revision)
    found = effects.filter(base=model.current_version_id).select_related("job", "base", "model").first()
    return found if found and found.document == engine.dump(document) else None


def _lasts(effect: Effect, now: datetime) -> bool:
    """What a job counts stays until it is asked for anew; what is quick to count is counted again after a while."""
    return effect.job_id is not None or now - effect.at < FRESH


def _at_once(model: ScoringModel, document: Document, now: datetime) -> Part | None:
    """The whole effect, where that is no work for a job."""
    if more_leads_than(MANY):
        return None
    try:
        return effect_of(document, model=model, t=now)
    except TookTooLong:
        log.warning("effect_took_too_long", extra={"model": model.pk})
        return None


def more_leads_than(number: int) -> bool:
    return Lead.objects.order_by("pk")[number : number + 1].exists()


@retrying
@transaction.atomic
def _begin(*, model: ScoringModel, document: Document, part: Part | None, by: User | None, now: datetime) -> Effect:
    """A new effect with what is known of it; a job works out the rest where that is too much for a page."""
    effect = _put_down(model, document, part, now)
    if part is None or (effect.edits is None and more_leads_than(FEW)):
        effect.job = JobRun.objects.create(kind=EFFECT, subject=subject_of(model), by=by, created_at=now)
        effect.save(update_fields=["job"])
        transaction.on_commit(lambda: effect_wanted.send(sender=None))
    return effect


def _put_down(model: ScoringModel, document: Document, part: Part | None, now: datetime) -> Effect:
    """An effect in the place of the model's earlier one."""
    ScoringModel.objects.select_for_update(no_key=True, of=("self",)).get(pk=model.pk)
    stop_effect(model=model, now=now)
    Effect.objects.filter(model=model, version=None).delete()
    effect = Effect.objects.create(
        model=model,
        revision=model.draft_revision,
        document=engine.dump(document),
        base_id=model.current_version_id,
        at=now,
        is_complete=part is not None,
    )
    if part is not None:
        _add(effect, part)
        effect.edits = _without_asking(edits_of(effect), part)
        effect.save(update_fields=["cells", "edits"])
    return effect


def _without_asking(edits: list[Edit], part: Part) -> list[list[int]] | None:
    """A single edit is the whole difference."""
    if len(edits) > 1:
        return None
    fates = [move.fate for move in part.moves]
    return [[fates.count(Fate.ENTERING), fates.count(Fate.LEAVING)] for _edit in edits]


def _add(effect: Effect, part: Part) -> None:
    """Leads counted beside those that are in it; the caller saves the cells."""
    effect.cells = written_cells(read_cells(effect.cells) + part.cells)
    columns = ("leads", "fates", "befores", "afters")
    values = zip(*part.moves, strict=True) if part.moves else [()] * len(columns)
    with connection.cursor() as cursor:
        found = {name: list(column) for name, column in zip(columns, values, strict=True)}
        cursor.execute(MOVES, found | {"effect": effect.pk})


def try_edits(*, effect: Effect) -> None:
    """Work out the edits one by one, of so few leads that a page can wait for it. Raises TookTooLong."""
    if effect.edits is None:
        found = [flips_of(edit.document, model=effect.model, t=effect.at) for edit in edits_of(effect)]
        Effect.objects.filter(pk=effect.pk).update(edits=found)
        effect.edits = [list(pair) for pair in found]


def stop_effect(*, model: ScoringModel, now: datetime) -> bool:
    """Stop counting for the draft of this model. What was counted so far stays in sight."""
    counting = JobRun.objects.filter(kind=EFFECT, subject=subject_of(model), state__in=OPEN)
    return bool(counting.update(state=JobState.STOPPED, ended_at=now))


# --- in the worker ---------------------------------------------------------------------------------------------------


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
        cursor.execute(HOLD, [pk])
        if not cursor.fetchone()[0]:
            return False
    job = JobRun.objects.get(pk=pk)
    effect = Effect.objects.select_related("model").filter(job=job, version=None).first()
    if effect is None or effect.revision != effect.model.draft_revision:
        JobRun.objects.filter(pk=pk, state__in=OPEN).update(state=JobState.STOPPED, ended_at=now)
        return True
    _Count(job, effect, now).go_on(limit)
    return True


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
                _add(self.effect, part)
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


# --- what was predicted ----------------------------------------------------------------------------------------------


@retrying
@transaction.atomic
def predict(*, model: ScoringModel, document: Document, now: datetime) -> Effect | None:
    """What publishing `document` at this instant would do, to be kept with the version it becomes.

    Of many leads it is what a job has counted for this state of the draft; None where it did not come to an end.
    """
    part = _at_once(model, document, now)
    if part is not None:
        return _put_down(model, document, part, now)
    known = known_effect(model, document)
    return known if known is not None and known.is_complete else None


def keep_prediction(*, effect: Effect | None, version: Version) -> None:
    """Let the version keep what was predicted of it."""
    if effect is not None:
        Effect.objects.filter(pk=effect.pk, version=None).update(version=version)
