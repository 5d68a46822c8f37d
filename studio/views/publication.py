"""Publishing a draft: at once, or after sales has agreed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

import engine
from accounts.access import has_active_team
from accounts.policies import FORM, POST, guarded, is_allowed
from accounts.requests import UserRequest
from engine.nodes import Document
from scoring import policies
from scoring.actions.versions import (
    ConflictError,
    NothingToPublishError,
    ThresholdsRefusedError,
    UnpublishableError,
    needs_admin,
)
from scoring.enums import ProposalState
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.validation import problems_of
from studio.access import model_for
from studio.actions.approval import DecidedError, approve, ask_approval, send_back, set_approval
from studio.actions.publication import ApprovalNeededError, publish_draft
from studio.draft.store import draft_token
from studio.forms.publication import ProposalForm, PublishForm
from studio.models import Proposal
from studio.queries.document_diff import DocumentChange, changes
from studio.queries.versions import changed_since
from studio.views.draft_pages import sent_draft
from web.pages import redirect_to, render_page

Made = TypeVar("Made")


def _current(model: ScoringModel) -> Document | None:
    return document_of(model.current_version) if model.current_version else None


def _draft_of(model: ScoringModel) -> Document | None:
    return engine.parse(model.draft).document if model.draft is not None else None


def changes_of(model: ScoringModel) -> list[DocumentChange]:
    """What the draft would change; nothing while it cannot be read."""
    draft = _draft_of(model)
    return changes(_current(model), draft) if draft else []


@guarded("scoring.rules.view")
def what_changed(request: UserRequest, pk: int) -> HttpResponse:
    model = model_for(pk)
    context = {"model": model, "changes": changes_of(model), "may_publish": is_allowed(request.user, policies.PUBLISH)}
    return render_page(request, "studio/changes.html", context)


@guarded("scoring.publish", *FORM)
def publish(request: UserRequest, pk: int) -> HttpResponse:
    """The difference in words, its effect, a note, and the button; or why it cannot be published."""
    model, form, conflict = model_for(pk), PublishForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect_to(request, _sent(request, model, form))
        except ConflictError as error:
            conflict = error
        except _Refused:
            pass
    model = model_for(pk)
    context = _publishing(request, model) | {"form": form, "conflict": conflict}
    if conflict:
        context["meanwhile"] = changed_since(model, _seen_revision(request))
    return render_page(request, "studio/publish.html", context, status=409 if conflict else 422 if form.errors else 200)


class _Refused(Exception):
    """It was refused, and the form says why."""


def _publishing(request: UserRequest, model: ScoringModel) -> dict[str, Any]:
    return {
        "model": model,
        "seen": draft_token(model),
        "problems": problems_of(model.draft, catalog()) if model.draft is not None else (),
        "changes": changes_of(model),
        "needs_admin": _needs_admin(request, model),
        "waiting": _waiting(model),
        "no_team": not has_active_team(),
        "may_thresholds": is_allowed(request.user, policies.EDIT_THRESHOLDS),
    }


def _seen_revision(request: UserRequest) -> int:
    """The state of the draft that the sender had before them."""
    typed = request.POST.get("seen", "").partition(".")[0]
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _needs_admin(request: UserRequest, model: ScoringModel) -> bool:
    """Whether the draft changes what only an administrator may publish."""
    draft = _draft_of(model)
    return draft is not None and needs_admin(model, draft, request.user)


def _waiting(model: ScoringModel) -> Proposal | None:
    """The request for approval that waits, if it is about the draft as it stands."""
    waiting = model.proposals.filter(state=ProposalState.WAITING, revision=model.draft_revision)
    return waiting.select_related("by").first()


def _sent(request: UserRequest, model: ScoringModel, form: PublishForm) -> str:
    """Publish, or ask for approval; where to go then. Raises ConflictError and _Refused."""
    asked = {
        "model": model, "by": request.user, "note": form.cleaned_data["note"], "now": timezone.now(),
        "revision": sent_draft(request, model).revision,
    }  # fmt: skip
    if model.needs_approval:
        proposal = _try(form, lambda: ask_approval(**asked))
        messages.success(request, _("Sales is asked to agree. Nothing changes until then."))
        return proposal.get_absolute_url()
    version = _try(form, lambda: publish_draft(**asked))
    words = _("Version %(number)d is in force. All leads are being scored again.")
    messages.success(request, words % {"number": version.number})
    return version.get_absolute_url()


def _try(form: Any, act: Callable[[], Made]) -> Made:
    """Do it, or put the reason on the form and raise _Refused."""
    try:
        return act()
    except (NothingToPublishError, ThresholdsRefusedError, ApprovalNeededError) as refusal:
        form.add_error(None, str(refusal))
    except UnpublishableError:
        form.add_error(None, _("The draft has problems. Nothing was published."))
    raise _Refused


# --- the approval of sales -------------------------------------------------------------------------------------------


@guarded("scoring.thresholds.edit", POST)
def approval(request: UserRequest, pk: int) -> HttpResponse:
    """Switch on or off that publishing needs the approval of sales."""
    model = model_for(pk)
    needed = request.POST.get("needed") == "yes"
    set_approval(model=model, needed=needed, by=request.user)
    messages.success(
        request, _("Publishing needs the approval of sales.") if needed else _("Publishing needs no approval.")
    )
    return redirect_to(request, model.get_absolute_url() + "publish/")


@guarded("scoring.rules.view")
def proposal(request: UserRequest, pk: int, proposal: int) -> HttpResponse:
    """What is asked for, its effect, and for sales the two answers."""
    return _asked_for(request, _proposal(pk, proposal), ProposalForm())


@guarded("scoring.approve", POST)
def decide(request: UserRequest, pk: int, proposal: int) -> HttpResponse:
    """Agree, which publishes, or send back with a reason."""
    asked, form = _proposal(pk, proposal), ProposalForm(request.POST)
    if form.is_valid() and (where := _decided(request, asked, form)):
        return redirect_to(request, where)
    return _asked_for(request, _proposal(pk, proposal), form)


def _proposal(pk: int, proposal: int) -> Proposal:
    related = Proposal.objects.select_related("by", "decided_by", "version", "model")
    return get_object_or_404(related, model=pk, pk=proposal)


def _asked_for(request: UserRequest, asked: Proposal, form: ProposalForm) -> HttpResponse:
    model = model_for(asked.model_id)
    context = {
        "model": model,
        "proposal": asked,
        "form": form,
        "is_stale": asked.state == ProposalState.WAITING and asked.revision != model.draft_revision,
        "changes": changes_of(model),
        "may_decide": is_allowed(request.user, policies.APPROVE) and asked.by_id != request.user.pk,
    }
    return render_page(request, "studio/proposal.html", context, status=422 if form.errors else 200)


def _decided(request: UserRequest, asked: Proposal, form: ProposalForm) -> str:
    """Where to go; "" where it was refused and the form says why. Raises PermissionDenied for those who may not."""
    now = timezone.now()
    try:
        if "send_back" in request.POST:
            send_back(proposal=asked, by=request.user, reason=form.cleaned_data["reason"], now=now)
            messages.success(request, _("The change is sent back with your reason."))
            return asked.get_absolute_url()
        version = _try(form, lambda: approve(proposal=asked, by=request.user, now=now))
    except ConflictError:
        form.add_error(None, _("The draft was changed after the request. Marketing has to ask again."))
    except DecidedError:
        form.add_error(None, _("Somebody else has decided meanwhile."))
    except _Refused:
        pass
    else:
        messages.success(request, _("You agreed. Version %(number)d is in force.") % {"number": version.number})
        return version.get_absolute_url()
    return ""
