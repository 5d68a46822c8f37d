from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from leads.enums import Stage
from leads.models import Lead, StageChange


@transaction.atomic
def move_stage(*, lead: Lead, to: Stage, by: User | None, reason: str, now: datetime, note: str = "") -> bool:
    """Move the lead and keep the decision: who (None is the product itself), when, why.

    Returns False, and changes nothing, when the lead is there already or somebody else moved it meanwhile.
    """
    before = Stage(lead.stage)
    moved = before != to and bool(Lead.objects.filter(pk=lead.pk, stage=before).update(stage=to))
    if moved:
        StageChange.objects.create(lead=lead, before=before, after=to, at=now, by=by, reason=reason, note=note)
        lead.stage = to
    return moved
