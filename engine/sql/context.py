"""What all parts of one statement share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from psycopg.sql import Composable

from engine.catalog import Catalog
from engine.sql.evaluation_time import EvaluationTime, ShiftedInstant
from engine.sql.fragments import Parameters
from engine.sql.select_chain import ColumnLayout
from engine.sql.sources import Sources


@dataclass(frozen=True, kw_only=True)
class StatementContext:
    """Names (`catalog`), rows (`sources`), the instant (`time`), the values so far (`parameters`), and how lists of
    columns are laid out. Without `next_change` the statement does not say when anything changes."""

    catalog: Catalog
    sources: Sources
    time: EvaluationTime
    parameters: Parameters
    layout: ColumnLayout
    next_change: bool

    @classmethod
    def at(
        cls, t: datetime, zone: str, catalog: Catalog, *, sources: Sources, layout: ColumnLayout, next_change: bool
    ) -> Self:
        """For a statement at `t`, with the parameters that the sources bring along."""
        parameters = Parameters()
        parameters.adopt(sources.parameters())
        time = EvaluationTime(t=ShiftedInstant.of(t), zone=zone)
        parameters(time.t, "timestamptz")  # the first parameter of every statement
        return cls(
            catalog=catalog, sources=sources, time=time, parameters=parameters, layout=layout, next_change=next_change
        )

    @property
    def t(self) -> Composable:
        """The instant as a parameter."""
        return self.parameters(self.time.t, "timestamptz")
