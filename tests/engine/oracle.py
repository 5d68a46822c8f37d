"""A second opinion on every score: slow, obvious Python over plain lists. It shares only `parse` with the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

from engine import nodes

NO_INTEREST = ("complaint", "email_bounce", "phone_call", "unsubscribe")
RANKS = {"staff": 1, "lead": 2, "manager": 3, "director": 4, "executive": 5}
# What a merge takes only together with what it belongs to.
WHOLES = {"region": "country", "title_level": "title"}


@dataclass(frozen=True)
class Act:
    type: str
    occurred_at: datetime
    object: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    received_at: datetime | None = None
    excluded_at: datetime | None = None
    counted_again_at: datetime | None = None
    order: int = 0  # in which it was stored: of two at one instant, the later one is the newer

    @property
    def is_excluded(self) -> bool:
        return self.excluded_at is not None and self.counted_again_at is None


@dataclass(frozen=True)
class Given:
    criterion: str
    option: str
    answered_at: datetime
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Manual:
    points: int
    starts_at: datetime
    until: datetime | None


@dataclass
class Person:
    """A lead as the oracle sees it: field code -> value (None when unknown)."""

    attributes: dict[str, Any] = field(default_factory=dict)
    activities: list[Act] = field(default_factory=list)
    answers: list[Given] = field(default_factory=list)
    adjustments: list[Manual] = field(default_factory=list)
    resting_since: datetime | None = None
    waits_for: tuple[str, ...] = ()


def united(kept: Person, merged: Person) -> Person:
    """Who is left after a merge: what `kept` does not know is filled from `merged`; what both did counts once."""
    done = {(act.occurred_at, act.type, act.object) for act in kept.activities}
    return Person(
        attributes=_united_attributes(kept.attributes, merged.attributes),
        activities=kept.activities
        + [act for act in merged.activities if (act.occurred_at, act.type, act.object) not in done],
        answers=kept.answers + merged.answers,
        adjustments=kept.adjustments + merged.adjustments,
        resting_since=kept.resting_since,
        waits_for=kept.waits_for,
    )


def _united_attributes(kept: dict[str, Any], merged: dict[str, Any]) -> dict[str, Any]:
    """Company and source come whole or not at all; who is further on the way says where both are; a refusal wins.

    A region stays with its country and a level with its title where the two have different ones.
    """
    found, has_company = dict(kept), "company.name" in kept
    for name, value in merged.items():
        if name in ("stage", "channel") or (name.startswith("company.") and has_company):
            continue
        if found.get(name) in (None, "") and not _is_of_another(WHOLES.get(name, ""), kept, merged):
            found[name] = value
    found["channel"] = kept["channel"] if kept["source"] else merged["channel"]
    found["stage"] = _further(kept["stage"], merged["stage"])
    if False in (kept.get("consent"), merged.get("consent")):
        found["consent"] = False
    return found


def _is_of_another(whole: str, kept: dict[str, Any], merged: dict[str, Any]) -> bool:
    both = {kept.get(whole), merged.get(whole)} - {None, ""}
    return len(both) == 2


def _further(kept: str, merged: str) -> str:
    """Nobody comes back from nurture by a merge, but as a customer."""
    if merged == "customer":
        return merged
    return "mql" if (kept, merged) == ("inquiry", "mql") else kept


@dataclass
class Opinion:
    uncapped: list[int]
    points: list[int]
    group_points: list[int]
    fit: int
    engagement: int
    qualification: int
    adjustments: int
    total: int
    band: str
    grade: str
    hot: list[bool]
    holds: list[bool]
    again: list[bool]
    woken: bool
    stage: str
    action: str | None

    @property
    def visible(self) -> tuple[Any, ...]:
        """What a person could notice: whole points, band, grade, verdicts, stage."""
        whole = tuple(value // 100 for value in (self.fit, self.engagement, self.qualification, self.total))
        return (*whole, self.band, self.grade, self.action, self.stage, tuple(self.hot), tuple(self.holds))


def round_half_away(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def half_life_factor(age: timedelta, half_life: timedelta) -> Decimal:
    ratio = Decimal(age // timedelta(microseconds=1)) / Decimal(half_life // timedelta(microseconds=1))
    return Decimal("0.5") ** ratio


def halved(whole: Decimal | int, age: timedelta, half_life: timedelta) -> int:
    """`whole` after some half-lives, rounded. Forty digits are only needed where a double lies close to a tie."""
    quick = float(whole) * 0.5 ** (age / half_life)
    if abs(quick % 1 - 0.5) > 1e-5:
        return int(quick + 0.5) if quick >= 0 else -int(0.5 - quick)
    return round_half_away(whole * half_life_factor(age, half_life))


def clamp(value: int, low: int | None, high: int | None) -> int:
    if high is not None and value > high:
        value = high
    if low is not None and value < low:
        value = low
    return value


class Oracle:
    """Evaluates one document at one instant; with `known_at`, from what had been received and recorded by then."""

    def __init__(
        self,
        document: nodes.Document,
        t: datetime,
        segments: dict[str, Any] | None = None,
        known_at: datetime | None = None,
    ) -> None:
        self.document, self.t, self.segments, self.known_at = document, t, segments or {}, known_at
        self.zone = ZoneInfo(document.timezone)

    def at(self, t: datetime) -> Oracle:
        return Oracle(self.document, t, self.segments, self.known_at)

    def known(self, told_at: datetime | None) -> bool:
        return self.known_at is None or told_at is None or told_at <= self.known_at

    def counts(self, act: Act) -> bool:
        """Received by then, and not taken out by then, or put back again."""
        if not self.known(act.received_at):
            return False
        if self.known_at is None:
            return not act.is_excluded
        excluded = act.excluded_at is not None and self.known(act.excluded_at)
        return not excluded or (act.counted_again_at is not None and self.known(act.counted_again_at))

    def opinion(self, person: Person) -> Opinion:
        with localcontext() as context:
            context.prec = 40
            return self._opinion(person)

    def _opinion(self, person: Person) -> Opinion:
        document = self.document
        inside = self.inside(person)
        uncapped, points, group_points = [], [], []
        sums = {"fit": 0, "engagement": 0, "qualification": 0}
        for group in document.groups:
            group_sum = 0
            for rule in group.rules:
                value = self.rule_points(rule, person) if inside else 0
                limit = 10**9 if rule.cap is None else min(10**9, round_half_away(rule.cap * 100))
                uncapped.append(value)
                points.append(clamp(value, -limit, limit))
                group_sum += points[-1]
            value = self.group_points(group, group_sum, person) if inside else 0
            group_points.append(value)
            sums[group.dimension] += value
        adjustments = sum(a.points for a in person.adjustments if self.valid(a)) if inside else 0
        scores = {name: clamp(value, 0, 10_000) for name, value in sums.items()}
        scores["total"] = clamp(sum(sums.values()) + adjustments, 0, 10_000)
        hot = [inside and self.true(definition.when, person, scores) for definition in document.hot]
        holds = [
            was or (inside and self.above_exit(definition, scores["total"]))
            for was, definition in zip(hot, document.hot, strict=True)
        ]
        return Opinion(
            uncapped=uncapped,
            points=points,
            group_points=group_points,
            fit=scores["fit"],
            engagement=scores["engagement"],
            qualification=scores["qualification"],
            adjustments=adjustments,
            total=scores["total"],
            band=self.band(scores["total"]),
            grade=self.grade(scores),
            hot=hot,
            holds=holds,
            again=[met and self.asks_again(one, person) for met, one in zip(hot, document.hot, strict=True)],
            woken=self.is_woken(person),
            stage=self.stage(person, scores) if inside else "",
            action=self.action(scores) if inside and document.matrix else None,
        )

    # --- what an explanation has to say

    def lines(self, person: Person) -> list[tuple[str, str, int]]:
        """(kind, name, hundredths) of everything that moves the total; together they are the total."""
        opinion, said, rule_number = self.opinion(person), [], 0
        for group, counted in zip(self.document.groups, opinion.group_points, strict=True):
            group_sum = 0
            for rule in group.rules:
                before, after = opinion.uncapped[rule_number], opinion.points[rule_number]
                full = before if rule.when else self.full(rule, person)
                said += [
                    ("rule", rule.name, full),
                    ("decay", rule.name, before - full),
                    ("cap", rule.name, after - before),
                ]
                group_sum += after
                rule_number += 1
            low = None if group.min is None else round_half_away(group.min * 100)
            high = None if group.max is None else round_half_away(group.max * 100)
            bounded = clamp(group_sum, low, high) if self.inside(person) else 0
            said.append(("min" if bounded > group_sum else "max", group.name, bounded - group_sum))
            said.append(("inactivity", group.name, counted - bounded))
        if self.inside(person):
            valid = sorted((a for a in person.adjustments if self.valid(a)), key=lambda a: a.starts_at)
            said += [("adjustment", "x", one.points) for one in valid]
        reached = sum(change for _, _, change in said)
        said.append(("floor" if reached < 0 else "ceiling", "", opinion.total - reached))
        return [line for line in said if line[2]]

    def evidence(self, rule: nodes.Rule, person: Person) -> list[tuple[str, str, datetime, int]]:
        """(type, object, instant, hundredths) of every activity that still counts for an `each` rule, newest first;
        (criterion, option, instant, hundredths) of the answer that counts for a rule by answer."""
        if rule.disabled or not self.inside(person):
            return []
        if rule.answer is not None:
            given, points = self.newest_answer(rule.answer.criterion, person), self.rule_points(rule, person)
            return [(given.criterion, given.option, given.answered_at, points)] if given and points else []
        with localcontext() as context:
            context.prec = 40
            counted = [(act, self.activity_points(rule, act)) for act in self.kept(rule, person)]
        return [(act.type, act.object, act.occurred_at, points) for act, points in counted if points]

    def full(self, rule: nodes.Rule, person: Person) -> int:
        """What the evidence was worth before anything faded."""
        evidence = self.evidence(rule, person)
        if rule.answer is not None:
            return sum(round_half_away(dict(rule.answer.points)[option] * 100) for _, option, _, _ in evidence)
        return len(evidence) * round_half_away(rule.points * 100)

    def inside(self, person: Person) -> bool:
        return self.document.audience is None or self.true(self.document.audience, person, {})

    # --- bands

    def band(self, total: int) -> str:
        if total >= self.document.bands.hot * 100:
            return "hot"
        return "warm" if total >= self.document.bands.warm * 100 else "cold"

    def grade(self, scores: dict[str, int]) -> str:
        grades = self.document.grades
        fit, engagement = Decimal(scores["fit"]) / 100, Decimal(scores["engagement"]) / 100
        letter = "A" if fit >= grades.a else "B" if fit >= grades.b else "C"
        return letter + ("1" if engagement >= grades.one else "2" if engagement >= grades.two else "3")

    def action(self, scores: dict[str, int]) -> str:
        """The action of the cell where the level of engagement meets that of qualification."""
        matrix, levels = self.document.matrix, {}
        for name in ("engagement", "qualification"):
            borders, shown = getattr(matrix, name), Decimal(scores[name]) / 100
            levels[name] = "high" if shown >= borders.high else "middle" if shown >= borders.middle else "low"
        found = [c.action for c in matrix.cells if {n: getattr(c, n) for n in levels} == levels]
        return str(*found)

    def above_exit(self, definition: nodes.HotDefinition, total: int) -> bool:
        threshold = definition.exit
        if threshold is None:
            parts = definition.when.parts if isinstance(definition.when, nodes.AnyOf) else [definition.when]
            entries = [p.value for p in parts if isinstance(p, nodes.ScoreLeaf) and p.score == "total" and p.op == ">="]
            if not entries:
                return False
            threshold = min(entries) - 10
        return Decimal(total) / 100 > threshold

    def is_woken(self, person: Person) -> bool:
        """An activity that the person waits for has arrived since the hand-off ended."""
        if person.resting_since is None:
            return False
        new = [a for a in person.activities if (a.received_at or a.occurred_at) > person.resting_since]
        return any(self.matches(kind, None, act) for kind in person.waits_for for act in new)

    def asks_again(self, definition: nodes.HotDefinition, person: Person) -> bool:
        """Something that the definition counts has arrived since the hand-off ended."""
        if not definition.again or person.resting_since is None:
            return False
        new = [a for a in person.activities if (a.received_at or a.occurred_at) > person.resting_since]
        return any(self.speaks_for(definition.when, act) for act in new)

    def speaks_for(self, node: Any, act: Act) -> bool:
        if isinstance(node, nodes.AllOf | nodes.AnyOf):
            return any(self.speaks_for(part, act) for part in node.parts)
        if isinstance(node, nodes.SegmentLeaf):
            return self.speaks_for(self.segments[node.segment], act)
        if not isinstance(node, nodes.ActivityLeaf) or node.count.op in ("<", "<="):
            return False
        young = node.within is None or self.t - act.occurred_at <= node.within.delta
        return young and self.matches(node.activity, node.where, act)

    def stage(self, person: Person, scores: dict[str, int]) -> str:
        """Whoever meets the rule of an SQL is one, whatever the rule of an MQL says."""
        stages = self.document.stages
        if stages.sql is not None and self.true(stages.sql, person, scores):
            return "sql"
        return "mql" if stages.mql is not None and self.true(stages.mql, person, scores) else ""

    def valid(self, adjustment: Manual) -> bool:
        return adjustment.starts_at <= self.t and (adjustment.until is None or self.t < adjustment.until)

    # --- points

    def group_points(self, group: nodes.Group, group_sum: int, person: Person) -> int:
        low = None if group.min is None else round_half_away(group.min * 100)
        high = None if group.max is None else round_half_away(group.max * 100)
        value = clamp(group_sum, low, high)
        counted = [a for a in person.activities if self.counts(a) and a.type not in NO_INTEREST]
        seen = [a.occurred_at for a in counted if a.occurred_at <= self.t]
        if group.inactivity is None or not seen:
            return value
        over = self.t - max(seen) - group.inactivity.after.delta
        if over <= timedelta():
            return value
        return halved(value, over, group.inactivity.half_life.delta)

    def rule_points(self, rule: nodes.Rule, person: Person) -> int:
        if rule.disabled:
            return 0
        if rule.when is not None:
            return round_half_away(rule.points * 100) if self.true(rule.when, person, {}) else 0
        if rule.answer is not None:
            given = self.newest_answer(rule.answer.criterion, person)
            points = dict(rule.answer.points).get(given.option) if given else None
            return 0 if points is None else self.faded(points, self.t - given.answered_at, rule.decay)
        return sum(self.activity_points(rule, act) for act in self.kept(rule, person))

    def kept(self, rule: nodes.Rule, person: Person) -> list[Act]:
        assert rule.each is not None
        matching = [a for a in person.activities if self.matches(rule.each.activity, rule.each.where, a)]
        newest_first = sorted(
            enumerate(matching), key=lambda told: (told[1].occurred_at, told[1].order, told[0]), reverse=True
        )
        kept, kinds = [], set()
        for _, act in newest_first:
            kind = {
                "every_time": object(),
                "once": None,
                "once_per_object": act.object,
                "once_per_day": self.day(act.occurred_at),
            }[rule.repeat]
            if kind not in kinds:
                kinds.add(kind)
                kept.append(act)
        return kept if rule.at_most is None else kept[: rule.at_most]

    def activity_points(self, rule: nodes.Rule, act: Act) -> int:
        return self.faded(rule.points, self.t - act.occurred_at, rule.decay)

    def faded(self, points: Decimal, age: timedelta, decay: nodes.Decay | None) -> int:
        factor = Decimal(1)
        if decay is not None:
            if decay.window is not None and age > decay.window.delta:
                return 0
            if decay.half_life is not None:
                return halved(points * 100, age, decay.half_life.delta)
            if decay.linear is not None:
                microsecond = timedelta(microseconds=1)
                over = Decimal(age // microsecond) / Decimal(decay.linear.delta // microsecond)
                factor = max(Decimal(0), 1 - over)
        return round_half_away(points * 100 * factor)

    # --- conditions: `negated` travels down to the leaves, and a leaf that cannot know says no either way

    def true(self, node: Any, person: Person, scores: dict[str, int], negated: bool = False) -> bool:
        if isinstance(node, nodes.Not):
            return self.true(node.part, person, scores, not negated)
        if isinstance(node, nodes.AllOf | nodes.AnyOf):
            every = isinstance(node, nodes.AllOf) != negated
            answers = [self.true(part, person, scores, negated) for part in node.parts]
            return all(answers) if every else any(answers)
        if isinstance(node, nodes.SegmentLeaf):
            return self.true(self.segments[node.segment], person, scores, negated)
        if isinstance(node, nodes.ActivityLeaf):
            return self.compare(self.count(node, person), node.count.op, node.count.value) != negated
        if isinstance(node, nodes.ScoreLeaf):
            return self.compare(Decimal(scores[node.score]) / 100, node.op, node.value) != negated
        if isinstance(node, nodes.AnswerLeaf):
            given = self.newest_answer(node.answer, person)
            if given and node.within is not None and self.t - given.answered_at > node.within.delta:
                given = None
            return self.known_compare(given and given.option, node, negated)
        if isinstance(node, nodes.ActionLeaf):
            return (self.action(scores) in node.actions) != negated
        return self.known_compare(person.attributes.get(node.field), node, negated)

    def known_compare(self, value: Any, leaf: Any, negated: bool) -> bool:
        if value == "":
            value = None
        if leaf.op == "known":
            return (value is not None) != negated
        if leaf.op == "unknown":
            return (value is None) != negated
        if value is None:
            return False
        return self.compare(value, leaf.op, leaf.value) != negated

    def compare(self, value: Any, op: str, wanted: Any) -> bool:
        if op in ("in", "not_in"):
            return any(self.compare(value, "=", one) for one in wanted) == (op == "in")
        if op in ("within_next", "within_last"):
            return self.within(value, op, wanted.delta)
        if op == "contains":
            return wanted in value
        if op == "starts_with":
            return value.startswith(wanted)
        if isinstance(value, datetime):
            return self.compare_instant(value, op, wanted)
        if isinstance(value, date):
            wanted = date.fromisoformat(wanted)
        if isinstance(wanted, str) and isinstance(value, int) and not isinstance(value, bool):
            wanted = RANKS[wanted]
        return {
            "=": value == wanted,
            "!=": value != wanted,
            ">": op == ">" and value > wanted,
            ">=": op == ">=" and value >= wanted,
            "<": op == "<" and value < wanted,
            "<=": op == "<=" and value <= wanted,
            "before": op == "before" and value < wanted,
            "after": op == "after" and value > wanted,
        }[op]

    def compare_instant(self, value: datetime, op: str, wanted: str) -> bool:
        if len(wanted) == 10:
            day, border = self.day(value), date.fromisoformat(wanted)
            return day < border if op == "before" else day > border
        instant = datetime.fromisoformat(wanted)
        return value < instant if op == "before" else value > instant

    def within(self, value: Any, op: str, length: timedelta) -> bool:
        start, end = (self.t, self.t + length) if op == "within_next" else (self.t - length, self.t)
        if isinstance(value, datetime):
            return start <= value <= end
        return self.day(start) <= value <= self.day(end)

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    # --- facts

    def newest_answer(self, code: str, person: Person) -> Given | None:
        given = [a for a in person.answers if a.criterion == code and a.answered_at <= self.t]
        given = [a for a in given if self.known(a.recorded_at)]
        newest = None
        for one in given:
            if newest is None or one.answered_at >= newest.answered_at:
                newest = one
        return newest

    def count(self, leaf: nodes.ActivityLeaf, person: Person) -> int:
        acts = [a for a in person.activities if self.matches(leaf.activity, leaf.where, a)]
        if leaf.within is not None:
            acts = [a for a in acts if self.t - a.occurred_at <= leaf.within.delta]
        return len({a.object for a in acts}) if leaf.distinct else len(acts)

    def matches(self, activity: str, where: Any, act: Act) -> bool:
        if act.occurred_at > self.t or not self.counts(act):
            return False
        if activity not in ("any", act.type) or (activity == "any" and act.type in NO_INTEREST):
            return False
        return where is None or self.where(where, act, negated=False)

    def where(self, node: Any, act: Act, negated: bool) -> bool:
        if isinstance(node, nodes.Not):
            return self.where(node.part, act, not negated)
        if isinstance(node, nodes.AllOf | nodes.AnyOf):
            every = isinstance(node, nodes.AllOf) != negated
            answers = [self.where(part, act, negated) for part in node.parts]
            return all(answers) if every else any(answers)
        if node.field == "object":
            return self.known_compare(act.object or None, node, negated)
        value = act.properties.get(node.field.removeprefix("properties."))
        if node.op not in ("known", "unknown") and not self.same_kind(value, node.value):
            value = None
        return self.known_compare(value, node, negated)

    def same_kind(self, value: Any, wanted: Any) -> bool:
        sample = wanted[0] if isinstance(wanted, tuple) else wanted
        if isinstance(sample, bool):
            return isinstance(value, bool)
        if isinstance(sample, int | Decimal):
            return isinstance(value, int | float) and not isinstance(value, bool)
        return isinstance(value, str)
