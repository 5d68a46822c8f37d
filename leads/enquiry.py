"""How a reading is kept beside the text it was read from: in the activity's properties, flat, so that rules can ask.

`where: {field: properties.reading_temperature, op: "=", value: hot}`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leads.enums import EnquiryKind, EnquirySign, Temperature

LONGEST = 10_000  # characters of each text that are kept together; a reader may read fewer
# Properties that hold somebody's own words, read in this order as one text.
TEXTS = ("text", "message", "enquiry", "comment", "question")
# Ours alone: what a sender says under these names is dropped.
KIND, TEMPERATURE, COMPARISON = "reading_kind", "reading_temperature", "reading_comparison"
HEADCOUNT, HEADCOUNT_TO, TIMING = "reading_headcount", "reading_headcount_to", "reading_timing"
QUOTE, DEMO, TRIAL = "reading_quote", "reading_demo", "reading_trial"
DOCUMENTS, CONTACT, NO_CONTACT = "reading_documents", "reading_contact", "reading_no_contact"
SPANS, CLAUSES = "reading_spans", "reading_clauses"
# Types of activity that ask for something by themselves: for what, and how a text takes that back.
MEANT: Mapping[str, tuple[str, EnquirySign, EnquirySign]] = {
    "quote_request": (QUOTE, EnquirySign.QUOTE, EnquirySign.NO_QUOTE),
    "demo_request": (DEMO, EnquirySign.DEMO, EnquirySign.NO_DEMO),
}
NO_REQUEST = frozenset({EnquiryKind.PITCH, EnquiryKind.JOB, EnquiryKind.SUPPORT})
RESERVED = frozenset(
    {KIND, TEMPERATURE, COMPARISON, HEADCOUNT, HEADCOUNT_TO, TIMING, QUOTE, DEMO, TRIAL, DOCUMENTS, CONTACT, NO_CONTACT,
     SPANS, CLAUSES}
)  # fmt: skip
MOST_SPANS = 50


Span = tuple[int, int, str]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a text tells.

    `kind`: who speaks; of a pitch, an application or a support request nothing else is told. `wants` and `refuses`:
    what is asked for (quote, demo, trial, documents, contact) and what is not wanted (the same, refusal for buying at
    all). `headcount`: how many would use it, of a range the lower end; `headcount_to` its upper one. `timing` is a code
    (see timing.py), empty when no time is named. `spans` are (begin, end, sign) in characters of the text as it was
    sent, in order; `clauses` the same for the clauses they stand in, a row for each sign of a clause.
    `forbids_contact`: no contact at all is wished, so nothing is asked for.
    """

    kind: EnquiryKind
    temperature: Temperature
    wants: tuple[EnquirySign, ...]
    refuses: tuple[EnquirySign, ...]
    headcount: int | None
    headcount_to: int | None
    comparison: bool
    timing: str
    spans: tuple[Span, ...]
    clauses: tuple[Span, ...]
    forbids_contact: bool = False

    @property
    def quote(self) -> bool:
        """The fast lane."""
        return EnquirySign.QUOTE in self.wants


_reader: Callable[[str], Reading] | None = None


def register_reader(reader: Callable[[str], Reading]) -> None:
    """Let a higher app read enquiries, from its AppConfig.ready. The last one registered reads."""
    global _reader
    _reader = reader


def enquiry_of(properties: Mapping[str, Any]) -> str:
    """The words of an activity; empty when it has none. The spans of its reading are places in this."""
    texts = (properties.get(name) for name in TEXTS)
    return "\n".join(text[:LONGEST] for text in texts if isinstance(text, str) and text.strip())


def with_reading(properties: Mapping[str, Any], *, type: str = "") -> dict[str, Any]:
    """The properties without what a sender claims was read, and with what is read. What is unknown is left out.

    An activity whose `type` (its code) asks for a quote or a demo says so without a text, too; a text that clearly says
    otherwise wins: a pitch, an application, a cancellation, a refusal.
    """
    own = {name: value for name, value in properties.items() if name not in RESERVED}
    text = enquiry_of(own)
    reading = _reader(text) if text and _reader is not None else None
    read = own if reading is None else own | _values(reading)
    if type in MEANT:
        name, wanted, taken_back = MEANT[type]
        read[name] = reading is None or _leaves_standing(reading, wanted, taken_back)
    return read


def _leaves_standing(reading: Reading, wanted: EnquirySign, taken_back: EnquirySign) -> bool:
    """Whether a text lets the request stand that its activity makes; a vague one does."""
    if reading.kind in NO_REQUEST or reading.forbids_contact:
        return False
    is_taken_back = taken_back in reading.refuses or reading.temperature is Temperature.COLD
    return wanted in reading.wants or not is_taken_back


def _values(reading: Reading) -> dict[str, Any]:
    values = {
        KIND: reading.kind.value,
        TEMPERATURE: reading.temperature.value,
        HEADCOUNT: reading.headcount,
        HEADCOUNT_TO: reading.headcount_to,
        COMPARISON: reading.comparison,
        TIMING: reading.timing or None,
        QUOTE: reading.quote,
        DEMO: EnquirySign.DEMO in reading.wants or None,
        TRIAL: EnquirySign.TRIAL in reading.wants or None,
        DOCUMENTS: EnquirySign.DOCUMENTS in reading.wants or None,
        CONTACT: EnquirySign.CONTACT in reading.wants or None,
        NO_CONTACT: reading.forbids_contact or None,
        SPANS: [list(span) for span in reading.spans[:MOST_SPANS]] or None,
        CLAUSES: [list(clause) for clause in reading.clauses[:MOST_SPANS]] or None,
    }
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class StoredReading:
    """What a page shows of a reading; empty where there is none."""

    kind: str = ""
    temperature: str = ""
    headcount: int | None = None
    headcount_to: int | None = None
    spans: tuple[Span, ...] = ()
    clauses: tuple[Span, ...] = ()


def reading_in(properties: Mapping[str, Any]) -> StoredReading:
    """The reading that is stored; anything under our names that does not look like one is left out."""
    return StoredReading(
        kind=_one_of(EnquiryKind.values, properties.get(KIND)),
        temperature=_one_of(Temperature.values, properties.get(TEMPERATURE)),
        headcount=_number(properties.get(HEADCOUNT)),
        headcount_to=_number(properties.get(HEADCOUNT_TO)),
        spans=tuple(_spans(properties.get(SPANS))),
        clauses=tuple(_spans(properties.get(CLAUSES))),
    )


def _one_of(values: list[str], value: Any) -> str:
    return value if isinstance(value, str) and value in values else ""


def _number(value: Any) -> int | None:
    return value if type(value) is int else None


def _spans(values: Any) -> Iterator[Span]:
    for value in values if isinstance(values, list) else ():
        match value:
            case [int(begin), int(end), str(kind)] if not isinstance(begin, bool) and not isinstance(end, bool):
                yield begin, end, kind
