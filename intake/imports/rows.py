"""One row of a file as values of fields; the plan that makes it is worked out once for the whole file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from intake.imports.fields import ACTIVITY_FIELDS, Setting
from intake.imports.kinds import Kind
from intake.imports.mapping import FileMapping, Unmappable, Wrong, field_of
from intake.imports.problems import Problem, problem
from intake.imports.reading import Cells
from intake.imports.vocabulary import Cleaner
from web.cleaning import CleaningError

CREATED, UPDATED, UNCHANGED, REJECTED = OUTCOMES = ("created", "updated", "unchanged", "rejected")
MISSING = {"activity.type": "no_type", "activity.occurred_at": "no_time", "outcome.result": "no_result",
           "outcome.decided_at": "no_time"}  # fmt: skip


@dataclass(slots=True)
class Row:
    """A row on its way in: what it says, and what became of it."""

    number: int
    cells: Cells
    values: dict[str, Any]
    problems: list[Problem]  # of its cells; known before the database is asked
    outcome: str = ""
    lead_id: int | None = None
    activity_id: int | None = None
    activity_key: str = ""
    before: dict[str, Any] | None = None
    notes: list[Problem] = field(default_factory=list)

    def forget(self) -> None:
        """Back to what the file says: the batch is tried again."""
        self.outcome, self.lead_id, self.activity_id, self.activity_key, self.before = "", None, None, "", None
        self.notes = []

    def reject(self, code: str, column: str = "", **params: Any) -> None:
        self.outcome = REJECTED
        self.note(code, column, **params)

    def note(self, code: str, column: str = "", **params: Any) -> None:
        self.notes.append(problem(code, column, **params))

    @property
    def all_problems(self) -> list[Problem]:
        return self.problems + self.notes


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One filled field of every row."""

    place: int
    column: str
    field: str
    values: dict[str, str]
    clean: Cleaner


class Plan:
    """How a row of this file becomes values. Raises Unmappable for constants and translations that fields refuse."""

    def __init__(
        self, mapping: FileMapping, kind: Kind, columns: list[str], setting: Setting, cleaners: dict[str, Cleaner]
    ) -> None:
        self.mapping, self.kind, self.width = mapping, kind, len(columns)
        self._fields = kind.fields() | {each.name: each for each in ACTIVITY_FIELDS}
        self._setting, self._cleaners = setting, cleaners
        self._problems: list[Wrong] = []
        self.entries = [self._entry(columns.index(column), column, name) for column, name in mapping.columns.items()]
        if mapping.activity:
            self.entries += [self._entry(columns.index(c), c, name) for _path, c, name in mapping.activity.columns()]
        constants = {name: self._constant(name, text) for name, text in mapping.constants.items()}
        self.fixed = {name: value for name, value in constants.items() if value is not None}
        if self._problems:
            raise Unmappable(self._problems)
        self.identity_column = next(c for c, name in mapping.columns.items() if name == mapping.identity_field)

    def _cleaner(self, name: str) -> Cleaner:
        known = self._cleaners.get(name)
        return known or field_of(name, self._fields).cleaner(self._setting)

    def _entry(self, place: int, column: str, name: str) -> Entry:
        clean, values = self._cleaner(name), self.mapping.values.get(name, {})
        for source, target in values.items():
            self._try(f"values.{name}.{source}", clean, target)
        return Entry(place=place, column=column, field=name, values=values, clean=clean)

    def _constant(self, name: str, text: str) -> Any:
        translated = self.mapping.values.get(name, {}).get(text, text)
        return self._try(f"constants.{name}", self._cleaner(name), translated)

    def _try(self, where: str, clean: Cleaner, text: str) -> Any:
        try:
            return clean(text) if text else None
        except CleaningError as error:
            self._problems.append(Wrong(where=where, code=error.code, params=error.params))
            return None

    def rows(self, numbered: Iterable[tuple[int, Cells]]) -> Iterator[Row]:
        for number, cells in numbered:
            yield self.row(number, cells)

    def row(self, number: int, cells: Cells) -> Row:
        """Clean one row; every problem is kept with its column. Cells missing at the end are empty ones."""
        values, problems = dict(self.fixed), list[Problem]()
        row = Row(number, cells, values, problems)
        if len(cells) > self.width and any(cells[self.width :]):
            problems.append(problem("cells", found=len(cells), expected=self.width))
            return row
        count = len(cells)
        for entry in self.entries:
            text = cells[entry.place].strip() if entry.place < count else ""
            if entry.values:
                text = entry.values.get(text, text)
            if not text:
                continue
            try:
                values[entry.field] = entry.clean(text)
            except CleaningError as error:
                found = problem(error.code, entry.column, **error.params)
                if found not in problems:  # a column can fill two fields: the lead's date and its activity's
                    problems.append(found)
        self._complete(row)
        return row

    def _complete(self, row: Row) -> None:
        if row.problems:
            return
        if self.mapping.identity_field not in row.values:
            row.problems.append(problem("no_identity", self.identity_column))
        row.problems += [problem(MISSING[name]) for name in self.kind.required if name not in row.values]
