from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from leads.enums import BEHIND, Stage
from leads.models import Lead, StageChange
from leads.signals import leads_changed
from leads.statements import ADVANCE_STAGES


@transaction.atomic
def move_stage(
    *, lead: Lead, to: Stage, by: User | None, reason: str, now: datetime, note: str = "", version: str = ""
) -> bool:
    """Move the lead and keep the decision: who, when, why. Where no person did, `version` names the rules that did.

    Returns False, and changes nothing, when the lead is there already or somebody else moved it meanwhile.
    """
    before = Stage(lead.stage)
    moved = before != to and bool(Lead.objects.filter(pk=lead.pk, stage=before).update(stage=to))
    if moved:
        StageChange.objects.create(
            lead=lead, before=before, after=to, at=now, by=by, reason=reason, note=note, version=version
        )
        lead.stage = to
    return moved


@transaction.atomic
def advance_stage(*, ids: Collection[int], to: Stage, reason: str, now: datetime, version: str) -> int:
    """Move those of the leads forward that stand behind `to`, as a version of the rules says; returns how many.

    Nobody goes back, and opportunities, customers and disqualified leads stay: people decided about them.
    """
    if not ids:
        return 0
    given: dict[str, Any] = {
        "ids": list(ids), "behind": list(BEHIND[to]), "to": to, "now": now, "reason": reason, "version": version,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE_STAGES, given)
        moved = int(cursor.rowcount)
    if moved:
        transaction.on_commit(lambda: leads_changed.send(sender=None))
    return moved
