"""`manage.py import_outcomes FILE --mapping M.yaml`: won, lost and withdrawn, with date, revenue and currency."""

from handoff.imports import OUTCOMES
from intake.imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Import outcomes of known leads from CSV or XLSX: won makes the lead a customer."
    kind = OUTCOMES
