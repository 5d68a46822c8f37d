"""Reads an enquiry: which words tell something, which of them are denied, and what remains."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from intake.enquiries.folded_text import Folded, fold
from intake.enquiries.numbers import number
from intake.enquiries.patterns import (
    CLAUSE_END,
    NEGATION_EN,
    NEGATION_JA,
    NO_NEGATION,
    SENTENCE_END,
    patterns_for,
)
from intake.enquiries.timing import timing_of
from leads.enquiry import LONGEST, Reading, Span
from leads.enums import EnquirySign, Temperature

# How far from a word, in characters, a "not" still belongs to it.
REACH_JA, REACH_EN = 24, 40
REACH_OF_FACTS = 8  # "not 30 people but 50": only what stands close
FACTS = (EnquirySign.HEADCOUNT, EnquirySign.TIMING)
MOST_PEOPLE = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A match of one pattern in the folded text."""

    kind: EnquirySign
    name: str
    begin: int
    end: int
    match: re.Match[str]


def read_enquiry(text: str) -> Reading:
    """The same text is always read the same way. At most its first 10,000 characters count."""
    folded = fold(text, LONGEST)
    signs = _undoubted(_Denials(folded.text).undenied(_signs(folded.text)), folded.text)
    headcount, timing = _headcount(signs), _timing(signs)
    quote = any(sign.kind is EnquirySign.QUOTE for sign in signs)
    return Reading(
        temperature=_temperature(signs, quote=quote, is_concrete=bool(headcount or timing)),
        headcount=headcount,
        comparison=any(sign.kind is EnquirySign.COMPARISON for sign in signs),
        timing=timing,
        quote=quote,
        spans=_spans(signs, folded),
    )


def _signs(text: str) -> list[Sign]:
    """Every match, in the order of the text."""
    found = [
        Sign(kind=pattern.kind, name=pattern.name, begin=match.start(), end=match.end(), match=match)
        for pattern in patterns_for(text)
        for match in pattern.regex.finditer(text)
    ]
    return sorted(found, key=lambda sign: (sign.begin, -sign.end))


class _Denials:
    """Where a text says "not", and in which clause."""

    def __init__(self, text: str) -> None:
        self.breaks = [match.end() for match in CLAUSE_END.finditer(text)]
        masks = [match.span() for match in NO_NEGATION.finditer(text)]
        self.behind = _outside(NEGATION_JA.finditer(text), masks)
        self.before = _outside(NEGATION_EN.finditer(text), masks)

    def undenied(self, signs: Iterable[Sign]) -> list[Sign]:
        """What is not denied; interest that is denied is a refusal, from the word to its "not"."""
        kept = []
        for sign in signs:
            denial = self._denial(sign)
            if denial is None:
                kept.append(sign)
            elif sign.kind in (EnquirySign.INTEREST, EnquirySign.WISH):
                begin, end = min(sign.begin, denial[0]), max(sign.end, denial[1])
                kept.append(replace(sign, kind=EnquirySign.REFUSAL, begin=begin, end=end))
        return kept

    def _denial(self, sign: Sign) -> tuple[int, int] | None:
        if sign.kind in (EnquirySign.REFUSAL, EnquirySign.VAGUE):
            return None
        return self._behind(sign) or self._before(sign)

    def _behind(self, sign: Sign) -> tuple[int, int] | None:
        place = bisect_left(self.breaks, sign.end)
        reach = sign.end + (REACH_OF_FACTS if sign.kind in FACTS else REACH_JA)
        clause_end = self.breaks[place] if place < len(self.breaks) else reach
        first = bisect_left(self.behind, (sign.end, 0))
        if first < len(self.behind) and self.behind[first][1] <= min(reach, clause_end):
            return self.behind[first]
        return None

    def _before(self, sign: Sign) -> tuple[int, int] | None:
        place = bisect_right(self.breaks, sign.begin)
        reach = sign.begin - (REACH_OF_FACTS if sign.kind in FACTS else REACH_EN)
        clause_begin = self.breaks[place - 1] if place else 0
        last = bisect_left(self.before, (sign.begin, 0)) - 1
        if last >= 0 and self.before[last][0] >= max(reach, clause_begin) and self.before[last][1] <= sign.begin:
            return self.before[last]
        return None


def _outside(matches: Iterable[re.Match[str]], masks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The matches that lie in none of the masks; both in order."""
    kept = []
    for match in matches:
        place = bisect_right(masks, (match.start(), len(match.string))) - 1
        if place < 0 or masks[place][1] <= match.start():
            kept.append(match.span())
    return kept


def _undoubted(signs: list[Sign], text: str) -> list[Sign]:
    """Vague words take back the interest of their whole sentence, but a request only in their own clause."""
    doubts = [sign.begin for sign in signs if sign.kind is EnquirySign.VAGUE]
    if not doubts:
        return signs
    sentences = [match.end() for match in SENTENCE_END.finditer(text)]
    clauses = [match.end() for match in CLAUSE_END.finditer(text)]
    doubted_sentences = {bisect_right(sentences, place) for place in doubts}
    doubted_clauses = {bisect_right(clauses, place) for place in doubts}
    doubtful = (EnquirySign.INTEREST, EnquirySign.WISH, EnquirySign.COMPARISON)
    return [
        sign
        for sign in signs
        if not (sign.kind in doubtful and bisect_right(sentences, sign.begin) in doubted_sentences)
        and not (sign.kind is EnquirySign.QUOTE and bisect_right(clauses, sign.begin) in doubted_clauses)
    ]


def _temperature(signs: Iterable[Sign], *, quote: bool, is_concrete: bool) -> Temperature:
    """A request for a quote is hot; else the last word counts: "not X, but considering Y", "considered, but no"."""
    if quote:
        return Temperature.HOT
    warms = {EnquirySign.INTEREST, EnquirySign.COMPARISON} | ({EnquirySign.WISH} if is_concrete else set())
    decisive = [sign.kind for sign in signs if sign.kind in warms or sign.kind is EnquirySign.REFUSAL]
    if not decisive:
        return Temperature.NEUTRAL
    return Temperature.COLD if decisive[-1] is EnquirySign.REFUSAL else Temperature.HOT


def _headcount(signs: Iterable[Sign]) -> int | None:
    """How many would use it, else how many people are named first."""
    counted = [
        (sign.match["used"] is None, count)
        for sign in signs
        if sign.kind is EnquirySign.HEADCOUNT and (count := number(sign.match["number"])) and count <= MOST_PEOPLE
    ]
    return min(counted, key=lambda row: row[0])[1] if counted else None


def _timing(signs: Iterable[Sign]) -> str:
    codes = (timing_of(sign.name, sign.match) for sign in signs if sign.kind is EnquirySign.TIMING)
    return next((code for code in codes if code), "")


def _spans(signs: Iterable[Sign], folded: Folded) -> tuple[Span, ...]:
    """In the original text; what overlaps with another of its kind is one with it."""
    spans: list[Span] = []
    latest: dict[EnquirySign, int] = {}
    for sign in signs:
        begin, end = folded.origin(sign.begin, sign.end)
        place = latest.get(sign.kind)
        if place is not None and begin < spans[place][1]:
            spans[place] = (spans[place][0], max(end, spans[place][1]), sign.kind.value)
        else:
            latest[sign.kind] = len(spans)
            spans.append((begin, end, sign.kind.value))
    return tuple(spans)
