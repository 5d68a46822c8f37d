"""What this app contributes to the timeline: activities, stage changes, notes."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import User
from leads.enquiry import RESERVED, TEXTS, enquiry_of, reading_in
from leads.enums import ExclusionReason, NoteTopic
from leads.models import Activity, Exclusion, Merge, Note, StageChange
from leads.queries.timeline import EntryKind, TimelineEntry, TimelineScope
from leads.wording import reason, said, source, speaker
from web.formats import number

# Shown as the text and what was read in it, not among the details.
TOLD = RESERVED | {*TEXTS}


def activities(scope: TimelineScope) -> Iterable[TimelineEntry]:
    rows = scope.newest(Activity.objects.filter(lead__in=scope.leads).select_related("type"), "occurred_at")
    people = _people(row.source for row in rows)
    excluded = [row.pk for row in rows if row.is_excluded]
    open_exclusions = Exclusion.objects.filter(activity_id__in=excluded, reverted_at=None).select_related("by")
    exclusions = {exclusion.activity_id: exclusion for exclusion in open_exclusions} if excluded else {}
    for row in rows:
        shown = row.properties if row.lead_id in scope.opened and isinstance(row.properties, dict) else {}
        read = reading_in(shown)
        yield TimelineEntry(
            kind="activity", at=row.occurred_at, pk=row.pk, lead_id=row.lead_id, title=str(row.type),
            icon=row.type.icon, object=row.object, by=people.get(row.source, ""), source=source(row.source),
            text=enquiry_of(shown), spans=read.spans, temperature=read.temperature, headcount=read.headcount,
            headcount_to=read.headcount_to, speaker=speaker(read.kind), said=said(enquiry_of(shown), read.clauses),
            details=tuple((str(key), str(value)) for key, value in shown.items() if key not in TOLD),
            recorded_at=row.received_at, not_counted=_not_counted(exclusions.get(row.pk)) if row.is_excluded else "",
        )  # fmt: skip


def _not_counted(exclusion: Exclusion | None) -> str:
    if exclusion is None:
        return _("Excluded")
    if exclusion.reason == ExclusionReason.SCANNER:
        return _("Excluded: email security scanner")
    if exclusion.reason == ExclusionReason.REPLACED:
        return _("Excluded: replaced by a repaired one")
    by = exclusion.by
    words = _("Excluded by %(person)s") % {"person": by} if by else _("Excluded")
    return f"{words}: {exclusion.note}" if exclusion.note else words


def _people(sources: Iterable[str]) -> dict[str, str]:
    ids = {code: code.removeprefix("person:") for code in sources if code.startswith("person:")}
    numbers = [number for number in ids.values() if number.isdigit() and len(number) < 10]
    names = {str(person.pk): str(person) for person in User.objects.filter(pk__in=numbers)} if numbers else {}
    return {code: names[number] for code, number in ids.items() if number in names}


def stage_changes(scope: TimelineScope) -> Iterable[TimelineEntry]:
    for row in scope.newest(StageChange.objects.filter(lead__in=scope.leads).select_related("by"), "at"):
        before = f"{row.get_before_display()} → " if row.before else ""
        yield TimelineEntry(
            kind="stage", at=row.at, pk=row.pk, lead_id=row.lead_id, title=f"{before}{row.get_after_display()}",
            icon="milestone", object=reason(row.reason), text=scope.told(row.lead_id, row.note), by=str(row.by or ""),
        )  # fmt: skip


def notes(scope: TimelineScope) -> Iterable[TimelineEntry]:
    for row in scope.newest(Note.objects.filter(lead__in=scope.leads).select_related("by"), "at"):
        topic = "" if row.topic == NoteTopic.GENERAL else row.get_topic_display()
        yield TimelineEntry(
            kind="note", at=row.at, pk=row.pk, lead_id=row.lead_id, title=_("Note"),
            icon="sticky-note", object=topic, text=scope.told(row.lead_id, row.text), by=str(row.by or ""),
        )  # fmt: skip


def merges(scope: TimelineScope) -> Iterable[TimelineEntry]:
    """A merged lead is called by its name or number: its e-mail may be hidden from the reader."""
    rows = Merge.objects.filter(kept__in=scope.leads).select_related("merged", "by")
    for row in scope.newest(rows, "at"):
        moved = len(row.activities)
        words = ngettext("%(number)s activity moved", "%(number)s activities moved", moved) % {"number": number(moved)}
        if row.shared:
            shared = ngettext("%(number)s duplicate", "%(number)s duplicates", row.shared)
            words = f"{words} · {shared % {'number': number(row.shared)}}"
        yield TimelineEntry(
            kind="merge", at=row.at, pk=row.pk, lead_id=row.kept_id, title=row.get_origin_display(), icon="merge",
            object=str(row.merged), by=str(row.by or ""),
            text=_("Undone") if row.is_undone else words,
        )  # fmt: skip


ENTRY_KINDS = (
    EntryKind(code="activity", label=gettext_lazy("Activities"), load=activities),
    EntryKind(code="stage", label=gettext_lazy("Stages"), load=stage_changes),
    EntryKind(code="note", label=pgettext_lazy("written by colleagues", "Notes"), load=notes),
    EntryKind(code="merge", label=gettext_lazy("Merges"), load=merges),
)
