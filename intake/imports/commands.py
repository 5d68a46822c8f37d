"""What the import commands share: a file and a mapping from disk, the browser's own code path, words at the end."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from intake.imports.batches import (
    MappedFile,
    Tally,
    check_mapping,
    opener_of,
    rehearse,
    row_batches,
    write_batch,
)
from intake.imports.kinds import FileKind
from intake.imports.layout import FileFormat, survey
from intake.imports.mapping import MappingError, load_yaml
from intake.imports.problems import UnreadableFileError
from intake.imports.report import save_rows
from intake.models import LeadImport
from leads.enums import ImportState

SHOWN_REASONS = 20


class ImportCommand(BaseCommand):
    """Reads FILE as MAPPING says. Ends with 0 and a summary; with 2 where the input stopped it."""

    kind: FileKind
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
        parser.add_argument("--mapping", type=Path, required=True, metavar="M.yaml", help="which column is what")
        parser.add_argument("--encoding", default="", help="utf-8, cp932, cp1252 ..., where it is not found out right")
        parser.add_argument("--sheet", default="", help="of a workbook; the first visible one unless said")
        parser.add_argument("--header-row", type=int, default=0, help="the row that names the columns; 1 is the first")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")

    def handle(self, *args: Any, file: Path, mapping: Path, dry_run: bool, **options: Any) -> None:
        now, began = timezone.now(), time.monotonic()
        given = FileFormat(
            encoding=options["encoding"], sheet=options["sheet"], header_row=max(0, options["header_row"])
        )
        mapped, rows = self._mapped_file(file, mapping, given, now)
        self.stderr.write(f"{file.name}: {rows} rows, {mapped.format.encoding}")
        if dry_run:
            tally, sources = rehearse(mapped)
        else:
            tally, sources = self._run(mapped, rows)
        self._write_summary(tally, sources, time.monotonic() - began, dry_run)

    def _mapped_file(self, file: Path, mapping: Path, given: FileFormat, now: datetime) -> tuple[MappedFile, int]:
        """The file and the number of its rows. Raises CommandError for what stops it."""
        try:
            layout = survey(file, name=file.name, given=given)
            document = load_yaml(mapping.read_text(encoding="utf-8-sig"))
            checked = check_mapping(document, kind=self.kind, columns=layout.columns, now=now)
        except UnreadableFileError as error:
            raise CommandError(f"{file}: {error}", returncode=2) from error
        except MappingError as error:
            lines = "\n".join(f"  {problem}" for problem in error.problems)
            raise CommandError(f"{mapping} cannot be used:\n{lines}", returncode=2) from error
        except LookupError as error:
            raise CommandError(f"--encoding: {error}", returncode=2) from error
        except UnicodeError as error:
            raise CommandError(f"{mapping}: not UTF-8", returncode=2) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from error
        mapped = MappedFile(
            path=file, format=layout.format, columns=layout.columns, kind=self.kind, mapping=checked, by=None, now=now,
        )  # fmt: skip
        return mapped, layout.rows

    def _run(self, file: MappedFile, rows: int) -> tuple[Tally, list[str]]:
        """Also where Ctrl-C ends it, the import's page shows how far it came and takes it back."""
        kept = {"encoding": file.format.encoding, "columns": file.columns, "mapping": file.mapping.as_data()}
        lead_import = LeadImport.objects.create(
            kind=self.kind.code, file_name=file.path.name[:200], content=b"", state=ImportState.RUNNING,
            rows=rows, created_at=file.now, **kept,
        )  # fmt: skip
        tally, shown = Tally(), 0.0
        save = partial(save_rows, lead_import)
        context = pghistory.context(**{"import": lead_import.pk, "user": None})
        with context, opener_of(file.kind)(file, rehearse=False) as (plan, writer, sources):
            try:
                for batch in row_batches(file, plan):
                    tally.add(batch, write_batch(batch, writer, now=timezone.now(), save=save))
                    if time.monotonic() - shown > 1:
                        shown = time.monotonic()
                        self.stderr.write(f"  {tally.outcomes.total()} / {rows}")
            finally:
                whole = tally.outcomes.total() == rows
                LeadImport.objects.filter(pk=lead_import.pk).update(
                    state=ImportState.DONE if whole else ImportState.FAILED,
                    done_at=timezone.now(),
                    summary={"made": dict(tally.made), "sources": sources.created},
                    **tally.counts,
                )
            return tally, sources.created

    def _write_summary(self, tally: Tally, sources: list[str], seconds: float, dry_run: bool) -> None:
        rate = int(tally.outcomes.total() / seconds) if seconds else 0
        self.stdout.write("Would be:" if dry_run else "Done:")
        for outcome, number in tally.counts.items():
            self.stdout.write(f"  {number:>9} {outcome}")
        for name, number in sorted(tally.made.items()):
            self.stdout.write(f"  {number:>9} {name} added")
        if sources:
            self.stdout.write(f"  new sources: {', '.join(sources)}")
        self._write_problems(tally.in_words(tally.reasons))
        if tally.remarks:
            self.stdout.write("Warnings on rows that come in:")
            self._write_problems(tally.in_words(tally.remarks))
        self.stdout.write(f"  {seconds:.1f} s, {rate} rows/s")

    def _write_problems(self, problems: list[tuple[int, str, int]]) -> None:
        for times, words, row in problems[:SHOWN_REASONS]:
            self.stdout.write(f"  {times} x {words} (first in row {row})")
