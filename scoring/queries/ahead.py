"""What becomes of a lead if nothing but time happens: the curve, and the very instants at which a verdict turns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import engine
from engine import Document, Sources
from engine.nodes import AnyOf, Op, ScoreLeaf
from engine.sql.evaluation_time import TICK
from scoring.queries.catalog import catalog
from scoring.queries.causes import State, Turn, questions, turns
from scoring.queries.prepared_statement import Run, prepared

AHEAD = timedelta(days=90)
DAYS = tuple(range(0, 91, 3))
STEPS = 120
"""Instants at which something could turn that one walk looks at: enough for a lead with hundreds of activities."""
STRIDE = timedelta(hours=12)
"""Past them the walk strides, and goes back to the instant of each turn it finds: the number of looks stays bounded."""
PACE = timedelta(seconds=1)
"""The shortest step: where rounding could flip at any moment, the walk takes a second and then looks inside it."""
FLIPS = 20
WANTED = {"cools", "heats", "band_changes"}

COLUMNS = ("total", "band", "inside", "hot", "holds", "stage", "uncapped", "adjustments", "matches", "next_change_at")
Curve = list[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """The coming 90 days. `seen_until` is where the walk ended: it needs no later turn once the lead cools or heats."""

    at: datetime
    until: datetime
    seen_until: datetime
    threshold: float | None
    zone: str
    curve: list[tuple[datetime, int]] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    def first(self, kind: str) -> Turn | None:
        return next((turn for turn in self.turns if turn.kind == kind), None)

    @property
    def pairs(self) -> Curve:
        """(days from the beginning, points), for drawing."""
        return [(self.days(instant), total / 100) for instant, total in self.curve]

    def days(self, instant: datetime) -> float:
        return (instant - self.at) / timedelta(days=1)

    def rows(self) -> list[tuple[datetime, int]]:
        """What the table behind the chart shows: the regular instants, and the turns between them."""
        return [(instant, total) for instant, total in self.curve if instant + TICK not in {t.at for t in self.turns}]

    @property
    def overall(self) -> list[Turn]:
        """The turns a person reads: those of single definitions only where nothing overall says the same."""
        said = {turn.text for turn in self.turns if turn.kind in ("cools", "heats")}
        return [turn for turn in self.turns if turn.kind in ("cools", "heats") or turn.text not in said]

    @property
    def marks(self) -> list[float]:
        """Where the drawing has an upright line: the instants of the turns, in days."""
        return sorted({self.days(turn.at) for turn in self.turns})


def look_ahead(document: Document, sources: Sources, t: datetime, *, kept_by: Collection[str] = ()) -> Ahead:
    """Walk from `t` on, over every instant at which a verdict could turn; then draw the total every few days.

    What it says depends on the lead alone, never on how busy the machine is: the number of looks is bounded, not their
    time. A lead with very many such instants is looked at every STRIDE after the first STEPS: of two turns that undo
    each other within one stride nothing is said. `kept_by` names the definition by which the lead is hot at `t`: only
    what has made a lead hot lets it go.
    """
    known = catalog()
    compiled = engine.compile_document(
        document, known, sources=sources, t=t, conditions=questions(document, known), whole_points=False
    )
    coming: list[Turn] = []
    until, seen = t + AHEAD, t
    makers = set(kept_by)
    with prepared(compiled, COLUMNS) as run:
        for before, after in _steps(run, t, until):
            seen = after.at
            makers |= {hot.name for hot, met in zip(document.hot, before.hot, strict=True) if met}
            new = turns(document, known, before, after, lambda at: _state(run, at))
            coming += [turn for turn in new if turn.kind != "lets_go" or turn.name in makers]
            if len(WANTED & {turn.kind for turn in coming}) == len(WANTED) - 1:  # it cools or heats first, never both
                break
        curve = curve_of(run, t, coming)
    return Ahead(
        at=t, until=until, seen_until=min(seen, until), threshold=threshold_of(document), zone=document.timezone,
        curve=curve, turns=coming,
    )  # fmt: skip


def curve_of(run: Run, t: datetime, coming: list[Turn]) -> list[tuple[datetime, int]]:
    """The total every few days from `t` on; where it jumps, both ends of the jump."""
    regular = {t + timedelta(days=day) for day in DAYS}
    ends = {end for turn in coming for end in (turn.at - TICK, turn.at)}
    return [(instant, row["total"]) for instant in sorted(regular | ends) if (row := run(instant))]


def _steps(run: Run, t: datetime, until: datetime) -> Iterator[tuple[State, State]]:
    """Neighbouring states of the walk: between the two of them no band, verdict, stage or hold turns."""
    state = _state(run, t)
    for _step in range(STEPS):
        if state is None or state.at >= until:
            return
        upcoming = _state(run, min(max(state.next_change_at or until, state.at + PACE), until))
        if upcoming is None:
            return
        if upcoming.verdicts != state.verdicts:
            state, upcoming = _narrowed(run, state, upcoming)
        yield state, upcoming
        state = upcoming
    if state is not None:
        yield from _strides(run, state, until)


def _strides(run: Run, state: State, until: datetime) -> Iterator[tuple[State, State]]:
    """Neighbouring states from here on, a stride apart; where a verdict differs, the two around the turn."""
    while state.at < until:
        upcoming = _state(run, min(state.at + STRIDE, until))
        if upcoming is None:
            return
        while upcoming.verdicts != state.verdicts and upcoming.at - state.at > TICK:
            middle = _state(run, state.at + (upcoming.at - state.at) // 2)
            if middle is None:
                return
            state, upcoming = (state, middle) if middle.verdicts != state.verdicts else (middle, upcoming)
        yield state, upcoming
        state = upcoming


def _narrowed(run: Run, state: State, turned: State) -> tuple[State, State]:
    """The last instant before the turn and the first after it; the database's resolution is the microsecond.

    Nothing turns before `next_change_at`, so a step longer than PACE ends at the turn itself. Within a second it goes
    from flip to flip, and halves what is left where those are too many.
    """
    flips = 0
    while PACE >= turned.at - state.at > TICK:
        flips += 1
        by_itself = state.next_change_at if flips < FLIPS else None
        middle = _state(run, min(by_itself or state.at + (turned.at - state.at) // 2, turned.at))
        if middle is None:
            break
        if middle.verdicts != state.verdicts:
            turned = middle
            state = state if flips >= FLIPS else replace(state, at=turned.at - TICK)
        else:
            state = middle
    return state, turned


def _state(run: Run, at: datetime) -> State | None:
    row = run(at)
    return None if row is None else State(at=at, **row)


def threshold_of(document: Document) -> float | None:
    """The total from which a lead is hot, where a definition names one."""
    for definition in document.hot:
        parts = definition.when.parts if isinstance(definition.when, AnyOf) else (definition.when,)
        for part in parts:
            if isinstance(part, ScoreLeaf) and part.score == "total" and part.op is Op.GE:
                return float(part.value)
    return None
