"""One lead under two documents, line by line: what it scores now and what it would score under the draft."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import Document
from leads.models import Lead
from scoring.models import ScoringModel
from scoring.queries.explain import explained
from scoring.queries.panel import Reading, reading
from scoring.queries.validation import language

LineKey = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class TrialLine:
    """A line of either waterfall; None where the other document has no such line."""

    text: str
    before: int | None
    after: int | None

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class TrialVerdict:
    """A hot definition or a stage under both documents; None where one of them has none of that name."""

    name: str
    before: bool | None
    after: bool | None

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Both sums. `before` is None where nothing is published."""

    before: Reading | None
    after: Reading
    lines: list[TrialLine]
    hot: list[TrialVerdict]


def trial_of(
    lead: Lead, model: ScoringModel, *, published: Document | None, draft: Document, at: datetime
) -> Trial | None:
    """What both documents say of the lead at `at`; None where nobody knew it then."""
    after = _reading(draft, lead, model, at)
    if after is None:
        return None
    before = _reading(published, lead, model, at) if published else None
    return Trial(before=before, after=after, lines=_lines(before, after), hot=_hot(before, after))


def _reading(document: Document, lead: Lead, model: ScoringModel, at: datetime) -> Reading | None:
    told = explained(document, lead=lead, model=model, at=at, language=language())
    return None if told is None else reading(told)


def _lines(before: Reading | None, after: Reading) -> list[TrialLine]:
    """The draft's lines in their order, each with its counterpart; at the end what only the other one has."""
    old, new = _by_place(before), _by_place(after)
    order = [*new, *(place for place in old if place not in new)]
    return [
        TrialLine(
            text=(new.get(place) or old[place]).text,
            before=old[place].points if place in old else None,
            after=new[place].points if place in new else None,
        )
        for place in order
    ]


def _by_place(told: Reading | None) -> dict[LineKey, Any]:
    """Lines by kind and words; the second of two that say the same is another place."""
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[LineKey, Any] = {}
    for step in told.steps if told else []:
        seen[step.kind, step.text] += 1
        found[step.kind, step.text, seen[step.kind, step.text]] = step
    return found


def _hot(before: Reading | None, after: Reading) -> list[TrialVerdict]:
    old = {each.name: each.met for each in [*before.hot, *before.stages]} if before else {}
    new = {each.name: each.met for each in [*after.hot, *after.stages]}
    names = [*new, *(name for name in old if name not in new)]
    return [TrialVerdict(name=name, before=old.get(name), after=new.get(name)) for name in names]
