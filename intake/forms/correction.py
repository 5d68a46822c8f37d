"""The grid of rejected rows: which cells are shown, and what a person typed into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from intake.imports.correction import CorrectedRow, fingerprint
from intake.imports.mapping import WHO
from intake.imports.problems import REMARKS, problem_text
from intake.imports.report import CELL_KEPT
from intake.models import ImportRow, LeadImport

ROWS, CELLS = 25, 1_500  # on one page; a form may have 2,000 fields
LONG = 60  # characters from which on a cell is a text of several lines
REST = 120  # characters of what is not shown
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class GridCell:
    """One cell of the grid: its name in the form, what stands in it, what is wrong with it, and how it is read."""

    name: str
    label: str
    text: str
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG or "\n" in self.text


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """A rejected row: what is wrong with it as a whole, its cells, and the beginning of those that are not shown."""

    number: int
    rest: str
    seen: str
    problems: list[str]
    cells: list[GridCell]
    is_overtaken: bool = False


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The rows of one page under the names of the columns that are shown."""

    columns: list[str]
    rows: list[GridRow]


def page_size(lead_import: LeadImport, *, shows_all: bool) -> int:
    """How many rows a page has, so that its cells are not too many for one form."""
    return max(1, min(ROWS, CELLS // max(len(lead_import.columns), 1))) if shows_all else ROWS


def grid_of(
    lead_import: LeadImport,
    rows: Sequence[ImportRow],
    *,
    shows_all: bool,
    typed: Mapping[int, CorrectedRow] | None = None,
    overtaken: Iterable[int] = (),
) -> Grid:
    """The grid of these rows, with what was `typed` in place of what is stored."""
    places = sorted(_places(lead_import, rows, shows_all=shows_all))[: CELLS // max(len(rows), 1)]
    return Grid(
        columns=[column_name(lead_import, place) for place in places],
        rows=[
            _grid_row(lead_import, row, places, (typed or {}).get(row.number), row.number in set(overtaken))
            for row in rows
        ],
    )


def column_name(lead_import: LeadImport, place: int) -> str:
    """The name of a column; a cell right of the last one is called by its place."""
    return lead_import.columns[place] if place < len(lead_import.columns) else f"#{place + 1}"


def _places(lead_import: LeadImport, rows: Sequence[ImportRow], *, shows_all: bool) -> set[int]:
    """Which columns are shown: those that something is wrong with; where it is the row, those that say who it is."""
    width = len(lead_import.columns)
    numbers = {column: place for place, column in enumerate(lead_import.columns)}
    places = set(range(width)) if shows_all else set()
    for row in rows:
        named = {numbers[problem["column"]] for problem in row.problems if problem.get("column") in numbers}
        codes = {problem["code"] for problem in row.problems}
        if "cells" in codes:
            named |= set(range(max(width, len(row.cells or []))))
        if "no_identity" in codes:
            named |= _places_of_people(lead_import, numbers)
        places |= named or _places_of_people(lead_import, numbers)
    return places or set(range(width))


def _places_of_people(lead_import: LeadImport, numbers: Mapping[str, int]) -> set[int]:
    mapped = lead_import.mapping.get("columns", {}).items()
    fields = {column: names if isinstance(names, list) else [names] for column, names in mapped}
    return {numbers[column] for column, names in fields.items() if column in numbers and set(names) & set(WHO)}


def _grid_row(
    lead_import: LeadImport, row: ImportRow, places: Sequence[int], typed: CorrectedRow | None, is_overtaken: bool
) -> GridRow:
    cells = typed.cells if typed else row.cells or []
    shown = {column_name(lead_import, place) for place in places}
    rest = [cell for place, cell in enumerate(cells) if cell and place not in places]
    return GridRow(
        number=row.number,
        rest=" · ".join(rest)[:REST],
        seen=fingerprint(row),
        problems=[problem_text(problem) for problem in row.problems if problem.get("column", "") not in shown],
        cells=[_grid_cell(lead_import, row, place, cells[place] if place < len(cells) else "") for place in places],
        is_overtaken=is_overtaken,
    )


def _grid_cell(lead_import: LeadImport, row: ImportRow, place: int, text: str) -> GridCell:
    label = column_name(lead_import, place)
    said = [problem for problem in row.problems if problem.get("column") == label]
    words = [(problem["code"] in REMARKS, problem_text({**problem, "column": ""})) for problem in said]
    return GridCell(
        name=cell_name(row.number, place),
        label=label,
        text=text,
        problems=[word for is_remark, word in words if not is_remark],
        remarks=[word for is_remark, word in words if is_remark],
    )


def cell_name(number: int, place: int) -> str:
    return f"cell-{number}-{place}"


def typed_rows(lead_import: LeadImport, data: QueryDict) -> tuple[dict[int, CorrectedRow], int]:
    """The rows of a posted grid: stored cells with those that were typed in their places; and how many rows wait for
    no correction any more."""
    given = data.getlist("row")[:ROWS]
    numbers = {int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 10}
    width = len(lead_import.columns)
    rows = {row.number: _typed_row(row, data, width) for row in correctable(lead_import).filter(number__in=numbers)}
    return rows, len(numbers) - len(rows)


def _typed_row(row: ImportRow, data: QueryDict, width: int) -> CorrectedRow:
    cells = [*(row.cells or [])]
    cells += [""] * (width - len(cells))
    for place, stored in enumerate(cells):
        typed = data.get(cell_name(row.number, place))
        if typed is not None and _lines(typed) != _lines(stored):
            cells[place] = _lines(typed)[:CELL_KEPT]
    return CorrectedRow(number=row.number, cells=cells, seen=data.get(f"seen-{row.number}", ""))


def _lines(text: str) -> str:
    """A browser sends every end of a line as CR LF."""
    return text.replace("\r\n", "\n").replace("\0", "\ufffd")


def correctable(lead_import: LeadImport) -> Any:
    """Rejected rows whose cells are kept."""
    return ImportRow.objects.filter(lead_import=lead_import, outcome="rejected", cells__isnull=False)
