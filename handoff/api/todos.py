"""To-dos for other systems."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import status
from rest_framework.response import Response

from accounts.enums import Scope
from accounts.models import User
from frame.api.examples import request_example
from frame.api.filter_parameters import filter_parameters
from frame.api.forms import cleaned
from frame.api.paging import PAGED, api_page, page_body, page_serializer
from frame.api.parameters import filtered, refuse_unknown
from frame.api.problems import ApiError, ApiProblem
from frame.api.requests import KeyRequest
from frame.api.schema import described
from frame.api.views import Access, ApiView
from handoff import policies
from handoff.actions import add_todo, change_todo, finish_todo, reopen_todo
from handoff.api.filters import TODO_FILTERS, TodoApiFilterSet
from handoff.api.steps import conflict
from handoff.documents import todo_document
from handoff.errors import RefusedError
from handoff.forms.todo import OWNERS
from handoff.queries.todos import BY_DUE, todo_for, visible_todos
from handoff.serializers import NewTodoSerializer, TodoChangesSerializer, TodoDocumentSerializer
from leads.access import lead_for
from leads.errors import LeadErasedError

TODO = OpenApiParameter("id", int, OpenApiParameter.PATH, description="The to-do.")
READS = Access(Scope.HANDOFFS_READ, policies.TODOS)
WRITES = Access(Scope.HANDOFFS_WRITE, policies.TODOS)


def number(text: str, where: str) -> int:
    """An id that was sent as text."""
    if not (text.isascii() and text.isdecimal()):
        words = _("Expected an id.")
        raise ApiError(words, [ApiProblem(where=where, code="id", text=words)])
    return int(text)


def owner_named(text: str | None, key_person: User) -> User:
    """Whose to-do it is; the key's person unless somebody is named."""
    pk = key_person.pk if text is None else number(text, "owner")
    owner = User.objects.filter(pk=pk, is_active=True, role__in=OWNERS).first()
    if owner is None:
        words = _("There’s no such user, or they can’t have to-dos.")
        raise ApiError(words, [ApiProblem(where="owner", code="unknown_user", text=words)])
    return owner


class TodosView(ApiView):
    """To-dos by their filters, and new ones."""

    reads, writes, parameters = READS, WRITES, None

    @described(
        operation_id="list_todos",
        summary="List to-dos",
        parameters=[*filter_parameters(TodoApiFilterSet, TODO_FILTERS), *PAGED],
        responses={
            200: OpenApiResponse(
                page_serializer(TodoDocumentSerializer, "TodoPage", "A page of to-dos."),
                description="A page of to-dos.",
            )
        },
    )
    def get(self, request: KeyRequest) -> Response:
        """Of leads that the key's person sees, by when they are due."""
        filters = TodoApiFilterSet(request.query_params, visible_todos(request.user), request=request)
        refuse_unknown(request, {*filters.filters, "limit", "cursor"})
        return Response(page_body(api_page(request, filtered(filters), BY_DUE), todo_document))

    @described(
        operation_id="add_todo",
        summary="Add a to-do",
        request=NewTodoSerializer,
        responses={201: OpenApiResponse(TodoDocumentSerializer, description="Added.")},
        refusals=(404, 409),
        examples=[
            request_example(
                "Call", {"lead_id": "4711", "kind": "call", "due_at": "2026-12-01T09:00:00+09:00", "text": "Offer"}
            )
        ],
    )
    def post(self, request: KeyRequest) -> Response:
        """Its owner is told of one that somebody else made."""
        refuse_unknown(request, ())
        said = cleaned(request, NewTodoSerializer)
        lead = lead_for(request.user, number(said.pop("lead_id"), "lead_id"))
        if lead.erased_at is not None:
            raise LeadErasedError
        owner = owner_named(said.pop("owner"), request.user)
        try:
            todo = add_todo(lead=lead, by=request.user, owner=owner, now=timezone.now(), **said)
        except RefusedError as refusal:
            raise conflict(refusal) from refusal
        return Response(todo_document(todo), status=status.HTTP_201_CREATED)


class TodoView(ApiView):
    """A to-do."""

    reads, writes = READS, WRITES

    @described(
        operation_id="read_todo",
        summary="Read a to-do",
        parameters=[TODO],
        responses={200: OpenApiResponse(TodoDocumentSerializer, description="The to-do.")},
        refusals=(404,),
    )
    def get(self, request: KeyRequest, pk: int) -> Response:
        """What is to be done, by whom and by when."""
        return Response(todo_document(todo_for(request.user, pk)))

    @described(
        operation_id="change_todo",
        summary="Change a to-do",
        parameters=[TODO],
        request=TodoChangesSerializer,
        responses={200: OpenApiResponse(TodoDocumentSerializer, description="Changed.")},
        refusals=(404, 409),
        examples=[request_example("Later", {"due_at": "2026-12-08T09:00:00+09:00"})],
    )
    def patch(self, request: KeyRequest, pk: int) -> Response:
        """Only while it is not done. A new owner is told."""
        todo = todo_for(request.user, pk)
        said = cleaned(request, TodoChangesSerializer)
        owner = owner_named(said.pop("owner"), request.user) if "owner" in said else todo.owner
        values: dict[str, Any] = {name: getattr(todo, name) for name in ("kind", "text", "due_at")} | said
        try:
            change_todo(todo=todo, by=request.user, owner=owner, now=timezone.now(), **values)
        except RefusedError as refusal:
            raise conflict(refusal) from refusal
        return Response(todo_document(todo_for(request.user, pk)))


class TodoFinishView(ApiView):
    """Finishing a to-do."""

    writes = WRITES

    @described(
        operation_id="finish_todo",
        summary="Finish a to-do",
        parameters=[TODO],
        request=None,
        responses={200: OpenApiResponse(TodoDocumentSerializer, description="Done, now or before.")},
        refusals=(404,),
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """Of two at once, the first counts."""
        finish_todo(todo=todo_for(request.user, pk), by=request.user, now=timezone.now())
        return Response(todo_document(todo_for(request.user, pk)))


class TodoReopenView(ApiView):
    """Opening a to-do again."""

    writes = WRITES

    @described(
        operation_id="reopen_todo",
        summary="Reopen a to-do",
        parameters=[TODO],
        request=None,
        responses={200: OpenApiResponse(TodoDocumentSerializer, description="Open, again or still.")},
        refusals=(404,),
    )
    def post(self, request: KeyRequest, pk: int) -> Response:
        """One that was finished by mistake."""
        reopen_todo(todo=todo_for(request.user, pk))
        return Response(todo_document(todo_for(request.user, pk)))
