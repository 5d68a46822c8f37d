"""One row of a file as values of fields; the plan that makes it is worked out once for the whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intake.imports.fields import (
    ACTIVITY_FIELDS,
    CONSENT,
    ENQUIRY,
    REFUSAL,
    CleaningContext,
    Remarked,
    may_answer_no,
    refusal,
)
from intake.imports.headers import says_refusal
from intake.imports.kinds import FileKind
from intake.imports.layout import Cells
from intake.imports.mapping import IDENTITY_FIELDS, FileMapping, MappingError, MappingProblem, field_of
from intake.imports.names import join_names
from intake.imports.problems import ERASED, RowProblem, row_problem
from intake.imports.vocabulary import Cleaner
from web.cleaning import CleaningError, folded, is_no_or_nothing
from web.spreadsheet import without_guard

CREATED, UPDATED, UNCHANGED, REJECTED = OUTCOMES = ("created", "updated", "unchanged", "rejected")
MISSING = {"activity.type": "no_type", "activity.occurred_at": "no_time", "outcome.result": "no_result",
           "outcome.decided_at": "no_time"}  # fmt: skip
PERSON_FIELDS = (*IDENTITY_FIELDS, "lead.name", "lead.phone")


@dataclass(slots=True)
class FileRow:
    """A row on its way in: what it says, and what became of it."""

    number: int
    cells: Cells
    values: dict[str, Any]
    problems: list[RowProblem]  # for which the row stays out; known before the database is asked
    remarks: list[RowProblem] = field(default_factory=list)  # on cells that stay out, or are read with care
    outcome: str = ""
    lead_id: int | None = None
    activity_id: int | None = None
    activity_key: str = ""
    before: dict[str, Any] | None = None
    notes: list[RowProblem] = field(default_factory=list)
    shares_address: bool = False  # with somebody else, whose it stays
    found_by: str = ""  # the column by which its lead was found

    def forget(self) -> None:
        """Back to what the file says: the batch is tried again."""
        self.outcome, self.lead_id, self.activity_id, self.activity_key, self.before = "", None, None, "", None
        self.notes, self.shares_address, self.found_by = [], False, ""

    def reject(self, code: str, column: str = "", **params: Any) -> None:
        self.outcome = REJECTED
        self.note(code, column, **params)

    def note(self, code: str, column: str = "", **params: Any) -> None:
        self.notes.append(row_problem(code, column, **params))

    @property
    def all_problems(self) -> list[RowProblem]:
        return self.problems + self.remarks + self.notes

    @property
    def is_erased(self) -> bool:
        """Whether it names somebody whose data was erased: nothing of it is kept."""
        return any(problem["code"] == ERASED for problem in self.problems)

    @property
    def is_company_only(self) -> bool:
        """Whether it names a company and nobody in it."""
        return "company.name" in self.values and not any(name in self.values for name in PERSON_FIELDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnPlan:
    """One filled field of every row; a cell that cannot be read rejects the row only where `is_needed`, and then only
    if nothing else says who the row is about."""

    place: int
    column: str
    field: str
    values: dict[str, str]
    clean: Cleaner
    clean_translated: Cleaner  # of what the mapping made of a text
    is_needed: bool


class RowPlan:
    """How a row of this file becomes values. Raises MappingError for constants and translations that fields refuse."""

    def __init__(
        self,
        mapping: FileMapping,
        kind: FileKind,
        columns: list[str],
        context: CleaningContext,
        cleaners: dict[str, Cleaner],
        *,
        is_sheet: bool = False,
    ) -> None:
        """`cleaners` are those of fields whose values depend on what the database knows, by the field's name. The rows
        of a sheet cannot be shifted: what stands right of the last column is no reason to refuse them."""
        self.mapping, self.kind, self.width, self.is_sheet = mapping, kind, len(columns), is_sheet
        self._fields = kind.fields() | {field.name: field for field in ACTIVITY_FIELDS}
        self._context, self._cleaners = context, cleaners
        self._problems: list[MappingProblem] = []
        self._empty = frozenset(folded(text) for text in mapping.empty)
        self._longest_empty = max(map(len, mapping.empty), default=0)
        mapped = mapping.pairs
        if mapping.activity:
            mapped += [(column, name) for _path, column, name in mapping.activity.columns()]
        planned = (self._column_plan(columns.index(column), column, name) for column, name in mapped)
        self.columns = sorted(planned, key=lambda column: column.place)
        self.fixed = self.constants()
        if self._problems:
            raise MappingError(self._problems)
        who = (column for column, name in mapping.pairs if name == mapping.identity_field)
        self.identity_column = next(who, "")
        spared = ("lead.email", "lead.external_id") if kind.makes_leads else ()
        self.spared = frozenset(column for column, name in mapping.pairs if name in spared)

    def constants(self) -> dict[str, Any]:
        """What the mapping says of all rows, cleaned."""
        fixed: dict[str, Any] = {}
        for name, text in self.mapping.constants.items():
            translated = self.mapping.values.get(name, {}).get(text, text)
            value = self._cleaned(f"constants.{name}", self._cleaner(name), translated)
            if value is not None:
                fixed[name] = value.value if isinstance(value, Remarked) else value
        return fixed

    def _cleaner(self, name: str) -> Cleaner:
        cleaner = self._cleaners.get(name)
        return cleaner or field_of(name, self._fields).cleaner(self._context)

    def _column_plan(self, place: int, column: str, name: str) -> ColumnPlan:
        clean, values = self._cleaner(name), self.mapping.values.get(name, {})
        for source, target in values.items():
            self._cleaned(f"values.{name}.{source}", clean, target)
        is_needed = name in (*IDENTITY_FIELDS, *self.kind.required, *self.kind.strict)
        return ColumnPlan(
            place=place,
            column=column,
            field=CONSENT if name == REFUSAL else name,
            values=values,
            clean=refusal if name == CONSENT and says_refusal(column) else clean,
            clean_translated=clean,
            is_needed=is_needed,
        )

    def _cleaned(self, where: str, clean: Cleaner, text: str) -> Any:
        """The value; a text that the field refuses is a problem of the mapping."""
        try:
            return clean(text) if text else None
        except CleaningError as error:
            self._problems.append(MappingProblem(where=where, code=error.code, params=error.params))
            return None

    def row(self, number: int, cells: Cells) -> FileRow:
        """Clean one row; every problem is kept with its column. Cells missing at the end are empty ones."""
        row = FileRow(number, cells, dict(self.fixed), [])
        if len(cells) > self.width and any(cells[self.width :]):
            if not self.is_sheet:
                row.problems.append(row_problem("cells", found=len(cells), expected=self.width))
                return row
            row.remarks.append(row_problem("cells_beyond"))
        count = len(cells)
        for column in self.columns:
            text = without_guard(cells[column.place].strip()) if column.place < count else ""
            if text and len(text) <= self._longest_empty and folded(text) in self._empty:
                text = text if is_no_or_nothing(text) and may_answer_no(column.field) else ""
            clean = column.clean
            if text in column.values:
                text, clean = column.values[text], column.clean_translated
            if text:
                self._fill(row, column, text, clean)
        join_names(row.values, self.mapping.names)
        self._spare(row)
        if not row.problems:
            self._check(row)
        return row

    def _fill(self, row: FileRow, column: ColumnPlan, text: str, clean: Cleaner) -> None:
        """Put the value of one cell into the row, or what is wrong with it."""
        try:
            value = clean(text)
        except CleaningError as error:
            problem = row_problem(error.code, column.column, **error.params)
            kept = row.problems if column.is_needed else row.remarks
            if problem not in kept:  # a column can fill two fields: the lead's date and its activity's
                kept.append(problem)
            return
        if isinstance(value, Remarked):
            row.remarks.append(row_problem(value.code, column.column, **value.params))
            value = value.value
        if column.field == ENQUIRY and ENQUIRY in row.values:
            value = f"{row.values[ENQUIRY]}\n{value}"
        if column.field == CONSENT and (value is None or row.values.get(CONSENT) is False):
            return  # nothing is said, or a refusal that another column knows of
        row.values[column.field] = value

    def _spare(self, row: FileRow) -> None:
        """An address or id that cannot be read stays out with a remark where the row says otherwise who it is about."""
        values = row.values
        is_known = any(name in values for name in (*IDENTITY_FIELDS, "lead.phone"))
        if is_known or ("lead.name" in values and "company.name" in values):
            row.remarks += [problem for problem in row.problems if problem["column"] in self.spared]
            row.problems = [problem for problem in row.problems if problem["column"] not in self.spared]

    def _check(self, row: FileRow) -> None:
        """What is missing: who it is, and what this kind of file must say."""
        values = row.values
        knows_who = any(name in values for name in IDENTITY_FIELDS)
        if self.kind.makes_leads:
            knows_who = knows_who or "company.name" in values or bool(values.get("lead.phone"))
        if not knows_who:
            row.problems.append(row_problem("no_identity", self.identity_column))
        row.problems += [row_problem(MISSING[name]) for name in self.kind.required if name not in values]
