"""What the pages of every section of the policy do with its draft: a form's result, a press of a button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import UserRequest
from handoff.actions.policy import save_policy_draft
from handoff.errors import PolicyConflictError
from handoff.models import Policy
from web.pages import redirect_to, render_page

Raw = dict[str, Any]


class EntryForm(Protocol):
    """A form that makes a new document of the draft it was given."""

    result: Raw

    @property
    def errors(self) -> Any: ...

    def is_valid(self) -> bool: ...

    def add_error(self, field: str | None, error: Any) -> None: ...


def section_page(policy: Policy) -> str:
    """Where the section is edited."""
    return reverse(f"handoff:{policy.section}")


def entry_or_404(document: Raw, part: str, place: int | None) -> None:
    """Raise Http404 where a list of the document has no such place."""
    if place is not None and place >= len(document.get(part, [])):
        raise Http404


def pressed(entries: Sequence[Raw], place: int, do: str) -> list[Raw]:
    """The entries of a list with one moved up or down, or deleted. Raises Http404 for other deeds."""
    rest = list(entries)
    taken = rest.pop(place)
    if do in ("up", "down"):
        rest.insert(max(0, place - 1) if do == "up" else place + 1, taken)
    elif do != "delete":
        raise Http404
    return rest


def edit_draft(
    request: UserRequest, policy: Policy, form: EntryForm, template: str, context: dict[str, Any], *, part: str = ""
) -> HttpResponse:
    """Show a form, or save what it makes of the draft; what was typed stays where somebody else was faster.

    `part` is the template for a dialog.
    """
    if request.method == "POST" and form.is_valid() and _saved(request, policy, form.result, form):
        return redirect_to(request, section_page(policy))
    status = 422 if form.errors else 200
    return render_page(request, template, {"form": form, "policy": policy, **context}, part=part, status=status)


def press_draft(request: UserRequest, policy: Policy, document: Raw) -> HttpResponse:
    """A change without a form, made of the draft that the page showed."""
    if not _saved(request, policy, document, None):
        messages.error(request, _("Someone else has changed the draft. Check it and try again."))
    return redirect_to(request, section_page(policy))


def _saved(request: UserRequest, policy: Policy, document: Raw, form: EntryForm | None) -> bool:
    seen = request.POST.get("seen", "")
    try:
        save_policy_draft(policy=policy, document=document, seen=seen, by=request.user, now=timezone.now())
    except PolicyConflictError as error:
        if form is not None:
            form.add_error(None, str(error))
        return False
    return True
