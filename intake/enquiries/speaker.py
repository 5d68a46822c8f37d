"""Who speaks: somebody who may buy, who sells, who looks for work, who needs help with what they have.

The rules of the languages mark words that tell (`speakers`). What they miss is told by the words themselves: how often
each word and pair of words stands in labelled sentences of each kind (`speaker_words.json`, counted by
`python -m benchmarks.speaker_words`), as in a complement naive Bayes classifier.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from intake.enquiries.statements import Sign, grammar_of
from intake.enquiries.words import Clause
from leads.enums import EnquiryKind, EnquirySign

COUNTS = Path(__file__).with_name("speaker_words.json")
SIGN_OF = {
    EnquiryKind.PITCH: EnquirySign.PITCH,
    EnquiryKind.JOB: EnquirySign.JOB,
    EnquiryKind.SUPPORT: EnquirySign.SUPPORT,
    EnquiryKind.OTHER: EnquirySign.OTHER,
}
Counts = Mapping[str, Mapping[str, int]]
"""In how many sentences of each kind a feature stands."""
Weights = Mapping[EnquiryKind, Mapping[str, float]]
# Who asks for one of these wants to buy, unless a rule marks him as somebody else. Who sells speaks of them as well.
BUYERS_ASK = frozenset({EnquirySign.QUOTE, EnquirySign.DEMO, EnquirySign.TRIAL})
SHORT = 9  # words; with none that tells anything it is a greeting
MARKS_WEIGH = 3  # a mark of ours is worth as much as three words


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """`evidence`: the words that say so where it is nobody who may buy."""

    kind: EnquiryKind
    evidence: tuple[Sign, ...] = ()


def speaker_of(clauses: Sequence[Clause], signs: Sequence[Sign], weights: Weights) -> Speaker:
    """The kind of speaker whose sentences are most like these."""
    if not any(clause.words for clause in clauses):
        return Speaker(kind=EnquiryKind.OTHER)
    plain, hints = marks_of(clauses)
    found = features(clauses, signs, plain, hints)
    points = {kind: sum(own.get(feature, 0.0) for feature in found) for kind, own in weights.items()}
    kind = max(points, key=lambda kind: points[kind])
    if kind is EnquiryKind.ENQUIRY:
        return Speaker(kind=kind)
    evidence = tuple(sign for sign in (*plain, *hints) if sign.kind is SIGN_OF[kind])
    if not evidence and kind is not EnquiryKind.PITCH and any(sign.kind in BUYERS_ASK for sign in signs):
        return Speaker(kind=EnquiryKind.ENQUIRY)
    is_short = sum(len(clause.words) for clause in clauses) <= SHORT
    if kind is EnquiryKind.PITCH and not signs and not evidence and is_short:
        return Speaker(kind=EnquiryKind.OTHER)
    return Speaker(kind=kind, evidence=evidence or (_likest(clauses, kind, weights),))


def features(
    clauses: Iterable[Clause], signs: Iterable[Sign], plain: Iterable[Sign], hints: Iterable[Sign]
) -> set[str]:
    """What is counted of a text: words, pairs of words with at most one between them, and marks of ours: =quote, =pitch
    for words that tell it plainly, =pitch+ for two of them, =pitch? for hints.
    """
    plain = list(plain)
    often = Counter(sign.kind for sign in plain)
    found = {f"={sign.kind}" for sign in (*signs, *plain)} | {f"={sign.kind}?" for sign in hints}
    found |= {f"={kind}+" for kind, times in often.items() if times > 1}
    for clause in clauses:
        found |= words_of(clause)
    return found


def words_of(clause: Clause) -> set[str]:
    """The words and pairs of words of a clause; every number is #, ^ and $ are its ends."""
    words = ["#" if word.base[0].isdigit() else word.base for word in clause.words if word.base not in "。、.,"]
    row = ["^", *words, "$"]
    pairs = {f"{one} {two}" for one, two in pairwise(row)}
    return {*words, *pairs, *(f"{one} * {two}" for one, two in zip(row, row[2:], strict=False))}


def marks_of(clauses: Sequence[Clause]) -> tuple[list[Sign], list[Sign]]:
    """What the rules say of the speaker: plainly, and as a hint."""
    plain, hints = [], []
    for number, clause in enumerate(clauses):
        grammar = grammar_of(clause)
        plain += list(_marked(clause, number, grammar.speakers))
        hints += list(_marked(clause, number, grammar.hints))
    return plain, hints


def _marked(clause: Clause, number: int, rules: Mapping[EnquiryKind, re.Pattern[str]]) -> Iterator[Sign]:
    for kind, written in rules.items():
        for match in written.finditer(clause.line):
            words = clause.words_at(*match.span())
            yield Sign(kind=SIGN_OF[kind], begin=words[0].begin, end=words[-1].end, clause=number)


def _likest(clauses: Sequence[Clause], kind: EnquiryKind, weights: Weights) -> Sign:
    """The clause that is least like one of a buyer, where no rule marks a word."""
    own, buyer = weights[kind], weights[EnquiryKind.ENQUIRY]
    leads = [sum(own.get(word, 0.0) - buyer.get(word, 0.0) for word in words_of(clause)) for clause in clauses]
    number = leads.index(max(leads))
    return Sign(kind=SIGN_OF[kind], begin=clauses[number].begin, end=clauses[number].end, clause=number)


@cache
def learned_weights() -> Weights:
    """Those of the sentences that were counted; read when the first enquiry is."""
    return weights_from(json.loads(COUNTS.read_text(encoding="utf-8")))


def weights_from(counts: Counts) -> Weights:
    """How much each feature speaks for each kind: minus the logarithm of how often it stands in all the others."""
    totals = Counter[str]()
    for by_kind in counts.values():
        totals.update(by_kind)
    return {
        kind: {
            feature: -_weight(feature) * math.log(
                (sum(by_kind.values()) - by_kind.get(kind.value, 0) + 1)
                / (totals.total() - totals[kind.value] + len(counts))
            )
            for feature, by_kind in counts.items()
        }
        for kind in EnquiryKind
    }  # fmt: skip


def _weight(feature: str) -> int:
    return MARKS_WEIGH if feature.startswith("=") and len(feature) > 1 else 1
