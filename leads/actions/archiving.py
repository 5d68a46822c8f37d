"""Leads and companies that are out of the way: in no list, while all that is known and goes on about them stays."""

from __future__ import annotations

from datetime import datetime

import pghistory
from django.db import transaction

from accounts.models import User
from leads.models import Company, Lead


@transaction.atomic
def archive(*, row: Lead | Company, by: User, now: datetime) -> bool:
    """Take it out of the lists. False where it was archived already; the first time counts."""
    with pghistory.context(user=by.pk):
        archived = type(row)._default_manager.filter(pk=row.pk, archived_at=None).update(archived_at=now)
    row.refresh_from_db(fields=["archived_at"])
    return bool(archived)


@transaction.atomic
def restore(*, row: Lead | Company, by: User) -> bool:
    """Bring it back into the lists. False where it stands in them."""
    with pghistory.context(user=by.pk):
        restored = type(row)._default_manager.filter(pk=row.pk, archived_at__isnull=False).update(archived_at=None)
    row.archived_at = None
    return bool(restored)
