"""What became of each row, as it is stored and as it is taken away."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from intake.database import copy_rows
from intake.imports.fields import ENQUIRY_LENGTH
from intake.imports.lead_tables import as_json
from intake.imports.problems import problem_text
from intake.imports.rows import REJECTED, FileRow
from intake.models import ImportRow, LeadImport
from web.spreadsheet import guarded

# Characters of a rejected row's cell (one more than any field takes, so that too long stays too long), and its cells.
CELL_KEPT, CELLS_KEPT = ENQUIRY_LENGTH + 1, 600
REHEARSED_CELL, REHEARSED_CELLS = 40, 6  # of a row of a dry run: enough to recognize it
COLUMNS = (
    "lead_import_id", "number", "outcome", "lead_id", "activity_id", "activity_key", "before", "problems", "cells",
)  # fmt: skip


def save_rows(lead_import: LeadImport, rows: Sequence[FileRow], made: Counter[str]) -> None:
    """Store the report of a batch, inside its transaction; what was `made` beside the leads is not part of it."""
    copy_rows(
        f"intake_importrow ({', '.join(COLUMNS)})",
        (
            (
                lead_import.pk, row.number, row.outcome, row.lead_id, row.activity_id,
                row.activity_key if row.activity_id else "", _json(row.before), _json(row.all_problems),
                _json(kept_cells(row)),
            )
            for row in rows
        ),
    )  # fmt: skip


def keep_rehearsed(lead_import: LeadImport, rows: Sequence[FileRow]) -> None:
    """Store what a dry run found of a batch. Leads that it would make have no number yet."""
    columns = ("lead_import_id", "number", "outcome", "lead_id", "activity_id", "before", "problems", "cells")
    copy_rows(
        f"intake_rehearsedrow ({', '.join(columns)})",
        (
            (
                lead_import.pk, row.number, row.outcome, row.lead_id if (row.lead_id or 0) > 0 else None,
                row.activity_id, _json(_company_made(row)), _json(row.all_problems), _json(_beginning(row)),
            )
            for row in rows
        ),
    )  # fmt: skip


def _company_made(row: FileRow) -> dict[str, Any] | None:
    made = (row.before or {}).get("company", {}).get("created")
    return {"company": {"created": True}} if made else None


def _beginning(row: FileRow) -> list[str]:
    filled = [cell for cell in row.cells if cell] if not row.is_erased else []
    return [cell[:REHEARSED_CELL].replace("\0", "\ufffd") for cell in filled[:REHEARSED_CELLS]]


def kept_cells(row: FileRow) -> list[str] | None:
    """What is stored of the cells of a row: of a rejected one, so that it can be corrected."""
    if row.outcome != REJECTED or row.is_erased:
        return None
    return [cell[:CELL_KEPT].replace("\0", "\ufffd") for cell in row.cells[:CELLS_KEPT]]


def count_rows(
    lead_import: LeadImport,
    outcomes: Mapping[str, int],
    *,
    made: Counter[str],
    sources: Iterable[str],
    remarked: int = 0,
) -> None:
    """Add to the numbers of an import, in the transaction that stores its rows: to what is stored, not to memory."""
    stored = lead_import.stored()
    lead_import.store(
        **{name: getattr(stored, name) + number for name, number in outcomes.items()},
        made=dict(Counter(stored.summary.get("made", {})) + made),
        sources=sorted({*stored.summary.get("sources", []), *sources}),
        remarked=stored.summary.get("remarked", 0) + remarked,
    )


def _json(value: Any) -> str | None:
    return None if value is None else as_json(value) if value else "[]"


def outcome_words() -> dict[str, str]:
    return {
        "created": pgettext("outcome of a row", "Created"),
        "updated": _("Updated"),
        "unchanged": _("Unchanged"),
        "rejected": _("Rejected"),
        "undone": _("Undone"),
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
    header = [_("Row"), _("Result"), _("Lead"), _("Reason"), *lead_import.columns]
    yield b"\xef\xbb\xbf" + _line(header)
    for row in rows.iterator(chunk_size=2_000):
        reasons = " / ".join(problem_text(problem) for problem in row.problems)
        yield _line([row.number, words.get(row.outcome, row.outcome), row.lead_id or "", reasons, *(row.cells or [])])


def _line(cells: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode()
