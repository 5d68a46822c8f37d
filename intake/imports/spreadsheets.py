"""XLSX, looked at before it is opened: a spreadsheet is a zip of XML, and both can be made to swallow a machine."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from xml.sax import SAXException

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from python_calamine import CalamineError, PasswordError, load_workbook

from intake.imports.problems import UnreadableFileError

MAX_UNPACKED = 300 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_CELLS = 20_000_000  # the sheet is held in memory as a full rectangle
CHUNK = 1 << 20
REFERENCE = re.compile(r"([A-Za-z]{0,3})(\d{0,7})")
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(path: Path) -> str:
    """`zip`, `xls` (also: an encrypted .xlsx) or "" from the first bytes."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return "zip"
    return "xls" if start == OLD_EXCEL else ""


def rows_of(path: Path) -> Iterator[list[str]]:
    """The rows of the first visible sheet as texts. Raises UnreadableFileError before anything large is built."""
    inspect(path)
    try:
        with load_workbook(str(path)) as book:
            sheet = book.get_sheet_by_index(0)
            width = 0
            for row in sheet.iter_rows():
                cells = [as_text(cell) for cell in row]
                if not width:  # the header: what hangs over it on the right is no column
                    width = max((place for place, cell in enumerate(cells, 1) if cell), default=0)
                yield cells[:width] + [cell for cell in cells[width:] if cell]
    except PasswordError as error:
        raise UnreadableFileError("xlsx_password") from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError("xlsx_broken") from error


def inspect(path: Path) -> None:
    """Unpack every part once without keeping it, and look how far the sheets reach. Raises UnreadableFileError."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise UnreadableFileError("xlsx_bomb")
            room = MAX_UNPACKED
            for member in members:
                with archive.open(member) as part:
                    room = _inspect_part(part, room, is_xml=member.filename.endswith(".xml"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise UnreadableFileError("xlsx_broken") from error
    except (SAXException, DefusedXmlException) as error:
        raise UnreadableFileError("xlsx_broken") from error


def _inspect_part(part: IO[bytes], room: int, *, is_xml: bool) -> int:
    """What is left of `room` after this part: the sizes that an archive declares may be lies.

    A workbook may keep a sheet under any name, so every part is read as one; only what is called XML has to be XML.
    """
    extent: SheetExtent | None = SheetExtent()
    while block := part.read(CHUNK):
        room -= len(block)
        if room < 0:
            raise UnreadableFileError("xlsx_bomb")
        if extent is None:
            continue
        try:
            extent.feed(block)
        except SAXException:
            if is_xml:
                raise
            extent = None
        else:
            if extent.rows * extent.columns > MAX_CELLS:
                raise UnreadableFileError("xlsx_bomb")
    return room


class SheetExtent(DefusedExpatParser):  # type: ignore[misc] # defusedxml comes without types
    """How far the cells of a sheet reach. A row or cell without a reference follows the one before it.

    Answers to the parser's own events: building the attribute objects of SAX would double the time.
    """

    def __init__(self) -> None:
        super().__init__(forbid_dtd=True)
        self.rows = self.columns = self.row = self.column = 0

    def start_element(self, name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            match = REFERENCE.fullmatch(attributes.get("r", ""))
            letters, digits = match.groups() if match else ("", "")
            self.column = column_number(letters) if letters else self.column + 1
            self.row = int(digits) if digits else self.row
        elif tag == "row":
            reference = attributes.get("r", "")
            self.row = int(reference) if reference.isdecimal() and len(reference) < 10 else self.row + 1
            self.column = 0
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)

    def end_element(self, name: str) -> None:
        """Nothing ends that is counted."""


def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


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
