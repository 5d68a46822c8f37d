"""Before leads are given to sales: how many, asked of whoever publishes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import engine
from accounts.requests import UserRequest
from engine import Document
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from studio.queries.effect import EffectTimeoutError
from studio.queries.handoffs import handed_over_by
from web.formats import number

UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class HandoffQuestion:
    """Leads that would be given to sales; None where they are too many to count in time."""

    leads: int | None

    @property
    def answer(self) -> str:
        """What the page sends back as a yes."""
        return UNKNOWN if self.leads is None else str(self.leads)

    @property
    def button(self) -> str:
        """What the button that says yes does."""
        if self.leads is None:
            return _("Publish and hand off leads")
        words = ngettext("Publish and hand off %(n)s lead", "Publish and hand off %(n)s leads", self.leads)
        return words % {"n": number(self.leads)}


def question_about(request: UserRequest, document: Document | None, model: ScoringModel) -> HandoffQuestion | None:
    """What has to be asked before `document` is published; None where nobody is given to sales, or the sender has said
    yes to as many, or what it says cannot be published at all."""
    if document is None or engine.check(document, catalog()):
        return None
    try:
        question = HandoffQuestion(leads=handed_over_by(document, model=model, t=timezone.now()))
    except EffectTimeoutError:
        question = HandoffQuestion(leads=None)
    return None if question.leads == 0 or _is_agreed(question, request.POST.get("handoffs", "")) else question


def _is_agreed(question: HandoffQuestion, said: str) -> bool:
    if question.leads is None or not (said.isascii() and said.isdigit() and len(said) < 12):
        return said == question.answer
    return question.leads <= int(said)
