"""Files that people upload: read to the end, stored with a first mapping, or refused with the reason."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from intake.imports.batches import KINDS, check_mapping
from intake.imports.encodings import ENCODINGS, beginning
from intake.imports.jobs import CHECK, start_job
from intake.imports.layout import FileFormat, Layout, survey
from intake.imports.mapping_guess import guess_mapping
from intake.imports.new_attributes import with_attributes
from intake.imports.problems import UnreadableFileError
from intake.imports.property_types import declare_properties
from intake.imports.stored_file import spooled
from intake.models import LeadImport
from leads.enums import ImportState

MAX_MEGABYTES: int = settings.MAX_IMPORT_MEGABYTES
KEPT_SAMPLE, KEPT_CELL = 100, 120


def receive_file(*, upload: UploadedFile[bytes], kind: str, by: User, now: datetime) -> LeadImport:
    """Store the file with a first mapping: the last one of a file with this header, else a guess.

    Raises UnreadableFileError.
    """
    if (upload.size or 0) > MAX_MEGABYTES * 1024 * 1024:
        raise UnreadableFileError("too_big", max=MAX_MEGABYTES)
    name = Path(upload.name or "").name[-200:]
    with tempfile.TemporaryDirectory(prefix="leadqual-upload-") as directory:
        path = Path(directory) / "file"
        with path.open("wb") as file:
            file.writelines(upload.chunks())
        layout = survey(path, name=name)
        return LeadImport.objects.create(
            kind=kind,
            file_name=name,
            content=path.read_bytes(),
            by=by,
            created_at=now,
            mapping=_first_mapping(layout, kind, by),
            **_layout_columns(layout),
        )


def layout_of(lead_import: LeadImport) -> Layout:
    """What is kept of a file's layout, for whoever maps its columns."""
    kept = lead_import.summary
    return Layout(
        columns=lead_import.columns,
        format=FileFormat.of_data(kept["format"]),
        rows=lead_import.rows,
        sample=kept.get("sample", []),
        values=[values and [(text, times) for text, times in values] for values in kept.get("values", [])],
        encodings=tuple(kept.get("encodings", ())),
    )


@dataclass(frozen=True, kw_only=True)
class OtherReading:
    """An encoding in which a file makes sense, with some of its text."""

    encoding: str
    words: str
    sample: str


@transaction.atomic
def read_again(*, lead_import: LeadImport, given: FileFormat, by: User) -> None:
    """Read the file in another format (encoding, sheet, row of the header) than the one found out.

    Raises UnreadableFileError.
    """
    with spooled(lead_import) as path:
        layout = survey(path, name=lead_import.file_name, given=given)
    LeadImport.objects.filter(pk=lead_import.pk).update(
        mapping=_first_mapping(layout, lead_import.kind, by), state=ImportState.MAPPING, **_layout_columns(layout)
    )


def other_readings(lead_import: LeadImport) -> list[OtherReading]:
    """How the first rows look in each encoding that is possible; empty where only one is."""
    possible = lead_import.summary.get("encodings", [])
    if len(possible) < 2:
        return []
    readings = []
    with spooled(lead_import) as path:
        for encoding in possible:
            text = beginning(path, encoding)
            lines = [line for line in text.splitlines()[:200] if not line.isascii()]
            readings.append(
                OtherReading(encoding=encoding, words=ENCODINGS[encoding], sample=" / ".join(lines[:3])[:200])
            )
    return readings


@transaction.atomic
def map_file(*, lead_import: LeadImport, data: dict[str, Any], by: User, now: datetime) -> None:
    """Keep the mapping, make the attributes that it asks for, and let a worker rehearse it.

    Raises MappingError with all that is wrong; then nothing is made.
    """
    document = with_attributes(data, layout_of(lead_import))
    mapping = check_mapping(document, kind=KINDS[lead_import.kind], columns=lead_import.columns, now=now)
    declare_properties(mapping, layout_of(lead_import))
    LeadImport.objects.filter(pk=lead_import.pk).update(mapping=mapping.as_data())
    start_job(lead_import=lead_import, kind=CHECK, by=by, now=now)


def discard(*, lead_import: LeadImport) -> bool:
    """Forget a file that was never run. Returns False where it was."""
    states = (ImportState.MAPPING, ImportState.CHECKED)
    return bool(LeadImport.objects.filter(pk=lead_import.pk, state__in=states).delete()[0])


def _layout_columns(layout: Layout) -> dict[str, Any]:
    """The columns of an import that a layout fills."""
    sample = [[cell[:KEPT_CELL].replace("\0", "\ufffd") for cell in row] for row in layout.sample[:KEPT_SAMPLE]]
    return {
        "encoding": layout.format.encoding,
        "columns": layout.columns,
        "rows": layout.rows,
        "summary": {
            "format": layout.format.as_data(),
            "sheets": [sheet.name for sheet in layout.sheets],
            "encodings": list(layout.encodings),
            "sample": sample,
            "values": layout.values,
        },
    }


def _first_mapping(layout: Layout, kind: str, by: User) -> dict[str, Any]:
    """The mapping of the last import with these columns that was run, else a guess."""
    remembered = (
        LeadImport.objects.filter(kind=kind, columns=layout.columns)
        .exclude(state__in=(ImportState.MAPPING, ImportState.FAILED))
        .order_by("-pk")
        .values_list("mapping", flat=True)
        .first()
    )
    return dict(remembered or guess_mapping(layout, KINDS[kind], timezone=by.timezone))
