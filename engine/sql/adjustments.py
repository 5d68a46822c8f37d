"""Points given by hand: what is valid at t, and when the first of them begins or ends."""

from __future__ import annotations

from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.sql.context import StatementContext
from engine.sql.fragments import TRUE, compose

MOST: LiteralString = "1000000000::bigint"
"""Hundredths by which all adjustments of a lead together can move it; keeps their sum inside `integer`."""


class Adjustments:
    """The adjustments of one model; none when the sources name no model."""

    def __init__(self, context: StatementContext) -> None:
        self.sources, self.parameters, self.t = context.sources, context.parameters, context.t

    def ctes(self) -> list[tuple[str, Composable]]:
        if self.sources.model is None:
            return []
        query = compose(
            "SELECT lead_id, sum(points) FILTER (WHERE {valid}) AS points,"
            " least(min(starts_at) FILTER (WHERE starts_at > {t}), min(until) FILTER (WHERE {valid})) AS changes"
            " FROM {rows} GROUP BY lead_id",
            valid=self.valid(),
            t=self.t,
            rows=self.rows(),
        )
        return [("adjusted", query)]

    def rows(self) -> Composable:
        """FROM and WHERE of the model's adjustments in scope."""
        scope = self.sources.scope.of("lead_id")
        model = self.parameters(self.sources.model, "bigint")
        return compose(
            "{} AS adjustment WHERE model_id = {} AND {}", SQL(self.sources.adjustment.text), model, scope or TRUE
        )

    def valid(self) -> Composable:
        return compose("starts_at <= {t} AND (until IS NULL OR until > {t})", t=self.t)

    def given(self) -> Composable:
        """Hundredths that a lead has by hand."""
        if self.sources.model is None:
            return SQL("0::bigint")
        return compose("greatest(least(coalesce(adjusted.points, 0), {0}), -{0})", SQL(MOST))

    def changes(self) -> list[Composable]:
        return [] if self.sources.model is None else [SQL("adjusted.changes")]
