"""Files as a header and rows of texts, one row at a time: CSV and XLSX look the same from here on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from intake.imports import spreadsheets
from intake.imports.encodings import checked, detect_delimiter, detect_encoding
from intake.imports.problems import UnreadableFileError

MAX_COLUMNS = 500
MAX_CELL = 1_000_000  # past this a cell is a forgotten quotation mark, not a text
MAX_NAME = 200
SAMPLE_ROWS = 200

csv.field_size_limit(MAX_CELL)

Cells = list[str]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What must be known to read a file again, and what it looks like."""

    columns: list[str]
    encoding: str  # "xlsx" for a spreadsheet
    delimiter: str
    rows: int
    sample: list[Cells]


def survey(path: Path, *, name: str, encoding: str = "") -> Layout:
    """Read the whole file once: its layout and the number of its rows. Raises UnreadableFileError with the reason.

    What passes here can be read to its end, so that an import does not stop half-way for the form of the file.
    """
    if path.stat().st_size == 0:
        raise UnreadableFileError("empty")
    encoding, delimiter = format_of(path, name, encoding)
    with open_rows(path, encoding=encoding, delimiter=delimiter) as rows:
        columns = column_names(next(rows, []))
        sample = [cells for cells in islice(rows, SAMPLE_ROWS) if any(cells)]
        count = len(sample) + sum(1 for cells in rows if any(cells))
    if not count:
        raise UnreadableFileError("header_only")
    return Layout(columns=columns, encoding=encoding, delimiter=delimiter, rows=count, sample=sample)


def numbered_rows(path: Path, *, encoding: str, delimiter: str, after: int = 0) -> Iterator[tuple[int, Cells]]:
    """Number (1 is the first row under the header) and cells of the rows past `after`; empty rows are left out."""
    with open_rows(path, encoding=encoding, delimiter=delimiter) as rows:
        next(rows, None)
        for number, cells in enumerate(rows, 1):
            if number > after and any(cells):
                yield number, cells


@contextmanager
def open_rows(path: Path, *, encoding: str, delimiter: str) -> Iterator[Iterator[Cells]]:
    """All rows, the header first. Raises UnreadableFileError where the CSV is broken."""
    if encoding == "xlsx":
        yield spreadsheets.rows_of(path)
        return
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 0

        def rows() -> Iterator[Cells]:
            nonlocal line
            for cells in reader:
                yield cells
                line = reader.line_num

        try:
            yield rows()
        except csv.Error as error:
            code = "endless_cell" if "limit" in str(error) or "end of data" in str(error) else "malformed"
            raise UnreadableFileError(code, line=line + 1) from error


def format_of(path: Path, name: str, encoding: str) -> tuple[str, str]:
    """Both of them, the encoding `xlsx` for a spreadsheet; what the name promises must be what the bytes are."""
    kind, ending = spreadsheets.kind_of(path), Path(name).suffix.lower()
    if kind == "xls":
        raise UnreadableFileError("old_excel")
    if ending == ".xlsx":
        if kind != "zip":
            raise UnreadableFileError("not_xlsx")
        return "xlsx", ""
    if kind == "zip":
        raise UnreadableFileError("is_xlsx")
    if ending not in (".csv", ".tsv", ".txt"):
        raise UnreadableFileError("kind")
    encoding = checked(path, encoding) if encoding else detect_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        return encoding, detect_delimiter(file.readline(MAX_CELL))


def column_names(header: Cells) -> list[str]:
    """Names without the space around them; empty ones at the end fall off, others are called by their place."""
    names = [name.strip()[:MAX_NAME] for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableFileError("empty")
    if len(names) > MAX_COLUMNS:
        raise UnreadableFileError("columns", found=len(names), max=MAX_COLUMNS)
    if any("\0" in name for name in names):
        raise UnreadableFileError("binary")
    names = [name or f"#{place}" for place, name in enumerate(names, 1)]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise UnreadableFileError("duplicate_header", names=", ".join(name[:60] for name in twice[:5]))
    return names
