"""`python -m benchmarks.speaker_words`: count the words of the labelled sentences for intake/enquiries/speaker.py.

Needed after a change of the sentences or of the rules of a language; a test holds the two together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from benchmarks.labelled import TUNING, Sentence, sentences_in
from intake.enquiries.folded_text import fold
from intake.enquiries.reader import READ_AT_MOST
from intake.enquiries.speaker import COUNTS, features, marks_of
from intake.enquiries.statements import signs_of
from intake.enquiries.words import clauses_of
from leads.enums import EnquiryKind

LEAST = 2  # a pair of words that stands in one sentence only tells nothing


Features = tuple[EnquiryKind, set[str]]


def features_of(sentence: Sentence) -> Features:
    """Who speaks, and what is counted of the sentence."""
    clauses = clauses_of(fold(sentence.text, READ_AT_MOST).text)
    return sentence.kind, features(clauses, signs_of(clauses), *marks_of(clauses))


def counts_of(rows: Iterable[Features]) -> dict[str, dict[str, int]]:
    """In how many sentences of each kind each feature stands."""
    counts: dict[str, Counter[str]] = {}
    for kind, found in rows:
        for feature in found:
            counts.setdefault(feature, Counter())[kind.value] += 1
    return {
        feature: dict(sorted(by_kind.items()))
        for feature, by_kind in sorted(counts.items())
        if " " not in feature or by_kind.total() >= LEAST
    }


def as_json(counts: Mapping[str, Mapping[str, int]]) -> str:
    """A feature a line, so that a change can be read."""
    lines = (f"{json.dumps(feature, ensure_ascii=False)}: {json.dumps(row)}" for feature, row in counts.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    COUNTS.write_text(as_json(counts_of(map(features_of, sentences_in(TUNING)))), encoding="utf-8")
