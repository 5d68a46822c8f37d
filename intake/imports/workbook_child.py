"""The program that reads a workbook (XLSX) in a process of its own: `python workbook_child.py FILE SHEET LIMITS`.

Whoever sends a workbook decides what is in it, so the process that reads it may use only so much memory, processor time
and output, set here before the file is opened. Knows the standard library alone. Writes one line of JSON for the
workbook (`{"sheets": [[name, is_visible], ...], "sheet": name}`), then one for each row that is not empty: its number,
its cells as the texts that the spreadsheet shows, and the last column that holds something past the widest table that
is read (0 for none). Ends with 0, or with REFUSED (more than the limits hold) or BROKEN (no workbook).
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from posixpath import join, normpath
from xml.parsers import expat

REFUSED, BROKEN = 3, 4
WIDEST = 600  # columns of a row that are kept
MAX_UNPACKED, MAX_TEXT = 300 << 20, 1_000_000
CHUNK = 1 << 16
REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
NO_DATE_PARTS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
DIGITS_AS_SHOWN = re.compile(r"[0#\-() ]*0[0#\-() ]*")
FIRST_DAY, FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone

Names = dict[str, str]
Start = Callable[[str, Names], None]
Hear = Callable[[str], None]


class TooLargeError(Exception):
    """More than the limits hold."""


class NoWorkbookError(Exception):
    """The archive is no workbook."""


class Archive:
    """The parts of a workbook, read in pieces and counted: the sizes that an archive declares may be lies."""

    def __init__(self, path: str) -> None:
        self.file = zipfile.ZipFile(path)
        self.names = {name.lower(): name for name in self.file.namelist()}
        self.room = MAX_UNPACKED

    def parse(self, name: str, start: Start, end: Hear = lambda name: None, text: Hear = lambda text: None) -> bool:
        """Feed a part to handlers that hear local names; returns False where there is no such part.

        A document that defines entities of its own is refused.
        """
        stored = self.names.get(name.lower())
        if stored is None:
            return False
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = text
        parser.EntityDeclHandler = refuse_entity
        with self.file.open(stored) as part:
            while block := part.read(CHUNK):
                self.room -= len(block)
                if self.room < 0:
                    raise TooLargeError
                parser.Parse(block, False)
        parser.Parse(b"", True)
        return True


def refuse_entity(*_declaration: object) -> None:
    raise NoWorkbookError


class Workbook:
    """The sheets of a workbook with their parts, its shared texts and the formats of its cells."""

    def __init__(self, path: str) -> None:
        self.archive = Archive(path)
        self.sheets: list[tuple[str, bool, str]] = []  # name, whether one sees it, part
        self.first_day = FIRST_DAY
        self.texts: list[str] = []
        self.formats: list[str] = []
        root = self._targets("_rels/.rels", "").values()
        book = next((target for kind, target in root if kind.endswith("/officeDocument")), "xl/workbook.xml")
        self._read_sheets(book)
        self._read_texts(join(book.rpartition("/")[0], "sharedStrings.xml"))
        self._read_formats(join(book.rpartition("/")[0], "styles.xml"))

    def _targets(self, name: str, folder: str) -> dict[str, tuple[str, str]]:
        """Id of a relation -> its kind and the part that it names."""
        targets: dict[str, tuple[str, str]] = {}

        def start(tag: str, given: Names) -> None:
            if tag == "Relationship":
                target = given.get("Target", "")
                part = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                targets[given.get("Id", "")] = (given.get("Type", ""), part)

        self.archive.parse(name, start)
        return targets

    def _read_sheets(self, book: str) -> None:
        folder, _slash, name = book.rpartition("/")
        targets = self._targets(f"{folder}/_rels/{name}.rels", folder)

        def start(tag: str, given: Names) -> None:
            if tag == "workbookPr" and given.get("date1904", "") in ("1", "true"):
                self.first_day = FIRST_DAY_1904
            if tag == "sheet":
                key = next((value for key, value in given.items() if key.endswith(":id")), "")
                kind, part = targets.get(key, ("", ""))
                if kind.endswith("/worksheet"):
                    self.sheets.append((given.get("name", "")[:200], given.get("state", "visible") == "visible", part))

        if not self.archive.parse(book, start) or not self.sheets:
            raise NoWorkbookError

    def _read_texts(self, name: str) -> None:
        reader = TextReader()

        def end(tag: str) -> None:
            if tag == "si":
                self.texts.append(reader.take())
            reader.end(tag)

        self.archive.parse(name, lambda tag, given: reader.start(tag), end, reader.add)

    def _read_formats(self, name: str) -> None:
        codes: dict[int, str] = {}
        inside: list[bool] = []

        def start(tag: str, given: Names) -> None:
            if tag == "numFmt":
                codes[whole(given.get("numFmtId", ""))] = given.get("formatCode", "")[:200]
            elif tag == "cellXfs":
                inside.append(True)
            elif tag == "xf" and inside:
                number = whole(given.get("numFmtId", ""))
                self.formats.append(kind_of_format(number, codes.get(number, "")))

        def end(tag: str) -> None:
            if tag == "cellXfs":
                inside.clear()

        self.archive.parse(name, start, end)

    def chosen(self, name: str) -> tuple[str, bool, str]:
        """The sheet of that name, else the first that one sees, else the first."""
        visible = [sheet for sheet in self.sheets if sheet[1]]
        return next((sheet for sheet in self.sheets if sheet[0] == name), (visible or self.sheets)[0])

    def write_rows(self, part: str, write: Callable[[str], object], most_cells: int) -> None:
        reader = SheetReader(self, write, most_cells)
        if not self.archive.parse(part, reader.start, reader.end, reader.add):
            raise NoWorkbookError


class TextReader:
    """The text of a cell that may be cut into runs; how it is read aloud (`rPh`) is no part of it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = self.aloud = 0
        self.is_open = False

    def start(self, tag: str) -> None:
        if tag == "rPh":
            self.aloud += 1
        elif tag == "t":
            self.is_open = not self.aloud

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self.aloud -= 1
        elif tag == "t":
            self.is_open = False

    def add(self, text: str) -> None:
        if self.is_open:
            self.length += len(text)
            if self.length > MAX_TEXT:
                raise TooLargeError
            self.parts.append(text)

    def take(self) -> str:
        text = "".join(self.parts)
        self.parts.clear()
        self.length = 0
        return unescaped(text)


class SheetReader:
    """The rows of one sheet. A row or cell without a reference follows the one before it."""

    def __init__(self, book: Workbook, write: Callable[[str], object], most_cells: int) -> None:
        """`most_cells` counts empty cells and rows too."""
        self.book, self.write, self.most_cells = book, write, most_cells
        self.texts = TextReader()
        self.row = self.column = self.cells = self.beyond = 0
        self.kind = self.value = ""
        self.format = "general"
        self.is_value = False
        self.found: dict[int, str] = {}

    def start(self, tag: str, given: Names) -> None:
        if tag == "row":
            reference = given.get("r", "")
            number = whole(reference)
            self.row = number if number > 0 else self.row + 1
            self.column, self.beyond = 0, 0
            self.count()
            self.found.clear()
        elif tag == "c":
            self.count()
            match = REFERENCE.fullmatch(given.get("r", ""))
            self.column = column_number(match[1]) if match else self.column + 1
            self.kind, self.value = given.get("t", "n"), ""
            style = whole(given.get("s", "0"))
            self.format = self.book.formats[style] if 0 <= style < len(self.book.formats) else "general"
        elif tag == "v":
            self.is_value = True
        else:
            self.texts.start(tag)

    def count(self) -> None:
        self.cells += 1
        if self.cells > self.most_cells:
            raise TooLargeError

    def add(self, text: str) -> None:
        if self.is_value:
            if len(self.value) + len(text) > MAX_TEXT:
                raise TooLargeError
            self.value += text
        else:
            self.texts.add(text)

    def end(self, tag: str) -> None:
        if tag == "v":
            self.is_value = False
        elif tag == "c":
            text = self.shown()
            if text:
                if self.column <= WIDEST:
                    self.found[self.column] = text
                else:
                    self.beyond = max(self.beyond, self.column)
        elif tag == "row":
            if self.found or self.beyond:
                cells = [self.found.get(column, "") for column in range(1, max(self.found, default=0) + 1)]
                self.write(json.dumps([self.row, cells, self.beyond], ensure_ascii=False) + "\n")
        else:
            self.texts.end(tag)

    def shown(self) -> str:
        """What the spreadsheet shows in this cell."""
        if self.kind == "inlineStr":
            return self.texts.take()
        value = self.value
        if self.kind == "s":
            place = whole(value)
            return self.book.texts[place] if 0 <= place < len(self.book.texts) else ""
        if self.kind == "b":
            return {"1": "true", "0": "false"}.get(value, value)
        if self.kind in ("str", "d"):
            return unescaped(value)
        if self.kind == "e" or not value:
            return ""
        return number_text(value, self.format, self.book.first_day)


def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def whole(text: str) -> int:
    """The number of digits that are few enough to be a place in a list; -1 for all else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def unescaped(text: str) -> str:
    """`_x000D_` stands for a character that XML cannot hold."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def kind_of_format(number: int, code: str) -> str:
    """`date`, `time`, the digits to be shown (`00000`, `000-0000-0000`), else `general`."""
    if number in BUILT_IN_DATES:
        return "time" if number in (18, 19, 20, 21, 45, 46, 47) else "date"
    first = code.partition(";")[0]
    parts = NO_DATE_PARTS.sub("", first).lower()
    if "general" in parts or parts == "@":
        return "general"
    if any(letter in parts for letter in "ymdhs"):
        return "date" if any(letter in parts for letter in "yd") or ("m" in parts and "h" not in parts) else "time"
    plain = first.replace("\\", "").replace('"', "")
    if DIGITS_AS_SHOWN.fullmatch(plain) and (plain.count("0") > 1 or "-" in plain.lstrip("-")):
        return plain
    return "general"


def number_text(value: str, form: str, first_day: datetime) -> str:
    """A number as the cell shows it: days in ISO form, digits with their leading zeros, 5 for 5.0, no exponents."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number) >= Decimal(10) ** 40:
        return value
    if form in ("date", "time"):
        return moment_text(float(number), form, first_day)
    is_whole = number == number.to_integral_value()
    text = str(int(number)) if is_whole else format(Decimal(f"{float(number):.15g}"), "f")
    return digits_shown(text, form) if form != "general" and is_whole and number >= 0 else text


def moment_text(number: float, form: str, first_day: datetime) -> str:
    try:
        if form == "time" and 0 <= number < 1:
            return (first_day + timedelta(seconds=round(number * 86400))).time().isoformat()
        days = number + 1 if first_day == FIRST_DAY and number < 60 else number  # this calendar has a 29 February 1900
        moment = first_day + timedelta(days=int(days), seconds=round((days - int(days)) * 86400))
    except OverflowError:
        return format(Decimal(repr(number)), "f")
    at_midnight = not (moment.hour or moment.minute or moment.second)
    return moment.date().isoformat() if at_midnight else moment.isoformat(sep=" ")


def digits_shown(digits: str, form: str) -> str:
    """7 in `000000` is 000007; 312345678 in `00-0000-0000` is 03-1234-5678."""
    shown: list[str] = []
    rest = list(digits)
    places = [character for character in form if character in "0#"]
    for character in reversed(form):
        if character in "0#":
            places.pop()
            if rest:
                shown.append(rest.pop())
            elif character == "0":
                shown.append("0")
        else:
            shown.append(character)
    return "".join([*rest, *reversed(shown)]).strip()


def set_limits(memory: int, seconds: int, output: int) -> None:
    """Bytes of memory, seconds of processor time and bytes of output that this process may use from here on."""
    if sys.platform != "darwin":  # which takes no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def main(path: str, sheet: str, memory: str, seconds: str, output: str, cells: str) -> int:
    set_limits(int(memory), int(seconds), int(output))
    try:
        book = Workbook(path)
        name, _visible, part = book.chosen(sheet)
        shown = [[name, is_visible] for name, is_visible, _part in book.sheets[:200]]
        sys.stdout.write(json.dumps({"sheets": shown, "sheet": name}, ensure_ascii=False) + "\n")
        book.write_rows(part, sys.stdout.write, int(cells))
        sys.stdout.flush()
    except (TooLargeError, MemoryError):
        return REFUSED
    except (NoWorkbookError, expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError,
            NotImplementedError, UnicodeError, ValueError):  # fmt: skip
        return BROKEN
    except OSError:  # the output is full
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
