"""Moving everything of a person, with what it does said before, and one undo."""

from __future__ import annotations

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import visible_people
from accounts.policies import FORM, POST, guarded
from accounts.requests import UserRequest
from handoff import policies
from handoff.actions.handing_over import Moved, hand_over, undo_hand_over
from handoff.forms.moving import BY_RULES, MoveForm
from handoff.queries.belongings import belongings_of, shares_when_routed
from leads.queries.contact_data import reveal
from web import formats
from web.pages import render_part


@require_http_methods(["GET", "POST"])
@guarded(policies.ASSIGN, *FORM)
def move(request: UserRequest, pk: int) -> HttpResponse:
    """The dialog that names what would go, then the move."""
    person = get_object_or_404(visible_people(request.user), pk=pk)
    now, what = timezone.now(), belongings_of(person)
    shares = shares_when_routed(person, what.handoffs, now)
    form = MoveForm(request.POST or None, by=request.user, person=person, what=what, shares=shares)
    if request.method == "POST" and form.is_valid():
        routed, to = form.cleaned_data["way"] == BY_RULES, form.cleaned_data["to"]
        moved = hand_over(person=person, what=belongings_of(person), to=to, by=request.user, now=now, routed=routed)
        return told(request, moved_words(moved), token=moved.token)
    hidden = [handoff.lead for handoff in what.handoffs] + [todo.lead for todo in what.todos] + list(what.leads)
    reveal(request.user, hidden)
    context = {"form": form, "person": person, "what": what, "action": request.path}
    return render_part(request, "handoff/_move.html", context, status=422 if form.errors else 200)


@guarded(policies.ASSIGN, POST)
def undo_move(request: UserRequest) -> HttpResponse:
    """Take a move back; it is too late after a minute."""
    try:
        result = undo_hand_over(token=request.POST.get("token", ""), by=request.user, now=timezone.now())
    except signing.BadSignature:
        late = _("Nothing to undo: a step can be undone for one minute. Record the correct step instead.")
        return told(request, late, kind="warning")
    reasons = sorted({refused.reason for refused in result.refused})
    return told(request, _("Undone."), kind="warning" if reasons else "success", reasons=reasons)


def moved_words(moved: Moved) -> str:
    """How much went, and that something stayed."""
    counts = {
        "handoffs": formats.number(len(moved.handoffs)),
        "todos": formats.number(len(moved.todos)),
        "leads": formats.number(len(moved.leads)),
    }
    words = _("Moved: %(handoffs)s open leads, %(todos)s to-dos, %(leads)s other leads.") % counts
    if not moved.stayed:
        return words
    stayed = _("%(n)s to-dos stay: their new owner can’t see the lead.") % {"n": formats.number(moved.stayed)}
    return f"{words} {stayed}"


def told(
    request: UserRequest, words: str, *, kind: str = "success", token: str = "", reasons: list[str] | None = None
) -> HttpResponse:
    """A toast, with the undo where there is one; open pages look again."""
    context = {"words": words, "kind": kind, "token": token, "reasons": reasons or []}
    response = render_part(request, "handoff/_moved.html", context)
    response["HX-Trigger"] = "lq:close, lq:handoff, lq:catch-up"
    return response
