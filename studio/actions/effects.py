"""The effect of a draft: worked out at once where there are few leads, else by a job; kept beside the draft."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

import engine
from accounts.models import User
from background.jobs import create_job, stop_jobs
from background.transactions import retrying
from engine import Document
from leads.models import Lead
from scoring.actions.versions import subject_of
from scoring.enums import Fate
from scoring.models import ScoringModel, Version
from scoring.queries.documents import check_document
from studio.models import Effect
from studio.queries.effect import EffectPart, EffectTimeoutError, effect_of, flips_of, read_cells, written_cells
from studio.queries.effect_summary import edits_of
from studio.queries.lead_sets import effect_sets
from studio.signals import effect_wanted
from studio.statements import INSERT_MOVES

log = logging.getLogger(__name__)

EFFECT = "effect"
MANY = 50_000  # leads from which a worker counts them
FEW = 5_000  # leads up to which every edit is tried while a page waits
FRESH = timedelta(minutes=1)  # after which an effect that was worked out at once is worked out again


def bring_effect(
    *, model: ScoringModel, document: Document, by: User | None, now: datetime, anew: bool = False
) -> Effect:
    """The effect of `document`, the draft as it stands: what is known, or a new one, at once or in the hands of a job.

    A job for an earlier state of the draft stops.
    """
    known = known_effect(model, document)
    # What a job counts stays until it is asked for anew; what is quick to count is counted again after a while.
    if known is not None and not anew and (known.job_id is not None or now - known.at < FRESH):
        return known
    return begin_effect(model=model, document=document, part=_at_once(model, document, now), by=by, now=now)


def known_effect(model: ScoringModel, document: Document) -> Effect | None:
    """What is known of the draft as it stands, against the version in force."""
    effects = Effect.objects.filter(model=model, version=None, revision=model.draft_revision)
    effect = effects.filter(base=model.current_version_id).select_related("job", "base", "model").first()
    return effect if effect and effect.document == engine.dump(document) else None


def _at_once(model: ScoringModel, document: Document, now: datetime) -> EffectPart | None:
    """The whole effect, where that is no work for a job."""
    if more_leads_than(MANY):
        return None
    try:
        return effect_of(document, model=model, t=now)
    except EffectTimeoutError:
        log.warning("effect_took_too_long", extra={"model": model.pk})
        return None


def more_leads_than(number: int) -> bool:
    return Lead.objects.order_by("pk")[number : number + 1].exists()


def shown_sets(effect: Effect) -> str:
    """`effect_sets` where the leads can be told while somebody waits; none where a worker counts that many."""
    return "" if more_leads_than(MANY) else effect_sets(effect)


@retrying
@transaction.atomic
def begin_effect(
    *, model: ScoringModel, document: Document, part: EffectPart | None, by: User | None, now: datetime
) -> Effect:
    """A new effect with what is known of it; a job works out the rest where that is too much for a page."""
    effect = _replace_effect(model, document, part, now)
    if part is None or (effect.edits is None and more_leads_than(FEW)):
        effect.job = create_job(kind=EFFECT, subject=subject_of(model), by=by, now=now)
        effect.save(update_fields=["job"])
        transaction.on_commit(lambda: effect_wanted.send(sender=None))
    return effect


def _replace_effect(model: ScoringModel, document: Document, part: EffectPart | None, now: datetime) -> Effect:
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
        add_part(effect, part)
        edits = edits_of(effect)
        if len(edits) <= 1:  # a single edit is the whole difference
            effect.edits = [fate_counts([move.fate for move in part.moves]) for _edit in edits]
        effect.save(update_fields=["cells", "edits"])
    return effect


def fate_counts(fates: list[str]) -> list[int]:
    """How many leads become hot, and how many stop being so."""
    return [fates.count(Fate.ENTERING), fates.count(Fate.LEAVING)]


def add_part(effect: Effect, part: EffectPart) -> None:
    """Leads counted beside those that are in it; the caller saves the cells."""
    effect.cells = written_cells(read_cells(effect.cells) + part.cells)
    columns = ("leads", "fates", "befores", "afters")
    values = zip(*part.moves, strict=True) if part.moves else [()] * len(columns)
    with connection.cursor() as cursor:
        parameters = {name: list(column) for name, column in zip(columns, values, strict=True)}
        cursor.execute(INSERT_MOVES, parameters | {"effect": effect.pk})


def try_edits(*, effect: Effect) -> None:
    """Work out the edits one by one, of so few leads that a page can wait for it. Raises EffectTimeoutError."""
    if effect.edits is None:
        flips = [flips_of(edit.document, model=effect.model, t=effect.at) for edit in edits_of(effect)]
        effect.edits = [list(pair) for pair in flips]
        Effect.objects.filter(pk=effect.pk).update(edits=effect.edits)


def stop_effect(*, model: ScoringModel, now: datetime) -> bool:
    """Stop counting for the draft of this model. What was counted so far stays in sight."""
    return bool(stop_jobs(EFFECT, subject=subject_of(model), now=now))


# --- what was predicted ----------------------------------------------------------------------------------------------


@retrying
@transaction.atomic
def predict(*, model: ScoringModel, raw: Any, now: datetime) -> Effect | None:
    """What publishing the document `raw` at this instant would do, to be kept with the version it becomes.

    Of many leads it is what a job has counted for this state of the draft; None where it did not come to an end, and
    for a document that cannot be published.
    """
    document, _problems = check_document(raw)
    if document is None:
        return None
    part = _at_once(model, document, now)
    if part is not None:
        return _replace_effect(model, document, part, now)
    known = known_effect(model, document)
    return known if known is not None and known.is_complete else None


def keep_prediction(*, effect: Effect | None, version: Version) -> None:
    """Let the version keep what was predicted of it."""
    if effect is not None:
        Effect.objects.filter(pk=effect.pk, version=None).update(version=version)
