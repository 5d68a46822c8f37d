"""Words that wish no contact at all: "never contact us again", 今後一切連絡しないでください, "unsubscribe me".

"No need to call, mail is fine" is a preference, "not before Monday" a time, "if you wish no mails" for whoever it
concerns: none of them forbids anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intake.enquiries.statements import Sign, grammar_of
from intake.enquiries.words import Clause
from leads.enums import EnquirySign


def bans_in(clauses: Sequence[Clause], *, asks: bool) -> list[Sign]:
    """The words that forbid to contact whoever wrote them; `asks` where the text asks for something beside them."""
    if any(grammar_of(clause).spares.search(clause.line) for clause in clauses):
        return []
    limited = {clause.sentence for clause in clauses if grammar_of(clause).limits.search(clause.line)}
    return [
        sign
        for number, clause in enumerate(clauses)
        if clause.sentence not in limited
        for sign in _said(clause, number, asks=asks)
    ]


def _said(clause: Clause, number: int, *, asks: bool) -> Iterator[Sign]:
    grammar = grammar_of(clause)
    match = grammar.forbids.search(clause.line) or (None if asks else grammar.forbids_alone.search(clause.line))
    if match and (words := clause.words_at(*match.span())):
        yield Sign(kind=EnquirySign.CONTACT_BAN, begin=words[0].begin, end=words[-1].end, clause=number)
