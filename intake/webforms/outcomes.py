"""What became of those who sent a form, in words: higher rooms know scores and hand-offs and say it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

OutcomeReader = Callable[[Mapping[int, datetime]], Mapping[int, list[str]]]
"""From leads, each with when it sent something, to what happened since, in the reader's language."""

_readers: list[OutcomeReader] = []


def register_outcome_reader(reader: OutcomeReader) -> None:
    _readers.append(reader)


def outcomes_of(leads: Mapping[int, datetime]) -> dict[int, list[str]]:
    """What happened to each lead since, in the order of the rooms."""
    found: dict[int, list[str]] = {lead: [] for lead in leads}
    for reader in _readers:
        for lead, words in reader(leads).items():
            found[lead] += words
    return found
