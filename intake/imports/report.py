"""What became of each row, as it is stored and as it is taken away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from intake.imports.problems import told
from intake.imports.rows import REJECTED, Row
from intake.imports.tables import as_json
from intake.models import ImportRow, LeadImport
from web.spreadsheet import guarded

CELL_KEPT = 2_000  # characters of a rejected row's cell
COLUMNS = (
    "lead_import_id", "number", "outcome", "lead_id", "activity_id", "activity_key", "before", "problems", "cells",
)  # fmt: skip


def save_rows(lead_import: LeadImport, rows: Sequence[Row]) -> None:
    """Store the report of a batch, inside its transaction."""
    with connection.cursor() as cursor, cursor.copy(f"COPY intake_importrow ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                (
                    lead_import.pk, row.number, row.outcome, row.lead_id, row.activity_id,
                    row.activity_key if row.activity_id else "", _json(row.before), _json(row.all_problems),
                    _json(_kept(row.cells)) if row.outcome == REJECTED else None,
                )
            )  # fmt: skip


def _kept(cells: Sequence[str]) -> list[str]:
    return [cell[:CELL_KEPT].replace("\0", "\ufffd") for cell in cells[:600]]


def _json(value: Any) -> str | None:
    return None if value is None else as_json(value) if value else "[]"


def outcome_words() -> dict[str, str]:
    return {
        "created": pgettext("outcome of a row", "Created"),
        "updated": _("Updated"),
        "unchanged": _("Unchanged"),
        "rejected": _("Rejected"),
        "undone": _("Taken back"),
        "kept": _("Kept"),
    }


def csv_lines(lead_import: LeadImport, outcome: str = "") -> Iterator[bytes]:
    """The report as CSV that Excel opens: with a BOM, and with a guard before what it would run as a formula.

    Rejected rows carry their cells, so that they can be corrected and sent again.
    """
    rows = ImportRow.objects.filter(lead_import=lead_import).order_by("number")
    if outcome:
        rows = rows.filter(outcome=outcome)
    words = outcome_words()
    header = [_("Row"), _("Outcome"), _("Lead"), _("Reason"), *lead_import.columns]
    yield b"\xef\xbb\xbf" + _line(header)
    for row in rows.iterator(chunk_size=2_000):
        reasons = " / ".join(told(one) for one in row.problems)
        yield _line([row.number, words.get(row.outcome, row.outcome), row.lead_id or "", reasons, *(row.cells or [])])


def _line(cells: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode()
