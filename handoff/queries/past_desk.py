"""The desk as it was when stored decisions were made, from what the history keeps of people, leads and hand-offs."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Min, Q

from accounts.models import Team, User
from handoff.enums import GIVING_STEPS
from handoff.models import Handoff, HandoffStep
from handoff.policy.routing import Aim, Routing
from handoff.queries.desk import DECLINED, TAKEN_BACK
from handoff.routing import WORKERS, Availability, Desk, Route
from leads.models import Lead

PERSON = (
    "email", "name", "role", "team_id", "timezone", "capacity", "daily_capacity", "speaks", "skills", "is_active",
)  # fmt: skip


@dataclass(kw_only=True)
class Timeline:
    """What one row was, in order; `row` is None where it was deleted."""

    times: list[datetime] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)

    def at(self, t: datetime, *, or_first: bool = False) -> Any:
        """What it was at `t`. Before the first record: nothing, or with `or_first` what that one says."""
        place = bisect_right(self.times, t) - 1
        return self.rows[max(place, 0)] if place >= 0 or (or_first and self.rows) else None


def decided_at(step: HandoffStep) -> datetime:
    """When the rules decided: a lead may have been hot for a while by then."""
    told = step.params.get("decided")
    return datetime.fromisoformat(told) if told else step.at


class PastDesk:
    """Answers for one stored decision after the other, in their order.

    What the rehearsed rules gave to somebody else than history did stays with them for as long as the hand-off was
    open; everything else goes as it went.
    """

    def __init__(self, steps: Sequence[HandoffStep], routing: Routing) -> None:
        first = min(map(decided_at, steps))
        self.routing = routing
        self.people = _timelines("accounts", "UserEvent")
        self.teams = _timelines("accounts", "TeamEvent")
        self.created = dict(User.objects.values_list("pk", "created_at"))
        self.absences = _timelines("handoff", "AbsenceEvent", ends_at__gt=first)
        self.handoffs = _handoffs(first)
        self.owners = _timelines("handoff", "HandoffEvent", pgh_obj__in=[row["pk"] for row in self.handoffs])
        self.giving = _giving(first)
        self.given: dict[int, tuple[int | None, datetime]] = {}  # to whom by the rehearsal, and when, by hand-off
        self.differing: dict[int, int | None] = {}  # of these, those that history gave to somebody else, by lead
        self.together: dict[tuple[int, datetime], dict[int, int]] = {}  # who got the leads of a company in a batch
        self.standings = _first_standings(steps)
        moved = HandoffStep.objects.filter(kind="moved", params__has_key="turns", pk__gt=steps[0].pk)
        self.moved = list(moved.order_by("-pk"))  # turns that were taken when somebody's leads were handed over

    def before(self, step: HandoffStep, lead: Lead) -> Desk:
        """The desk just before a decision about this lead."""
        at = decided_at(step)
        while self.moved and self.moved[-1].pk < step.pk:
            params = self.moved.pop().params
            taken = {turn["person"]: turn["after"] for turn in params["turns"] if "person" in turn}
            self.standings.setdefault(params["pool"], {}).update(taken)
        people = {key: person for key in self.people if (person := self._person(key, at)) is not None}
        here = self._availability(step, at, people)
        return Desk(
            teams=self._teams(at),
            people=people,
            here=here,
            company_owners=self._company_owners(lead, at, people) if self._asks_for_colleagues() else {},
            standings=self.standings,
        )

    def lead(self, step: HandoffStep) -> Lead:
        """The lead of a decision as it was, in whose hands the rehearsal has left it."""
        at, now = decided_at(step), step.handoff.lead
        history = apps.get_model("leads", "LeadEvent").objects.filter(pgh_obj_id=now.pk).order_by("pgh_id")
        then = history.filter(pgh_created_at__lte=at).last() or history.first()
        lead = Lead(pk=now.pk, company=now.company, language=now.language)
        if then is not None:
            lead.owner_id, lead.team_id = then.owner_id, then.team_id
            lead.company_id, lead.language = then.company_id, then.language
        if step.kind != "queued":  # it was given back in the same moment
            lead.owner_id = None
        lead.owner = self._person(self.differing.get(now.pk, lead.owner_id) or 0, at)
        return lead

    def remember(self, step: HandoffStep, found: Route) -> None:
        """Who got the lead by the rehearsal."""
        owner = found.owner.pk if found.owner else None
        self.given[step.handoff_id] = owner, decided_at(step)
        if owner and step.handoff.lead.company_id:
            company = step.handoff.lead.company_id, decided_at(step)
            self.together.setdefault(company, {})[step.handoff.lead_id] = owner
        self.differing.pop(step.handoff.lead_id, None)
        if str(found.owner or "") != str(step.params.get("to") or ""):
            self.differing[step.handoff.lead_id] = owner

    def declined(self, step: HandoffStep) -> set[int]:
        """Who had given this lead back, or had it taken back, since its open hand-off began."""
        kinds = (*DECLINED, TAKEN_BACK)
        steps = HandoffStep.objects.filter(kind__in=kinds, handoff__lead=step.handoff.lead_id, pk__lt=step.pk)
        still = steps.filter(Q(handoff__closed_at=None) | Q(handoff__closed_at__gt=decided_at(step)))
        return {person for by, params in still.values_list("by", "params") if (person := by or params.get("person"))}

    def _person(self, key: int, at: datetime) -> User | None:
        """Somebody as they were; whoever came later as they were at first."""
        timeline = self.people.get(key)
        event = timeline.at(at, or_first=True) if timeline else None
        return None if event is None else User(pk=key, **{name: getattr(event, name) for name in PERSON})

    def _teams(self, at: datetime) -> dict[int, Team]:
        events = {key: timeline.at(at, or_first=True) for key, timeline in self.teams.items()}
        return {
            key: Team(pk=key, name=event.name, is_default=event.is_default, is_active=True)
            for key, event in sorted(events.items(), key=lambda item: (item[1].name if item[1] else "", item[0]))
            if event is not None and event.is_active
        }

    def _availability(self, step: HandoffStep, at: datetime, people: Mapping[int, User]) -> Availability:
        open_leads, today = Counter[int](), Counter[int]()
        for row in self.handoffs:
            is_open = row["closed_at"] is None or row["closed_at"] > at
            given = [when for place, when in self.giving.get(row["pk"], ()) if place < step.pk]
            if row["first"] >= step.pk or row["pk"] == step.handoff_id or not (is_open or given):
                continue
            owner = self._owner(row, at)
            if owner is None or owner not in people:
                continue
            open_leads[owner] += is_open
            zone = ZoneInfo(people[owner].timezone)
            today[owner] += bool(given) and max(given).astimezone(zone).date() == at.astimezone(zone).date()
        away: dict[int, datetime] = {}
        for timeline in self.absences.values():
            absence = timeline.at(at)
            if absence and absence.starts_at <= at < absence.ends_at:
                away[absence.person_id] = max(absence.ends_at, away.get(absence.person_id, absence.ends_at))
        there = [person for key, person in people.items() if self.created.get(key, at) <= at and person.role in WORKERS]
        return Availability(
            workers=sorted(there, key=lambda person: (person.name, person.pk)),
            absent_until=away, open_leads=dict(open_leads), new_today=dict(today),
        )  # fmt: skip

    def _owner(self, row: Mapping[str, Any], at: datetime) -> int | None:
        key = row["pk"]
        given, given_at = self.given.get(key, (row["owner"], None))
        event = self.owners[key].at(at) if key in self.owners else None
        is_given = given_at is not None and (event is None or event.pgh_created_at <= given_at)
        if event is None or is_given or (given_at and row["lead"] in self.differing):
            return given
        return int(event.owner_id) if event.owner_id else None

    def _asks_for_colleagues(self) -> bool:
        return any(rule.to.aim == Aim.COLLEAGUE for rule in self.routing.rules)

    def _company_owners(self, lead: Lead, at: datetime, people: Mapping[int, User]) -> dict[int, dict[int, User]]:
        """Who in sales had other leads of the company, by lead; also those that the same batch gave them."""
        if not lead.company_id:
            return {}
        history = apps.get_model("leads", "LeadEvent").objects
        mates = Lead.objects.filter(company=lead.company_id, merged_into=None).exclude(pk=lead.pk).values("pk")
        then = history.filter(pgh_obj__in=mates, pgh_created_at__lte=at).order_by("pgh_obj_id", "-pgh_id")
        owners = {
            mate.pgh_obj_id: self.differing.get(mate.pgh_obj_id, mate.owner_id)
            for mate in then.distinct("pgh_obj_id")
            if mate.company_id == lead.company_id
        } | self.together.get((lead.company_id, at), {})
        known = {key: people[owner] for key, owner in owners.items() if owner in people}
        return {lead.company_id: {key: owner for key, owner in known.items() if owner.role in WORKERS}}


def _timelines(app: str, event: str, **which: Any) -> dict[int, Timeline]:
    """The history of the rows of a tracked table, by key."""
    found: dict[int, Timeline] = defaultdict(Timeline)
    for row in apps.get_model(app, event).objects.filter(**which).order_by("pgh_id"):
        timeline = found[row.pgh_obj_id]
        timeline.times.append(row.pgh_created_at)
        timeline.rows.append(None if row.pgh_label == "delete" else row)
    return found


def _handoffs(first: datetime) -> list[dict[str, Any]]:
    """Those that were open at `first` or later, or were given that day, with the key of their first step."""
    late = Q(closed_at=None) | Q(closed_at__gt=first - timedelta(days=1))
    rows = Handoff.objects.filter(late).order_by().annotate(first=Min("steps__pk"))
    return [dict(row) for row in rows.exclude(first=None).values("pk", "lead", "owner", "closed_at", "first")]


def _giving(first: datetime) -> dict[int, list[tuple[int, datetime]]]:
    """When somebody was given each hand-off, since the day before `first`."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    steps = HandoffStep.objects.filter(kind__in=GIVING_STEPS, at__gt=first - timedelta(days=2)).order_by("pk")
    for step in steps.only("handoff_id", "at", "params"):
        found[step.handoff_id].append((step.pk, decided_at(step)))
    return found


def _first_standings(steps: Iterable[HandoffStep]) -> dict[str, dict[int, int]]:
    """The credits of the members of each pool as its first decision found them."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for step in steps:
        for turn in step.params.get("turns", ()):
            if "person" in turn:
                found[step.params["pool"]].setdefault(turn["person"], turn["before"])
    return dict(found)
