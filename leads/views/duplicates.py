"""Leads that may be one person: the list of all proposals, and group by group the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from leads import policies
from leads.access import lead_for
from leads.actions.duplicates import decide_duplicates, merge_group
from leads.enums import TWO_PEOPLE, DuplicateState, Likeness, Sureness
from leads.errors import MergeRefusedError
from leads.forms.chips import canonical
from leads.forms.duplicates import DecisionForm, DuplicateFilterForm
from leads.models import CommonValue
from leads.queries.duplicates import (
    Group,
    counts_by_sureness,
    groups,
    lines_of,
    next_group,
    page_of_groups,
    visible_pairs,
)
from web import formats
from web.pages import render_page
from web.paging import Cursor


@guarded("leads.merge")
def duplicates(request: UserRequest) -> HttpResponse:
    wanted = DuplicateFilterForm(request.GET).wanted()
    counts = counts_by_sureness(request.user, wanted)
    context = {
        "page": page_of_groups(request.user, wanted, Cursor.of(request.GET)),
        "wanted": wanted,
        "tabs": [(state, address(state=state), state == wanted.state) for state in DuplicateState],
        "shelves": [(level, counts.get(level, 0), without(request, "sureness", level)) for level in Sureness],
        "reasons": [(reason, reason in wanted.reasons, toggled(request, reason)) for reason in Likeness],
        "total": sum(counts.values()),
        "query": canonical(request.GET),
        "every": without(request, "sureness", None),
        "is_decided": wanted.state in TWO_PEOPLE,
        "may_set_rules": is_allowed(request.user, policies.CONFIGURE),
        "common_values": CommonValue.objects.count(),
    }
    return render_page(request, "leads/duplicates.html", context)


def address(**query: str) -> str:
    return reverse("leads:duplicates", query=query)


def without(request: UserRequest, name: str, value: int | None) -> str:
    """The list with another value of one filter; None takes the filter off."""
    query = request.GET.copy()
    query.pop(name, None)
    if value is not None:
        query[name] = str(value)
    return f"{reverse('leads:duplicates')}?{canonical(query)}"


def toggled(request: UserRequest, reason: str) -> str:
    """The list with one reason more, or less where it is wanted already."""
    query = request.GET.copy()
    chosen = query.getlist("reason")
    query.setlist("reason", [one for one in chosen if one != reason] if reason in chosen else [*chosen, reason])
    return f"{reverse('leads:duplicates')}?{canonical(query)}"


@guarded("leads.merge", *FORM)
def group(request: UserRequest, group: int) -> HttpResponse:
    """One group side by side; posted, the decision, which leads to the next group."""
    wanted = DuplicateFilterForm(request.GET).wanted()
    found = groups(request.user, [group], state=wanted.state).get(group)
    if found is None:
        messages.info(request, _("This group has been decided or has changed. Here is the current list."))
        return redirect(f"{reverse('leads:duplicates')}?{canonical(request.GET, leave_out=('keep', 'out'))}")
    form = DecisionForm(request.POST or None, members=[lead.pk for lead in found.leads])
    if request.method == "POST" and form.is_valid():
        try:
            decide(request, form)
        except MergeRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return to_next(request, found)
    return shown(request, found, form)


def shown(request: UserRequest, found: Group, form: DecisionForm) -> HttpResponse:
    """The page of a group with the lead to keep first; those taken out stand below."""
    keep, out = request.GET.get("keep", ""), set(request.GET.getlist("out"))
    leads = sorted((one for one in found.leads if str(one.pk) not in out), key=lambda lead: str(lead.pk) != keep)
    if len(leads) < 2:
        leads = found.leads
    wanted = DuplicateFilterForm(request.GET).wanted()
    lines = lines_of(leads)
    context = {
        "group": found,
        "leads": leads,
        "out": [one for one in found.leads if one not in leads],
        "different": [line for line in lines if not line.is_equal],
        "equal": [line for line in lines if line.is_equal],
        "form": form,
        "query": canonical(request.GET, leave_out=("keep", "out")),
        "without_url": f"{request.path}?{members_query(request, leads[0].pk)}",
        "left": sum(counts_by_sureness(request.user, wanted).values()),
        "others": "&".join(f"lead={lead.pk}" for lead in leads[1:]),
        "next_url": next_url(request, found),
    }
    return render_page(request, "leads/duplicate_group.html", context, status=422 if form.errors else 200)


def members_query(request: UserRequest, keep: int) -> str:
    """The present list, with the same leads taken out and this one kept."""
    query = request.GET.copy()
    query["keep"] = str(keep)
    return canonical(query)


def decide(request: UserRequest, form: DecisionForm) -> None:
    """Do what was decided and say so. Raises MergeRefusedError."""
    what, chosen, now = form.cleaned_data["what"], form.cleaned_data["lead"], timezone.now()
    if what != "merge":
        decide_duplicates(leads=chosen, state=DuplicateState(what), by=request.user, now=now)
        messages.success(request, str(DuplicateState(what).label))
        return
    keep = form.cleaned_data["keep"]
    kept = lead_for(request.user, keep, write=True)
    others = [lead_for(request.user, pk, write=True) for pk in chosen if pk != keep]
    merge_group(kept=kept, others=others, by=request.user, now=now)
    number = len(others)
    told = ngettext("Merged %(number)s lead into %(name)s.", "Merged %(number)s leads into %(name)s.", number)
    words = told % {"number": formats.number(number), "name": kept}
    undo = format_html('<a href="{}">{}</a>', kept.get_absolute_url(), _("Open it to undo"))
    messages.success(request, format_html("{} {}", words, undo))


def to_next(request: UserRequest, done: Group) -> HttpResponse:
    """The group behind the one that was decided, in the list that the reader walks; at its end the list."""
    return redirect(next_url(request, done))


def next_url(request: UserRequest, here: Group) -> str:
    wanted = DuplicateFilterForm(request.GET).wanted()
    following = next_group(request.user, wanted, (here.pairs[0].group_sureness, here.number))
    query = canonical(request.GET, leave_out=("keep", "out"))
    is_other = following is not None and following != here.number
    return f"{reverse('leads:duplicate_group', args=[following]) if is_other else reverse('leads:duplicates')}?{query}"


@guarded("leads.merge", POST)
def reopen(request: UserRequest, pk: int) -> HttpResponse:
    """Take a "not the same" back: the two leads are proposed again."""
    pair = visible_pairs(request.user).filter(pk=pk).first()
    if pair is None:
        raise Http404
    now = timezone.now()
    decide_duplicates(leads=[pair.first_id, pair.second_id], state=DuplicateState.OPEN, by=request.user, now=now)
    messages.success(request, _("Proposed again."))
    return redirect(address(state=DuplicateState.DIFFERENT))
