"""A whole file, batch by batch: the loop that a rehearsal, a run and the command line share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from accounts.models import User
from background.transactions import retrying
from intake.imports import fields
from intake.imports.facts import Facts
from intake.imports.happenings import Happenings
from intake.imports.kinds import ACTIVITIES, LEADS, Kind
from intake.imports.mapping import FileMapping, parse
from intake.imports.people import People
from intake.imports.problems import told
from intake.imports.reading import numbered_rows
from intake.imports.rows import OUTCOMES, REJECTED, Plan, Row
from intake.imports.sources import Sources
from intake.imports.tables import Overtaken, Rehearsal, Tables
from intake.imports.vocabulary import Cleaner

BATCH = 2_000  # small enough that nobody waits long for its locks
ATTEMPTS = 5


class Writer(Protocol):
    """What turns good rows into facts of the database."""

    def prepare(self, rows: Sequence[Row]) -> None: ...

    def write(self, rows: Sequence[Row], *, now: datetime) -> Counter[str]: ...


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that passed the survey, with its mapping."""

    path: Path
    encoding: str
    delimiter: str
    columns: list[str]
    kind: Kind
    mapping: FileMapping
    by: User | None
    now: datetime

    def setting(self) -> fields.Setting:
        return fields.Setting(zone=self.mapping.zone, now=self.now)


@dataclass
class Tally:
    """What became of the rows so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: list[Row] = field(default_factory=list)

    def add(self, rows: Iterable[Row], made: Counter[str], *, keep: int = 10) -> None:
        self.made += made
        for row in rows:
            self.outcomes[row.outcome] += 1
            if len(self.first) < keep:
                self.first.append(row)
            if row.outcome == REJECTED:
                for one in row.all_problems:
                    name = f"{one['code']}|{one['column']}"
                    self.reasons[name] += 1
                    self.examples.setdefault(name, {"row": row.number, "problem": one})

    @property
    def counts(self) -> dict[str, int]:
        return {outcome: self.outcomes[outcome] for outcome in OUTCOMES}

    def told_reasons(self) -> list[tuple[int, str, int]]:
        """How often, why, and the first row it happened to; the most frequent first."""
        return [
            (times, told(self.examples[name]["problem"]), self.examples[name]["row"])
            for name, times in self.reasons.most_common()
        ]


def check_mapping(data: Any, *, kind: Kind, columns: list[str], now: datetime) -> FileMapping:
    """The mapping, ready to use. Raises Unmappable with all its problems."""
    types = fields.activity_types()
    mapping = parse(data, kind=kind, columns=columns, types=types)
    setting = fields.Setting(zone=mapping.zone, now=now)
    Plan(mapping, kind, columns, setting, _cleaners(Sources(), types))
    return mapping


def _cleaners(sources: Sources, types: dict[str, int]) -> dict[str, Cleaner]:
    """Fields whose values depend on what the database knows."""
    return {"lead.source": sources.clean, "activity.type": fields.type_cleaner(types)}


@contextmanager
def opened(file: File, *, rehearse: bool) -> Iterator[tuple[Plan, Writer, Sources]]:
    """The plan and the writer of a file. A rehearsal writes only to temporary tables, gone at the end."""
    types, sources = fields.activity_types(), Sources()
    plan = Plan(file.mapping, file.kind, file.columns, file.setting(), _cleaners(sources, types))
    tables = Rehearsal() if rehearse else Tables()
    facts = Facts(mapping=file.mapping, types=types, rehearsed=tables if rehearse else None)
    try:
        if file.kind is ACTIVITIES:
            yield plan, Happenings(identity=file.mapping.identity, by=file.by, facts=facts), sources
        else:
            yield plan, People(mapping=file.mapping, by=file.by, sources=sources, tables=tables, facts=facts), sources
    finally:
        if isinstance(tables, Rehearsal):
            tables.close()


def batches(file: File, plan: Plan, *, after: int = 0) -> Iterator[list[Row]]:
    numbered = numbered_rows(file.path, encoding=file.encoding, delimiter=file.delimiter, after=after)
    rows = plan.rows(numbered)
    while batch := list(islice(rows, BATCH)):
        yield batch


Save = Callable[[Sequence[Row], Counter[str]], None]


def write_batch(rows: list[Row], writer: Writer, *, now: datetime, save: Save) -> Counter[str]:
    """One transaction: the facts and what `save` keeps of them. Whoever was faster is read again."""
    good = [row for row in rows if not row.problems]
    writer.prepare(good)
    for _attempt in range(1, ATTEMPTS):
        try:
            return _write_once(rows, good, writer, now, save)
        except (Overtaken, IntegrityError):
            continue
    return _write_once(rows, good, writer, now, save)


@retrying
def _write_once(rows: list[Row], good: list[Row], writer: Writer, now: datetime, save: Save) -> Counter[str]:
    for row in rows:
        row.forget()
        row.outcome = REJECTED if row.problems else ""
    with transaction.atomic():
        made = writer.write(good, now=now) if good else Counter()
        save(rows, made)
    return made


def rehearse(file: File, *, progress: Callable[[int], None] = lambda done: None) -> tuple[Tally, list[str]]:
    """What a run would do, with the sources it would make. Writes nothing."""
    tally, done = Tally(), 0
    with opened(file, rehearse=True) as (plan, writer, sources):
        for batch in batches(file, plan):
            made = write_batch(batch, writer, now=file.now, save=lambda rows, made: None)
            tally.add(batch, made)
            done += len(batch)
            progress(done)
        return tally, sources.created


KINDS = {kind.code: kind for kind in (LEADS, ACTIVITIES)}
