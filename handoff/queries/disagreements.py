"""Hand-offs in which the decision matrix and sales disagreed: what the cell said, and what happened instead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.enums import HandoffState
from handoff.models import Handoff, HandoffStep
from handoff.outcome_words import cell_name, do_names
from handoff.policy.outcomes import CELLS, CellDo, code_of
from handoff.routing import NURTURED, PUT_ASIDE, RESTED

OVER = timedelta(days=90)
PUT = {NURTURED: CellDo.NURTURE, RESTED: CellDo.REST}
NAMED_CELLS = {code_of(cell): cell for cell in CELLS}


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A decision by a cell of the matrix that sales saw otherwise."""

    step: HandoffStep
    cell: str
    said: str
    happened: str


def disagreements(user: User, now: datetime, cell: str = "") -> QuerySet[HandoffStep]:
    """The decisions of the last 90 days by a cell, or by any, that this person sees and sales saw otherwise.

    The lead was handed over and sales rejected it; or it was kept from sales, a person gave it to them all the same
    later, and they accepted it.
    """
    decided = HandoffStep.objects.filter(
        kind="queued", at__gt=now - OVER, params__has_key="cell", handoff__in=visible_handoffs(user).values("pk")
    )
    if cell:
        decided = decided.filter(params__cell=cell)
    given_later = Handoff.objects.filter(
        lead=OuterRef("handoff__lead"),
        queued_at__gt=OuterRef("at"),
        episode__by__isnull=False,
        decided_at__isnull=False,
    ).exclude(state=HandoffState.REJECTED)
    put_aside = Q(handoff__routed_by__in=PUT_ASIDE)
    rejected = ~put_aside & Q(handoff__state=HandoffState.REJECTED)
    return decided.filter(rejected | put_aside & Q(Exists(given_later)))


def disagreements_by_cell(user: User, now: datetime) -> Counter[str]:
    """How many there are of each cell, by its code."""
    cells = disagreements(user, now).annotate(cell=KeyTextTransform("cell", "params")).order_by().values("cell")
    return Counter({row["cell"]: row["n"] for row in cells.annotate(n=Count("pk"))})


def told(step: HandoffStep) -> Disagreement:
    """In words; the step comes with its hand-off."""
    do = PUT.get(step.handoff.routed_by)
    happened = _("Given to sales manually and accepted")
    if do is None:
        happened = _("Rejected: %(reason)s") % {"reason": step.handoff.reject_reason or "–"}
    code = str(step.params["cell"])
    return Disagreement(
        step=step,
        cell=cell_name(NAMED_CELLS[code]) if code in NAMED_CELLS else code,
        said=do_names()[do or CellDo.HAND_OVER],
        happened=happened,
    )
