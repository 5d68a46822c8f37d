"""The SLA section as a page: its policies in words, tried out on this moment, whom they hit, how well they are kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from handoff.access import visible_handoffs
from handoff.calendars import calendar_of_team, calendars, clock_of
from handoff.clock import BusinessClock
from handoff.enums import OPEN_STATES, DueMode, PolicySection, Promise
from handoff.errors import NeverOpenError
from handoff.models import Calendar, Deadline, Escalation, Policy, PolicyVersion
from handoff.policy.problems import PolicyProblem
from handoff.policy.sla import Marketing, Terms, read_sla
from handoff.policy_words import finding_in_words, names_now
from handoff.promises import due_at
from handoff.queries.compliance import Cut, Group, compliance, ended_promises
from handoff.queries.desk import version_in_force
from handoff.queries.lint import lint
from handoff.queries.policy import problems_of, working_document
from handoff.queries.routes import CAUGHT_OVER, rule_key
from handoff.sla_words import policy_condition, policy_lines, policy_name
from scoring.queries.catalog import catalog
from scoring.queries.words import reader
from web import formats
from web.shares import Share

STRIP_DAYS = 10


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What would be promised under one calendar if it began now."""

    calendar: Calendar
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ShownPolicy:
    """`published` is its place in the version in force, None where it does not stand there as it is.

    `hits` is how many open hand-offs are under it, `kept` how many of its promises that ended in the last 90 days were
    kept.
    """

    place: int
    name: str
    condition: str
    lines: list[str]
    rehearsals: list[Rehearsal]
    problems: list[PolicyProblem]
    findings: list[str]
    published: int | None
    hits: int
    kept: Share
    key: str
    """What the list of its promises is asked with."""
    targets: list[Group]
    """Of each promise with a target how many were kept."""


@dataclass(frozen=True, kw_only=True)
class ShownSla:
    policies: list[ShownPolicy]
    marketing: Marketing | None
    problems: list[PolicyProblem]
    is_checked: bool
    """Whether the policies could be checked against each other."""


def shown_sla(policy: Policy, user: User, now: datetime) -> ShownSla:
    """The draft, else what is in force; numbers are of the hand-offs that this person sees."""
    document = working_document(policy)
    sla, names, words = read_sla(document, catalog()), names_now(), reader()
    problems = problems_of(PolicySection.SLA, document)
    in_force = policy.current.document if policy.current else {}
    published = {rule_key(entry): place for place, entry in enumerate(in_force.get("policies", ()))}
    hits, kept = _hits(user, policy.current), _kept(user, policy.current, now)
    per_place: dict[int | None, list[Group]] = defaultdict(list)
    for group in kept:
        per_place[int(group.key.partition(".")[2])].append(group)
    climbed = _climbed(policy.current, now)
    found = lint([each.when for each in sla.policies], [True] * len(sla.policies), now)
    known, rows = list(calendars()), []
    for place, each in enumerate(sla.policies):
        at = published.get(rule_key(document["policies"][place]))
        contact = each.promises.get(Promise.FIRST_CONTACT)
        row = ShownPolicy(
            place=place, name=policy_name(sla, place), condition=policy_condition(each, words),
            lines=policy_lines(each, names, climbed.get(at)), published=at, hits=hits[at],
            kept=_together(per_place[at]), key=f"{policy.current_id}.{at}" if at is not None else "",
            targets=[group for group in per_place[at] if group.target],
            rehearsals=rehearse(contact.mode, contact.amount, known, now) if contact else [],
            problems=[problem for problem in problems if problem.path.startswith(f"policies[{place}]")],
            findings=[finding_in_words(finding, is_policy=True) for finding in found or () if finding.place == place],
        )  # fmt: skip
        rows.append(row)
    return ShownSla(policies=rows, marketing=sla.marketing, problems=problems, is_checked=found is not None)


def _hits(user: User, version: PolicyVersion | None) -> Counter[int | None]:
    """How many open hand-offs are under each policy of a version, by its place."""
    under = visible_handoffs(user).filter(sla_version=version, state__in=OPEN_STATES) if version else None
    rows = under.order_by().values_list("sla_place").annotate(n=Count("pk")) if under is not None else ()
    return Counter(dict(rows))


def _climbed(version: PolicyVersion | None, now: datetime) -> dict[int | None, dict[tuple[str, int], int]]:
    """How often each rung of a version was climbed in the last 30 days: by the place of its policy, then by promise and
    place on the ladder."""
    lately = Escalation.objects.filter(deadline__version=version, done_at__gt=now - CAUGHT_OVER)
    rows = lately.order_by().values_list("deadline__place", "deadline__promise", "rung").annotate(n=Count("pk"))
    climbed: dict[int | None, dict[tuple[str, int], int]] = defaultdict(dict)
    for place, promise, rung, number in rows:
        climbed[place][promise, rung] = number
    return climbed


def _kept(user: User, version: PolicyVersion | None, now: datetime) -> list[Group]:
    """How many promises of each policy of a version ended lately, and how many of them were kept."""
    ended = ended_promises(user, now=now).filter(version=version) if version else Deadline.objects.none()
    return compliance(ended, Cut.VERSION)


def _together(groups: list[Group]) -> Share:
    return Share(number=sum(group.kept.number for group in groups), of=sum(group.kept.of for group in groups))


@dataclass(frozen=True, kw_only=True)
class Promised:
    """A policy in force with what it promises, in sentences."""

    name: str
    condition: str
    lines: list[str]


def promised() -> list[Promised]:
    """What sales promises now."""
    version = version_in_force(PolicySection.SLA)
    sla, words, names = read_sla(version.document if version else {}, catalog()), reader(), names_now()
    return [
        Promised(
            name=policy_name(sla, place), condition=policy_condition(policy, words), lines=policy_lines(policy, names)
        )
        for place, policy in enumerate(sla.policies)
    ]


@dataclass(frozen=True, kw_only=True)
class DueTime:
    """When a promise is due that begins at `start`, and the stretches of time that count; all of it for hours of the
    clock on the wall."""

    terms: Terms
    calendar: Calendar | None
    start: datetime
    due_at: datetime
    counted: list[tuple[datetime, datetime]]


def due_time(terms: Terms, team: Team | None, start: datetime) -> DueTime:
    """Raises NeverOpenError where the calendar of the team has no open time left."""
    calendar = calendar_of_team(team)
    clock = clock_of(calendar)
    due = due_at(clock=clock, mode=terms.mode, amount=terms.amount, start=start)
    elapsed = terms.mode == DueMode.ELAPSED_HOURS
    return DueTime(
        terms=terms,
        calendar=None if elapsed else calendar,
        start=start,
        due_at=due,
        counted=[(start, due)] if elapsed else clock.stretches(start, due),
    )


def rehearse(mode: str, amount: int, known: list[Calendar], now: datetime) -> list[Rehearsal]:
    """When it would be due if it triggered now; one answer is enough where the calendar does not matter."""
    relevant = known[:1] if mode == DueMode.ELAPSED_HOURS else known
    rehearsals: list[Rehearsal] = []
    for calendar in relevant:
        due: datetime | None = None
        with suppress(NeverOpenError):
            due = due_at(clock=clock_of(calendar), mode=mode, amount=amount, start=now)
        rehearsals.append(Rehearsal(calendar=calendar, due_at=due))
    return rehearsals


@dataclass(frozen=True, kw_only=True)
class Start:
    """A moment at which a promise might begin, when it is then due by the default calendar, and which time counts."""

    words: str
    at: datetime
    due_at: datetime | None
    strip: list[tuple[date, list[bool]]]
    """Of each day until then whether each of its hours counts."""


def rehearsed_starts(mode: str, amount: int, now: datetime) -> list[Start]:
    """Now, the end of this or next Friday, and the last open hour before the next public holiday or closing."""
    calendar = calendar_of_team(None)
    clock = clock_of(calendar)
    zone = ZoneInfo(calendar.timezone) if calendar else timezone.get_default_timezone()
    local = now.astimezone(zone)
    friday = local.date() + timedelta(days=(4 - local.weekday()) % 7)
    starts = [(_("now"), now), (_("Friday at 17:00"), datetime.combine(friday, time(17), tzinfo=zone))]
    if holiday := next(
        (day for day in clock.open_days(local.date(), 120) if day.holiday and day.day > local.date()), None
    ):
        eve = datetime.combine(holiday.day - timedelta(days=1), time(17), tzinfo=zone)
        starts.append((_("the day before %(holiday)s") % {"holiday": formats.day(holiday.day, local.date())}, eve))
    return [_start(words, at, mode, amount, clock, zone) for words, at in starts]


def _start(words: str, at: datetime, mode: str, amount: int, clock: BusinessClock, zone: ZoneInfo) -> Start:
    due, strip = None, []
    with suppress(NeverOpenError):
        due = due_at(clock=clock, mode=mode, amount=amount, start=at)
        strip = _strip(at, due, mode, clock, zone)
    return Start(words=words, at=at, due_at=due, strip=strip)


def _strip(
    start: datetime, due: datetime, mode: str, clock: BusinessClock, zone: ZoneInfo
) -> list[tuple[date, list[bool]]]:
    """The first days of the time, an hour each; an hour counts where the middle of it lies between start and due time
    and is worked, or every hour does."""
    days, first = [], start.astimezone(zone).date()
    for number in range(min((due.astimezone(zone).date() - first).days + 1, STRIP_DAYS)):
        day = first + timedelta(days=number)
        middles = [datetime.combine(day, time(hour, 30), tzinfo=zone) for hour in range(24)]
        elapsed = mode == DueMode.ELAPSED_HOURS
        days.append((day, [start <= at <= due and (elapsed or clock.is_open(at)) for at in middles]))
    return days
