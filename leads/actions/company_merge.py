"""Two companies that are one become one, and can become two again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from background.transactions import retrying
from leads.errors import MergeRefusedError
from leads.models import Company, CompanyMerge, Lead
from leads.signals import leads_changed
from web.cldr import country_code

# Columns that are filled where the company that is kept does not know them; the currency goes with the revenue.
FILLED = ("domain", "industry", "employees", "revenue", "country", "region")
EMPTY = (None, "")


@retrying
@transaction.atomic
def merge_companies(*, kept: Company, merged: Company, by: User, now: datetime) -> CompanyMerge:
    """Give the leads of `merged` to `kept`, which survives with its id, name and values.

    What `kept` does not know is filled in. Whoever writes the name of `merged` from now on means `kept`. The leads
    are scored again by a trigger's marks. Raises MergeRefusedError.
    """
    if kept.pk == merged.pk:
        raise MergeRefusedError(_("A company can’t be merged with itself. Choose another one."))
    companies = _locked(kept.pk, merged.pk)
    if len(companies) < 2 or any(company.merged_into_id for company in companies.values()):
        raise MergeRefusedError(_("One of the companies no longer exists or has been merged. Search for it again."))
    kept, merged = companies[kept.pk], companies[merged.pk]
    with pghistory.context(user=by.pk):
        leads = _move_leads(Q(company=merged), to=kept)
        before = list(Company.objects.filter(merged_into=merged).values_list("pk", flat=True))
        Company.objects.filter(Q(merged_into=merged) | Q(pk=merged.pk)).update(merged_into=kept)
        filled = _fill(kept, merged)
        merge = CompanyMerge.objects.create(
            kept=kept, merged=merged, at=now, by=by, leads=leads, companies=before, filled=filled
        )
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    return merge


@retrying
@transaction.atomic
def undo_company_merge(*, merge: CompanyMerge, by: User, now: datetime) -> None:
    """Make two companies of one again. A lead that was given to a third company since stays there.

    Merges of a company are taken back in reverse order. Raises MergeRefusedError.
    """
    companies = _locked(merge.kept_id, merge.merged_id)
    merge = CompanyMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at:
        raise MergeRefusedError(_("This merge has already been undone. Reload the page to see the current state."))
    later = CompanyMerge.objects.filter(Q(kept=merge.kept_id) | Q(merged=merge.kept_id), pk__gt=merge.pk)
    if standing := later.filter(undone_at=None).select_related("kept", "merged").first():
        names = {"merged": standing.merged, "kept": standing.kept}
        raise MergeRefusedError(_("Undo the later merge first: %(merged)s into %(kept)s.") % names)
    kept, merged = companies[merge.kept_id], companies[merge.merged_id]
    with pghistory.context(user=by.pk):
        _put_back(kept, merge.filled)
        Company.objects.filter(pk=merged.pk).update(merged_into=None)
        Company.objects.filter(pk__in=merge.companies, merged_into=kept).update(merged_into=merged)
        _move_leads(Q(pk__in=merge.leads, company=kept), to=merged)
        CompanyMerge.objects.filter(pk=merge.pk).update(undone_at=now, undone_by=by)
    transaction.on_commit(lambda: leads_changed.send(sender=None))


def _locked(*ids: int) -> dict[int, Company]:
    rows = Company.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return {company.pk: company for company in rows}


def _move_leads(which: Q, *, to: Company) -> list[int]:
    """Give leads to a company, locked in the order of their ids as everywhere."""
    leads = list(Lead.objects.filter(which).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    Lead.objects.filter(pk__in=leads).update(company=to)
    return leads


def _fill(kept: Company, merged: Company) -> dict[str, list[Any]]:
    """Fill in what `kept` does not know; returns the columns that changed, each with its value before and after."""
    filled: dict[str, list[Any]] = {}
    for name in FILLED:
        before, after = getattr(kept, name), getattr(merged, name)
        if before in EMPTY and after not in EMPTY:
            filled[name] = [before, country_code(after) if name == "country" else after]
            if name == "revenue" and kept.currency != merged.currency:
                filled["currency"] = [kept.currency, merged.currency]
    custom = {code: value for code, value in merged.custom.items() if kept.custom.get(code) in EMPTY}
    if custom:
        filled["custom"] = [kept.custom, kept.custom | custom]
    for name, (_before, after) in filled.items():
        setattr(kept, name, after)
    if filled:
        kept.save(update_fields=[*filled, "updated_at"])
    return filled


def _put_back(kept: Company, filled: dict[str, list[Any]]) -> None:
    """Write the values from before into `kept`, except where somebody has changed them since."""
    back = [name for name, (_before, after) in filled.items() if getattr(kept, name) == after]
    for name in back:
        setattr(kept, name, filled[name][0])
    if back:
        kept.save(update_fields=[*back, "updated_at"])
