"""`manage.py import_activities FILE --mapping M.yaml`: activities of leads that are known."""

from intake.imports.commands import ImportCommand
from intake.imports.kinds import ACTIVITIES


class Command(ImportCommand):
    help = "Import activities of known leads from CSV or XLSX."
    kind = ACTIVITIES
