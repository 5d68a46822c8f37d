"""Which encoding and which delimiter a text file has: told from its bytes, never from its name."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from intake.imports.problems import UnreadableFileError

# Name as we store it -> what a person calls it. The order is the order of trying.
ENCODINGS = {
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-8": "UTF-8",
    "cp932": "Shift_JIS (CP932)",
    "euc_jp": "EUC-JP",
    "utf-16": "UTF-16",
}
DELIMITERS = (",", ";", "\t")
CHUNK = 1 << 20
HALF_WIDTH_AT_MOST = 0.3  # of the Japanese in a text that somebody wrote


def detect_encoding(path: Path) -> str:
    """The encoding in which the whole file can be read. Raises UnreadableFileError when there is none."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(codecs.BOM_UTF8):
        return checked(path, "utf-8-sig")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return checked(path, "utf-16")
    if b"\0" in start:
        raise UnreadableFileError("binary")
    if is_readable(path, "utf-8"):
        return "utf-8"
    if is_readable(path, "euc_jp"):
        # Most EUC-JP text is also valid CP932, but reads as a run of half-width katakana there.
        is_cp932 = is_readable(path, "cp932") and half_width_share(path, "cp932") <= HALF_WIDTH_AT_MOST
        return "cp932" if is_cp932 else "euc_jp"
    if is_readable(path, "cp932"):
        return "cp932"
    raise UnreadableFileError("encoding")


def checked(path: Path, encoding: str) -> str:
    """`encoding`, if the whole file can be read in it. Raises UnreadableFileError otherwise."""
    if not is_readable(path, encoding):
        raise UnreadableFileError("not_in_encoding", encoding=ENCODINGS.get(encoding, encoding))
    return encoding


def is_readable(path: Path, encoding: str) -> bool:
    try:
        for _text in _decoded(path, encoding):
            pass
    except UnicodeError:
        return False
    return True


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


def half_width_share(path: Path, encoding: str) -> float:
    """How much of the first megabyte's Japanese is half-width katakana."""
    text = next(_decoded(path, encoding), "")
    foreign = sum(character > "\x7f" for character in text)
    return sum("\uff61" <= character <= "\uff9f" for character in text) / foreign if foreign else 0.0


def detect_delimiter(line: str) -> str:
    """The one that cuts the header into the most cells; quoted parts do not count."""
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)
