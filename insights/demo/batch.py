"""One batch of a demo that is loaded beside a running product: people with all that they did and said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from insights.demo.answers import invent_answers
from insights.demo.journeys import invent_activities
from insights.demo.people import LEADS_PER_COMPANY, invent_companies, invent_people
from leads.actions import record_activities
from leads.models import ActivityType, Company, Lead
from scoring.models import Answer

SIZE = 50  # leads
COMPANIES = round(SIZE / LEADS_PER_COMPANY)
ASKED = 0.3  # the share of leads that somebody has asked the questions of BANT
SOURCE = "demo"


@dataclass(frozen=True, kw_only=True)
class StoredBatch:
    """What a batch has stored."""

    leads: list[int]
    companies: list[int]
    activities: int
    answers: int


def make_batch(number: int, *, now: datetime) -> StoredBatch:
    """Store batch `number`, counted from 0, inside a transaction. The same number and `now` make the same people."""
    random = Random(number)
    companies = Company.objects.bulk_create(invent_companies(random, COMPANIES, first=number * COMPANIES))
    persons = invent_people(random, SIZE, companies, now, first=number * SIZE)
    leads = Lead.objects.bulk_create([person.lead for person in persons])
    types = dict(ActivityType.objects.values_list("code", "pk"))
    activities = [activity for person in persons for activity in invent_activities(random, person, types, now)]
    activities.sort(key=lambda activity: activity.occurred_at)
    stored = record_activities(activities, source=SOURCE, now=now)
    asked = [person for person in persons if random.random() < ASKED]
    answers = Answer.objects.bulk_create(invent_answers(random, asked, by=None, now=now))
    return StoredBatch(
        leads=[lead.pk for lead in leads],
        companies=[company.pk for company in companies],
        activities=len(stored),
        answers=len(answers),
    )
