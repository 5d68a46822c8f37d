"""What a merge would do to score, owner, hand-off and clocks: it is made, read, and rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from handoff.enums import OPEN_STATES
from handoff.models import Handoff
from leads.actions.duplicates import merge_group
from leads.models import Lead
from scoring.queries.explain import UnexplainedError, explanation_of
from scoring.queries.lead_list import primary_model, scores_of


@dataclass(kw_only=True)
class MergeEffect:
    """The state of the lead that is kept before and after; totals None where nothing is scored."""

    totals: list[Decimal | None]
    after: Decimal | None = None
    owner: User | None = None
    consent: bool | None = None
    handoffs: list[Handoff] = field(default_factory=list)
    closing: list[Handoff] = field(default_factory=list)


def merge_effect(*, kept: Lead, others: Sequence[Lead], by: User, now: datetime) -> MergeEffect:
    """What merging `others` into `kept` would come to. Nothing stays of it. Raises MergeRefusedError."""
    model = primary_model()
    scores = scores_of([kept.pk, *(other.pk for other in others)], model)
    effect = MergeEffect(
        totals=[Decimal(scores[lead.pk].total) / 100 if lead.pk in scores else None for lead in (kept, *others)]
    )
    leads = [kept.pk, *(other.pk for other in others)]
    open_before = list(Handoff.objects.filter(lead__in=leads, state__in=OPEN_STATES).select_related("owner", "lead"))
    with transaction.atomic():
        merge_group(kept=kept, others=others, by=by, now=now)
        after = Lead.objects.select_related("owner").get(pk=kept.pk)
        effect.owner, effect.consent = after.owner, after.consent
        going_on = Handoff.objects.filter(lead=kept.pk, state__in=OPEN_STATES).select_related("owner", "team")
        effect.handoffs = list(going_on.order_by("due_at", "pk"))
        if model is not None:
            effect.after = total_after(after, now)
        transaction.set_rollback(True)
    staying = {handoff.pk for handoff in effect.handoffs}
    effect.closing = [handoff for handoff in open_before if handoff.pk not in staying]
    return effect


def total_after(lead: Lead, now: datetime) -> Decimal | None:
    model = primary_model()
    assert model is not None
    try:
        found = explanation_of(lead=lead, model=model, at=now, language=get_language() or "en")
    except UnexplainedError:
        return None
    return Decimal(found.explanation.total) / 100  # of hundredths
