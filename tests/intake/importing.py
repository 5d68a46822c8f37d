"""How the tests of imports make files, mappings and imports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from accounts.models import User
from intake.imports.batches import MappedFile, Tally, check_mapping, rehearse
from intake.imports.jobs import RUN, UNDO, start_job, work_next
from intake.imports.kinds import LEADS
from intake.imports.layout import survey
from intake.imports.problems import problem_text
from intake.imports.uploads import map_file, receive_file
from intake.models import ImportRow, LeadImport


def upload(text: str, *, name: str = "leads.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def received(text: str, by: User, now: datetime, *, kind: str = "leads", name: str = "leads.csv") -> LeadImport:
    return receive_file(upload=upload(text, name=name), kind=kind, by=by, now=now)


def work(now: datetime) -> None:
    """What the worker does, until nothing is left."""
    while work_next(clock=lambda: now):
        pass


def imported(text: str, mapping: dict[str, Any], by: User, now: datetime, *, kind: str = "leads") -> LeadImport:
    """A file that went all the way."""
    found = received(text, by, now, kind=kind)
    map_file(lead_import=found, data=mapping, by=by, now=now)
    work(now)
    found.refresh_from_db()
    assert start_job(lead_import=found, kind=RUN, by=by, now=now), found.summary
    work(now)
    found.refresh_from_db()
    return found


def undone(found: LeadImport, by: User, now: datetime) -> LeadImport:
    assert start_job(lead_import=found, kind=UNDO, by=by, now=now)
    work(now)
    found.refresh_from_db()
    return found


def rehearsed(directory: Path, text: str, mapping: dict[str, Any], now: datetime, by: User | None = None) -> Tally:
    """What a run would do with this file."""
    path = directory / "leads.csv"
    path.write_text(text, encoding="utf-8")
    layout = survey(path, name=path.name)
    file = MappedFile(
        path=path, format=layout.format, columns=layout.columns, kind=LEADS,
        mapping=check_mapping(mapping, kind=LEADS, columns=layout.columns, now=now), by=by, now=now,
    )  # fmt: skip
    return rehearse(file)[0]


def report(found: LeadImport) -> list[tuple[int, str, list[str]]]:
    """Number, outcome and reasons of every row."""
    with translation.override("en"):
        rows: Sequence[ImportRow] = found.report.order_by("number")
        return [(row.number, row.outcome, [problem_text(one) for one in row.problems]) for row in rows]


def counts(found: LeadImport) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return found.created, found.updated, found.unchanged, found.rejected
