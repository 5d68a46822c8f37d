"""A file written batch by batch: what a rehearsal, a run and the command line share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from accounts.models import User
from background.transactions import retrying_on
from intake.enquiries.reader import read_enquiry
from intake.imports import fields
from intake.imports.activity_log import ActivityLog
from intake.imports.activity_writer import ActivityWriter
from intake.imports.kinds import ACTIVITIES, FileKind
from intake.imports.layout import FileFormat, numbered_rows
from intake.imports.lead_tables import LeadTables, OvertakenError, RehearsalTables
from intake.imports.lead_writer import LeadWriter
from intake.imports.mapping import FileMapping, parse
from intake.imports.problems import ERASED, group_text, row_problem
from intake.imports.rows import OUTCOMES, REJECTED, FileRow, RowPlan
from intake.imports.sources import SourceRegistry
from intake.imports.vocabulary import Cleaner
from leads.enums import EnquiryKind
from leads.models import Lead
from leads.queries.erased import GivenPerson, erased_among

BATCH = 2_000  # small enough that nobody waits long for its locks
REASONS_KEPT = 50
MORE_EXAMPLES = 2  # of a reason, beside the first
ENQUIRIES_KEPT, ENQUIRY_SHOWN = 2, 200  # examples of each reading in a rehearsal, and their characters
SILENT = ("level_derived",)  # said in a row's report, not counted


class Writer(Protocol):
    """What turns good rows into facts of the database."""

    def prepare(self, rows: Sequence[FileRow]) -> None: ...

    def write(self, rows: Sequence[FileRow], *, now: datetime) -> Counter[str]: ...


@dataclass(frozen=True, kw_only=True)
class MappedFile:
    """A file that passed the survey, with its mapping."""

    path: Path
    format: FileFormat
    columns: list[str]
    kind: FileKind
    mapping: FileMapping
    by: User | None
    now: datetime

    def context(self) -> fields.CleaningContext:
        return fields.CleaningContext(
            zone=self.mapping.zone, now=self.now, dates=self.mapping.dates, year=self.mapping.year
        )

    def plan(self, cleaners: dict[str, Cleaner]) -> RowPlan:
        """How the rows become values; `cleaners` are those of fields that depend on what the database knows."""
        is_sheet = self.format.is_sheet
        return RowPlan(self.mapping, self.kind, self.columns, self.context(), cleaners, is_sheet=is_sheet)


@dataclass
class Tally:
    """What became of the rows so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)  # on rows that come in
    remarked: int = 0
    examples: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: list[FileRow] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)  # enquiries by what they are read as
    said: dict[str, list[str]] = field(default_factory=dict)  # the first of each

    def add(self, rows: Iterable[FileRow], made: Counter[str], *, keep: int = 10) -> None:
        self.made += made
        for row in rows:
            self.outcomes[row.outcome] += 1
            if len(self.first) < keep and not row.is_erased:
                self.first.append(row)
            is_out = row.outcome == REJECTED
            said = row.problems + row.notes if is_out else row.all_problems
            problems = [problem for problem in said if problem["code"] not in SILENT]
            self.remarked += is_remarked(row)
            for problem in problems:
                name = f"{is_out}|{problem['code']}|{problem['column']}"
                (self.reasons if is_out else self.remarks)[name] += 1
                example = self.examples.setdefault(name, {"row": row.number, "problem": problem, "more": []})
                if len(example["more"]) < MORE_EXAMPLES and problem not in (example["problem"], *example["more"]):
                    example["more"].append(problem)

    def read_enquiries(self, rows: Iterable[FileRow]) -> None:
        """Count as what the enquiries of rows that come in are read, with the first of each."""
        for row in rows:
            if row.outcome != REJECTED and (text := row.values.get(fields.ENQUIRY)):
                reading = read_enquiry(text)
                told = reading.temperature if reading.kind is EnquiryKind.ENQUIRY else reading.kind
                self.read[told.value] += 1
                said = self.said.setdefault(told.value, [])
                if len(said) < ENQUIRIES_KEPT:
                    said.append(text[:ENQUIRY_SHOWN])

    @property
    def counts(self) -> dict[str, int]:
        return {outcome: self.outcomes[outcome] for outcome in OUTCOMES}

    def findings(self, sources: list[str]) -> dict[str, Any]:
        """What a rehearsal found, as JSON, to be shown in anybody's language; `sources` are those it would make."""
        first = [
            {
                "number": row.number,
                "outcome": row.outcome,
                "problems": row.all_problems,
                "values": {
                    name: value if isinstance(value, str | int | float | list | None) else shown_value(value)
                    for name, value in row.values.items()
                },
            }
            for row in self.first
        ]
        said = {
            name: [{"times": times, **self.examples[key]} for key, times in counts.most_common(REASONS_KEPT)]
            for name, counts in (("reasons", self.reasons), ("remarks", self.remarks))
        }
        made = dict(self.made)
        read = [{"as": told, "times": times, "first": self.said[told]} for told, times in self.read.most_common()]
        return {
            "counts": self.counts, "made": made, "sources": sources, "remarked": self.remarked, **said, "first": first,
            "read": read,
        }  # fmt: skip

    def in_words(self, counts: Counter[str]) -> list[tuple[int, str, int]]:
        """Of `reasons` or `remarks`: how often, what, and the first row it happened to; the most frequent first."""
        return [
            (times, group_text([example["problem"], *example["more"]]), example["row"])
            for name, times in counts.most_common()
            if (example := self.examples[name])
        ]


def is_remarked(row: FileRow) -> bool:
    """Whether a row comes in with a remark that is counted."""
    return row.outcome != REJECTED and any(problem["code"] not in SILENT for problem in row.all_problems)


def shown_value(value: Any) -> str:
    """A value that JSON does not know as its text: days and instants in ISO form, amounts as they are written."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def check_mapping(data: Any, *, kind: FileKind, columns: list[str], now: datetime) -> FileMapping:
    """The mapping, ready to use. Raises MappingError with all its problems."""
    types = fields.activity_types()
    mapping = parse(data, kind=kind, columns=columns, types=types)
    context = fields.CleaningContext(zone=mapping.zone, now=now, dates=mapping.dates, year=mapping.year)
    RowPlan(mapping, kind, columns, context, _cleaners(SourceRegistry(), types))
    return mapping


def _cleaners(sources: SourceRegistry, types: dict[str, int]) -> dict[str, Cleaner]:
    """Fields whose values depend on what the database knows."""
    return {"lead.source": sources.clean, "activity.type": fields.type_cleaner(types)}


OpenedFile = tuple[RowPlan, Writer, SourceRegistry]


@contextmanager
def opened(file: MappedFile, *, rehearse: bool) -> Iterator[OpenedFile]:
    """The plan and the writer of a file. A rehearsal writes only to temporary tables, gone at the end."""
    types, sources = fields.activity_types(), SourceRegistry()
    plan = file.plan(_cleaners(sources, types))
    tables = RehearsalTables() if rehearse else LeadTables()
    log = ActivityLog(mapping=file.mapping, types=types, rehearsed=tables if rehearse else None)
    writer: Writer
    if file.kind is ACTIVITIES:
        writer = ActivityWriter(identity=file.mapping.identity, by=file.by, log=log)
    else:
        writer = LeadWriter(mapping=file.mapping, by=file.by, sources=sources, tables=tables, log=log)
    try:
        yield plan, writer, sources
    finally:
        if isinstance(tables, RehearsalTables):
            tables.close()


def row_batches(file: MappedFile, plan: RowPlan, *, after: int = 0) -> Iterator[list[FileRow]]:
    """The rows past `after`, cleaned, in lists of at most BATCH."""
    numbered = numbered_rows(file.path, file.format, after=after)
    rows = (plan.row(number, cells) for number, cells in numbered)
    while batch := list(islice(rows, BATCH)):
        yield batch


Save = Callable[[Sequence[FileRow], Counter[str]], None]


def write_batch(rows: list[FileRow], writer: Writer, *, now: datetime, save: Save) -> Counter[str]:
    """Write the good rows and call `save` in one transaction; returns what was made beside the leads.

    Tried again where somebody else added one of the leads meanwhile.
    """
    reject_erased([row for row in rows if not row.problems])
    good = [row for row in rows if not row.problems]
    writer.prepare(good)
    return _write_once(rows, good, writer, now, save)


def reject_erased(rows: Sequence[FileRow]) -> None:
    """Nobody whose data was erased comes back by a file, by an address or by our own number of the lead."""
    numbers = {row.values["lead.id"] for row in rows if "lead.id" in row.values}
    emptied = set(Lead.objects.filter(pk__in=numbers, erased_at__isnull=False).values_list("pk", flat=True))
    erased = erased_among([given_person(row.values) for row in rows])
    for place, row in enumerate(rows):
        if place in erased or row.values.get("lead.id") in emptied:
            row.problems.append(row_problem(ERASED))


def given_person(values: Mapping[str, Any]) -> GivenPerson:
    """Whom a row names."""
    emails = [email for email in (values.get("lead.email"), *values.get("lead.other_emails", ())) if email]
    said = {name: values.get(f"lead.{name}", "") for name in ("external_id", "phone", "name")}
    return GivenPerson(emails=emails, **said)


@retrying_on(OvertakenError, IntegrityError)
def _write_once(rows: list[FileRow], good: list[FileRow], writer: Writer, now: datetime, save: Save) -> Counter[str]:
    for row in rows:
        row.forget()
        row.outcome = REJECTED if row.problems else ""
    with transaction.atomic():
        made = writer.write(good, now=now) if good else Counter()
        save(rows, made)
    return made


def rehearse(
    file: MappedFile,
    *,
    progress: Callable[[int], None] = lambda done: None,
    keep: Callable[[Sequence[FileRow]], None] = lambda rows: None,
) -> tuple[Tally, list[str]]:
    """What a run would do, with the sources it would make. Writes nothing; `keep` gets the rows of each batch.

    `progress` hears how many rows are done.
    """
    tally, done = Tally(), 0
    with opener_of(file.kind)(file, rehearse=True) as (plan, writer, sources):
        for batch in row_batches(file, plan):
            made = write_batch(batch, writer, now=file.now, save=lambda rows, made: None)
            tally.add(batch, made)
            tally.read_enquiries(batch)
            done += len(batch)
            progress(done)
            keep(batch)
        return tally, sources.created


Opener = Callable[..., AbstractContextManager[OpenedFile]]
KINDS: dict[str, FileKind] = {}
_openers: dict[str, Opener] = {}


def register_kind(kind: FileKind, opener: Opener) -> None:
    """Offer a kind of file; called by an app when it is ready. `opener` takes a MappedFile and `rehearse`."""
    KINDS[kind.code] = kind
    _openers[kind.code] = opener


def opener_of(kind: FileKind) -> Opener:
    """What opens files of this kind for writing."""
    return _openers[kind.code]
