"""Taking an import back: what it replaced returns, what it made goes, unless somebody has built on it since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from intake.imports.undo_removal import remove_activities, remove_companies, remove_leads
from intake.imports.undo_values import restore_values
from intake.models import ImportRow, LeadImport
from leads.signals import leads_changed


def undo_rows(lead_import: LeadImport, rows: Sequence[ImportRow], *, now: datetime) -> Counter[str]:
    """Take back these rows, the last of the file first, inside a transaction. Returns what was done."""
    counts: Counter[str] = Counter()
    counts["activities"] = remove_activities(rows, now=now)
    restore_values(rows, now=now, counts=counts)
    remove_leads(lead_import, rows, counts=counts)
    remove_companies(lead_import, rows, counts=counts)
    ImportRow.objects.bulk_update(rows, ["outcome", "problems"], batch_size=500)
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return +counts
