"""The demo's year, told in order: marketing publishes rules, leads act, the product scores, sales works the queue."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random

from django.db import transaction

from accounts.enums import Role
from accounts.models import Team, User
from handoff.actions import mark_cooled, open_handoffs, sweep_deadlines
from handoff.models import Calendar, TeamCalendar
from insights.demo.journeys import invent_activities
from insights.demo.names import DemoNames, names_in
from insights.demo.past import AFTER, PastHistory
from insights.demo.people import DAYS, LEADS_PER_COMPANY, Person, invent_companies, invent_people
from insights.demo.sales import SalesFloor
from leads.actions import NewActivity, ensure_months, record_activities
from leads.models import ActivityType, Company, Lead
from notices import mailbox
from notices.actions import deliver_due
from notices.enums import Channel
from notices.models import Notice, OutboxMessage
from scoring.actions import publish_version, run_rescores, score_all_dirty, sweep_due
from scoring.models import ScoringModel
from scoring.starters import starter
from studio.draft.store import start_model

PASSWORD = "leadqual-demo"
DAILY = timedelta(days=1)
# Older months are told in longer steps: nobody looks at the hour of a hand-off in spring.
EARLIER = timedelta(days=3)
RECENT_DAYS = 21
MAIL_DAYS = timedelta(days=2)  # whose mails the mailbox shows from the start

HOME, ABROAD = "home", "abroad"
PEOPLE = (
    ("admin@demo.example", "Aoki Akira", Role.ADMIN, None),
    ("marketer@demo.example", "Mori Mika", Role.MARKETER, None),
    ("manager@demo.example", "Noda Makoto", Role.MANAGER, HOME),
    ("rep@demo.example", "Kondo Ren", Role.REP, HOME),
    ("rep2@demo.example", "Ueda Rika", Role.REP, HOME),
    ("rep3@demo.example", "Emma Clarke", Role.REP, ABROAD),
    ("helper@demo.example", "Hara Hana", Role.OUTSOURCED, HOME),
)

Report = Callable[[str], None]


def tell_story(*, seed: int, leads: int, language: str, now: datetime, report: Report) -> None:
    """Fill an empty database with the demo. The same seed, size and `now` give the same story, in either language."""
    random, names, start = Random(seed), names_in(language), now - timedelta(days=DAYS)
    past = PastHistory()
    staff = hire(names, start)
    past.date(start)
    report("people and teams")
    persons = meet(random, leads, now, abroad=staff["rep3@demo.example"].team)
    past.date_new_leads(start)
    report(f"{len(persons)} leads")
    history = remember(random, persons, now)
    report(f"{len(history)} activities")
    live(random, staff, persons, history, names, now, report, past)
    settle(now)


@transaction.atomic
def hire(names: DemoNames, at: datetime) -> dict[str, User]:
    """The demo's teams and people since `at`, each with the demo's password."""
    teams = {
        HOME: Team.objects.create(name=names.home_team, is_default=True),
        ABROAD: Team.objects.create(name=names.team_abroad),
    }
    calendar = Calendar.objects.get(is_default=True)
    calendar.name = names.calendar
    calendar.save()
    TeamCalendar.objects.create(team=teams[HOME], calendar=calendar)
    return {
        email: User.objects.create_user(
            email,
            PASSWORD,
            name=name,
            role=role,
            team=teams.get(team or ""),
            language="",
            timezone="Asia/Tokyo",
            created_at=at,
        )
        for email, name, role, team in PEOPLE
    }


def meet(random: Random, count: int, now: datetime, *, abroad: Team | None) -> list[Person]:
    """Invented companies and leads; leads who speak English belong to the team abroad."""
    companies = Company.objects.bulk_create(invent_companies(random, max(1, round(count / LEADS_PER_COMPANY))))
    persons = invent_people(random, count, companies, now)
    for person in persons:
        person.lead.team = abroad if person.lead.language == "en" else None
    Lead.objects.bulk_create([person.lead for person in persons], batch_size=1000)
    return persons


def remember(random: Random, persons: list[Person], now: datetime) -> list[NewActivity]:
    """What all of them did in the year, in the order of time."""
    types = dict(ActivityType.objects.values_list("code", "pk"))
    activities = [activity for person in persons for activity in invent_activities(random, person, types, now)]
    return sorted(activities, key=lambda activity: (activity.occurred_at, activity.key))


def live(
    random: Random,
    staff: dict[str, User],
    persons: list[Person],
    history: list[NewActivity],
    names: DemoNames,
    now: datetime,
    report: Report,
    past: PastHistory,
) -> None:
    """Walk through the year: what the pipeline does every few seconds happens here once a step."""
    start = now - timedelta(days=DAYS)
    ensure_months(activity.occurred_at for activity in history)
    found_model(staff, names, start)
    past.date(start)
    reps = [person for person in staff.values() if person.role == Role.REP]
    floor = SalesFloor(
        random, reps, {person.lead.pk: person.propensity for person in persons}, names.contact_notes, names.remarks,
        done=past.date_step,
    )  # fmt: skip
    position, steps = 0, _instants(start, now)
    for number, at in enumerate(steps, 1):
        floor.work(until=at)  # what sales does happens before that is known which comes with this step
        end = bisect_right(history, at, key=attrgetter("occurred_at"))
        record_activities(history[position:end], source="demo", now=at)
        position = end
        sweep_due(now=at)
        score_all_dirty(now=at)
        open_handoffs(now=at)
        mark_cooled(now=at)
        sweep_deadlines(now=at)
        past.date(at + AFTER)
        if number % 20 == 0 or number == len(steps):
            _deliver(at, mails_from=now - MAIL_DAYS)
            report(f"{at:%Y-%m-%d}  {number * 100 // len(steps):3} %")


def _instants(start: datetime, now: datetime) -> list[datetime]:
    """When the pipeline runs: every few days at first, daily towards the end."""
    instants = [start]
    while instants[-1] < now:
        recent = now - instants[-1] <= timedelta(days=RECENT_DAYS)
        instants.append(min(now, instants[-1] + (DAILY if recent else EARLIER)))
    return instants[1:]


def found_model(staff: dict[str, User], names: DemoNames, at: datetime) -> ScoringModel:
    """The marketer drafts a model from a starter, the admin agrees to its thresholds, and it goes live."""
    admin = staff["admin@demo.example"]
    model = start_model(name=names.model, document=starter("software", names.language).document, by=admin, now=at)
    publish_version(model=model, by=admin, note=names.publish_note, now=at)
    run_rescores(now=at)
    return model


def _deliver(at: datetime, *, mails_from: datetime) -> None:
    """The bell rings. Nobody lives at these addresses: late mails go to the mailbox, others are taken as sent."""
    mails = OutboxMessage.objects.filter(channel=Channel.EMAIL, sent_at=None)
    taken = mails.filter(created_at__lt=mails_from) if mailbox.is_on() else mails
    taken.update(sent_at=at)
    while deliver_due(now=at):
        pass


def settle(now: datetime) -> None:
    """Notices that were read long ago."""
    Notice.objects.filter(created_at__lt=now - DAILY).update(read_at=now)
