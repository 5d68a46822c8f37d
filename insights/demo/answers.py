"""What invented leads said when somebody asked them the questions of BANT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from insights.demo.people import Person
from leads.models import Lead
from scoring.models import Answer, Criterion

FRAMEWORK = "bant"
ASKED = 0.8  # the share of questions that come up in a call
ANSWERED = 0.6  # the share of questions that got an answer
DAYS_AGO = 40


def invent_answers(random: Random, persons: Iterable[Person], *, by: User | None, now: datetime) -> Iterator[Answer]:
    """Answers of the last weeks, the better the likelier somebody buys. The framework's first option is the best."""
    criteria = list(Criterion.objects.filter(framework__code=FRAMEWORK).prefetch_related("options"))
    for person in persons:
        for criterion in criteria:
            if random.random() < ANSWERED:
                yield Answer(
                    lead=person.lead,
                    criterion=criterion,
                    option=random.choices(list(criterion.options.all()), weights=(person.propensity * 3, 1, 0.6))[0],
                    by=by,
                    answered_at=now - timedelta(days=random.uniform(0, DAYS_AGO)),
                    recorded_at=now,
                )


def record_answers(
    random: Random, criteria: Iterable[Criterion], lead: Lead, *, propensity: float, by: User, at: datetime
) -> None:
    """What somebody in sales learned in a call, written down at once."""
    Answer.objects.bulk_create(
        Answer(
            lead=lead,
            criterion=criterion,
            option=random.choices(list(criterion.options.all()), weights=(propensity * 3, 1, 0.6))[0],
            by=by,
            answered_at=at,
            recorded_at=at,
        )
        for criterion in criteria
        if random.random() < ASKED
    )
