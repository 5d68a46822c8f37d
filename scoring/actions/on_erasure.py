"""Reasons and evidence that people wrote about a person whose data is erased; answers and points stay."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.actions.emptying import rows_of
from leads.actions.erasers import ErasedPerson, Eraser, empty_columns
from scoring.models import Adjustment, Answer, Episode


def empty_answers(person: ErasedPerson) -> int:
    return empty_columns(Answer, Q(lead__in=person.ids), evidence="")


def empty_reasons(person: ErasedPerson) -> int:
    """Why somebody gave points by hand or gave the lead to sales."""
    of_lead = Q(lead__in=person.ids)
    return empty_columns(Adjustment, of_lead, reason="") + empty_columns(Episode, of_lead, reason="")


ERASERS = (
    Eraser(code="answers", label=_("Answers that lose their evidence"), count=rows_of(Answer), empty=empty_answers),
    Eraser(code="reasons", empty=empty_reasons),
)
