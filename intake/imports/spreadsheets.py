"""XLSX, looked at before it is opened: a spreadsheet is a zip of XML, and both can be made to swallow a machine."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, PasswordError, load_workbook

from intake.imports.problems import Unreadable

MAX_UNPACKED = 300 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_CELLS = 20_000_000  # the sheet is held in memory as a full rectangle
CHUNK = 1 << 20
CELL = re.compile(rb'<(?:c|row)\b[^>]*?\br="([A-Z]{0,3})(\d{1,7})"')
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(path: Path) -> str:
    """`zip`, `xls` (also: an encrypted .xlsx) or "" from the first bytes."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return "zip"
    return "xls" if start == OLD_EXCEL else ""


def rows_of(path: Path) -> Iterator[list[str]]:
    """The rows of the first visible sheet as texts. Raises Unreadable before anything large is built."""
    inspect(path)
    try:
        with load_workbook(str(path)) as book:
            sheet = book.get_sheet_by_index(0)
            width = 0
            for row in sheet.iter_rows():
                cells = [as_text(cell) for cell in row]
                if not width:  # the header: what hangs over it on the right is no column
                    width = _used(cells)
                yield cells[:width] + [cell for cell in cells[width:] if cell]
    except PasswordError as error:
        raise Unreadable("xlsx_password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("xlsx_broken") from error


def inspect(path: Path) -> None:
    """Unpack every part once without keeping it, and look how far the sheets reach."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise Unreadable("xlsx_bomb")
            room = MAX_UNPACKED
            for member in members:
                room = _unpack(archive, member, room)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Unreadable("xlsx_broken") from error


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> int:
    """What is left of `room`. The sizes that the archive declares may be lies; these are counted."""
    is_sheet = member.filename.startswith("xl/worksheets/")
    rows = columns = 0
    tail = b""
    with archive.open(member) as part:
        while block := part.read(CHUNK):
            room -= len(block)
            if room < 0:
                raise Unreadable("xlsx_bomb")
            if is_sheet:
                for letters, digits in CELL.findall(tail + block):
                    rows, columns = max(rows, int(digits)), max(columns, _column(letters))
                tail = block[-64:]
    if rows * columns > MAX_CELLS:
        raise Unreadable("xlsx_bomb")
    return room


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _used(cells: list[str]) -> int:
    return max((place for place, cell in enumerate(cells, 1) if cell), default=0)


def as_text(value: Any) -> str:
    """A cell as somebody would type it: 5 for 5.0, ISO dates, nothing for an empty one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time.min else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)
