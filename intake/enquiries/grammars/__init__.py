"""What the rules of a language consist of. They are compiled (0.2 s) when a process reads its first enquiry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from leads.enums import EnquiryKind, EnquirySign


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """Patterns for the lines of clauses.

    A clause that names a topic (a quote, a demo) says something of it: asks for it, refuses it, has received it. The
    verb stands behind its topic in Japanese (`verb_is_last`) and before or behind it in English.
    `speakers` tell plainly who speaks, `hints` only together with others. `forbids` are words that wish no contact at
    all, `forbids_alone` those that do where nothing else is asked for; neither beside what is in `spares` or `limits`.
    `means_it` are words for what was named before.
    """

    topics: Mapping[EnquirySign, re.Pattern[str]]
    prices: re.Pattern[str]
    asks: re.Pattern[str]
    refuses: re.Pattern[str]
    received: re.Pattern[str]
    signs: Mapping[EnquirySign, re.Pattern[str]]
    speakers: Mapping[EnquiryKind, re.Pattern[str]]
    hints: Mapping[EnquiryKind, re.Pattern[str]]
    forbids: re.Pattern[str]
    forbids_alone: re.Pattern[str]
    spares: re.Pattern[str]
    limits: re.Pattern[str]
    means_it: re.Pattern[str]
    verb_is_last: bool


@cache
def japanese() -> Grammar:
    from intake.enquiries.grammars import japanese, japanese_speakers

    return Grammar(
        topics=japanese.TOPICS, prices=japanese.PRICES, asks=japanese.ASKS, refuses=japanese.REFUSES,
        received=japanese.RECEIVED, signs=japanese.SIGNS, speakers=japanese_speakers.SPEAKERS,
        hints=japanese_speakers.HINTS, forbids=japanese.FORBIDS, forbids_alone=japanese.FORBIDS_ALONE,
        spares=japanese.SPARES, limits=japanese.LIMITS, means_it=japanese.MEANS_IT, verb_is_last=True,
    )  # fmt: skip


@cache
def english() -> Grammar:
    from intake.enquiries.grammars import english, english_speakers

    return Grammar(
        topics=english.TOPICS, prices=english.PRICES, asks=english.ASKS, refuses=english.REFUSES,
        received=english.RECEIVED, signs=english.SIGNS, speakers=english_speakers.SPEAKERS,
        hints=english_speakers.HINTS, forbids=english.FORBIDS, forbids_alone=english.FORBIDS_ALONE,
        spares=english.SPARES, limits=english.LIMITS, means_it=english.MEANS_IT, verb_is_last=False,
    )  # fmt: skip
