"""The steps of a hand-off: a button or a dialog each. Every answer redraws the row or the panel it was pressed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from handoff import actions, policies
from handoff.access import handoff_for
from handoff.actions import RefusedError
from handoff.day_head import asked_kind, asked_tab, day_head
from handoff.enums import SURVEY_ANSWERS, OutcomeResult, Verdict
from handoff.filters import QueueFilterSet
from handoff.forms import (
    AssignForm,
    ContactForm,
    DealForm,
    DueForm,
    PauseForm,
    RejectForm,
    ResultForm,
    SkipForm,
    SnoozeForm,
    SurveyForm,
)
from handoff.forms.waits import WaitsForm
from handoff.models import Handoff, RejectReason
from handoff.queries.changes import claimed_by_colleagues
from handoff.queries.panel import panel_of
from handoff.queries.rows import row_of
from handoff.queries.spoken_rules import spoken_for
from handoff.queries.steps import undoable_step
from handoff.queue_head import queue_head
from handoff.queue_rows import queue_row
from leads.queries.contact_data import reveal
from scoring.forms.choices import guide
from scoring.policies import VIEW_RULES
from web.pages import redirect_to, render_part, wants_part

dialog = require_http_methods(["GET", "POST"])


@guarded(policies.FIRST_RESPONSE, POST)
def claim(request: UserRequest, pk: int) -> HttpResponse:
    try:
        handoff = handoff_for(request.user, pk, write=True)
    except Http404:
        # A colleague was faster, and the lead is theirs: by whom is all that is told.
        gone = claimed_by_colleagues(request.user, [pk])
        if not gone:
            raise
        return _lost(request, gone[0])
    return _button(request, handoff, actions.claim_handoff, _("Lead claimed."))


def _lost(request: UserRequest, handoff: Handoff) -> HttpResponse:
    words = str(actions.lost_to(handoff.owner))
    if not wants_part(request):
        messages.warning(request, words)
        return redirect_to(request, reverse("handoff:queue"))
    context = {"handoff": handoff, "words": words, "view": _view(request)}
    response = render_part(request, "handoff/_lost.html", context, status=409)
    response["HX-Trigger"] = "lq:close, lq:handoff"
    return response


@guarded(policies.FIRST_RESPONSE, POST)
def release(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    return _button(request, handoff, actions.release_handoff, _("Returned to the team’s queue."))


@guarded(policies.WORK, POST)
def accept(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    return _button(request, handoff, actions.accept_handoff, _("Accepted. The lead is now an SQL."))


@guarded(policies.FIRST_RESPONSE, POST)
def wake(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    return _button(request, handoff, actions.wake_handoff, _("Back in the queue."))


@guarded(policies.FIRST_RESPONSE, POST)
def undo(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk)  # the last step may have taken the right to work on it
    return _button(request, handoff, actions.undo_last_step, _("Undone."))


@dialog
@guarded(policies.FIRST_RESPONSE, *FORM)
def contact(request: UserRequest, pk: int) -> HttpResponse:
    handoff, now = handoff_for(request.user, pk, write=True), timezone.now()
    form = ContactForm(request.POST or None, handoff=handoff, now=now)
    return _form(
        request, handoff, form, actions.log_contact, _("Log contact"), _("Contact logged."),
        part="handoff/_contact.html",
    )  # fmt: skip


@dialog
@guarded(policies.WORK, *FORM)
def reject(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    code = request.GET.get("reason", "").replace("\0", "")
    asked = RejectReason.objects.filter(code=code, is_active=True).first()
    form = RejectForm(
        request.POST or None, initial={"reason": asked}, may_state_conditions=_may_state_conditions(request)
    )
    return _form(request, handoff, form, actions.reject_handoff, _("Reject lead"), _("Returned to marketing."))


@dialog
@guarded(policies.RESULT, *FORM)
def result(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    may_sell = is_allowed(request.user, policies.WORK)
    form = ResultForm(
        request.POST or None, handoff=handoff, now=timezone.now(), may_sell=may_sell,
        asked=request.GET.get("result", ""), may_state_conditions=_may_state_conditions(request),
    )  # fmt: skip
    return _form(request, handoff, form, actions.record_result, _("Record result"), _("Result recorded."))


@dialog
@guarded(policies.WORK, *FORM)
def deal(request: UserRequest, pk: int) -> HttpResponse:
    """What an opportunity is worth by now, until it is won or lost."""
    handoff = handoff_for(request.user, pk, write=True)
    known = handoff.outcomes.filter(result=OutcomeResult.OPPORTUNITY).first()
    form = DealForm(request.POST or None, outcome=known)
    return _form(request, handoff, form, actions.change_deal, _("Change opportunity"), _("Opportunity changed."))


@guarded(policies.RATE, POST)
def rate_at_once(request: UserRequest, pk: int, answer: str) -> HttpResponse:
    """How the lead was, in one press; the message offers to say which rule was wrong."""
    if answer not in SURVEY_ANSWERS:
        raise Http404
    handoff = handoff_for(request.user, pk, write=True)
    rated = _("Rated: %(answer)s") % {"answer": Verdict(answer).label}
    return _button(request, handoff, partial(actions.answer_survey, answer=answer), rated, asks_more=answer != "good")


@dialog
@guarded(policies.RATE, *FORM)
def rate(request: UserRequest, pk: int) -> HttpResponse:
    """The same in more words: an answer, the rules that were wrong, a comment."""
    handoff = handoff_for(request.user, pk, write=True)
    known = handoff.feedback.filter(verdict__in=SURVEY_ANSWERS).prefetch_related("rules").first()
    form = SurveyForm(request.POST or None, spoken=spoken_for(handoff.episode), feedback=known)
    return _form(request, handoff, form, actions.answer_survey, _("Rate this lead"), _("Rating saved."))


@dialog
@guarded(policies.FIRST_RESPONSE, *FORM)
def snooze(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    form = SnoozeForm(
        request.POST or None, handoff=handoff, now=timezone.now(), may_state_conditions=_may_state_conditions(request)
    )
    return _form(request, handoff, form, actions.snooze_handoff, _("Snooze"), _("Snoozed. Deadlines don’t change."))


@dialog
@guarded(policies.FIRST_RESPONSE, *FORM)
def pause(request: UserRequest, pk: int) -> HttpResponse:
    """Wait for the customer: the deadlines after the first contact stand still."""
    handoff = handoff_for(request.user, pk, write=True)
    form = PauseForm(request.POST or None, now=timezone.now())
    return _form(request, handoff, form, actions.pause_handoff, _("Wait for customer"), _("Deadlines paused."))


@guarded(policies.FIRST_RESPONSE, POST)
def resume(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    return _button(request, handoff, actions.resume_handoff, _("The deadlines run on."))


@dialog
@guarded(policies.ASSIGN, *FORM)
def due(request: UserRequest, pk: int) -> HttpResponse:
    """Another due time for the deadline that comes next, with a reason."""
    handoff = handoff_for(request.user, pk, write=True)
    form = DueForm(request.POST or None, handoff=handoff)
    return _form(request, handoff, form, actions.set_due, _("Change deadline"), _("Deadline changed."))


@dialog
@guarded(policies.FIRST_RESPONSE, *FORM)
def skip(request: UserRequest, pk: int) -> HttpResponse:
    """Five reasons, a press each. From the lead's page it goes on to the next lead."""
    handoff = handoff_for(request.user, pk, write=True)
    form = SkipForm(request.POST or None)
    answer = _form(
        request, handoff, form, actions.skip_handoff, _("Skip lead"), _("Skipped."), part="handoff/_skip.html"
    )
    if request.method == "POST" and answer.status_code < 400 and _view(request) == "panel":
        return redirect_to(request, reverse("handoff:next"))
    return answer


@dialog
@guarded(policies.ASSIGN, *FORM)
def assign(request: UserRequest, pk: int) -> HttpResponse:
    handoff = handoff_for(request.user, pk, write=True)
    form = AssignForm(request.POST or None, by=request.user, handoff=handoff)
    return _form(request, handoff, form, actions.assign_handoff, _("Assign"), _("Assigned."))


def _may_state_conditions(request: UserRequest) -> bool:
    """A condition can ask for what is masked: only those write one who see the rules."""
    return is_allowed(request.user, VIEW_RULES)


def _button(
    request: UserRequest, handoff: Handoff, action: Callable[..., Any], done: str, *, asks_more: bool = False
) -> HttpResponse:
    try:
        action(handoff=handoff, by=request.user, now=timezone.now())
    except RefusedError as refusal:
        return _answer(request, handoff, str(refusal), kind="warning", status=409)
    return _answer(request, handoff, done, asks_more=asks_more)


def _form(
    request: UserRequest, handoff: Handoff, form: forms.Form, action: Callable[..., Any], title: str, done: str,
    part: str = "handoff/_dialog.html",
) -> HttpResponse:  # fmt: skip
    """Show the dialog, or do what it asks for; what was refused stands above the fields, with all that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            action(handoff=handoff, by=request.user, now=timezone.now(), **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _answer(request, handoff, done)
    reveal(request.user, [handoff.lead])
    context = {
        "form": form,
        "title": title,
        "handoff": handoff,
        "action": request.path,
        "view": _view(request),
        "guide": guide(form.catalog) if isinstance(form, WaitsForm) and form.catalog else None,
    }
    template = part if wants_part(request) else "handoff/dialog.html"
    return render_part(request, template, context, status=422 if form.errors else 200)


def _answer(
    request: UserRequest, handoff: Handoff, words: str, *, kind: str = "success", status: int = 200,
    asks_more: bool = False,
) -> HttpResponse:  # fmt: skip
    """Redraw where the step was taken, say what happened, and offer to undo it (after a rating, to say more)."""
    if not wants_part(request):
        getattr(messages, kind)(request, words)
        return HttpResponse(status=303, headers={"Location": reverse("handoff:detail", args=[handoff.pk])})
    now, view = timezone.now(), _view(request)
    handoff = Handoff.objects.select_related(
        "lead__company", "lead__source", "team", "owner", "model", "episode", "reject_reason"
    ).get(pk=handoff.pk)
    context: dict[str, Any] = {"handoff": handoff, "words": words, "kind": kind, "view": view, "asks_more": asks_more}
    if view == "panel":
        context["panel"] = panel = panel_of(handoff, request.user, now)
        context["can_undo"] = panel.can_undo
    else:
        row = row_of(handoff, request.user, now)
        context["row"] = queue_row(row, now=now, csrf_token=get_token(request), walk=_list_of(request))
        context["can_undo"] = undoable_step(handoff, request.user, now) is not None
        context |= _head_of(request, now)
    response = render_part(request, "handoff/_answer.html", context, status=status)
    response["HX-Trigger"] = "lq:close, lq:handoff"  # closes the dialog; board and bell look again
    return response


def _list_of(request: UserRequest) -> str:
    """The query of the list in which the step was taken."""
    return urlsplit(request.headers.get("HX-Current-URL", "")[:4000]).query


def _head_of(request: UserRequest, now: datetime) -> dict[str, Any]:
    """The counts and tabs above that list as they are now; nothing where it is another page than queue and day."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")[:4000]).path
    query = QueryDict(_list_of(request))
    if path == reverse("handoff:day"):
        return day_head(request.user, asked_tab(query), asked_kind(query), now)
    if path != reverse("handoff:queue"):
        return {}
    tab = QueueFilterSet(query, request=request, now=now).tab
    return queue_head(request.user, query, tab, now)


def _view(request: UserRequest) -> str:
    """Where the step was taken: in a row of the queue, or in the panel."""
    chosen = request.POST.get("view") or request.GET.get("view", "panel")
    return chosen if chosen in ("queue", "panel") else "panel"
