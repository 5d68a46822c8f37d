"""What people say of a lead: answers to a framework's questions, and points by hand with a reason and an end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from leads.models import Lead
from scoring.models import Adjustment, Answer, Criterion, Option, ScoringModel


@transaction.atomic
def adjust_score(
    *, lead: Lead, model: ScoringModel, points: int, reason: str, until: datetime | None, by: User, now: datetime
) -> Adjustment:
    """Give or take `points` (hundredths) until then: a line of its own in every explanation. The lead becomes dirty."""
    return Adjustment.objects.create(
        lead=lead, model=model, points=points, reason=reason, by=by, starts_at=now, until=until
    )


@transaction.atomic
def end_adjustment(*, adjustment: Adjustment, now: datetime) -> bool:
    """Let an adjustment end now; history keeps it. False when it had ended already."""
    lasting = Adjustment.objects.filter(pk=adjustment.pk, starts_at__lt=now).exclude(until__lte=now)
    return bool(lasting.update(until=now))


@transaction.atomic
def answer_criteria(
    *, lead: Lead, answers: Mapping[Criterion, Option], evidence: Mapping[Criterion, str], by: User, now: datetime
) -> list[Answer]:
    """Record what was learned; answers that say the same as the newest one, with no new evidence, are left out."""
    newest = {answer.criterion_id: answer for answer in newest_answers(lead, now)}
    said = []
    for criterion, option in answers.items():
        old, words = newest.get(criterion.pk), evidence.get(criterion, "")
        if old is None or old.option_id != option.pk or (words and words != old.evidence):
            said.append(Answer(lead=lead, criterion=criterion, option=option, evidence=words, by=by, answered_at=now))
    return Answer.objects.bulk_create(said)


def newest_answers(lead: Lead, now: datetime) -> list[Answer]:
    """The answer in force for each criterion."""
    answers = Answer.objects.filter(lead=lead, answered_at__lte=now).order_by("criterion_id", "-answered_at", "-pk")
    return list(answers.distinct("criterion_id").select_related("criterion__framework", "option", "by"))
