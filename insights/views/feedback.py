"""The inbox of what sales says: a list with its filters, one verdict with the talk about it, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from handoff.access import visible_feedback
from handoff.actions import RefusedError, decide_feedback, reply_to_feedback
from handoff.models import Feedback
from insights import policies
from insights.enums import FeedbackTab
from insights.feedback_forms import DecisionForm, FeedbackFilterForm, ReplyForm
from insights.periods import Span, period_form
from insights.queries.feedback import RELATED, in_tab, narrowed, rows_of, rule_counts, tab_counts
from insights.queries.feedback_export import COLUMNS, HEADINGS, export_rows
from insights.queries.satisfaction import satisfaction
from leads.actions.exports import MOST_ROWS, record_export
from leads.policies import EXPORT
from web import formats
from web.pages import redirect_to, render_page
from web.paging import Cursor, Order, page_of
from web.spreadsheet import csv_answer

NEWEST = Order.by("-at")
MOST = 500  # as many as are decided at once


@guarded(policies.FEEDBACK)
def feedback(request: UserRequest) -> HttpResponse:
    """Every verdict of sales beside the rules that spoke for the lead; how content sales was, week by week."""
    user, today = request.user, timezone.localdate()
    form, periods = FeedbackFilterForm(request.GET, user=user), period_form(request.GET, usual=Span.DAYS_90)
    period = periods.chosen(today)
    rows = narrowed(user, form.wanted, period)
    counts = tab_counts(rows)
    shown = in_tab(rows, form.chosen).select_related(*RELATED).prefetch_related("rules", "replies")
    page = page_of(shown, NEWEST, Cursor.of(request.GET))
    context = {
        "form": form,
        "periods": periods,
        "days": period.days(today),
        "tabs": [(tab, counts[tab], tab == form.chosen) for tab in FeedbackTab],
        "is_late": form.chosen == FeedbackTab.LATE,
        "page": page.showing(rows_of(page.rows, user)),
        "rules": rule_counts(rows),
        "weeks": satisfaction(rows),
        "query": request.GET.urlencode(),
        "number": counts[form.chosen],
        "may_decide": is_allowed(user, policies.DECIDE),
        "may_export": is_allowed(user, EXPORT),
    }
    return render_page(request, "insights/feedback.html", context)


@guarded(policies.FEEDBACK)
def feedback_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One verdict: what was said, which rules spoke, the talk about it."""
    return _detail(request, _feedback_for(request, pk), ReplyForm())


@guarded(policies.FEEDBACK, POST)
def feedback_reply(request: UserRequest, pk: int) -> HttpResponse:
    said, form = _feedback_for(request, pk), ReplyForm(request.POST)
    if not form.is_valid():
        return _detail(request, said, form, status=422)
    reply_to_feedback(feedback=said, by=request.user, text=form.cleaned_data["text"], now=timezone.now())
    messages.success(request, _("Reply sent."))
    return redirect_to(request, said.get_absolute_url())


@require_http_methods(["GET", "POST"])
@guarded(policies.DECIDE, *FORM)
def feedback_decide(request: UserRequest) -> HttpResponse:
    """What became of the chosen verdicts, or with `all` of those of the list that `query` asks for."""
    data = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, data)
    models = sorted({said.model_id for said in chosen})
    initial = {"state": chosen[0].state, "because": chosen[0].declined_because} if len(chosen) == 1 else {}
    form = DecisionForm(request.POST or None, models=models, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _decided(request, chosen, form)
    kept = [(name, value) for name in ("pk", "all", "query") for value in data.getlist(name)]
    context = {"form": form, "number": len(chosen), "kept": kept, "is_cut": len(chosen) == MOST}
    status = 422 if form.errors else 200
    return render_page(
        request, "insights/feedback_decide.html", context, part="insights/_feedback_decide.html", status=status
    )


@guarded(EXPORT, POST)
def feedback_export(request: UserRequest) -> HttpResponse:
    """The verdicts of the list as CSV: recorded, and cut at a limit that the record names."""
    data, now = QueryDict(request.POST.get("query", "")[:2000]), timezone.now()
    pks = list(_listed(request, data).values_list("pk", flat=True)[: MOST_ROWS + 1])
    pks, is_cut = pks[:MOST_ROWS], len(pks) > MOST_ROWS
    record_export(by=request.user, query=data.urlencode(), columns=COLUMNS, rows=len(pks), is_cut=is_cut, now=now)
    name = f"feedback-{timezone.localtime(now):%Y%m%d-%H%M}.csv"
    return csv_answer(name, [str(words) for words in HEADINGS.values()], export_rows(pks, request.user))


def _feedback_for(request: UserRequest, pk: int) -> Feedback:
    return get_object_or_404(visible_feedback(request.user).select_related(*RELATED), pk=pk)


def _detail(request: UserRequest, said: Feedback, form: ReplyForm, *, status: int = 200) -> HttpResponse:
    (row,) = rows_of([said], request.user)
    context = {
        "row": row,
        "feedback": said,
        "replies": said.replies.select_related("by"),
        "form": form,
        "may_decide": is_allowed(request.user, policies.DECIDE),
    }
    return render_page(request, "insights/feedback_detail.html", context, status=status)


def _listed(request: UserRequest, query: QueryDict) -> Any:
    """The verdicts of the list that a query asks for, in its order."""
    form = FeedbackFilterForm(query, user=request.user)
    period = period_form(query, usual=Span.DAYS_90).chosen(timezone.localdate())
    return in_tab(narrowed(request.user, form.wanted, period), form.chosen).order_by(*NEWEST.expressions())


def _chosen(request: UserRequest, data: QueryDict) -> list[Feedback]:
    if data.get("all") == "1":
        rows = _listed(request, QueryDict(data.get("query", "")[:2000]))
    else:
        pks = [int(pk) for pk in data.getlist("pk") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        rows = visible_feedback(request.user).filter(pk__in=pks[:MOST])
    return list(rows.select_related(*RELATED)[:MOST])


def _decided(request: UserRequest, chosen: list[Feedback], form: DecisionForm) -> HttpResponse:
    """Decide each by itself; say how many were, and why not the others."""
    done, left, now = 0, Counter[str](), timezone.now()
    for said in chosen:
        try:
            decide_feedback(feedback=said, by=request.user, now=now, **form.cleaned_data)
        except RefusedError as refusal:
            left[str(refusal)] += 1
        else:
            done += 1
    words = ngettext("%(n)s verdict changed.", "%(n)s verdicts changed.", done) % {"n": formats.number(done)}
    messages.success(request, words)
    for why, number in left.items():
        told = _("%(n)s not done: %(reason)s") % {"n": formats.number(number), "reason": why}
        messages.warning(request, told)
    shown = urlsplit(request.headers.get("HX-Current-URL", "")[:4000])
    address = reverse("insights:feedback")
    if shown.path.startswith(address):  # the list with its filters, or the page of one
        return redirect_to(request, f"{shown.path}?{shown.query}")
    return redirect_to(request, chosen[0].get_absolute_url() if len(chosen) == 1 else address)
