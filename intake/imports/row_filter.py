"""Which rows of a report or a dry run are wanted, as an address says it: behind every number stand its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from intake.imports.batches import SILENT
from intake.imports.rows import REJECTED

REMARKED, ACTIVITIES, COMPANIES = KINDS = ("remarked", "activities", "companies")  # beside the outcomes
LONGEST = 300


class HasRemark(Func):
    """Whether a list of problems has one that is counted: not only those that are said in silence."""

    function = "jsonb_path_exists"
    output_field = BooleanField()

    def __init__(self, column: str) -> None:
        spoken = " && ".join(f'@.code != "{code}"' for code in SILENT)
        super().__init__(F(column), Value(f"$[*] ? ({spoken})"), template="%(function)s(%(expressions)s::jsonpath)")


@dataclass(frozen=True, kw_only=True)
class RowFilter:
    """An outcome, or one of KINDS, or a problem: its code and its column; "" for all rows."""

    shown: str = ""
    code: str = ""
    column: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], known: Mapping[str, Any]) -> RowFilter:
        """What an address asks for; `known` are the outcomes that the list has. Anything else is no filter."""
        shown = query.get("outcome", "")
        code, column = (query.get(name, "").replace("\0", "")[:LONGEST] for name in ("problem", "column"))
        return cls(shown=shown if shown in known or shown in KINDS else "", code=code, column=column if code else "")

    @property
    def is_set(self) -> bool:
        return bool(self.shown or self.code)

    @property
    def query(self) -> str:
        """The filter as an address has it."""
        parts = {"outcome": self.shown, "problem": self.code, "column": self.column}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def of_rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a report or of a dry run that it lets through."""
        if self.code:
            rows = rows.filter(problems__contains=[{"code": self.code, "column": self.column}])
        if self.shown == REMARKED:
            return rows.filter(HasRemark("problems")).exclude(outcome=REJECTED)
        kinds = {ACTIVITIES: Q(activity_id__isnull=False), COMPANIES: Q(before__company__created=True)}
        return rows.filter(kinds.get(self.shown, Q(outcome=self.shown))) if self.shown else rows
