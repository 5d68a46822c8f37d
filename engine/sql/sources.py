"""Where the rows come from, for whom, and up to when they were known: what a caller can swap."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from django.db.models import QuerySet
from psycopg import sql
from psycopg.sql import Composable

from engine.sql.fragments import compose


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A table, or a SELECT in parentheses with the table's columns; its own parameters are named (`%(history_at)s`)."""

    text: LiteralString
    parameters: Mapping[str, Any] = field(default_factory=dict)


# --- for whom --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LeadScope:
    """Which leads: a test on a column of lead ids (`{}`), and the ids as a CTE when a query chooses them.

    Of few leads (`is_small`) the activities are read once and kept; of many, each pass walks an index.
    """

    test: LiteralString | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    chosen: LiteralString | None = None
    is_small: bool = False

    def of(self, column: LiteralString) -> Composable | None:
        return None if self.test is None else compose(self.test, sql.SQL(column))


EVERYONE = LeadScope()
SMALL = 5_000
"""Leads whose activities fit into memory as they are, busy ones included."""


def only(ids: Sequence[int]) -> LeadScope:
    """These leads."""
    return LeadScope(
        test="{} = ANY(%(scope_ids)s::bigint[])", parameters={"scope_ids": bigints(ids)}, is_small=len(ids) <= SMALL
    )


def bigints(ids: Sequence[int]) -> str:
    """Ids for `%s::bigint[]`, as PostgreSQL reads them: of a list the driver looks at every element, which takes longer
    than finding the rows does."""
    return f"{{{','.join(map(str, ids))}}}"


def between(first: int, last: int) -> LeadScope:
    """The leads with ids from `first` to `last`, both included: a batch of a walk over all of them."""
    return LeadScope(
        test="{} BETWEEN %(scope_first)s::bigint AND %(scope_last)s::bigint",
        parameters={"scope_first": first, "scope_last": last},
    )


def among(leads: QuerySet[Any]) -> LeadScope:
    """The leads of a queryset: a filter, a segment's page, what a person may see."""
    text, values = leads.values("pk").query.sql_with_params()
    names = (f"scope_{index}" for index in range(len(values)))
    # Django's positional placeholders as named ones; `%%` stays.
    chosen: LiteralString = re.sub(r"%(.)", lambda match: f"%({next(names)})s" if match[1] == "s" else match[0], text)
    return LeadScope(
        test="{} IN (SELECT id FROM scope)",
        parameters={f"scope_{index}": value for index, value in enumerate(values)},
        chosen=chosen,
    )


# --- from where ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The relations that the engine reads, by default the live tables.

    For "as of t", replace `lead` and `company` by SELECTs of the rows valid at t. `known_at` also hides what was
    received, recorded or taken out later. Without a `model` there are no manual adjustments (a draft that nobody uses
    yet). `resting` are the leads whose hand-off has ended (lead_id, since, wake_types: ids of activity types that they
    wait for, or NULL); without it nobody asks again.
    """

    scope: LeadScope = EVERYONE
    model: int | None = None
    known_at: datetime | None = None
    lead: Relation = Relation(text="leads_lead")
    company: Relation = Relation(text="leads_company")
    source: Relation = Relation(text="leads_source")
    activity: Relation = Relation(text="leads_activity")
    answer: Relation = Relation(text="scoring_answer")
    option: Relation = Relation(text="scoring_option")
    adjustment: Relation = Relation(text="scoring_adjustment")
    resting: Relation | None = None

    @property
    def relations(self) -> tuple[Relation, ...]:
        always = (self.lead, self.company, self.source, self.activity, self.answer, self.option, self.adjustment)
        return always if self.resting is None else (*always, self.resting)

    @property
    def shape(self) -> tuple[object, ...]:
        """What the text of a statement depends on: sources of one shape differ in their parameters only."""
        scope, texts = self.scope, (relation.text for relation in self.relations)
        return (scope.test, scope.chosen, scope.is_small, self.model, self.known_at, *texts)

    def parameters(self) -> dict[str, Any]:
        """The parameters that scope and relations bring along; the same name means the same value."""
        found = dict(self.scope.parameters)
        for relation in self.relations:
            found |= relation.parameters
        return found


__all__ = ["EVERYONE", "LeadScope", "Relation", "Sources", "among", "between", "bigints", "only"]
