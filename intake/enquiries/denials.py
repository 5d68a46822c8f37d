"""Where a text says "not", and what it denies."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from intake.enquiries.patterns import CLAUSE_END, NEGATION_EN, NEGATION_JA, NO_NEGATION

# How far from a word, in characters, a "not" still belongs to it.
REACH_JA, REACH_EN = 24, 40
REACH_OF_FACTS = 8  # "not 30 people but 50": only what stands close

Place = tuple[int, int]
"""Begin and end in the text."""


class Denials:
    """Every "not" of a text: behind what it denies in Japanese, before it in English, in the same clause."""

    def __init__(self, text: str) -> None:
        self.clause_ends = [match.end() for match in CLAUSE_END.finditer(text)]
        masks = [match.span() for match in NO_NEGATION.finditer(text)]
        self.behind = _outside(NEGATION_JA.finditer(text), masks)
        self.before = _outside(NEGATION_EN.finditer(text), masks)

    def denial_of(self, begin: int, end: int, *, is_fact: bool) -> Place | None:
        """The "not" that denies text[begin:end]; of a fact only one that stands close."""
        place = bisect_left(self.clause_ends, end)
        reach = end + (REACH_OF_FACTS if is_fact else REACH_JA)
        clause_end = self.clause_ends[place] if place < len(self.clause_ends) else reach
        first = bisect_left(self.behind, (end, 0))
        if first < len(self.behind) and self.behind[first][1] <= min(reach, clause_end):
            return self.behind[first]
        place = bisect_right(self.clause_ends, begin)
        reach = begin - (REACH_OF_FACTS if is_fact else REACH_EN)
        clause_begin = self.clause_ends[place - 1] if place else 0
        last = bisect_left(self.before, (begin, 0)) - 1
        if last >= 0 and self.before[last][0] >= max(reach, clause_begin) and self.before[last][1] <= begin:
            return self.before[last]
        return None


def _outside(matches: Iterable[re.Match[str]], masks: list[Place]) -> list[Place]:
    """The matches that lie in none of the masks; both in order."""
    kept = []
    for match in matches:
        place = bisect_right(masks, (match.start(), len(match.string))) - 1
        if place < 0 or masks[place][1] <= match.start():
            kept.append(match.span())
    return kept
