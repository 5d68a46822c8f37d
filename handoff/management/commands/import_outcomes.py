"""`manage.py import_outcomes FILE --mapping M.yaml`: won, lost and withdrawn, with date, revenue and currency."""

from contextlib import AbstractContextManager

from handoff.imports import OUTCOMES, opened
from intake.imports.commands import ImportCommand
from intake.imports.rows import Plan
from intake.imports.running import File, Writer
from intake.imports.sources import Sources


class Command(ImportCommand):
    help = "Import outcomes of known leads from CSV or XLSX: won makes the lead a customer."
    kind = OUTCOMES

    def opened(self, file: File, *, rehearse: bool) -> AbstractContextManager[tuple[Plan, Writer, Sources]]:
        """Rows become outcomes."""
        return opened(file, rehearse=rehearse)
