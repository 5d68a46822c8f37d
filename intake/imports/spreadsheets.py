"""Workbooks (XLSX), read by a process of its own with limits: nothing that a file says of its size is believed here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from intake.imports import workbook_child
from intake.imports.problems import UnreadableFileError

MEMORY, OUTPUT = 512 << 20, 512 << 20  # bytes
CELLS = 6_000_000  # empty ones and rows too
PROCESSOR_SECONDS, WALL_SECONDS = 30, 60
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HEAD = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of a workbook; some are hidden, such as the lists of drop-downs."""

    name: str
    is_visible: bool


@dataclass(frozen=True, kw_only=True)
class OpenWorkbook:
    """The sheets of a workbook, and the one whose rows are read."""

    sheets: tuple[Sheet, ...]
    sheet: str
    lines: IO[bytes]

    def rows(self) -> Iterator[tuple[int, list[str], int]]:
        """Number, cells and the last column past the widest table (0 for none) of each row that is not empty."""
        for line in self.lines:
            number, cells, beyond = json.loads(line)
            yield number, cells, beyond


def kind_of(path: Path) -> str:
    """`zip`, `xls`, `locked` (a workbook with a password) or "" from the first bytes."""
    with path.open("rb") as file:
        start = file.read(HEAD)
    if start.startswith(b"PK\x03\x04"):
        return "zip"
    if start.startswith(OLD_EXCEL):
        return "locked" if ENCRYPTED in start else "xls"
    return ""


@contextmanager
def opened_workbook(path: Path, sheet: str = "") -> Iterator[OpenWorkbook]:
    """The rows of the sheet of that name, else of the first that one sees. Raises UnreadableFileError."""
    with tempfile.TemporaryFile(prefix="leadqual-workbook-") as lines:
        _read(path, sheet, lines)
        lines.seek(0)
        about = json.loads(lines.readline())
        sheets = tuple(Sheet(name=name, is_visible=is_visible) for name, is_visible in about["sheets"])
        yield OpenWorkbook(sheets=sheets, sheet=about["sheet"], lines=lines)


def _read(path: Path, sheet: str, lines: IO[bytes]) -> None:
    """Let a child write the rows to `lines`. It knows nothing of us, and its limits end it, whatever the file holds."""
    limits = [str(MEMORY), str(PROCESSOR_SECONDS), str(OUTPUT), str(CELLS)]
    command = [sys.executable, "-I", "-S", "-X", "utf8", workbook_child.__file__, str(path), sheet, *limits]
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=lines, stderr=subprocess.DEVNULL, env={}, cwd="/",
            timeout=WALL_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError("xlsx_bomb") from error
    if ended.returncode == workbook_child.BROKEN:
        raise UnreadableFileError("xlsx_broken")
    if ended.returncode:  # refused, out of memory, or ended by a limit
        raise UnreadableFileError("xlsx_bomb")
