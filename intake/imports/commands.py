"""What the import commands share: a file and a mapping from disk, the browser's own code path, words at the end."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from intake.imports import running
from intake.imports.kinds import Kind
from intake.imports.mapping import Unmappable, load_yaml
from intake.imports.problems import Unreadable
from intake.imports.reading import Layout, survey
from intake.imports.report import save_rows
from intake.imports.rows import Plan, Row
from intake.imports.running import File, Tally, Writer
from intake.imports.sources import Sources
from intake.models import LeadImport
from leads.enums import ImportState

SHOWN_REASONS = 20


class ImportCommand(BaseCommand):
    """Reads FILE as MAPPING says. Ends with 0 and a summary; with 2 where the input stopped it."""

    kind: Kind
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
        parser.add_argument("--mapping", type=Path, required=True, metavar="M.yaml", help="which column is what")
        parser.add_argument("--encoding", default="", help="utf-8, cp932 or euc_jp, where it is not found out right")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")

    def opened(self, file: File, *, rehearse: bool) -> AbstractContextManager[tuple[Plan, Writer, Sources]]:
        """Where rows go; commands of other apps send them elsewhere."""
        return running.opened(file, rehearse=rehearse)

    def handle(self, *args: Any, file: Path, mapping: Path, encoding: str, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        began = time.monotonic()
        layout, data = self._layout(file, encoding), self._document(mapping)
        found = self._file(file, layout, data, mapping, now)
        self.stderr.write(f"{file.name}: {layout.rows} rows, {layout.encoding}")
        if dry_run:
            tally, sources = self._rehearse(found)
        else:
            tally, sources = self._run(found, layout, data)
        self._tell(tally, sources, time.monotonic() - began, dry_run)

    def _layout(self, file: Path, encoding: str) -> Layout:
        try:
            return survey(file, name=file.name, encoding=encoding)
        except Unreadable as problem:
            raise CommandError(f"{file}: {problem}", returncode=2) from problem
        except LookupError as error:
            raise CommandError(f"--encoding: {error}", returncode=2) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error

    def _document(self, mapping: Path) -> Any:
        try:
            return load_yaml(mapping.read_text(encoding="utf-8-sig"))
        except Unmappable as error:
            raise self._unmappable(mapping, error) from error
        except UnicodeError as error:
            raise CommandError(f"{mapping}: not UTF-8", returncode=2) from error
        except OSError as error:
            raise CommandError(f"{mapping}: {error.strerror}", returncode=2) from error

    def _file(self, path: Path, layout: Layout, data: Any, mapping: Path, now: datetime) -> File:
        try:
            checked = running.check_mapping(data, kind=self.kind, columns=layout.columns, now=now)
        except Unmappable as error:
            raise self._unmappable(mapping, error) from error
        return File(
            path=path,
            encoding=layout.encoding,
            delimiter=layout.delimiter,
            columns=layout.columns,
            kind=self.kind,
            mapping=checked,
            by=None,
            now=now,
        )

    def _unmappable(self, mapping: Path, error: Unmappable) -> CommandError:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        return CommandError(f"{mapping} cannot be used:\n{lines}", returncode=2)

    def _rehearse(self, file: File) -> tuple[Tally, list[str]]:
        tally = Tally()
        with self.opened(file, rehearse=True) as (plan, writer, sources):
            for batch in running.batches(file, plan):
                tally.add(batch, running.write_batch(batch, writer, now=file.now, save=_keep_nothing))
            return tally, sources.created

    def _run(self, file: File, layout: Layout, data: Any) -> tuple[Tally, list[str]]:
        lead_import = LeadImport.objects.create(
            kind=self.kind.code,
            file_name=file.path.name[:200],
            content=b"",
            encoding=layout.encoding,
            columns=layout.columns,
            mapping=data,
            state=ImportState.RUNNING,
            rows=layout.rows,
            created_at=file.now,
        )
        tally, shown = Tally(), 0.0

        def save(rows: Sequence[Row], made: Counter[str]) -> None:
            save_rows(lead_import, rows)

        context = pghistory.context(**{"import": lead_import.pk, "user": None})
        with context, self.opened(file, rehearse=False) as (plan, writer, sources):
            try:
                for batch in running.batches(file, plan):
                    tally.add(batch, running.write_batch(batch, writer, now=timezone.now(), save=save))
                    if time.monotonic() - shown > 1:
                        shown = time.monotonic()
                        self.stderr.write(f"  {tally.outcomes.total()} / {layout.rows}")
            finally:
                self._finish(lead_import, tally, sources.created, layout.rows)
            return tally, sources.created

    def _finish(self, lead_import: LeadImport, tally: Tally, sources: list[str], rows: int) -> None:
        """Also where Ctrl-C ended it: the import's page shows how far it came and takes it back."""
        whole = tally.outcomes.total() == rows
        with transaction.atomic():
            LeadImport.objects.filter(pk=lead_import.pk).update(
                state=ImportState.DONE if whole else ImportState.FAILED,
                done_at=timezone.now(),
                summary={"made": dict(tally.made), "sources": sources},
                **tally.counts,
            )

    def _tell(self, tally: Tally, sources: list[str], seconds: float, dry_run: bool) -> None:
        rate = int(tally.outcomes.total() / seconds) if seconds else 0
        self.stdout.write("Would be:" if dry_run else "Done:")
        for outcome, number in tally.counts.items():
            self.stdout.write(f"  {number:>9} {outcome}")
        for name, number in sorted(tally.made.items()):
            self.stdout.write(f"  {number:>9} {name} added")
        if sources:
            self.stdout.write(f"  new sources: {', '.join(sources)}")
        for times, reason, row in tally.told_reasons()[:SHOWN_REASONS]:
            self.stdout.write(f"  {times} x {reason} (first in row {row})")
        self.stdout.write(f"  {seconds:.1f} s, {rate} rows/s")


def _keep_nothing(rows: Sequence[Row], made: Counter[str]) -> None:
    """A rehearsal leaves no report."""
