from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from leads.models import LeadExport

MOST_ROWS = 50_000


@transaction.atomic
def record_export(
    *, by: User, query: str, columns: Sequence[str], rows: int, is_cut: bool, now: datetime
) -> LeadExport:
    """Write down who takes which leads out of the house, before the file leaves."""
    return LeadExport.objects.create(by=by, query=query[:2000], columns=list(columns), rows=rows, is_cut=is_cut, at=now)
