"""What intake contributes to a lead's timeline: that an activity came without a part of it, which is kept back."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.enums import KeptState
from intake.kept_words import fault_words
from intake.models import KeptEvent
from leads.queries.timeline import EntryKind, TimelineEntry, TimelineScope


def kept_parts(scope: TimelineScope) -> Iterable[TimelineEntry]:
    rows = KeptEvent.objects.filter(lead_id__in=scope.leads, is_part=True, state=KeptState.OPEN)
    rows = rows.exclude(occurred_at=None).prefetch_related("faults__group", "door")
    for row in scope.newest(rows, "occurred_at"):
        words = [fault_words(fault.group.kind, fault.group.field) for fault in row.faults.all()]
        yield TimelineEntry(
            kind="kept", at=row.occurred_at, pk=row.pk, lead_id=row.lead_id or 0, icon="inbox",
            title=_("Taken in without a property"), object=" · ".join(words), source=row.door.name,
            recorded_at=row.received_at,
        )  # fmt: skip


KEPT = EntryKind(code="kept", label=gettext_lazy("Kept back"), load=kept_parts)
