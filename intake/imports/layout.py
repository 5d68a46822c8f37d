"""Files as a header and rows of texts, one row at a time: CSV and XLSX look the same from here on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any

from intake.imports import spreadsheets
from intake.imports.encodings import SEPARATOR_LINE, checked, detect_delimiter, possible_encodings
from intake.imports.problems import UnreadableFileError
from intake.imports.spreadsheets import Sheet
from web.spreadsheet import without_guard

MAX_COLUMNS = 500
MAX_CELL = 1_000_000  # past this a cell is a forgotten quotation mark, not a text
MAX_NAME = 200
SAMPLE_ROWS = 200
HEADER_AT_MOST = 20  # the header stands in one of the first rows
MOST_VALUES, LONGEST_VALUE = 200, 120  # different values of a column that are kept, each with its number of rows

csv.field_size_limit(MAX_CELL)

Cells = list[str]


@dataclass(frozen=True, kw_only=True)
class FileFormat:
    """How a file is read: found out, or said by a person."""

    encoding: str = ""  # "xlsx" for a spreadsheet
    delimiter: str = ","
    sheet: str = ""
    header_row: int = 0  # 1 is the first row of the file; 0: to be found out

    @property
    def is_sheet(self) -> bool:
        return self.encoding == "xlsx"

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> FileFormat:
        """What `as_data` gave; names that are missing have their defaults."""
        return cls(**{part.name: data[part.name] for part in fields(cls) if part.name in data})


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What must be known to read a file again, and what it looks like."""

    columns: list[str]
    format: FileFormat
    rows: int
    sample: list[Cells]
    values: list[list[tuple[str, int]] | None]  # of each column, the most frequent first; None for too many
    sheets: tuple[Sheet, ...] = ()
    encodings: tuple[str, ...] = ()  # more than one where a person must say


def survey(path: Path, *, name: str, given: FileFormat | None = None) -> Layout:
    """Read the whole file once: its layout and the number of its rows; `given` is what a person said of its format.

    Raises UnreadableFileError with the reason. What passes here can be read to its end, so that an import does not stop
    half-way for the form of the file.
    """
    if path.stat().st_size == 0:
        raise UnreadableFileError("empty")
    form, encodings = format_of(path, name, given or FileFormat())
    with open_rows(path, form) as (rows, book):
        first = list(islice(rows, HEADER_AT_MOST))
        place = header_place(first, form.header_row)
        number, header = first[place]
        form = replace(form, header_row=number, sheet=book.sheet if book else "")
        columns = column_names(header)
        counted = ValueCounts(len(columns))
        sample: list[Cells] = []
        count = 0
        for _number, cells in (*first[place + 1 :], *rows):
            if any(cells):
                count += 1
                counted.add(cells)
                if len(sample) < SAMPLE_ROWS:
                    sample.append(cells)
    if not count:
        raise UnreadableFileError("header_only")
    return Layout(
        columns=columns, format=form, rows=count, sample=sample, values=counted.values(),
        sheets=book.sheets if book else (), encodings=encodings,
    )  # fmt: skip


class ValueCounts:
    """The different values of each column with their numbers, as long as they are few: memory stays flat."""

    def __init__(self, columns: int) -> None:
        self.counters: list[Counter[str] | None] = [Counter() for _column in range(columns)]

    def add(self, cells: Cells) -> None:
        for place, (cell, counter) in enumerate(zip(cells, self.counters, strict=False)):
            text = without_guard(cell.strip())
            if counter is None or not text:
                continue
            if len(text) > LONGEST_VALUE or (len(counter) >= MOST_VALUES and text not in counter):
                self.counters[place] = None
            else:
                counter[text] += 1

    def values(self) -> list[list[tuple[str, int]] | None]:
        return [None if counter is None else counter.most_common() for counter in self.counters]


def numbered_rows(path: Path, form: FileFormat, *, after: int = 0) -> Iterator[tuple[int, Cells]]:
    """Number (1 is the first row under the header) and cells of the rows past `after`; empty rows are left out."""
    with open_rows(path, form) as (rows, _book):
        for number, cells in rows:
            if number > form.header_row + after and any(cells):
                yield number - form.header_row, cells


OpenRows = tuple[Iterator[tuple[int, Cells]], spreadsheets.OpenWorkbook | None]


@contextmanager
def open_rows(path: Path, form: FileFormat) -> Iterator[OpenRows]:
    """All rows with their numbers in the file, and the workbook they come from, if any.

    Raises UnreadableFileError where the CSV is broken.
    """
    if form.is_sheet:
        with spreadsheets.opened_workbook(path, form.sheet) as book:
            yield _sheet_rows(book), book
        return
    with path.open(encoding=form.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=form.delimiter, strict=True)
        line = 0

        def rows() -> Iterator[tuple[int, Cells]]:
            nonlocal line
            for number, cells in enumerate(reader, 1):
                if not (number == 1 and SEPARATOR_LINE.fullmatch(form.delimiter.join(cells))):
                    yield number, cells
                line = reader.line_num

        try:
            yield rows(), None
        except csv.Error as error:
            code = "endless_cell" if "limit" in str(error) or "end of data" in str(error) else "malformed"
            raise UnreadableFileError(code, line=line + 1) from error


def _sheet_rows(book: spreadsheets.OpenWorkbook) -> Iterator[tuple[int, Cells]]:
    """The rows of a sheet; something far to the right shows as one more cell."""
    for number, cells, beyond in book.rows():
        yield number, [*cells, *[""] * (MAX_COLUMNS + 1 - len(cells)), "…"] if beyond else cells


def format_of(path: Path, name: str, given: FileFormat) -> tuple[FileFormat, tuple[str, ...]]:
    """The format, and every encoding that is possible; what the name promises must be what the bytes are."""
    kind, ending = spreadsheets.kind_of(path), Path(name).suffix.lower()
    if kind in ("xls", "locked"):
        raise UnreadableFileError("old_excel" if kind == "xls" else "xlsx_password")
    if ending in (".xlsx", ".xlsm"):
        if kind != "zip":
            raise UnreadableFileError("not_xlsx")
        return replace(given, encoding="xlsx", delimiter=""), ()
    if kind == "zip":
        raise UnreadableFileError("is_xlsx")
    if ending not in (".csv", ".tsv", ".txt"):
        raise UnreadableFileError("kind")
    possible = possible_encodings(path) if not given.encoding else [checked(path, given.encoding)]
    with path.open(encoding=possible[0], newline="") as file:
        lines = [line for _n in range(HEADER_AT_MOST) if (line := file.readline(MAX_CELL))]
    return replace(given, encoding=possible[0], delimiter=detect_delimiter(lines)), tuple(possible)


def header_place(rows: Sequence[tuple[int, Cells]], asked: int) -> int:
    """Which of the first rows is the header: the one that was asked for, else the first that is as wide as the table;
    titles and remarks above it are not. Raises UnreadableFileError where all are empty."""
    widths = [sum(1 for cell in cells if cell.strip()) for _number, cells in rows]
    for place, (number, _cells) in enumerate(rows):
        if asked and number >= asked and widths[place]:
            return place
    widest = max(widths, default=0)
    if not widest:
        raise UnreadableFileError("empty")
    filled = sorted((width for width in widths if width), reverse=True)
    typical = filled[(len(filled) - 1) // 2]
    return next(place for place, width in enumerate(widths) if width and width * 2 > min(widest, typical))


def column_names(header: Cells) -> list[str]:
    """Names without the space around them; empty ones at the end fall off, others are called by their place, and a name
    that is there again gets its number."""
    names = [without_guard(" ".join(name.split()))[:MAX_NAME] for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableFileError("empty")
    if len(names) > MAX_COLUMNS:
        raise UnreadableFileError("columns", found=len(names), max=MAX_COLUMNS)
    if any("\0" in name for name in names):
        raise UnreadableFileError("binary")
    taken: set[str] = set()
    for place, name in enumerate(names):
        plain = name or f"#{place + 1}"
        wanted, times = plain, 1
        while wanted in taken:
            times += 1
            wanted = f"{plain} ({times})"
        names[place] = wanted
        taken.add(wanted)
    return names
