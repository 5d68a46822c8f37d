"""Reads an enquiry: clause by clause who speaks, what they ask for, what they refuse, and what remains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intake.enquiries.bans import bans_in
from intake.enquiries.folded_text import FoldedText, fold
from intake.enquiries.people import headcount_of, people_in
from intake.enquiries.speaker import Weights, learned_weights, speaker_of
from intake.enquiries.statements import REFUSED, Sign, signs_of
from intake.enquiries.timing import timings_in
from intake.enquiries.words import Clause, clauses_of
from leads.enquiry import Reading, Span
from leads.enums import EnquiryKind, EnquirySign, Temperature

READ_AT_MOST = 4_000  # characters; who has not said it by then does not say it
TOPIC_OF = {refused: topic for topic, refused in REFUSED.items()}
NEAR = {EnquirySign.QUOTE, EnquirySign.DEMO, EnquirySign.TRIAL}  # who asks for one of these is hot
LESS_PLAIN = {EnquirySign.WISH, EnquirySign.QUESTION}


def read_enquiry(text: str) -> Reading:
    """The same text is always read the same way. At most its first 4,000 characters count."""
    return reading_of(text, learned_weights())


def reading_of(text: str, weights: Weights) -> Reading:
    """The reading by what other sentences than ours would have taught of who speaks."""
    folded = fold(text, READ_AT_MOST)
    clauses = clauses_of(folded.text)
    signs = signs_of(clauses)
    wants, refuses = asked_and_refused(signs)
    bans = bans_in(clauses, asks=bool(wants))
    if bans:
        return banning(signs, bans, clauses, folded)
    speaker = speaker_of(clauses, signs, weights)
    if speaker.kind is not EnquiryKind.ENQUIRY:
        evidence = sorted(speaker.evidence, key=lambda sign: (sign.begin, -sign.end))
        return Reading(
            kind=speaker.kind, temperature=Temperature.NEUTRAL, wants=(), refuses=(), headcount=None, headcount_to=None,
            comparison=False, timing="", spans=spans_of(evidence, folded),
            clauses=clause_spans(evidence, clauses, folded),
        )  # fmt: skip
    people, timings = people_in(folded.text), timings_in(folded.text)
    headcount = headcount_of(people)
    facts = [fact(EnquirySign.HEADCOUNT, row.begin, row.end, clauses) for row in people]
    facts += [fact(EnquirySign.TIMING, begin, end, clauses) for begin, end, _code in timings]
    temperature = temperature_of(signs, wants, is_concrete=bool(headcount or timings))
    if temperature is Temperature.COLD and is_refused(signs):
        refuses = (*refuses, EnquirySign.REFUSAL)
    told = plainest(sorted([*signs, *facts], key=lambda sign: (sign.begin, -sign.end)))
    return Reading(
        kind=speaker.kind, temperature=temperature, wants=wants, refuses=refuses,
        headcount=headcount.count if headcount else None, headcount_to=headcount.most if headcount else None,
        comparison=any(sign.kind is EnquirySign.COMPARISON for sign in signs),
        timing=timings[0][2] if timings else "",
        spans=spans_of(told, folded), clauses=clause_spans(told, clauses, folded),
    )  # fmt: skip


def banning(signs: Sequence[Sign], bans: Sequence[Sign], clauses: Sequence[Clause], folded: FoldedText) -> Reading:
    """Who wishes no contact asks for nothing any more, whatever else the text names."""
    silenced = {sign.clause for sign in bans}
    told = sorted([*bans, *(sign for sign in signs if sign.clause not in silenced)], key=lambda sign: sign.begin)
    refuses = [*asked_and_refused(signs)[1], EnquirySign.NO_CONTACT]
    refuses += [EnquirySign.REFUSAL] if is_refused(signs) else []
    return Reading(
        kind=EnquiryKind.ENQUIRY, temperature=Temperature.COLD, wants=(),
        refuses=tuple(dict.fromkeys(refuses)), headcount=None, headcount_to=None,
        comparison=False, timing="", spans=spans_of(told, folded), clauses=clause_spans(told, clauses, folded),
        forbids_contact=True,
    )  # fmt: skip


def asked_and_refused(signs: Iterable[Sign]) -> tuple[tuple[EnquirySign, ...], tuple[EnquirySign, ...]]:
    """Of each topic the last word counts."""
    latest: dict[EnquirySign, EnquirySign] = {}
    for sign in signs:
        if sign.kind in REFUSED:
            latest[sign.kind] = sign.kind
        elif sign.kind in TOPIC_OF:
            latest[TOPIC_OF[sign.kind]] = sign.kind
    wants = tuple(topic for topic in REFUSED if latest.get(topic) is topic)
    return wants, tuple(REFUSED[topic] for topic in REFUSED if latest.get(topic) is REFUSED[topic])


def temperature_of(signs: Sequence[Sign], wants: Sequence[EnquirySign], *, is_concrete: bool) -> Temperature:
    """Who asks for a quote, a demo or a trial is hot; else the last word counts: "considered, but no"."""
    if NEAR.intersection(wants):
        return Temperature.HOT
    warm = {EnquirySign.INTEREST, EnquirySign.COMPARISON} | ({EnquirySign.WISH} if is_concrete else set())
    cold = {EnquirySign.REFUSAL, EnquirySign.NO_QUOTE}
    decisive = [sign.kind for sign in signs if sign.kind in warm | cold]
    if not decisive:
        return Temperature.NEUTRAL
    return Temperature.COLD if decisive[-1] in cold else Temperature.HOT


def plainest(signs: Sequence[Sign]) -> list[Sign]:
    """Those to be shown: a wish or a question only where its clause says nothing plainer."""
    plain = {sign.clause for sign in signs if sign.kind not in LESS_PLAIN}
    return [sign for sign in signs if sign.kind not in LESS_PLAIN or sign.clause not in plain]


def is_refused(signs: Iterable[Sign]) -> bool:
    return any(sign.kind is EnquirySign.REFUSAL for sign in signs)


def fact(kind: EnquirySign, begin: int, end: int, clauses: Sequence[Clause]) -> Sign:
    """A number or a time, in the clause that holds it."""
    number = next((place for place, clause in enumerate(clauses) if begin < clause.end), len(clauses) - 1)
    return Sign(kind=kind, begin=begin, end=end, clause=number)


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


def clause_spans(signs: Sequence[Sign], clauses: Sequence[Clause], folded: FoldedText) -> tuple[Span, ...]:
    """What each clause says, once."""
    spans = []
    for number, clause in enumerate(clauses):
        begin, end = folded.origin(clause.begin, clause.end)
        kinds = dict.fromkeys(sign.kind for sign in signs if sign.clause == number)
        spans += [(begin, end, kind.value) for kind in kinds]
    return tuple(spans)
