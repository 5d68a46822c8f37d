"""What ordered rules do to each other, found from what they say of made-up leads (`made_up_leads.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """About the rule at `place`, as a code: never (no lead can meet it), unreachable (rules above take all its leads,
    the first of them `other`), overlap (`other` takes some of them first)."""

    place: int
    code: str
    other: int | None = None


def findings_of(verdicts: Iterable[Sequence[bool]], takes: Sequence[bool]) -> list[Finding]:
    """What is found from the verdicts of leads: of each, whether it meets each rule.

    `takes` says of each rule whether it keeps every lead that meets it: one that follows a lead's owner lets those
    without one pass.
    """
    meets = [0] * len(takes)
    reached = [0] * len(takes)
    takers: list[set[int]] = [set() for _rule in takes]
    for lead in verdicts:
        taken_by: set[int] = set()
        for place, holds in enumerate(lead):
            if not holds:
                continue
            meets[place] += 1
            reached[place] += not taken_by
            takers[place] |= taken_by
            if takes[place]:
                taken_by.add(place)
    return list(_told(meets, reached, takers))


def _told(meets: Sequence[int], reached: Sequence[int], takers: Sequence[set[int]]) -> Iterator[Finding]:
    for place, leads in enumerate(meets):
        if not leads:
            yield Finding(place=place, code="never")
        elif not reached[place]:
            yield Finding(place=place, code="unreachable", other=min(takers[place]))
        elif takers[place]:
            yield Finding(place=place, code="overlap", other=min(takers[place]))
