"""What becomes of leads, in sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.enums import RejectEffect
from handoff.models import RejectReason
from handoff.policy.outcomes import CELLS, Cell, CellDo, Requests, read_outcomes
from handoff.policy_words import names_now
from scoring.queries.changes import Section
from scoring.queries.words import ConditionText, matrix_level

STAGE_REASONS = {"matrix": gettext_lazy("Decision matrix")}


def do_names() -> dict[CellDo, str]:
    """What becomes of the leads of a cell."""
    return {
        CellDo.HAND_OVER: _("Hand off to sales"),
        CellDo.CONFIRM: _("Confirm the need by phone first"),
        CellDo.NURTURE: _("Return to nurture"),
        CellDo.REST: _("Leave as it is"),
    }


def cell_name(cell: Cell) -> str:
    """Both levels of a cell."""
    return f"{matrix_level('engagement', cell[0])} · {matrix_level('qualification', cell[1])}"


def requests_in_words(requests: Requests) -> str:
    if requests == Requests.HAND_OVER:
        return _("Handed off whatever the cell says")
    return _("The cell decides about them too")


def confirm_in_words(person: int | None) -> str:
    """Who confirms needs."""
    return names_now().person(person) if person else _("The lead’s owner, else a manager of its team")


def outcomes_lines(raw: dict[str, Any]) -> dict[str, Section]:
    """The section in sentences, by part and name, to be compared with another one."""
    outcomes, names = read_outcomes(raw), do_names()
    reasons: Section = {}
    for reason in RejectReason.objects.all():
        effect = outcomes.reasons.get(reason.code, RejectEffect.NURTURE)
        reasons[str(reason)] = ConditionText(text=str(effect.label))
    cells: Section = {cell_name(cell): ConditionText(text=names[outcomes.do(cell)]) for cell in CELLS}
    others: Section = {
        _("Leads that asked for something"): ConditionText(text=requests_in_words(outcomes.requests)),
        _("Who confirms the need"): ConditionText(text=confirm_in_words(outcomes.confirm)),
    }
    return {_("Rejection reasons"): reasons, _("Decision matrix"): cells, _("Other leads"): others}
