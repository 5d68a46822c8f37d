"""How well promises were kept: by version of the policy, team, user and source, each number with its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from handoff.access import visible_handoffs
from handoff.enums import HandoffState, Promise
from handoff.models import Deadline, Handoff, PolicyVersion
from handoff.routing import SKIPPED
from handoff.sla_words import document_policy_name
from leads.models import Source
from web.shares import Share

LOOK_BACK = timedelta(days=90)
WEEKS = 12


class Cut(StrEnum):
    """What the promises are grouped by."""

    VERSION = "version"
    TEAM = "team"
    PERSON = "person"
    SOURCE = "source"


_KEYS = {
    Cut.VERSION: ("version", "place"),
    Cut.TEAM: ("handoff__team",),
    Cut.PERSON: ("handoff__owner",),
    Cut.SOURCE: ("handoff__lead__source",),
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """One line: `key` and `promise`, where it is of one only, are what the list of its promises is asked with."""

    name: str
    key: str
    kept: Share
    promise: str = ""
    target: int | None = None

    @property
    def promise_name(self) -> str:
        return str(Promise(self.promise).label) if self.promise else ""

    @property
    def verdict(self) -> str:
        return verdict_of(self.kept, self.target)

    @property
    def missed(self) -> int:
        return self.kept.of - self.kept.number


def verdict_of(kept: Share, target: int | None) -> str:
    """Whether a share is "good" or "below" its target; empty without a target, or with too few to say."""
    if target is None or kept.interval is None:
        return ""
    return "below" if kept.per_cent < target else "good"


def ended_promises(user: User | None, *, now: datetime, since: datetime | None = None) -> QuerySet[Deadline]:
    """Promises of the hand-offs that this person sees (None: of all), due since then, by default in the last 90 days,
    that have ended: each was kept, or its due time has passed."""
    recent = Deadline.objects.filter(due_at__gte=since or now - LOOK_BACK, cancelled_at=None)
    if user is not None:
        recent = recent.filter(handoff__in=visible_handoffs(user).values("pk"))
    return recent.filter(Q(met_at__isnull=False) | Q(due_at__lte=now, is_paused=False))


def listed_promises(
    user: User | None,
    *,
    now: datetime,
    days: int,
    promise: str = "",
    by: Cut = Cut.VERSION,
    key: str = "",
    kept: str = "",
) -> QuerySet[Deadline]:
    """The promises that ended in the last `days`, of one line (`key` of the cut `by`), kept or not ("yes", "no")."""
    chosen = ended_promises(user, now=now, since=now - timedelta(days=days))
    if promise:
        chosen = chosen.filter(promise=promise)
    if key:
        chosen = of_group(chosen, by, key)
    on_time = Q(met_at__lte=F("due_at"), met_at__isnull=False)
    return chosen.filter(on_time) if kept == "yes" else chosen.exclude(on_time) if kept == "no" else chosen


def in_time() -> Count:
    """Counts the promises that were kept by their due time."""
    return Count("pk", filter=Q(met_at__lte=F("due_at")))


def compliance(promises: QuerySet[Deadline], cut: Cut) -> list[Group]:
    """A line for each group of promises, the one with the most first; by version a line for each promise, since each
    has a target of its own."""
    if cut == Cut.VERSION:
        return _by_policy(promises)
    keys = _KEYS[cut]
    rows = list(promises.order_by().values(*keys).annotate(of=Count("pk"), kept=in_time()))
    names = _names(cut, rows)
    groups = [
        Group(
            name=names[tuple(row[key] for key in keys)],
            key=".".join(str(row[key] if row[key] is not None else 0) for key in keys),
            kept=Share(number=row["kept"], of=row["of"]),
        )
        for row in rows
    ]
    return sorted(groups, key=lambda group: (-group.kept.of, group.name))


def _by_policy(promises: QuerySet[Deadline]) -> list[Group]:
    """The promises of a policy stand together, in the order in which they are made."""
    by_policy: Any = promises.order_by().values("version", "place", "promise")
    rows: list[dict[str, Any]] = list(by_policy.annotate(of=Count("pk"), kept=in_time()))
    names, totals = _names(Cut.VERSION, rows), Counter[str]()
    versions = PolicyVersion.objects.in_bulk({row["version"] for row in rows if row["version"]})
    groups = []
    for row in rows:
        version, key = versions.get(row["version"]), f"{row['version'] or 0}.{row['place']}"
        totals[key] += row["of"]
        group = Group(
            name=names[row["version"], row["place"]], key=key, promise=row["promise"],
            kept=Share(number=row["kept"], of=row["of"]),
            target=target_of(version.document if version else {}, row["place"], row["promise"]),
        )  # fmt: skip
        groups.append(group)
    order = list(Promise)
    return sorted(groups, key=lambda group: (-totals[group.key], group.key, order.index(Promise(group.promise))))


def target_of(document: dict[str, Any], place: int, promise: str) -> int | None:
    """What a stored policy wants to be kept of a promise, in percent."""
    policies = document.get("policies", [])
    terms = policies[place].get(promise) if place < len(policies) else None
    return terms.get("target") if terms else None


def _row_of(cut: Cut, key: str) -> dict[str, int | None] | None:
    """The values that a key from an address stands for; 0 is none, such as no owner. None: it is no key of this cut."""
    parts, names = key.split("."), _KEYS[cut]
    if len(parts) != len(names) or not all(part.isdecimal() and len(part) < 10 for part in parts):
        return None
    numbers = map(int, parts)
    return {name: number if name == "place" else number or None for name, number in zip(names, numbers, strict=True)}


def of_group(promises: QuerySet[Deadline], cut: Cut, key: str) -> QuerySet[Deadline]:
    """The promises of one line; none where the key says nothing."""
    row = _row_of(cut, key)
    return promises.none() if row is None else promises.filter(**row)


def group_name(cut: Cut, key: str) -> str:
    """What the line of a key is called; empty where the key says nothing."""
    row = _row_of(cut, key)
    return "" if row is None else _names(cut, [row])[tuple(row.values())]


def _names(cut: Cut, rows: Iterable[dict[str, Any]]) -> dict[tuple[Any, ...], str]:
    """What the groups are called, by their keys."""
    keys = {tuple(row[key] for key in _KEYS[cut]) for row in rows}
    if cut == Cut.VERSION:
        versions = PolicyVersion.objects.in_bulk({version for version, _place in keys if version})
        return {(version, place): _version_name(versions.get(version), place) for version, place in keys}
    model: Any = {Cut.TEAM: Team, Cut.PERSON: User, Cut.SOURCE: Source}[cut]
    known = model.objects.in_bulk({key for (key,) in keys if key})
    nobody = {Cut.TEAM: _("No team"), Cut.PERSON: _("No owner yet"), Cut.SOURCE: _("No source")}[cut]
    return {(key,): str(known[key]) if key in known else nobody for (key,) in keys}


def _version_name(version: PolicyVersion | None, place: int) -> str:
    if version is None:
        return _("Before the first version")
    return _("%(policy)s (version %(number)s)") % {
        "policy": document_policy_name(version.document, place),
        "number": version.number,
    }


@dataclass(frozen=True, kw_only=True)
class Week:
    """What marketing delivered in a week: hand-offs, and how many of the decided were accepted."""

    start: date
    handoffs: int
    accepted: Share


def delivered(user: User) -> QuerySet[Handoff]:
    """The hand-offs that this person sees, without those that nobody had to work on."""
    return visible_handoffs(user).exclude(routed_by__in=SKIPPED)


def handoffs_of_week(user: User, monday: date, now: datetime) -> QuerySet[Handoff]:
    """The rows behind the number of a week."""
    first = timezone.make_aware(datetime.combine(monday, time.min))
    after = timezone.make_aware(datetime.combine(monday + timedelta(weeks=1), time.min))
    return delivered(user).filter(queued_at__gte=first, queued_at__lt=after, queued_at__lte=now)


def weeks_of_marketing(user: User, now: datetime) -> list[Week]:
    """The last WEEKS weeks, the running one first; weeks begin on Monday in the reader's time zone."""
    monday = timezone.localtime(now).date() - timedelta(days=timezone.localtime(now).weekday())
    starts = [monday - timedelta(weeks=number) for number in range(WEEKS)]
    first = timezone.make_aware(datetime.combine(starts[-1], time.min))
    handoffs = delivered(user).filter(queued_at__gte=first, queued_at__lte=now)
    accepted = Q(decided_at__isnull=False) & ~Q(state=HandoffState.REJECTED)
    rows = (
        handoffs.order_by()
        .annotate(week=TruncWeek("queued_at"))
        .values("week")
        .annotate(
            n=Count("pk"), yes=Count("pk", filter=accepted), no=Count("pk", filter=Q(state=HandoffState.REJECTED))
        )
    )
    by_week = {row["week"].date(): row for row in rows}
    nothing = {"n": 0, "yes": 0, "no": 0}
    return [
        Week(start=start, handoffs=row["n"], accepted=Share(number=row["yes"], of=row["yes"] + row["no"]))
        for start in starts
        for row in [by_week.get(start, nothing)]
    ]
