"""Reasons and evidence that people wrote about a person whose data is erased; answers and points stay."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiAnswer
from leads.actions.emptying import rows_of
from leads.actions.erasers import ErasedPerson, Eraser, empty_columns
from scoring.models import Adjustment, Answer, Episode, LeadFile


def empty_answers(person: ErasedPerson) -> int:
    return empty_columns(Answer, Q(lead__in=person.ids), evidence="")


def empty_reasons(person: ErasedPerson) -> int:
    """Why somebody gave points by hand or gave the lead to sales."""
    of_lead = Q(lead__in=person.ids)
    return empty_columns(Adjustment, of_lead, reason="") + empty_columns(Episode, of_lead, reason="")


def remove_files(person: ErasedPerson) -> int:
    """Every file of leads that has not been removed yet: who is in one is not looked up."""
    files = LeadFile.objects.count()
    LeadFile.objects.all().delete()
    return files


def forget_told(person: ErasedPerson) -> int:
    """What programs were told about the person and would be told again."""
    ids = [str(pk) for pk in person.ids]
    about = Q(body__id__in=ids) | Q(body__lead_id__in=ids) | Q(body__lead__id__in=ids)
    return ApiAnswer.objects.filter(about).delete()[0]


ERASERS = (
    Eraser(code="lead_files", empty=remove_files),
    Eraser(code="api_answers", empty=forget_told),
    Eraser(code="answers", label=_("Answers that lose their evidence"), count=rows_of(Answer), empty=empty_answers),
    Eraser(code="reasons", empty=empty_reasons),
)
