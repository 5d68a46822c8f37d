"""Publishing a draft: at once, or after sales has agreed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

import engine
from accounts.access import has_active_team
from accounts.models import User
from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from engine.nodes import Document
from scoring import policies
from scoring.actions.versions import (
    DraftConflictError,
    NothingToPublishError,
    ThresholdsRefusedError,
    UnpublishableError,
    needs_admin,
)
from scoring.enums import ProposalState
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.changes import DocumentChange
from scoring.queries.documents import document_of
from scoring.queries.validation import problems_of
from studio.access import model_for
from studio.actions.approval import DecidedError, NobodyToApproveError, approve, ask_approval, send_back, set_approval
from studio.actions.publication import ApprovalNeededError, publish_draft
from studio.draft.store import draft_token
from studio.forms.publication import ProposalForm, PublishForm
from studio.models import Proposal
from studio.queries.document_diff import changes
from studio.queries.versions import changed_since
from studio.views.draft_pages import sent_draft
from studio.views.handoff_question import HandoffQuestion, question_about
from web.pages import redirect_to, render_page

# The colour of a request's state.
STATE_KINDS: dict[str, str] = {
    ProposalState.APPROVED: "good",
    ProposalState.SENT_BACK: "bad",
    ProposalState.WAITING: "warning",
}
# Why a draft that nobody changed meanwhile is not published.
REFUSALS = (
    NobodyToApproveError,
    NothingToPublishError,
    ThresholdsRefusedError,
    UnpublishableError,
    ApprovalNeededError,
)


def draft_document(model: ScoringModel) -> Document | None:
    """The draft, when there is one and it can be read."""
    return engine.parse(model.draft).document if model.draft is not None else None


def changes_of(model: ScoringModel) -> list[DocumentChange]:
    """What the draft would change; nothing while it cannot be read."""
    draft = draft_document(model)
    current = document_of(model.current_version) if model.current_version else None
    return changes(current, draft) if draft else []


@guarded("scoring.rules.view")
def what_changed(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    context = {"model": model, "changes": changes_of(model), "may_publish": is_allowed(request.user, policies.PUBLISH)}
    return render_page(request, "studio/changes.html", context)


@guarded("scoring.publish", *FORM)
def publish(request: UserRequest, pk: int) -> HttpResponse:
    """The difference in words, its effect, a note, and the button; or why it cannot be published."""
    model, form, conflict, question = model_for(pk), PublishForm(request.POST or None), None, None
    if request.method == "POST" and form.is_valid():
        question = None if asks_first(model, request.user) else question_about(request, draft_document(model), model)
        try:
            url = "" if question else _publish(request, model, form)
        except DraftConflictError as error:
            conflict, url = error, ""
        if url:
            return redirect_to(request, url)
        model = model_for(pk)
    draft = draft_document(model)
    waiting = model.proposals.filter(state=ProposalState.WAITING, revision=model.draft_revision).select_related("by")
    context = {
        "model": model,
        "form": form,
        "conflict": conflict,
        "meanwhile": changed_since(model, _seen_revision(request)) if conflict else [],
        "question": question,
        "seen": draft_token(model),
        "problems": problems_of(model.draft, catalog()) if model.draft is not None else (),
        "changes": changes_of(model),
        "needs_admin": draft is not None and needs_admin(model, draft, request.user),
        "asks_first": asks_first(model, request.user),
        "waiting": waiting.first(),  # a request about the draft as it stands
        "no_team": not has_active_team(),
        "may_thresholds": is_allowed(request.user, policies.EDIT_THRESHOLDS),
    }
    status = 409 if conflict else 422 if form.errors or question else 200
    return render_page(request, "studio/publish.html", context, status=status)


def asks_first(model: ScoringModel, user: User) -> bool:
    """Whether somebody else has to approve what this person would publish: always, or for its thresholds."""
    draft = draft_document(model)
    return model.needs_approval or (draft is not None and needs_admin(model, draft, user))


def _seen_revision(request: UserRequest) -> int:
    """The revision of the draft that the sender had before them; -1 when what was sent names none."""
    typed = request.POST.get("seen", "").partition(".")[0]
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _publish(request: UserRequest, model: ScoringModel, form: PublishForm) -> str:
    """Publish, or ask for approval; where to go then, "" where the form says why not. Raises DraftConflictError."""
    asked = {
        "model": model, "by": request.user, "note": form.cleaned_data["note"], "now": timezone.now(),
        "revision": sent_draft(request, model).revision,
    }  # fmt: skip
    try:
        if asks_first(model, request.user):
            proposal = ask_approval(**asked)
            messages.success(request, _("Approval requested. Nothing changes until it’s approved."))
            return proposal.get_absolute_url()
        version = publish_draft(**asked)
    except REFUSALS as error:
        add_refusal(form, error)
        return ""
    words = _("Version %(number)s published. Rescoring all leads.")
    messages.success(request, words % {"number": version.number})
    return version.get_absolute_url()


def add_refusal(form: forms.Form, error: Exception) -> None:
    """Put the reason why nothing was published on the form."""
    if isinstance(error, UnpublishableError):
        form.add_error(
            None, _("The draft has problems. Nothing was published. Fix the marked places and publish again.")
        )
    else:
        form.add_error(None, str(error))


# --- the approval of sales -------------------------------------------------------------------------------------------


@guarded("scoring.thresholds.edit", POST)
def approval(request: UserRequest, pk: int) -> HttpResponse:
    """Switch on or off that publishing needs the approval of sales."""
    model = model_for(pk)
    needed = request.POST.get("needed") == "yes"
    set_approval(model=model, needed=needed, by=request.user)
    messages.success(
        request, _("Publishing now needs approval by sales.") if needed else _("Publishing no longer needs approval.")
    )
    return redirect_to(request, model.get_absolute_url() + "publish/")


@guarded("scoring.rules.view")
def proposal(request: UserRequest, pk: int, proposal: int) -> HttpResponse:
    """What is asked for, its effect, and for sales the two answers."""
    return _proposal_page(request, proposal_for(pk, proposal), ProposalForm())


@guarded("scoring.approve", POST)
def decide(request: UserRequest, pk: int, proposal: int) -> HttpResponse:
    """Agree, which publishes, or send back with a reason. Raises PermissionDenied for those who may not."""
    asked, form, now = proposal_for(pk, proposal), ProposalForm(request.POST), timezone.now()
    if not form.is_valid():
        return _proposal_page(request, asked, form)
    try:
        if "send_back" in request.POST:
            send_back(proposal=asked, by=request.user, reason=form.cleaned_data["reason"], now=now)
            messages.success(request, _("Changes requested."))
            return redirect_to(request, asked.get_absolute_url())
        model = model_for(pk)
        if question := question_about(request, draft_document(model), model):
            return _proposal_page(request, asked, form, question)
        version = approve(proposal=asked, by=request.user, now=now)
    except DraftConflictError:
        form.add_error(None, _("The draft changed after the request. Marketing needs to request approval again."))
    except DecidedError:
        form.add_error(None, _("Someone else has already decided. Reload the page to see the decision."))
    except REFUSALS as error:
        add_refusal(form, error)
    else:
        messages.success(request, _("Approved. Version %(number)s is published.") % {"number": version.number})
        return redirect_to(request, version.get_absolute_url())
    return _proposal_page(request, proposal_for(pk, proposal), form)


def proposal_for(pk: int, proposal: int) -> Proposal:
    """A request of the model `pk`. Raises Http404."""
    related = Proposal.objects.select_related("by", "decided_by", "version", "model")
    return get_object_or_404(related, model=pk, pk=proposal)


def _proposal_page(
    request: UserRequest, proposal: Proposal, form: ProposalForm, question: HandoffQuestion | None = None
) -> HttpResponse:
    model = model_for(proposal.model_id)
    context = {
        "model": model,
        "proposal": proposal,
        "form": form,
        "question": question,
        "state_kind": STATE_KINDS.get(proposal.state, "plain"),
        "is_stale": proposal.state == ProposalState.WAITING and proposal.revision != model.draft_revision,
        "changes": changes_of(model),
        "may_decide": is_allowed(request.user, policies.APPROVE) and proposal.by_id != request.user.pk,
    }
    return render_page(request, "studio/proposal.html", context, status=422 if form.errors or question else 200)
