"""The file of an import, which lies in the database, on the disk of the machine that works on it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import connection

from intake.imports.batches import KINDS, MappedFile, check_mapping
from intake.imports.layout import FileFormat
from intake.models import LeadImport

SLICE = 8 * 1024 * 1024


@contextmanager
def spooled(lead_import: LeadImport) -> Iterator[Path]:
    """The file's content on this machine's disk, fetched in slices so that memory stays flat."""
    directory = Path(tempfile.mkdtemp(prefix="leadqual-import-"))
    path = directory / "file"
    try:
        with path.open("wb") as file, connection.cursor() as cursor:
            start = 1
            while True:
                cursor.execute(
                    "SELECT substring(content FROM %s FOR %s) FROM intake_leadimport WHERE id = %s",
                    [start, SLICE, lead_import.pk],
                )
                part = bytes(cursor.fetchone()[0])
                if not part:
                    break
                file.write(part)
                start += len(part)
        yield path
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def mapped_file(lead_import: LeadImport, *, now: datetime) -> Iterator[MappedFile]:
    """The file with its mapping. Raises MappingError where the mapping cannot be used any more."""
    with spooled(lead_import) as path:
        yield replace(mapping_of(lead_import, now=now), path=path)


def mapping_of(lead_import: LeadImport, *, now: datetime) -> MappedFile:
    """How rows of the file become values, without the file itself. Raises MappingError."""
    kind = KINDS[lead_import.kind]
    return MappedFile(
        path=Path(),
        format=FileFormat.of_data(lead_import.summary["format"]),
        columns=lead_import.columns,
        kind=kind,
        mapping=check_mapping(lead_import.mapping, kind=kind, columns=lead_import.columns, now=now),
        by=lead_import.by,
        now=now,
    )
