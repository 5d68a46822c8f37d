"""`manage.py import_leads FILE --mapping M.yaml`: leads, and one activity per row where the mapping says so."""

from intake.imports.commands import ImportCommand
from intake.imports.kinds import LEADS


class Command(ImportCommand):
    help = "Import leads (and one activity per row if the mapping says so) from CSV or XLSX."
    kind = LEADS
