"""One spelling for many: full-width, half-width and capital letters become one, and every place is found again."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

VOICED_MARKS = "\uff9e\uff9f"  # half-width: they belong to the kana before them
MARKS_AT_MOST = 4  # of a heap of marks on one letter the rest stands alone, or normalising it would take ages
PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'"})


@dataclass(frozen=True, kw_only=True)
class FoldedText:
    """A text as patterns read it. `begins` and `ends` say, for each of its characters, where it came from."""

    text: str
    begins: list[int]
    ends: list[int]

    def origin(self, begin: int, end: int) -> tuple[int, int]:
        """The span of the original text that became text[begin:end]."""
        return self.begins[begin], self.ends[end - 1]


def fold(text: str, longest: int) -> FoldedText:
    """NFKC and small letters, at most `longest` characters: one sign can become eighteen.

    A letter and the marks on it are normalised together.
    """
    letters: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    begin = 0
    while begin < len(text) and len(letters) < longest:
        end = begin + 1
        while end < min(len(text), begin + 1 + MARKS_AT_MOST) and is_mark(text[end]):
            end += 1
        folded = unicodedata.normalize("NFKC", text[begin:end]).translate(PLAIN).lower()
        letters += folded
        begins += [begin] * len(folded)
        ends += [end] * len(folded)
        begin = end
    return FoldedText(text="".join(letters), begins=begins, ends=ends)


def is_mark(letter: str) -> bool:
    """Whether it belongs to the letter before it: a combining mark, or the half-width sound mark of a kana."""
    return letter > "\u02ff" and (letter in VOICED_MARKS or unicodedata.combining(letter) > 0)
