"""What people say of a lead: answers to a framework's questions, and points by hand with a reason and an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from leads.models import Lead
from scoring.enums import Confidence
from scoring.models import Adjustment, Answer, Criterion, Option, ScoringModel
from scoring.signals import answered


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


@dataclass(frozen=True, kw_only=True)
class CriterionAnswer:
    """What a lead answered to one criterion, how we know, and how sure we are."""

    criterion: Criterion
    option: Option
    evidence: str = ""
    confidence: str = Confidence.MEDIUM

    def repeats(self, old: Answer | None) -> bool:
        """It says the same as `old`, with nothing new about how we know."""
        if old is None or old.option_id != self.option.pk or old.confidence != self.confidence:
            return False
        return self.evidence in ("", old.evidence)


@transaction.atomic
def answer_criteria(
    *,
    lead: Lead,
    answers: Iterable[CriterionAnswer],
    by: User | None,
    now: datetime,
    answered_at: datetime | None = None,
) -> list[Answer]:
    """Record what was learned, then or now; what says the same as the newest answer is left out.

    The lead becomes dirty. An answer from before the newest one changes only what was true in between.
    """
    newest = {answer.criterion_id: answer for answer in newest_answers(lead, now)}
    made = Answer.objects.bulk_create(
        Answer(
            lead=lead, criterion=said.criterion, option=said.option, evidence=said.evidence,
            confidence=said.confidence, by=by, answered_at=answered_at or now,
            recorded_at=now,
        )
        for said in answers
        if not said.repeats(newest.get(said.criterion.pk))
    )  # fmt: skip
    answered.send(sender=None, lead_id=lead.pk, now=now)
    return made


@transaction.atomic
def confirm_answer(*, answer: Answer, by: User, now: datetime) -> Answer | None:
    """The same once more, as said today. None when a newer answer has taken its place meanwhile."""
    newest = {each.criterion_id: each for each in newest_answers(answer.lead, now)}
    if newest.get(answer.criterion_id) != answer:
        return None
    confirmed = Answer.objects.create(
        lead=answer.lead, criterion=answer.criterion, option=answer.option, evidence=answer.evidence,
        confidence=answer.confidence, by=by, answered_at=now, recorded_at=now,
    )  # fmt: skip
    answered.send(sender=None, lead_id=answer.lead_id, now=now)
    return confirmed


def newest_answers(lead: Lead, now: datetime) -> list[Answer]:
    """The answer in force for each criterion."""
    answers = Answer.objects.filter(lead=lead, answered_at__lte=now).order_by("criterion_id", "-answered_at", "-pk")
    return list(answers.distinct("criterion_id").select_related("criterion__framework", "option", "by"))
