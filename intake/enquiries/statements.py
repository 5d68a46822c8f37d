"""What each clause says: it asks for a demo, refuses a quote, speaks of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from intake.enquiries.grammars import Grammar, english, japanese
from intake.enquiries.words import Clause
from leads.enums import EnquirySign

REFUSED = {
    EnquirySign.QUOTE: EnquirySign.NO_QUOTE,
    EnquirySign.DEMO: EnquirySign.NO_DEMO,
    EnquirySign.TRIAL: EnquirySign.NO_TRIAL,
    EnquirySign.DOCUMENTS: EnquirySign.NO_DOCUMENTS,
    EnquirySign.CONTACT: EnquirySign.NO_CONTACT,
}
PARTICLES = frozenset("はがをもの")
TIMES = frozenset(
    ["今回", "今", "現在", "現状", "当面", "今後", "当社", "弊社", "うち", "私", "其の", "前回", "以前", "結果", "此方"]
)
DOUBTFUL = (EnquirySign.INTEREST, EnquirySign.WISH, EnquirySign.COMPARISON)


@dataclass(frozen=True, kw_only=True)
class Sign:
    """What the words text[begin:end] of the folded text tell, in the clause with that number."""

    kind: EnquirySign
    begin: int
    end: int
    clause: int


class Stance(Enum):
    """What a clause says of what it names."""

    ASKS = 1
    REFUSES = 2
    RECEIVED = 3
    NOTHING = 4


@dataclass(frozen=True)
class Named:
    """A topic that a clause names, and where in its line."""

    topic: EnquirySign
    begin: int
    end: int


def signs_of(clauses: Sequence[Clause]) -> list[Sign]:
    """Every sign that counts, in the order of the text. A topic is carried on to the clause that says what of it."""
    signs: list[Sign] = []
    carried: dict[EnquirySign, bool] = {}  # topics of the sentence so far, and whether it has said what of them
    before: list[Named] = []  # what the clause before named, in the same sentence
    for number, clause in enumerate(clauses):
        grammar = grammar_of(clause)
        if number and clause.sentence != clauses[number - 1].sentence:
            carried, before = dict.fromkeys(carried, True), []
        named = list(_named(clause, grammar))
        found = list(_statements(clause, grammar, number, named))
        found += _of_carried(clause, grammar, number, carried, found) if not named else []
        found += _taken_back(clause, grammar, number, before) if not named else []
        said = {sign.kind for sign in found}
        if named:
            carried = {one.topic: bool(said & {one.topic, REFUSED[one.topic]}) for one in named}
        elif found:
            carried = dict.fromkeys(carried, True)
        signs += found
        before = named
    return _undoubted(sorted(signs, key=lambda sign: (sign.begin, -sign.end)), clauses)


def grammar_of(clause: Clause) -> Grammar:
    return japanese() if clause.is_japanese else english()


def _named(clause: Clause, grammar: Grammar) -> Iterator[Named]:
    """Each topic where it is named first: the clause says one thing of it."""
    for topic, written in grammar.topics.items():
        if match := written.search(clause.line):
            yield Named(topic, match.start(), match.end())


def _statements(clause: Clause, grammar: Grammar, number: int, named: Sequence[Named]) -> Iterator[Sign]:
    for one in named:
        stance, end = _stance(clause, grammar, one)
        if stance is Stance.ASKS:
            yield _sign(one.topic, clause, number, min(one.begin, end), max(one.end, end))
        elif stance is Stance.REFUSES:
            yield _sign(REFUSED[one.topic], clause, number, min(one.begin, end), max(one.end, end))
    for match in grammar.prices.finditer(clause.line):
        if not grammar.refuses.search(clause.line) and not grammar.received.search(clause.line):
            yield _sign(EnquirySign.QUOTE, clause, number, *match.span())
    for kind, written in grammar.signs.items():
        for match in written.finditer(clause.line):
            yield _sign(kind, clause, number, *match.span())


def _stance(clause: Clause, grammar: Grammar, one: Named) -> tuple[Stance, int]:
    """What the clause says of a topic, and where it has said so."""
    begin = one.begin if grammar.verb_is_last else 0
    if refusal := _refusal(clause, grammar, one):
        return Stance.REFUSES, refusal.end() if grammar.verb_is_last else refusal.start()
    if received := grammar.received.search(clause.line, begin):
        return Stance.RECEIVED, received.end()
    if asked := grammar.asks.search(clause.line, begin):
        return Stance.ASKS, max(asked.end(), one.end) if grammar.verb_is_last else one.end
    if clause.is_question or _is_bare(clause, one):
        return Stance.ASKS, one.end
    return Stance.NOTHING, one.end


def _refusal(clause: Clause, grammar: Grammar, one: Named) -> re.Match[str] | None:
    """The words that refuse the topic: behind it in Japanese; before it, or saying so of it, in English."""
    if grammar.verb_is_last:
        return grammar.refuses.search(clause.line, one.begin)
    return grammar.refuses.search(clause.line)


def _is_bare(clause: Clause, one: Named) -> bool:
    """A note such as "demo, 20 users" asks by naming: no verb, nothing goes on behind it."""
    return not clause.is_open and not any(word.is_verbal for word in clause.words) and len(clause.words) < 12


def _of_carried(
    clause: Clause, grammar: Grammar, number: int, carried: Mapping[EnquirySign, bool], found: Sequence[Sign]
) -> Iterator[Sign]:
    """What a clause that names no topic says of those before it, or, where it refuses and names nothing, of the
    purchase.
    """
    refusal = grammar.refuses.search(clause.line)
    open_topics = [topic for topic, is_said in carried.items() if not is_said]
    if any(sign.kind is EnquirySign.REFUSAL for sign in found):
        return
    if refusal and not clause.is_question:
        kinds = [REFUSED[topic] for topic in open_topics]
        if not carried and not _names_something(clause, refusal.start()):
            kinds = [EnquirySign.REFUSAL]
        for kind in kinds:
            yield _sign(kind, clause, number, *refusal.span())
    elif (asked := grammar.asks.search(clause.line)) and not grammar.received.search(clause.line):
        for topic in open_topics:
            yield _sign(topic, clause, number, *asked.span())


def _taken_back(clause: Clause, grammar: Grammar, number: int, before: Sequence[Named]) -> Iterator[Sign]:
    """What the clause before asked for is refused by this one: "we asked for a quote, but no longer need it"."""
    refusal = grammar.refuses.search(clause.line)
    if refusal is None or clause.is_question:
        return
    if _names_something(clause, refusal.start()) and not grammar.means_it.search(clause.line):
        return
    for one in before:
        yield _sign(REFUSED[one.topic], clause, number, *refusal.span())


def _names_something(clause: Clause, before: int) -> bool:
    """Whether something else than time is refused: a noun with a particle, or in English any word behind."""
    if not clause.is_japanese:
        return len(clause.words) > 5
    nouns = len(clause.words_at(0, before))
    return any(
        word.is_noun and following.base in PARTICLES and word.base not in TIMES
        for word, following in pairwise(clause.words[: nouns + 1])
    )


def _sign(kind: EnquirySign, clause: Clause, number: int, begin: int, end: int) -> Sign:
    words = clause.words_at(begin, end)
    return Sign(kind=kind, begin=words[0].begin, end=words[-1].end, clause=number)


def _undoubted(signs: list[Sign], clauses: Sequence[Clause]) -> list[Sign]:
    """Vague words take back the interest of their whole sentence, but a request only in their own clause; a refusal
    takes back the interest of its clause.
    """
    doubts = [sign.clause for sign in signs if sign.kind is EnquirySign.VAGUE]
    sentences = {clauses[number].sentence for number in doubts}
    refusals = {sign.clause for sign in signs if sign.kind is EnquirySign.REFUSAL}
    return [
        sign
        for sign in signs
        if not (sign.kind in DOUBTFUL and (sign.clause in refusals or clauses[sign.clause].sentence in sentences))
        and not (sign.kind in REFUSED and sign.clause in doubts)
    ]
