"""Which encoding and which delimiter a text file has: told from its bytes and from what they would say, never from its
name. Where two encodings are possible, both are told."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from intake.imports.problems import UnreadableFileError

# Name as we store it -> what a person calls it.
ENCODINGS = {
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-8": "UTF-8",
    "cp932": "Shift_JIS (CP932)",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP (JIS)",
    "iso2022_jp_3": "ISO-2022-JP (JIS)",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
BY_PLAUSIBILITY = ("cp932", "euc_jp", "cp1252")
DELIMITERS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)
CHUNK = 1 << 20
HEAD = 4096
NEAR = 0.25  # two readings that are so nearly as good as each other are a question for a person
GOOD = 0.35  # of 1: what a reading must be worth to be offered
LATIN_LETTERS = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŠšŽžŒœŸ")
LATIN_SIGNS = frozenset("€–—‘’“”…•™©®°§«»\u00a0£¿¡ºª²³½·")
FOREIGN_RUN = re.compile(r"[^\x00-\x7f]+")


def possible_encodings(path: Path) -> list[str]:
    """The encodings in which the whole file can be read and makes sense, the most plausible first; more than one where
    a person must say. Raises UnreadableFileError when there is none."""
    with path.open("rb") as file:
        start = file.read(CHUNK)
    if start.startswith(codecs.BOM_UTF8):
        return [checked(path, "utf-8-sig")]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return [checked(path, "utf-16")]
    if b"\0" in start[:HEAD]:
        return [_wide_encoding(path, start[:HEAD])]
    if b"\x1b$" in start or b"\x1b(" in start:
        jis = [name for name in ("iso2022_jp", "iso2022_jp_3") if is_readable(path, name)]
        if jis:
            return jis[:1]
    if is_readable(path, "utf-8"):
        return ["utf-8"]
    worth = {name: plausibility(beginning(path, name)) for name in BY_PLAUSIBILITY if is_readable(path, name)}
    ranked = sorted(worth, key=lambda name: -worth[name])
    if not ranked or worth[ranked[0]] <= 0:
        raise UnreadableFileError("encoding", encodings=", ".join(dict.fromkeys(ENCODINGS.values())))
    best = worth[ranked[0]]
    return [name for name in ranked if name == ranked[0] or (worth[name] >= GOOD and best - worth[name] <= NEAR)]


def _wide_encoding(path: Path, start: bytes) -> str:
    """UTF-16 without its mark: the order of bytes in which every second NUL belongs to a letter of ASCII."""
    high, low = start[0::2].count(0), start[1::2].count(0)
    name = "utf-16-le" if low > high else "utf-16-be"
    if min(high, low) * 8 > max(high, low) or not is_readable(path, name) or "\0" in beginning(path, name):
        raise UnreadableFileError("binary")
    return name


def plausibility(text: str) -> float:
    """How much what is not ASCII looks like something that somebody wrote: 1 for all of it, below 0 for noise."""
    worth = length = 0.0
    for match in FOREIGN_RUN.finditer(text):
        run = match[0]
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        in_word = before.isalpha() and after.isalpha()
        length += len(run)
        worth += sum(map(_worth_of, run)) if not _is_latin(run) else _latin_worth(run, before, after)
        if in_word and not _is_latin(run):
            worth -= len(run)  # kanji inside a word of Latin letters: two bytes that belong to letters with accents
    return worth / length if length else 1.0


def _is_latin(run: str) -> bool:
    return all(character <= "\u0250" or character in LATIN_SIGNS for character in run)


def _latin_worth(run: str, before: str, after: str) -> float:
    """Letters with accents stand alone or in twos inside words; longer runs are something else, read wrongly."""
    if len(run) > 2 or not all(character in LATIN_LETTERS or character in LATIN_SIGNS for character in run):
        return -1.0 * len(run)
    beside = before.isalpha() or after.isalpha()
    return float(len(run)) if beside or run[0] in LATIN_SIGNS else 0.3 * len(run)


@lru_cache(maxsize=8192)
def _worth_of(character: str) -> float:
    """Kana and everyday kanji are what Japanese is made of; rare kanji and half-width kana make one doubt."""
    if "\u3040" <= character <= "\u30ff":
        return 1.0
    if "\uff61" <= character <= "\uff9f":
        return 0.6
    if "\ue000" <= character <= "\uf8ff" or character in "\ufffd":
        return -8.0
    if "\u4e00" <= character <= "\u9fff":
        try:
            row = character.encode("euc_jp")[0]
        except UnicodeError:
            return 0.2
        return 1.0 if row < 0xD0 else 0.1  # the everyday kanji of JIS X 0208 come first
    return 0.7


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


def beginning(path: Path, encoding: str) -> str:
    """The first megabyte as text."""
    return next(_decoded(path, encoding), "")


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


def detect_delimiter(lines: Sequence[str]) -> str:
    """The one that Excel's own line `sep=;` names, else the one that cuts the most lines into the same number of cells;
    quoted parts do not count."""
    match = SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    if match and match[1] in DELIMITERS:
        return match[1]
    outside = ["".join(line.split('"')[::2]) for line in lines]

    def cells_cut(delimiter: str) -> int:
        counts = Counter(line.count(delimiter) for line in outside)
        del counts[0]
        return max((cuts * lines for cuts, lines in counts.items()), default=0)

    return max(DELIMITERS, key=cells_cut)
