"""Merging all that is certain in one go, the values that are no evidence, and why two leads are one person or two."""

from __future__ import annotations

import random

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from leads import policies
from leads.access import lead_for
from leads.actions.duplicates import set_value_counts
from leads.actions.merge_runs import merge_certain, set_rules, undo_run
from leads.errors import MergeRefusedError
from leads.forms.duplicates import RulesForm
from leads.models import CommonValue, DuplicateRules, Merge
from leads.queries.certain_groups import certain_groups
from leads.queries.contact_data import reveal
from leads.queries.duplicate_reasons import words_of
from leads.queries.duplicates import Group, lines_of
from leads.queries.likenesses import COMMON, verdict_on
from web import formats
from web.pages import render_page

OPENED = 5  # groups that are shown in full before a run


@guarded("leads.merge", *FORM)
def certain(request: UserRequest) -> HttpResponse:
    """All groups that are certain, five of them opened; posted, merged in one go."""
    groups = [group for group in certain_groups(request.user) if may_merge(request, group)]
    if request.method == "POST":
        chosen = set(request.POST.getlist("group"))
        merges = merge_certain(
            groups=[group for group in groups if str(group.number) in chosen], by=request.user, now=timezone.now()
        )
        say_what_was_merged(request, merges)
        return redirect("leads:duplicates")
    opened = random.sample(groups, min(OPENED, len(groups)))
    context = {
        "groups": groups,
        "opened": [(group, [line for line in lines_of(group.leads) if not line.is_equal]) for group in opened],
    }
    return render_page(request, "leads/certain_groups.html", context)


def may_merge(request: UserRequest, group: Group) -> bool:
    """Whether the reader may change every lead of a group."""
    try:
        for lead in group.leads:
            lead_for(request.user, lead.pk, write=True)
    except PermissionDenied:
        return False
    return True


def say_what_was_merged(request: UserRequest, merges: list[Merge]) -> None:
    if not merges:
        messages.info(request, _("Nothing was merged. The groups have already been decided or have changed."))
        return
    number = len(merges)
    told = ngettext("Merged %(number)s lead.", "Merged %(number)s leads.", number) % {"number": formats.number(number)}
    url = reverse("leads:merge_run", args=[merges[0].pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, url, _("Open the run to undo it")))


@guarded("leads.merge", *FORM)
def run(request: UserRequest, pk: int) -> HttpResponse:
    """What one run merged, for whoever sees all of it; posted, all of it is taken back."""
    merge = get_object_or_404(Merge, pk=pk)
    made = Merge.objects.filter(at=merge.at, by=merge.by_id, origin=merge.origin).select_related("kept", "merged")
    merges = list(made.order_by("pk"))
    for each in merges:
        lead_for(request.user, each.kept_id)  # 404 for a run of which one does not see everything
    if request.method == "POST":
        try:
            number = undo_run(merge=merge, by=request.user, now=timezone.now())
        except MergeRefusedError as refused:
            messages.error(request, str(refused))
        else:
            told = ngettext("%(number)s merge undone.", "%(number)s merges undone.", number)
            messages.success(request, told % {"number": formats.number(number)})
        return redirect("leads:merge_run", pk)
    context = {"merge": merge, "merges": merges, "standing": sum(not each.is_undone for each in merges)}
    return render_page(request, "leads/merge_run.html", context)


@guarded("leads.merge")
def common_values(request: UserRequest) -> HttpResponse:
    """Values that too many leads have to be evidence; admins may let one count all the same."""
    context = {
        "values": CommonValue.objects.select_related("decided_by")[:200],
        "most": COMMON,
        "may_change": is_allowed(request.user, policies.CONFIGURE),
        "form": RulesForm(initial={"merges_from": DuplicateRules.current().merges_from}),
    }
    return render_page(request, "leads/common_values.html", context)


@guarded("leads.configure", POST)
def value_counts(request: UserRequest, pk: int) -> HttpResponse:
    """Let a value count, or not any more."""
    value = get_object_or_404(CommonValue, pk=pk)
    set_value_counts(value=value, counts=not value.counts, by=request.user, now=timezone.now())
    messages.success(request, _("Saved. The leads with this value are compared again within a minute."))
    return redirect("leads:common_values")


@guarded("leads.configure", POST)
def rules(request: UserRequest) -> HttpResponse:
    """From which probability on duplicates are merged by themselves."""
    form = RulesForm(request.POST)
    if form.is_valid():
        set_rules(merges_from=form.cleaned_data["merges_from"], by=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(map(str, form.errors["merges_from"])))
    return redirect("leads:common_values")


@guarded("leads.merge")
def why(request: UserRequest, pk: int, other: int) -> HttpResponse:
    """What two leads are to each other, whether or not anything proposes them."""
    leads = [lead_for(request.user, pk), lead_for(request.user, other)]
    if leads[0] == leads[1] or any(lead.is_anonymous or lead.merged_into_id for lead in leads):
        raise Http404
    reveal(request.user, leads)
    if not all(getattr(lead, "is_open_to_reader", False) for lead in leads):
        raise PermissionDenied
    verdict = verdict_on(*leads)
    context = {"leads": leads, "verdict": verdict, "reasons": words_of(verdict.reasons)}
    return render_page(request, "leads/why_same.html", context)
