"""One row of a file as values of fields; the plan that makes it is worked out once for the whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intake.imports.fields import ACTIVITY_FIELDS, CleaningContext
from intake.imports.kinds import FileKind
from intake.imports.layout import Cells
from intake.imports.mapping import FileMapping, MappingError, MappingProblem, field_of
from intake.imports.problems import RowProblem, row_problem
from intake.imports.vocabulary import Cleaner
from web.cleaning import CleaningError

CREATED, UPDATED, UNCHANGED, REJECTED = OUTCOMES = ("created", "updated", "unchanged", "rejected")
MISSING = {"activity.type": "no_type", "activity.occurred_at": "no_time", "outcome.result": "no_result",
           "outcome.decided_at": "no_time"}  # fmt: skip


@dataclass(slots=True)
class FileRow:
    """A row on its way in: what it says, and what became of it."""

    number: int
    cells: Cells
    values: dict[str, Any]
    problems: list[RowProblem]  # of its cells; known before the database is asked
    outcome: str = ""
    lead_id: int | None = None
    activity_id: int | None = None
    activity_key: str = ""
    before: dict[str, Any] | None = None
    notes: list[RowProblem] = field(default_factory=list)

    def forget(self) -> None:
        """Back to what the file says: the batch is tried again."""
        self.outcome, self.lead_id, self.activity_id, self.activity_key, self.before = "", None, None, "", None
        self.notes = []

    def reject(self, code: str, column: str = "", **params: Any) -> None:
        self.outcome = REJECTED
        self.note(code, column, **params)

    def note(self, code: str, column: str = "", **params: Any) -> None:
        self.notes.append(row_problem(code, column, **params))

    @property
    def all_problems(self) -> list[RowProblem]:
        return self.problems + self.notes


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnPlan:
    """One filled field of every row."""

    place: int
    column: str
    field: str
    values: dict[str, str]
    clean: Cleaner


class RowPlan:
    """How a row of this file becomes values. Raises MappingError for constants and translations that fields refuse."""

    def __init__(
        self,
        mapping: FileMapping,
        kind: FileKind,
        columns: list[str],
        context: CleaningContext,
        cleaners: dict[str, Cleaner],
    ) -> None:
        """`cleaners` are those of fields whose values depend on what the database knows, by the field's name."""
        self.mapping, self.kind, self.width = mapping, kind, len(columns)
        self._fields = kind.fields() | {field.name: field for field in ACTIVITY_FIELDS}
        self._context, self._cleaners = context, cleaners
        self._problems: list[MappingProblem] = []
        mapped = list(mapping.columns.items())
        if mapping.activity:
            mapped += [(column, name) for _path, column, name in mapping.activity.columns()]
        self.columns = [self._column_plan(columns.index(column), column, name) for column, name in mapped]
        self.fixed: dict[str, Any] = {}
        for name, text in mapping.constants.items():
            translated = mapping.values.get(name, {}).get(text, text)
            value = self._cleaned(f"constants.{name}", self._cleaner(name), translated)
            if value is not None:
                self.fixed[name] = value
        if self._problems:
            raise MappingError(self._problems)
        self.identity_column = next(c for c, name in mapping.columns.items() if name == mapping.identity_field)

    def _cleaner(self, name: str) -> Cleaner:
        cleaner = self._cleaners.get(name)
        return cleaner or field_of(name, self._fields).cleaner(self._context)

    def _column_plan(self, place: int, column: str, name: str) -> ColumnPlan:
        clean, values = self._cleaner(name), self.mapping.values.get(name, {})
        for source, target in values.items():
            self._cleaned(f"values.{name}.{source}", clean, target)
        return ColumnPlan(place=place, column=column, field=name, values=values, clean=clean)

    def _cleaned(self, where: str, clean: Cleaner, text: str) -> Any:
        """The value; a text that the field refuses is a problem of the mapping."""
        try:
            return clean(text) if text else None
        except CleaningError as error:
            self._problems.append(MappingProblem(where=where, code=error.code, params=error.params))
            return None

    def row(self, number: int, cells: Cells) -> FileRow:
        """Clean one row; every problem is kept with its column. Cells missing at the end are empty ones."""
        values, problems = dict(self.fixed), list[RowProblem]()
        row = FileRow(number, cells, values, problems)
        if len(cells) > self.width and any(cells[self.width :]):
            problems.append(row_problem("cells", found=len(cells), expected=self.width))
            return row
        count = len(cells)
        for column in self.columns:
            text = cells[column.place].strip() if column.place < count else ""
            if column.values:
                text = column.values.get(text, text)
            if not text:
                continue
            try:
                values[column.field] = column.clean(text)
            except CleaningError as error:
                problem = row_problem(error.code, column.column, **error.params)
                if problem not in problems:  # a column can fill two fields: the lead's date and its activity's
                    problems.append(problem)
        if not problems:
            if self.mapping.identity_field not in values:
                problems.append(row_problem("no_identity", self.identity_column))
            problems += [row_problem(MISSING[name]) for name in self.kind.required if name not in values]
        return row
