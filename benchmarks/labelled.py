"""Sentences that people labelled: what an enquiry says, as a person reads it. One JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from leads.enums import EnquiryKind, EnquirySign

SENTENCES = Path(__file__).parent.parent / "tests" / "intake" / "enquiries"
TUNING = SENTENCES / "tuning.jsonl"  # the rules were made with these, and the words are counted in them
MEASURING = SENTENCES / "measuring.jsonl"  # by somebody who had not seen the rules; never used to change them
PURCHASE = "purchase"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A text and its labels; `refuses` may hold REFUSAL, that the purchase itself is off."""

    text: str
    kind: EnquiryKind
    wants: frozenset[EnquirySign]
    refuses: frozenset[EnquirySign]
    is_hot: bool
    people: int | None


def sentences_in(path: Path) -> list[Sentence]:
    """All of a file. Raises KeyError or ValueError where a label is none."""
    return [_sentence(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _sentence(row: dict[str, object]) -> Sentence:
    labels = row["labels"]
    assert isinstance(labels, dict)
    kind = "enquiry" if labels["class"] == "buyer" else labels["class"]
    refused = ("refusal" if name == PURCHASE else f"no_{name}" for name in labels["negated"])
    return Sentence(
        text=str(row["text"]), kind=EnquiryKind(kind), wants=frozenset(map(EnquirySign, labels["wants"])),
        refuses=frozenset(map(EnquirySign, refused)), is_hot=labels["hot"], people=labels["people"],
    )  # fmt: skip
