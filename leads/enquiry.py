"""How a reading is kept beside the text it was read from: in the activity's properties, flat, so that rules can ask.

`where: {field: properties.reading_temperature, op: "=", value: hot}`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leads.enums import Temperature

LONGEST = 10_000  # characters; who has not said it by then does not say it
# Properties that hold somebody's own words, read in this order as one text.
TEXTS = ("text", "message", "enquiry", "comment", "question")
# Ours alone: what a sender says under these names is dropped.
TEMPERATURE, HEADCOUNT, COMPARISON = "reading_temperature", "reading_headcount", "reading_comparison"
TIMING, QUOTE, SPANS = "reading_timing", "reading_quote", "reading_spans"
RESERVED = frozenset({TEMPERATURE, HEADCOUNT, COMPARISON, TIMING, QUOTE, SPANS})
MOST_SPANS = 50


Span = tuple[int, int, str]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a text tells. `spans` are (begin, end, kind) in characters of the text as it was sent, in order.

    `timing` is a code (see timing.py), empty when no time is named; `quote` is the fast lane.
    """

    temperature: Temperature
    headcount: int | None
    comparison: bool
    timing: str
    quote: bool
    spans: tuple[Span, ...]


_reader: Callable[[str], Reading] | None = None


def register_reader(reader: Callable[[str], Reading]) -> None:
    """Let a higher app read enquiries, from its AppConfig.ready. The last one registered reads."""
    global _reader
    _reader = reader


def enquiry_of(properties: Mapping[str, Any]) -> str:
    """The words of an activity; empty when it has none. The spans of its reading are places in this."""
    texts = (properties.get(name) for name in TEXTS)
    return "\n".join(text[:LONGEST] for text in texts if isinstance(text, str) and text.strip())


def with_reading(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties without what a sender claims was read, and with what is read. What is unknown is left out."""
    own = {name: value for name, value in properties.items() if name not in RESERVED}
    text = enquiry_of(own)
    if not text or _reader is None:
        return own
    reading = _reader(text)
    values = {
        TEMPERATURE: reading.temperature.value,
        HEADCOUNT: reading.headcount,
        COMPARISON: reading.comparison,
        TIMING: reading.timing or None,
        QUOTE: reading.quote,
        SPANS: [list(span) for span in reading.spans[:MOST_SPANS]] or None,
    }
    return own | {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class StoredReading:
    """What a page shows of a reading; empty where there is none."""

    temperature: str = ""
    headcount: int | None = None
    spans: tuple[Span, ...] = ()


def reading_in(properties: Mapping[str, Any]) -> StoredReading:
    """The reading that is stored; anything under our names that does not look like one is left out."""
    temperature, headcount = properties.get(TEMPERATURE), properties.get(HEADCOUNT)
    spans = properties.get(SPANS)
    return StoredReading(
        temperature=temperature if isinstance(temperature, str) and temperature in Temperature.values else "",
        headcount=headcount if type(headcount) is int else None,
        spans=tuple(_spans(spans)) if isinstance(spans, list) else (),
    )


def _spans(values: list[Any]) -> Iterator[Span]:
    for value in values:
        match value:
            case [int(begin), int(end), str(kind)] if not isinstance(begin, bool) and not isinstance(end, bool):
                yield begin, end, kind
