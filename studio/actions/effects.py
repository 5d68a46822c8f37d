"""The effect of a draft as it is kept: worked out at once where there are few leads, else left to a job."""

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
from studio.queries.single_edits import SingleEdit
from studio.signals import effect_wanted

log = logging.getLogger(__name__)

EFFECT = "effect"
MANY = 50_000  # leads from which a worker counts them
FEW = 5_000  # leads up to which every edit is tried while a page waits
FRESH = timedelta(minutes=1)  # after which an effect that was worked out at once is worked out again

# Of leads that were deleted meanwhile nothing is kept.
MOVES = """
INSERT INTO studio_move (effect_id, lead_id, fate, before, after)
SELECT %(effect)s, lead.id, fate, before, after
FROM unnest(%(leads)s::bigint[], %(fates)s::text[], %(befores)s::integer[], %(afters)s::integer[])
     AS move(lead_id, fate, before, after)
JOIN leads_lead AS lead ON lead.id = move.lead_id"""


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


@retrying
@transaction.atomic
def _begin(
    *, model: ScoringModel, document: Document, part: EffectPart | None, by: User | None, now: datetime
) -> Effect:
    """A new effect with what is known of it; a job works out the rest where that is too much for a page."""
    effect = _put_down(model, document, part, now)
    if part is None or (effect.edits is None and more_leads_than(FEW)):
        effect.job = create_job(kind=EFFECT, subject=subject_of(model), by=by, now=now)
        effect.save(update_fields=["job"])
        transaction.on_commit(lambda: effect_wanted.send(sender=None))
    return effect


def _put_down(model: ScoringModel, document: Document, part: EffectPart | None, now: datetime) -> Effect:
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
        effect.edits = _without_asking(edits_of(effect), part)
        effect.save(update_fields=["cells", "edits"])
    return effect


def _without_asking(edits: list[SingleEdit], part: EffectPart) -> list[list[int]] | None:
    """A single edit is the whole difference."""
    if len(edits) > 1:
        return None
    fates = [move.fate for move in part.moves]
    return [[fates.count(Fate.ENTERING), fates.count(Fate.LEAVING)] for _edit in edits]


def add_part(effect: Effect, part: EffectPart) -> None:
    """Leads counted beside those that are in it; the caller saves the cells."""
    effect.cells = written_cells(read_cells(effect.cells) + part.cells)
    columns = ("leads", "fates", "befores", "afters")
    values = zip(*part.moves, strict=True) if part.moves else [()] * len(columns)
    with connection.cursor() as cursor:
        found = {name: list(column) for name, column in zip(columns, values, strict=True)}
        cursor.execute(MOVES, found | {"effect": effect.pk})


def try_edits(*, effect: Effect) -> None:
    """Work out the edits one by one, of so few leads that a page can wait for it. Raises EffectTimeoutError."""
    if effect.edits is None:
        found = [flips_of(edit.document, model=effect.model, t=effect.at) for edit in edits_of(effect)]
        Effect.objects.filter(pk=effect.pk).update(edits=found)
        effect.edits = [list(pair) for pair in found]


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
        return _put_down(model, document, part, now)
    known = known_effect(model, document)
    return known if known is not None and known.is_complete else None


def keep_prediction(*, effect: Effect | None, version: Version) -> None:
    """Let the version keep what was predicted of it."""
    if effect is not None:
        Effect.objects.filter(pk=effect.pk, version=None).update(version=version)
