"""The demo's year, told in order: marketing publishes rules, leads act, the product scores, sales works the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from accounts.enums import Role
from accounts.models import Team, User
from handoff.actions import mark_cooled, open_handoffs, sweep_deadlines
from handoff.models import Calendar, TeamCalendar
from insights.demo.journeys import invent_activities
from insights.demo.people import DAYS, Person, invent_companies, invent_people
from insights.demo.sales import SalesFloor
from leads.actions import NewActivity, ensure_months, record_activities
from leads.models import ActivityType, Company, Lead, StageChange
from notices.actions import deliver_due
from notices.enums import Channel
from notices.models import Notice, OutboxMessage
from scoring.actions import publish_version, run_rescores, score_all_dirty, start_model, sweep_due
from scoring.models import Answer, Criterion, ScoringModel
from scoring.starters import starter

PASSWORD = "leadqual-demo"
LEADS_PER_COMPANY = 3.3
DAILY = timedelta(days=1)
# Older months are told in longer steps: nobody looks at the hour of a hand-off in spring.
EARLIER = timedelta(days=3)
RECENT_DAYS = 21

PEOPLE = (
    ("admin@demo.example", "Aoki Akira", Role.ADMIN, None),
    ("marketer@demo.example", "Mori Mika", Role.MARKETER, None),
    ("manager@demo.example", "Noda Makoto", Role.MANAGER, "東京営業部"),
    ("rep@demo.example", "Kondo Ren", Role.REP, "東京営業部"),
    ("rep2@demo.example", "Ueda Rika", Role.REP, "東京営業部"),
    ("rep3@demo.example", "Emma Clarke", Role.REP, "International"),
    ("helper@demo.example", "Hara Hana", Role.OUTSOURCED, "東京営業部"),
)

Report = Callable[[str], None]


def tell_story(*, seed: int, leads: int, now: datetime, report: Report) -> None:
    """Fill an empty database with the demo. The same seed, size and `now` give the same story."""
    random = Random(seed)
    staff = hire()
    report("people and teams")
    persons = meet(random, leads, now, staff)
    report(f"{len(persons)} leads")
    history = remember(random, persons, now)
    report(f"{len(history)} activities")
    live(random, staff, persons, history, now, report)
    settle(random, persons, now, staff)


@transaction.atomic
def hire() -> dict[str, User]:
    """The demo's teams and people, each with the demo's password."""
    tokyo = Team.objects.create(name="東京営業部", is_default=True)
    Team.objects.create(name="International")
    TeamCalendar.objects.create(team=tokyo, calendar=Calendar.objects.get(is_default=True))
    teams = {team.name: team for team in Team.objects.all()}
    return {
        email: User.objects.create_user(
            email, PASSWORD, name=name, role=role, team=teams.get(team or ""), language="", timezone="Asia/Tokyo"
        )
        for email, name, role, team in PEOPLE
    }


def meet(random: Random, count: int, now: datetime, staff: dict[str, User]) -> list[Person]:
    """Invented companies and leads; leads who speak English belong to the international team."""
    companies = Company.objects.bulk_create(invent_companies(random, max(1, round(count / LEADS_PER_COMPANY))))
    persons = invent_people(random, count, companies, now)
    abroad = Team.objects.get(name="International")
    for person in persons:
        person.lead.team = abroad if person.lead.language == "en" else None
    Lead.objects.bulk_create([person.lead for person in persons], batch_size=1000)
    return persons


def remember(random: Random, persons: list[Person], now: datetime) -> list[NewActivity]:
    types = dict(ActivityType.objects.values_list("code", "pk"))
    told = [activity for person in persons for activity in invent_activities(random, person, types, now)]
    return sorted(told, key=lambda activity: (activity.occurred_at, activity.key))


def live(
    random: Random,
    staff: dict[str, User],
    persons: list[Person],
    history: list[NewActivity],
    now: datetime,
    report: Report,
) -> None:
    """Walk through the year: what the pipeline does every few seconds happens here once a step."""
    start = now - timedelta(days=DAYS)
    ensure_months(activity.occurred_at for activity in history)
    found_model(staff, start)
    reps = [person for person in staff.values() if person.role == Role.REP]
    floor = SalesFloor(random, reps, {person.lead.pk: person.propensity for person in persons})
    position, steps = 0, list(_steps(start, now))
    for number, at in enumerate(steps, 1):
        position = _tell(history, position, at)
        sweep_due(now=at)
        score_all_dirty(now=at)
        open_handoffs(now=at)
        floor.work(until=at)
        mark_cooled(now=at)
        sweep_deadlines(now=at)
        if number % 20 == 0 or number == len(steps):
            _deliver(at)
            report(f"{at:%Y-%m-%d}  {number * 100 // len(steps):3} %")


def _steps(start: datetime, now: datetime) -> Iterator[datetime]:
    at = start
    while at < now:
        at = min(now, at + (DAILY if now - at <= timedelta(days=RECENT_DAYS) else EARLIER))
        yield at


def _tell(history: list[NewActivity], position: int, until: datetime) -> int:
    end = position
    while end < len(history) and history[end].occurred_at <= until:
        end += 1
    record_activities(history[position:end], source="demo", now=until)
    return end


def found_model(staff: dict[str, User], at: datetime) -> ScoringModel:
    """The marketer drafts a model from a starter, the admin agrees to its thresholds, and it goes live."""
    model = start_model(
        name="Default", document=starter("software", "ja").document, by=staff["admin@demo.example"], now=at
    )
    publish_version(model=model, by=staff["admin@demo.example"], note="Agreed with sales: the first rules.", now=at)
    run_rescores(now=at)
    return model


def _deliver(at: datetime) -> None:
    """The bell rings; the demo's mails are taken as sent, since nobody lives at these addresses."""
    OutboxMessage.objects.filter(channel=Channel.EMAIL, sent_at=None).update(sent_at=at)
    while deliver_due(now=at):
        pass


def settle(random: Random, persons: list[Person], now: datetime, staff: dict[str, User]) -> None:
    """Answers that sales wrote down, notices that were read long ago, and stages as they came about."""
    rep = staff["rep@demo.example"]
    criteria = list(Criterion.objects.filter(framework__code="bant").prefetch_related("options"))
    contacted = set(StageChange.objects.values_list("lead", flat=True))
    Answer.objects.bulk_create(
        Answer(
            lead=person.lead,
            criterion=criterion,
            option=random.choices(list(criterion.options.all()), weights=(person.propensity * 3, 1, 0.6))[0],
            by=rep,
            answered_at=now - timedelta(days=random.uniform(0, 40)),
            recorded_at=now,
        )
        for person in persons
        if person.lead.pk in contacted
        for criterion in criteria
        if random.random() < 0.6
    )
    Notice.objects.filter(created_at__lt=now - DAILY).update(read_at=now)
    score_all_dirty(now=now)
