"""The merges of a lead: which stand, which can be taken back, and what it would mean to merge two."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from leads.models import Lead, Merge

MOST = 10


def later_merge(merge: Merge) -> Merge | None:
    """A merge that builds on this one and has to be taken back before it."""
    later = Merge.objects.filter(Q(kept=merge.kept_id) | Q(merged=merge.kept_id), pk__gt=merge.pk, undone_at=None)
    return later.select_related("kept", "merged").order_by("-pk").first()


def merges_into(lead: Lead) -> list[Merge]:
    """What the lead was put together from, the newest first: only that one can be taken back."""
    standing = Merge.objects.filter(kept=lead, undone_at=None).select_related("merged", "by")
    return list(standing.order_by("-pk")[:MOST])


def former_names(lead: Lead, column: str) -> set[str]:
    """The e-mails or external ids of the leads that were merged into this one, directly or through others."""
    found: set[str] = set()
    here = {lead.pk}
    while here:
        below = list(Lead.objects.filter(merged_into__in=here).values_list("pk", column))
        found |= {name for _pk, name in below if name}
        here = {pk for pk, _name in below}
    return found


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of two leads side by side, and what the merged lead will say."""

    label: str
    kept: str
    merged: str
    after: str
    is_filled: bool
