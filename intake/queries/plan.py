"""The tracking plan: which activity types and properties come in, from where, and which rules use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake.database import fetch_named
from intake.models import TypeSetting
from intake.statements import SEEN_PROPERTIES, SEEN_TYPES
from leads.enquiry import RESERVED
from leads.models import ActivityType
from web.formats import percent

SEEN_WITHIN = timedelta(days=90)
MISSED_AFTER = timedelta(days=7)
SAMPLE = 20_000  # newest activities of all types, whose properties are read


@dataclass(frozen=True, kw_only=True)
class RuleUse:
    """A rule that looks at a type, or at one of its properties; "" where it looks at none."""

    type: str
    property: str
    rule: str
    address: str


UseReader = Callable[[], Sequence[RuleUse]]
_readers: list[UseReader] = []


def register_rule_uses(reader: UseReader) -> None:
    """Make known who says which rules use what; called once, by the app that scores."""
    _readers.append(reader)


@dataclass(frozen=True, kw_only=True)
class PlannedProperty:
    """`share` is how many of the newest activities of the type have it, in percent; `found` the kinds of its values."""

    name: str
    kind: str = ""
    found: Sequence[str] = ()
    share: float = 0
    first: datetime | None = None
    last: datetime | None = None
    uses: Sequence[RuleUse] = ()

    @property
    def shown_share(self) -> str:
        return percent(self.share)

    @property
    def found_words(self) -> str:
        """The kinds of its values where nobody said what they are."""
        return " / ".join(sorted(self.found))


@dataclass(frozen=True, kw_only=True)
class PlannedActivity:
    type: ActivityType
    takes_parts: bool
    number: int = 0
    sources: Sequence[str] = ()
    first: datetime | None = None
    last: datetime | None = None
    uses: Sequence[RuleUse] = ()
    properties: Sequence[PlannedProperty] = ()
    is_missed: bool = False
    """A rule uses it, and for a week none came."""


@dataclass
class _Seen:
    number: int = 0
    sources: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None


def tracking_plan(*, now: datetime) -> list[PlannedActivity]:
    """All types in use: first those that rules use and that did not come for a week, then by how many came."""
    since = now - SEEN_WITHIN
    uses: dict[tuple[str, str], list[RuleUse]] = defaultdict(list)
    for use in (use for reader in _readers for use in reader()):
        uses[use.type, use.property].append(use)
    seen: dict[int, _Seen] = defaultdict(_Seen)
    for pk, source, number, first, last in fetch_named(SEEN_TYPES, since=since, now=now):
        one = seen[pk]
        one.number += number
        one.sources.add(source)
        one.first, one.last = min(first, one.first or first), max(last, one.last or last)
    properties = _properties()
    strict = set(TypeSetting.objects.filter(takes_parts=False).values_list("type_id", flat=True))
    plan = [
        PlannedActivity(
            type=kind, takes_parts=kind.pk not in strict, number=seen[kind.pk].number,
            sources=sorted(seen[kind.pk].sources), first=seen[kind.pk].first, last=seen[kind.pk].last,
            uses=uses[kind.code, ""], properties=_of_type(kind, properties.get(kind.pk, {}), uses),
            is_missed=bool(uses[kind.code, ""]) and (seen[kind.pk].last or since) < now - MISSED_AFTER,
        )
        for kind in ActivityType.objects.filter(is_active=True)
    ]  # fmt: skip
    return sorted(plan, key=lambda one: (not one.is_missed, -one.number, one.type.code))


def _properties() -> Mapping[int, dict[str, PlannedProperty]]:
    """What the newest activities of each type hold, by the property's name."""
    found: dict[int, dict[str, PlannedProperty]] = defaultdict(dict)
    for pk, name, number, size, kinds, first, last in fetch_named(SEEN_PROPERTIES, most=SAMPLE):
        if name not in RESERVED:
            found[pk][name] = PlannedProperty(name=name, found=kinds, share=100 * number / size, first=first, last=last)
    return found


def _of_type(
    kind: ActivityType, found: Mapping[str, PlannedProperty], uses: Mapping[tuple[str, str], list[RuleUse]]
) -> list[PlannedProperty]:
    """The properties that a type has by its settings, by what came, or by a rule."""
    names = {*found, *kind.property_types, *(name for code, name in uses if code == kind.code and name)}
    rows = []
    for name in names:
        one = found.get(name, PlannedProperty(name=name))
        rows.append(
            PlannedProperty(
                name=name, kind=kind.property_types.get(name, ""), found=one.found, share=one.share, first=one.first,
                last=one.last, uses=uses.get((kind.code, name), []),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda one: (-one.share, one.name))
