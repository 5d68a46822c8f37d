"""Rejected rows of an import that a person corrects: taken in by the same mapping, counted, undone with the rest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pghistory
from django.db.models import Max

from accounts.models import User
from intake.errors import IntakeError
from intake.imports.batches import is_remarked, opener_of, write_batch
from intake.imports.lead_tables import as_json
from intake.imports.report import count_rows, kept_cells
from intake.imports.rows import REJECTED, FileRow
from intake.imports.stored_file import mapping_of
from intake.models import ImportRow, LeadImport
from leads.enums import ImportState

STORED = ("outcome", "lead_id", "activity_id", "activity_key", "before", "problems", "cells", "turn")


class ImportMovedOnError(IntakeError):
    """The import is being undone, or was."""


class RowsOvertakenError(IntakeError):
    """Somebody else has changed some of the rows since a person saw them; `numbers` says which."""

    def __init__(self, numbers: Collection[int]) -> None:
        super().__init__(numbers)
        self.numbers = frozenset(numbers)


@dataclass(frozen=True, kw_only=True)
class CorrectedRow:
    """A rejected row with the cells that a person gave it; `seen` is the fingerprint of what they saw."""

    number: int
    cells: list[str]
    seen: str


@dataclass(frozen=True, kw_only=True)
class Correction:
    """How many rows came in, how many stay out with what was typed, and which ones were another's by then."""

    taken: int = 0
    left: int = 0
    overtaken: frozenset[int] = frozenset()


def fingerprint(row: ImportRow) -> str:
    """Tells whether a row is what it was when somebody saw it."""
    said = json.dumps([row.outcome, row.cells, row.problems], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def take_in_corrected(*, lead_import: LeadImport, rows: Sequence[CorrectedRow], by: User, now: datetime) -> Correction:
    """Write corrected rows as the run would have; those that still fail keep their new cells and say why.

    The rows stand for whoever imported the file, with that person's rights; the history names `by`. What somebody else
    changed meanwhile is left alone. Raises MappingError and ImportMovedOnError; then nothing is changed.
    """
    overtaken: frozenset[int] = frozenset()
    with (
        pghistory.context(**{"import": lead_import.pk, "user": by.pk}),
        opener_of((file := mapping_of(lead_import, now=now)).kind)(file, rehearse=False) as (plan, writer, sources),
    ):
        while wanted := {row.number: row for row in rows if row.number not in overtaken}:
            typed = [plan.row(row.number, row.cells) for row in wanted.values()]
            save = partial(_save, lead_import, wanted, sources.created)
            try:
                write_batch(typed, writer, now=now, save=save)
            except RowsOvertakenError as error:
                overtaken |= error.numbers
                continue
            left = sum(row.outcome == REJECTED for row in typed)
            return Correction(taken=len(typed) - left, left=left, overtaken=overtaken)
    return Correction(overtaken=overtaken)


def _save(
    lead_import: LeadImport,
    wanted: dict[int, CorrectedRow],
    sources: list[str],
    rows: Sequence[FileRow],
    made: Counter[str],
) -> None:
    """Store what became of the rows, in the transaction that wrote them."""
    locked = LeadImport.objects.select_for_update(of=("self",)).defer("content").get(pk=lead_import.pk)
    if locked.state != ImportState.DONE:
        raise ImportMovedOnError
    of_import = ImportRow.objects.filter(lead_import=lead_import)
    stored = {row.number: row for row in of_import.filter(number__in=wanted).select_for_update()}
    gone = [
        number
        for number, row in wanted.items()
        if number not in stored or stored[number].outcome != REJECTED or fingerprint(stored[number]) != row.seen
    ]
    if gone:
        raise RowsOvertakenError(gone)
    turn = 1 + (of_import.filter(turn__gt=0).aggregate(last=Max("turn"))["last"] or 0)
    for row in rows:
        for name, value in _columns(row).items():
            setattr(stored[row.number], name, value)
        stored[row.number].turn = 0 if row.outcome == REJECTED else turn
    ImportRow.objects.bulk_update(stored.values(), STORED)
    taken = Counter(row.outcome for row in rows if row.outcome != REJECTED)
    remarked = sum(is_remarked(row) for row in rows)
    count_rows(lead_import, {**taken, REJECTED: -taken.total()}, made=made, sources=sources, remarked=remarked)


def _columns(row: FileRow) -> dict[str, Any]:
    return {
        "outcome": row.outcome,
        "lead_id": row.lead_id if row.outcome != REJECTED else None,
        "activity_id": row.activity_id,
        "activity_key": row.activity_key if row.activity_id else "",
        "before": json.loads(as_json(row.before)),
        "problems": json.loads(as_json(row.all_problems)),
        "cells": kept_cells(row),
    }
