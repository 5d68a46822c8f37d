"""Reads an enquiry: which words tell something, which of them are denied, and what remains."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from intake.enquiries.denials import Denials
from intake.enquiries.folded_text import FoldedText, fold
from intake.enquiries.numbers import number
from intake.enquiries.patterns import CLAUSE_END, SENTENCE_END, patterns_for
from intake.enquiries.timing import timing_of
from leads.enquiry import LONGEST, Reading, Span
from leads.enums import EnquirySign, Temperature

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
    signs = _undoubted(_undenied(folded.text), folded.text)
    kinds = {sign.kind for sign in signs}
    # How many would use it, else how many people are named first.
    headcounts = [
        (sign.match["used"] is None, count)
        for sign in signs
        if sign.kind is EnquirySign.HEADCOUNT and (count := number(sign.match["number"])) and count <= MOST_PEOPLE
    ]
    headcount = min(headcounts, key=lambda row: row[0])[1] if headcounts else None
    timings = (timing_of(sign.name, sign.match) for sign in signs if sign.kind is EnquirySign.TIMING)
    timing = next((code for code in timings if code), "")
    return Reading(
        temperature=_temperature(signs, is_concrete=bool(headcount or timing)),
        headcount=headcount,
        comparison=EnquirySign.COMPARISON in kinds,
        timing=timing,
        quote=EnquirySign.QUOTE in kinds,
        spans=_spans(signs, folded),
    )


def _undenied(text: str) -> list[Sign]:
    """Every match that is not denied, in the order of the text; interest that is denied is a refusal, from the word to
    its "not"."""
    signs = [
        Sign(kind=pattern.kind, name=pattern.name, begin=match.start(), end=match.end(), match=match)
        for pattern in patterns_for(text)
        for match in pattern.regex.finditer(text)
    ]
    signs.sort(key=lambda sign: (sign.begin, -sign.end))
    denials = Denials(text)
    kept = []
    for sign in signs:
        denial = None
        if sign.kind not in (EnquirySign.REFUSAL, EnquirySign.VAGUE):
            denial = denials.denial_of(sign.begin, sign.end, is_fact=sign.kind in FACTS)
        if denial is None:
            kept.append(sign)
        elif sign.kind in (EnquirySign.INTEREST, EnquirySign.WISH):
            begin, end = min(sign.begin, denial[0]), max(sign.end, denial[1])
            kept.append(replace(sign, kind=EnquirySign.REFUSAL, begin=begin, end=end))
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


def _temperature(signs: list[Sign], *, is_concrete: bool) -> Temperature:
    """A request for a quote is hot; else the last word counts: "not X, but considering Y", "considered, but no"."""
    if any(sign.kind is EnquirySign.QUOTE for sign in signs):
        return Temperature.HOT
    warms = {EnquirySign.INTEREST, EnquirySign.COMPARISON} | ({EnquirySign.WISH} if is_concrete else set())
    decisive = [sign.kind for sign in signs if sign.kind in warms or sign.kind is EnquirySign.REFUSAL]
    if not decisive:
        return Temperature.NEUTRAL
    return Temperature.COLD if decisive[-1] is EnquirySign.REFUSAL else Temperature.HOT


def _spans(signs: Iterable[Sign], folded: FoldedText) -> tuple[Span, ...]:
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
