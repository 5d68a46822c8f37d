"""`manage.py import_outcomes FILE --mapping M.yaml`: won, lost and withdrawn, with date, revenue and currency."""

from contextlib import AbstractContextManager

from handoff.imports import OUTCOMES, open_outcomes
from intake.imports.batches import MappedFile, OpenedFile
from intake.imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Import outcomes of known leads from CSV or XLSX: won makes the lead a customer."
    kind = OUTCOMES

    def opened(self, file: MappedFile, *, rehearse: bool) -> AbstractContextManager[OpenedFile]:
        """Rows become outcomes."""
        return open_outcomes(file, rehearse=rehearse)
