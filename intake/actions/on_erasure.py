"""What files left behind of a person whose data is erased: rows of reports, samples, examples."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.actions.keeping import drop_events
from intake.database import fetch
from intake.imports.problems import ERASED, row_problem
from intake.models import ImportRow, KeptEvent, KeptGroup, LeadImport, RehearsedRow, Submission
from intake.statements import KEPT_ABOUT, REHEARSED_ABOUT, ROWS_ABOUT, SUMMARIES_ABOUT
from leads.actions.erasers import ErasedPerson, Eraser


def empty_rows(person: ErasedPerson) -> int:
    """Rows that became the lead, and rejected ones that name the person; what became of each stays."""
    own = list(ImportRow.objects.filter(lead_id__in=person.ids))
    found = [pk for (pk,) in fetch(ROWS_ABOUT, _needles(person))]
    others = [
        row
        for row in ImportRow.objects.filter(pk__in=found).exclude(lead_id__in=person.ids)
        if person.values.taken_out([row.cells, row.problems]) != [row.cells, row.problems]
    ]
    for row in own:
        company = (row.before or {}).get("company")
        row.before = {"company": company} if company else None
        row.activity_key = f"erased:{row.activity_id}" if row.activity_id else ""
    for row in (*own, *others):
        row.cells = None
        row.problems = [*(problem for problem in row.problems if "params" not in problem), row_problem("erased_since")]
    columns = ["before", "activity_key", "cells", "problems"]
    ImportRow.objects.bulk_update([*own, *others], columns, batch_size=500)
    return len(own) + len(others)


def empty_rehearsed(person: ErasedPerson) -> int:
    """Rows of dry runs that are the lead's or name the person."""
    found = [pk for (pk,) in fetch(REHEARSED_ABOUT, _needles(person))]
    changed = [
        row
        for row in RehearsedRow.objects.filter(Q(pk__in=found) | Q(lead_id__in=person.ids))
        if row.lead_id in person.ids or person.values.taken_out([row.cells, row.problems]) != [row.cells, row.problems]
    ]
    for row in changed:
        row.cells = []
        row.problems = [*(problem for problem in row.problems if "params" not in problem), row_problem(ERASED)]
    RehearsedRow.objects.bulk_update(changed, ["cells", "problems"], batch_size=500)
    return len(changed)


def empty_summaries(person: ErasedPerson) -> int:
    """Samples and examples of files that are about to come in; the files themselves are for a person to remove."""
    found = [pk for (pk,) in fetch(SUMMARIES_ABOUT, _needles(person))]
    imports = LeadImport.objects.defer("content").filter(pk__in=found)
    changed = 0
    for lead_import in imports:
        summary = person.values.taken_out(lead_import.summary)
        if summary != lead_import.summary:
            LeadImport.objects.filter(pk=lead_import.pk).update(summary=summary)
            changed += 1
    return changed


def remove_kept(person: ErasedPerson) -> int:
    """Events kept back that name the person: they go, and their receipts count them as filtered."""
    found = [pk for (pk,) in fetch(KEPT_ABOUT, _needles(person))]
    events = KeptEvent.objects.filter(Q(pk__in=found) | Q(lead_id__in=person.ids))
    gone = [
        event.pk
        for event in events
        if event.lead_id in person.ids or person.values.taken_out([event.key, event.raw]) != [event.key, event.raw]
    ]
    drop_events(gone)
    named = [
        pk for pk, field in KeptGroup.objects.values_list("pk", "field") if person.values.taken_out([field]) != [field]
    ]
    KeptGroup.objects.filter(pk__in=named).delete()
    return len(gone)


def empty_submissions(person: ErasedPerson) -> int:
    """What the person sent by forms, and what names them: that something was sent stays, what it said goes."""
    texts = {*person.values.emails, *person.values.names, *person.values.numbers}
    named = Q(lead_id__in=person.ids)
    for text in texts:
        named |= Q(values__icontains=text)
    found = [
        each
        for each in Submission.objects.filter(named)
        if each.lead_id in person.ids or person.values.taken_out(each.values) != each.values
    ]
    for each in found:
        each.values, each.consent, each.visitor, each.touch = {}, {}, "", {}
    Submission.objects.bulk_update(found, ["values", "consent", "visitor", "touch"])
    return len(found)


def count_submissions(ids: Collection[int]) -> int:
    return Submission.objects.filter(lead_id__in=ids).count()


def _needles(person: ErasedPerson) -> list[list[str]]:
    """What the statements look for: texts, and digits. They find more than is the person's."""
    values = person.values
    texts = {*values.emails, *values.names, *values.external_ids}
    return [sorted(text.casefold() for text in texts), sorted(values.numbers)]


def count_rows(ids: Collection[int]) -> int:
    return ImportRow.objects.filter(lead_id__in=ids).count()


def count_kept(ids: Collection[int]) -> int:
    return KeptEvent.objects.filter(lead_id__in=ids).count()


ERASERS = (
    Eraser(code="import_rows", label=_("Rows in import reports"), count=count_rows, empty=empty_rows),
    Eraser(code="kept_back", label=_("Events kept back"), count=count_kept, empty=remove_kept),
    Eraser(code="submissions", label=_("Submissions of forms"), count=count_submissions, empty=empty_submissions),
    Eraser(code="import_samples", empty=empty_summaries),
    Eraser(code="dry_runs", empty=empty_rehearsed),
)
