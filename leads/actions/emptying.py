"""What is emptied of a lead's own rows when a person's data is erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import unquote_plus

import pgtrigger
from django.db import connection
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.drafts import forget_drafts_about
from background.models import JobRun
from leads.actions.duplicates import name_groups
from leads.actions.erasers import ErasedPerson, Eraser, empty_columns
from leads.enquiry import CLAUSES, RESERVED, SPANS
from leads.enums import AttributeOwner, AttributeType
from leads.erased_values import PersonalValues
from leads.models import (
    Activity,
    AttributeDefinition,
    Duplicate,
    Exclusion,
    IdentityKey,
    Lead,
    LeadExport,
    Merge,
    Note,
    SavedFilter,
    StageChange,
    Visitor,
)
from leads.statements import (
    EMPTY_ACTIVITIES,
    EMPTY_ACTIVITY_KEYS,
    EMPTY_FORMER_MERGES,
    EMPTY_LEAD_HISTORY,
    EMPTY_LEADS,
    REMOVE_LATE_ACTIVITIES,
)
from notices.actions import rewrite_notices
from notices.models import Delivery

READINGS = sorted(RESERVED - {SPANS, CLAUSES})
ADDRESS_TAIL = re.compile(r"[?#].*", re.DOTALL)


def run(statement: str, parameters: dict[str, Any] | list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def empty_leads(person: ErasedPerson) -> int:
    """The leads themselves and all that their history says of who they were."""
    definitions = AttributeDefinition.objects.filter(owner=AttributeOwner.LEAD)
    kept = definitions.exclude(is_contact_data=True).exclude(type=AttributeType.TEXT).values_list("code", flat=True)
    parameters = {"ids": list(person.ids), "now": person.now, "kept": list(kept)}
    emptied = run(EMPTY_LEADS, parameters)
    values = person.values
    called = (values.emails, values.external_ids, values.spelled_names, values.spelled_numbers)
    with pgtrigger.ignore("leads.LeadEvent:append_only"):
        run(EMPTY_FORMER_MERGES, [list(each) for each in (person.ids, *called)])
        run(EMPTY_LEAD_HISTORY, [list(kept), list(person.ids)])
    return emptied


def empty_activities(person: ErasedPerson) -> int:
    """Texts and keys of activities; a page that was opened stays, without what hangs on its address."""
    objects = Activity.objects.filter(lead__in=person.ids).exclude(object="").values_list("object", flat=True)
    instead = {text: ADDRESS_TAIL.sub("", text) for text in objects.order_by().distinct()}
    instead = {text: "" if person.values.are_in(unquote_plus(short)) else short for text, short in instead.items()}
    changed = {text: short for text, short in instead.items() if text != short}
    run(EMPTY_ACTIVITY_KEYS, {"ids": list(person.ids)})
    parameters = {"objects": list(changed), "instead": list(changed.values()), "readings": READINGS}
    return run(EMPTY_ACTIVITIES, parameters | {"ids": list(person.ids)})


def remove_latecomers(ids: Collection[int]) -> int:
    """What was on its way to leads while their data was erased is not kept; `ids` are leads that are dirty, and locked.

    Returns how many activities went.
    """
    erased = set(Lead.objects.filter(erased_at__isnull=False).order_by().values_list("pk", flat=True)) & set(ids)
    return run(REMOVE_LATE_ACTIVITIES, {"ids": sorted(erased)}) if erased else 0


def empty_notes(person: ErasedPerson) -> int:
    return empty_columns(Note, Q(lead__in=person.ids), text="")


def empty_decisions(person: ErasedPerson) -> int:
    """What people wrote beside decisions about stages and about what counts."""
    of_lead = Q(lead__in=person.ids)
    return empty_columns(StageChange, of_lead, note="") + empty_columns(Exclusion, of_lead, note="")


def empty_merges(person: ErasedPerson) -> int:
    """What merges remember of both sides: none of them can be taken back."""
    return empty_columns(Merge, Q(kept__in=person.ids) | Q(merged__in=person.ids), filled={}, moved={})


def remove_visitors(person: ErasedPerson) -> int:
    return Visitor.objects.filter(lead__in=person.ids).delete()[0]


def remove_duplicates(person: ErasedPerson) -> int:
    """Proposals that the person is one of these leads; what hangs together without it is grouped anew."""
    pairs = Duplicate.objects.filter(Q(first__in=person.ids) | Q(second__in=person.ids))
    others = {pk for pair in pairs.values_list("first_id", "second_id") for pk in pair} - set(person.ids)
    removed = pairs.delete()[0]
    IdentityKey.objects.filter(lead_id__in=person.ids).delete()
    name_groups(others)
    return removed


def empty_notices(person: ErasedPerson) -> int:
    """Notices that lead to the person, and others that have an address of theirs: a name may be a namesake's."""
    urls = [lead.get_absolute_url() for lead in Lead.objects.filter(pk__in=person.ids)]
    changed = rewrite_notices(urls=urls, rewrite=notice_rewriter(person))
    addresses = PersonalValues(emails=person.values.emails)
    return changed + rewrite_notices(saying=addresses.emails, rewrite=addresses.taken_out)


def notice_rewriter(person: ErasedPerson) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What notices about the person say from now on."""

    def rewritten(params: dict[str, Any]) -> dict[str, Any]:
        clean = {name: "" if name == "text" else person.values.taken_out(value) for name, value in params.items()}
        return clean | ({"lead": person.called} if "lead" in clean else {})

    return rewritten


def empty_searches(person: ErasedPerson) -> int:
    """Lists that were saved or exported by the person's name or address."""
    return sum(
        empty_columns(model, Q(pk__in=_mentioning(model, "query", person)), query="")
        for model in (SavedFilter, LeadExport)
    )


def empty_errors(person: ErasedPerson) -> int:
    """Messages of failures, which may quote a row."""
    return sum(
        empty_columns(model, Q(pk__in=_mentioning(model, "error", person)), error="") for model in (JobRun, Delivery)
    )


def _mentioning(model: type[Model], column: str, person: ErasedPerson) -> list[int]:
    rows = model._base_manager.exclude(**{column: ""}).values_list("pk", column)
    return [pk for pk, text in rows if person.values.are_in(unquote_plus(text))]


def rows_of(model: type[Model], **where: Any) -> Callable[[Collection[int]], int]:
    """Counts the rows of a model that hang on leads."""
    return lambda ids: model._base_manager.filter(lead__in=ids, **where).count()


# The last one empties first: what names the person is looked for as long as it can be told.
ERASERS = (
    Eraser(code="leads", empty=empty_leads),
    Eraser(code="activities", label=_("Activities that lose their texts"), count=rows_of(Activity),
           empty=empty_activities),
    Eraser(code="notes", label=pgettext_lazy("written by colleagues", "Notes"), count=rows_of(Note), empty=empty_notes),
    Eraser(code="decisions", empty=empty_decisions),
    Eraser(code="merges", empty=empty_merges),
    Eraser(code="visitors", label=_("Browsers that were recognized"), count=rows_of(Visitor), empty=remove_visitors),
    Eraser(code="duplicates", empty=remove_duplicates),
    Eraser(code="notices", empty=empty_notices),
    Eraser(code="drafts", empty=lambda person: forget_drafts_about(person.ids)),
    Eraser(code="searches", empty=empty_searches),
    Eraser(code="errors", empty=empty_errors),
)  # fmt: skip
