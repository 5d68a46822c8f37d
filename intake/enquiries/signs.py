"""The words of an enquiry that tell something: those that match a pattern and are neither denied nor doubted."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from intake.enquiries.denials import Denials
from intake.enquiries.patterns import CLAUSE_END, SENTENCE_END, patterns_for
from leads.enums import EnquirySign

FACTS = (EnquirySign.HEADCOUNT, EnquirySign.TIMING)


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A match of one pattern in the folded text."""

    kind: EnquirySign
    name: str
    begin: int
    end: int
    match: re.Match[str]


def signs_of(text: str) -> list[Sign]:
    """The signs that count, in the order of a folded text."""
    return _undoubted(_undenied(text), text)


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
