"""Reads an enquiry: which words tell something, which of them are denied, and what remains."""

from __future__ import annotations

from collections.abc import Iterable

from intake.enquiries.folded_text import FoldedText, fold
from intake.enquiries.numbers import number
from intake.enquiries.signs import Sign, signs_of
from intake.enquiries.timing import timing_of
from leads.enquiry import LONGEST, Reading, Span
from leads.enums import EnquirySign, Temperature

MOST_PEOPLE = 10_000_000


def read_enquiry(text: str) -> Reading:
    """The same text is always read the same way. At most its first 10,000 characters count."""
    folded = fold(text, LONGEST)
    signs = signs_of(folded.text)
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
        temperature=temperature_of(signs, is_concrete=bool(headcount or timing)),
        headcount=headcount,
        comparison=EnquirySign.COMPARISON in kinds,
        timing=timing,
        quote=EnquirySign.QUOTE in kinds,
        spans=spans_of(signs, folded),
    )


def temperature_of(signs: list[Sign], *, is_concrete: bool) -> Temperature:
    """A request for a quote is hot; else the last word counts: "not X, but considering Y", "considered, but no"."""
    if any(sign.kind is EnquirySign.QUOTE for sign in signs):
        return Temperature.HOT
    warms = {EnquirySign.INTEREST, EnquirySign.COMPARISON} | ({EnquirySign.WISH} if is_concrete else set())
    decisive = [sign.kind for sign in signs if sign.kind in warms or sign.kind is EnquirySign.REFUSAL]
    if not decisive:
        return Temperature.NEUTRAL
    return Temperature.COLD if decisive[-1] is EnquirySign.REFUSAL else Temperature.HOT


def spans_of(signs: Iterable[Sign], folded: FoldedText) -> tuple[Span, ...]:
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
