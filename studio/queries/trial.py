"""One lead under two documents, line by line: what it scores now and what it would score under the draft."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from engine import Document
from leads.models import Lead
from scoring.models import ScoringModel
from scoring.queries.explain import explained
from scoring.queries.panel import ScoreReading, WaterfallStep, reading
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

    before: ScoreReading | None
    after: ScoreReading
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


def _reading(document: Document, lead: Lead, model: ScoringModel, at: datetime) -> ScoreReading | None:
    explanation = explained(document, lead=lead, model=model, at=at, language=language())
    return None if explanation is None else reading(explanation)


def _lines(before: ScoreReading | None, after: ScoreReading) -> list[TrialLine]:
    """The draft's lines in their order, each with its counterpart; at the end what only the published one has."""
    old, new = _steps_by_key(before), _steps_by_key(after)
    order = [*new, *(key for key in old if key not in new)]
    return [
        TrialLine(
            text=(new.get(key) or old[key]).text,
            before=old[key].points if key in old else None,
            after=new[key].points if key in new else None,
        )
        for key in order
    ]


def _steps_by_key(reading: ScoreReading | None) -> dict[LineKey, WaterfallStep]:
    """Steps by kind, words, and which of those with the same words it is."""
    seen: Counter[tuple[str, str]] = Counter()
    steps: dict[LineKey, WaterfallStep] = {}
    for step in reading.steps if reading else []:
        seen[step.kind, step.text] += 1
        steps[step.kind, step.text, seen[step.kind, step.text]] = step
    return steps


def _hot(before: ScoreReading | None, after: ScoreReading) -> list[TrialVerdict]:
    old = {verdict.name: verdict.met for verdict in [*before.hot, *before.stages]} if before else {}
    new = {verdict.name: verdict.met for verdict in [*after.hot, *after.stages]}
    names = [*new, *(name for name in old if name not in new)]
    return [TrialVerdict(name=name, before=old.get(name), after=new.get(name)) for name in names]
