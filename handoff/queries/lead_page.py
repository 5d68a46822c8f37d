"""What a lead's page learns from the hand-off: contacts in the timeline, and when a helper sees how to reach it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy

from accounts.models import User
from handoff.enums import OPEN_STATES, CallOutcome
from handoff.models import Contact, Handoff
from leads.queries.timeline import EntryKind, TimelineEntry, TimelineScope


def contacts(scope: TimelineScope) -> Iterable[TimelineEntry]:
    rows = Contact.objects.filter(handoff__lead__in=scope.leads).select_related("by", "handoff")
    for row in scope.newest(rows, "at"):
        title = CallOutcome(row.outcome).label
        yield TimelineEntry(
            kind="contact", at=row.at, pk=row.pk, lead_id=row.handoff.lead_id, title=title,
            icon="phone-call" if row.reached else "phone-missed", object=row.get_channel_display(),
            text=scope.told(row.handoff.lead_id, row.note), by=str(row.by or ""), tone="good" if row.reached else "",
        )  # fmt: skip


def claimed_leads(user: User, pks: Collection[int]) -> set[int]:
    """Of these leads, those that `user` has claimed and works on."""
    claimed = Handoff.objects.filter(owner=user, lead__in=pks, state__in=OPEN_STATES, claimed_at__isnull=False)
    return set(claimed.values_list("lead", flat=True))


ENTRY_KINDS = (EntryKind(code="contact", label=gettext_lazy("Contacts"), load=contacts),)
