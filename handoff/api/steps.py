"""The steps of a hand-off: the forms and actions of the pages decide, so that both doors say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.response import Response

from accounts.enums import Scope
from accounts.policies import is_allowed
from frame.api.examples import request_example
from frame.api.forms import as_the_page_takes_it, cleaned
from frame.api.problems import ApiError, ApiProblem, ResourceConflictError
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from handoff import actions, policies
from handoff.access import handoff_for
from handoff.api.handoffs import HANDOFF
from handoff.documents import handoff_documents
from handoff.errors import ClaimLostError, RefusedError
from handoff.forms import ContactForm, PauseForm, RejectForm, ResultForm
from handoff.models import Handoff, LostReason, RejectReason
from handoff.queries.changes import claimed_by_colleagues
from handoff.serializers import (
    ContactSerializer,
    HandoffDocumentSerializer,
    HandoffPauseSerializer,
    HandoffResultSerializer,
    RejectionSerializer,
)

Post = TypeVar("Post", bound=Callable[..., Response])
FIRST = Access(Scope.HANDOFFS_WRITE, policies.FIRST_RESPONSE)
WORK = Access(Scope.HANDOFFS_WRITE, policies.WORK)
RESULT = Access(Scope.HANDOFFS_WRITE, policies.RESULT)


def step(name: str, summary: str, **words: Any) -> Callable[[Post], Post]:
    """The description that all steps share."""
    return described(
        operation_id=name,
        summary=summary,
        parameters=[HANDOFF],
        responses={200: OpenApiResponse(HandoffDocumentSerializer, description="Done: the hand-off as it is now.")},
        refusals=(404, 409),
        **({"request": None} | words),
    )


class StepView(ApiView):
    """A step of a hand-off."""

    def take(self, request: KeyRequest, pk: int, action: Callable[..., Any], **values: Any) -> Response:
        """Do it as the key's person. What the state of things does not allow is a conflict, in the page's words."""
        return self.take_with(request, handoff_for(request.user, pk, write=True), action, **values)

    def take_with(self, request: KeyRequest, handoff: Handoff, action: Callable[..., Any], **values: Any) -> Response:
        try:
            action(handoff=handoff, by=request.user, now=timezone.now(), **values)
        except RefusedError as refusal:
            raise conflict(refusal) from refusal
        return Response(handoff_documents([handoff_after(request, handoff)], request.user, timezone.now())[0])


def handoff_after(request: KeyRequest, handoff: Handoff) -> Handoff:
    """The hand-off after a step, which may have taken it out of sight of whoever did it."""
    related = ("lead__company", "lead__source", "team", "owner", "model", "episode", "reject_reason")
    return Handoff.objects.select_related(*related).get(pk=handoff.pk)


def conflict(refusal: RefusedError) -> ResourceConflictError:
    code = "claim_lost" if isinstance(refusal, ClaimLostError) else "refused"
    return ResourceConflictError(str(refusal), [ApiProblem(where="", code=code, text=str(refusal))])


def coded(rows: type[RejectReason] | type[LostReason], code: str | None, where: str) -> int | None:
    """The id of a reason that is in use, by its code."""
    if not code:
        return None
    reason = rows._default_manager.filter(code=code, is_active=True).first()
    if reason is None:
        text = _("There’s no such reason. Check its code under Settings.")
        raise ApiError(text, [ApiProblem(where=where, code="unknown_reason", text=text)])
    return int(reason.pk)


class ClaimView(StepView):
    """Taking a hand-off."""

    writes = FIRST

    @step("claim_handoff", "Claim a hand-off")
    def post(self, request: KeyRequest, pk: int) -> Response:
        """One wins; the others get 409 with the winner's name."""
        try:
            handoff = handoff_for(request.user, pk, write=True)
        except Http404:
            gone = claimed_by_colleagues(request.user, [pk])
            if not gone:
                raise
            raise conflict(actions.lost_to(gone[0].owner)) from None
        return self.take_with(request, handoff, actions.claim_handoff)


class ReleaseView(StepView):
    """Giving a hand-off back."""

    writes = FIRST

    @step("release_handoff", "Give a hand-off back")
    def post(self, request: KeyRequest, pk: int) -> Response:
        """To the next one whom the rules name, else to the team's queue. Its clocks run on."""
        return self.take(request, pk, actions.release_handoff)


class ContactView(StepView):
    """Recording a contact."""

    writes = FIRST

    @step(
        "log_contact", "Record a contact", request=ContactSerializer,
        examples=[request_example("Spoke on the phone", {"outcome": "spoke", "note": "Wants an offer by Friday"})],
    )  # fmt: skip
    def post(self, request: KeyRequest, pk: int) -> Response:
        """The first that reached the lead keeps the promise of the first contact, from its own time on."""
        handoff, now = handoff_for(request.user, pk, write=True), timezone.now()
        said = cleaned(request, ContactSerializer)
        form = ContactForm(said | {"at": said["at"] or now}, handoff=handoff, now=now)
        return self.take_with(request, handoff, actions.log_contact, **as_the_page_takes_it(form))


class AcceptView(StepView):
    """Accepting a lead."""

    writes = WORK

    @step("accept_handoff", "Accept a lead")
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Sales takes it as its own: the lead becomes an SQL."""
        return self.take(request, pk, actions.accept_handoff)


class RejectView(StepView):
    """Rejecting a lead."""

    writes = WORK

    @step(
        "reject_handoff", "Reject a lead", request=RejectionSerializer,
        examples=[request_example("Not the right time", {"reason": "too_early", "wake_on": "2027-04-01"})],
    )  # fmt: skip
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Back to marketing with a coded reason, which says what becomes of the lead."""
        handoff = handoff_for(request.user, pk, write=True)
        said = cleaned(request, RejectionSerializer)
        form = RejectForm(said | {"reason": coded(RejectReason, said["reason"], "reason")})
        return self.take_with(request, handoff, actions.reject_handoff, **as_the_page_takes_it(form))


class ResultView(StepView):
    """Recording how it ended."""

    writes = RESULT

    @step(
        "record_result", "Record how it ended", request=HandoffResultSerializer,
        examples=[request_example("Won", {"result": "won", "revenue": "500000", "currency": "JPY"})],
    )  # fmt: skip
    def post(self, request: KeyRequest, pk: int) -> Response:
        """An opportunity, won, lost, withdrawn or back to nurture. Only an opportunity gets another result later."""
        handoff, now = handoff_for(request.user, pk, write=True), timezone.now()
        said = cleaned(request, HandoffResultSerializer)
        data = said | {"lost_reason": coded(LostReason, said["lost_reason"], "lost_reason")}
        form = ResultForm(
            with_today(data, now), handoff=handoff, now=now, may_sell=is_allowed(request.user, policies.WORK)
        )
        return self.take_with(request, handoff, actions.record_result, **as_the_page_takes_it(form))


def with_today(said: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The day on which it was decided is today unless another is said, as the page offers it."""
    return said | {"decided_on": said["decided_on"] or timezone.localdate(now)}


class PauseView(StepView):
    """Waiting for the customer."""

    writes = FIRST

    @step(
        "pause_handoff", "Wait for the customer", request=HandoffPauseSerializer,
        examples=[request_example("For two weeks", {"until": "2026-12-14T09:00:00+09:00", "note": "board meeting"})],
    )  # fmt: skip
    def post(self, request: KeyRequest, pk: int) -> Response:
        """The deadlines after the first contact stand still until then, a contact, or the resumption."""
        handoff, now = handoff_for(request.user, pk, write=True), timezone.now()
        form = PauseForm(cleaned(request, HandoffPauseSerializer), now=now)
        return self.take_with(request, handoff, actions.pause_handoff, **as_the_page_takes_it(form))


class ResumeView(StepView):
    """Waiting no longer."""

    writes = FIRST

    @step("resume_handoff", "Let the deadlines run on")
    def post(self, request: KeyRequest, pk: int) -> Response:
        """The deadlines of a paused hand-off run on from now."""
        return self.take(request, pk, actions.resume_handoff)
