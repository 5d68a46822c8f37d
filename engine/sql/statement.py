"""The one statement: facts, points, groups, totals, verdicts and the next change; one row per lead in scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from psycopg.sql import Composable

from engine.catalog import Catalog
from engine.nodes import Condition, Document
from engine.sql.compiler import Compiler
from engine.sql.fragments import Parameters
from engine.sql.sources import Sources


class ScoreRow(NamedTuple):
    """The columns of the result, one row a lead. Points are hundredths; arrays follow the order of the version."""

    lead_id: int
    points: list[int]
    """One a rule, after the rule's cap (integer[]): what is stored as contributions."""
    uncapped: list[int]
    """One a rule, before its cap."""
    group_uncapped: list[int]
    """One a group: the sum of its rules."""
    group_bounded: list[int]
    """One a group: that sum within the group's bounds."""
    group_points: list[int]
    """One a group: after inactivity, what counts."""
    fit: int
    engagement: int
    qualification: int
    adjustments: int
    total_raw: int
    """Groups and adjustments, before 0 and 100 bound them."""
    total: int
    """0 to 10,000, like the three dimensions."""
    band: str
    grade: str
    inside: bool
    """The lead belongs to the model's audience; outside, everything is 0, nothing hot, and no stage met."""
    hot: list[bool]
    """One a hot definition: its condition holds."""
    holds: list[bool]
    """One a hot definition: a lead that is hot stays so."""
    again: list[bool]
    """One a hot definition: it is met, marked `again`, and an activity that it counts arrived while the lead rests."""
    woken: bool
    """An activity of the types that a resting lead waits for has arrived since it rests."""
    stage: str
    """mql or sql: the furthest stage whose rule holds; empty where none does, or the model has none."""
    matches: list[bool]
    """One for each extra condition passed to `compile_document`."""
    turns: list[datetime | None]
    """One for each extra condition: it keeps its verdict until then at least; None for ever."""
    next_change_at: datetime | None
    """Nothing visible changes before, if nothing but time happens; None for never."""


@dataclass(frozen=True, kw_only=True)
class CompiledStatement:
    """A SELECT and its parameters. Embed it as `FROM (...) AS scored`, or run it as it is."""

    query: Composable
    t: datetime
    values: Parameters

    @property
    def parameters(self) -> dict[str, Any]:
        """At the instant it was compiled for."""
        return self.values.values

    def moving_at(self, t: datetime) -> dict[str, Any]:
        """The parameters that differ at another one: the text stays, so that one plan serves a walk over many."""
        return self.values.moved(t - self.t)

    def parameters_for(self, sources: Sources, t: datetime) -> dict[str, Any]:
        """The parameters for other sources of the same shape, at another instant."""
        return self.parameters | sources.parameters() | self.moving_at(t)

    @property
    def sql(self) -> str:
        """The text with named placeholders (`%(p0)s`), for any cursor of psycopg or Django."""
        return self.query.as_string(None)


def compile_document(
    document: Document,
    catalog: Catalog,
    *,
    sources: Sources,
    t: datetime,
    conditions: Sequence[Condition] = (),
    next_change: bool = True,
    whole_points: bool = True,
) -> CompiledStatement:
    """The statement that scores the leads of `sources.scope` at `t`. The document has passed `check`.

    `conditions` are further ones to decide for each lead (segments, gates). Without `next_change`, its column is NULL
    and the statement cheaper: previews and back-tests need no horizon. Without `whole_points` it passes over whole
    points and grades, and stops only where a band, verdict, stage or hold could turn: for a walk ahead in long steps.
    """
    compiler = Compiler(
        document,
        catalog,
        sources=sources,
        t=t,
        conditions=conditions,
        next_change=next_change,
        whole_points=whole_points,
    )
    return CompiledStatement(
        query=compiler.select(ScoreRow._fields), t=t.astimezone(UTC), values=compiler.context.parameters
    )
