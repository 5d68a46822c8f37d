"""People whom engine and oracle both know, and the questions on which the two have to agree."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from leads.actions import NewActivity, record_activities
from leads.models import Activity, ActivityType, Lead
from scoring import engine
from scoring.engine.sql.sources import Sources
from scoring.engine.sql.statement import Row
from scoring.models import Adjustment, Answer, ScoringModel
from tests.scoring.engine.world import catalog, document, score, settle
from tests.scoring.first_change import first_change
from tests.scoring.oracle import Oracle, Person, united
from tests.scoring.random_models import SEGMENTS, person

PEOPLE = 40
FAR = timedelta(days=200)
Difference = tuple[Any, ...]


class World:
    """Random people, stored; `through_intake` tells their activities as they arrive, some of them again and again."""

    def __init__(self, seed: int, *, through_intake: bool = False) -> None:
        self.dice = random.Random(seed)
        self.people = [person(self.dice, number) for number in range(PEOPLE)]
        self.model = ScoringModel.objects.create(name=f"Random {seed}")
        quiet = [replace(who, activities=[]) for who in self.people]
        self.ids = settle(quiet if through_intake else self.people, self.model)
        if through_intake:
            self._tell()
        self.segments = {name: _condition(raw) for name, raw in SEGMENTS.items()}
        self.catalog = catalog(**self.segments)
        self.sources = Sources(model=self.model.pk)

    # --- facts

    def _tell(self) -> None:
        """Post every activity between one and three times, in the order in which it was received."""
        types = dict(ActivityType.objects.values_list("code", "pk"))
        told = [
            (act.received_at, NewActivity(lead_id=pk, type_id=types[act.type], occurred_at=act.occurred_at,
                object=act.object, properties=act.properties, key=f"{pk}-{place}"))
            for pk, who in zip(self.ids, self.people, strict=True)
            for place, act in enumerate(who.activities)
        ]  # fmt: skip
        for received, row in sorted(told, key=lambda each: (each[0], each[1].key)):
            again = [row] * self.dice.choice((1, 2, 3))
            assert len(record_activities(again, source="api:1", now=received)) == 1
        self.dice.shuffle(told)
        later = max(received for received, _ in told) + timedelta(days=1)
        assert record_activities([row for _, row in told], source="api:1", now=later) == {}

    def merge(self) -> None:
        """Merge the people two by two: the facts of both are the survivor's, the other stands for nobody."""
        pairs = list(zip(self.ids[::2], self.ids[1::2], self.people[::2], self.people[1::2], strict=True))
        for survivor, gone, _, _ in pairs:
            merge_facts(survivor, gone)
        self.people = [united(mine, other) for _, _, mine, other in pairs]
        self.ids = [survivor for survivor, _, _, _ in pairs]

    # --- opinions

    def oracle(self, raw: dict[str, Any], t: datetime, known_at: datetime | None = None) -> Oracle:
        return Oracle(document(raw), t, self.segments, known_at)

    def rows(self, raw: dict[str, Any], t: datetime, known_at: datetime | None = None) -> dict[int, Row]:
        return score(raw, t, sources=replace(self.sources, known_at=known_at), catalog_=self.catalog)

    def disagreements(self, raw: dict[str, Any], t: datetime, known_at: datetime | None = None) -> Iterator[Difference]:
        """(lead, what, engine, oracle) wherever the two differ."""
        rows, oracle = self.rows(raw, t, known_at), self.oracle(raw, t, known_at)
        for pk, who in zip(self.ids, self.people, strict=True):
            opinion, row = oracle.opinion(who), rows[pk]
            for name, expected in vars(opinion).items():
                if getattr(row, name) != expected:
                    yield pk, name, getattr(row, name), expected

    def surprises(self, raw: dict[str, Any], t: datetime, known_at: datetime | None = None) -> Iterator[Difference]:
        """(lead, first change, `next_change_at`) where something visible changes earlier than was said."""
        rows, oracle = self.rows(raw, t, known_at), self.oracle(raw, t, known_at)
        for pk, who in zip(self.ids, self.people, strict=True):
            until = rows[pk].next_change_at
            assert until is None or until > t
            changed = first_change(oracle, who, before=min(until or t + FAR, t + FAR))
            if changed is not None:
                yield pk, changed, until

    def untrue_explanations(self, raw: dict[str, Any], t: datetime, leads: int) -> Iterator[Difference]:
        """(lead, what, explained, oracle) for some of the leads, wherever a line or a piece of evidence differs."""
        seen, oracle = document(raw), self.oracle(raw, t)
        for place in self.dice.sample(range(len(self.ids)), leads):
            pk, who = self.ids[place], self.people[place]
            said = engine.explain(seen, self.catalog, sources=self.sources, t=t, lead=pk, connection=connection)
            assert said is not None
            for name, explained, expected in _explained(said, oracle, who):
                if explained != expected:
                    yield pk, name, explained, expected


def _explained(said: dict[str, Any], oracle: Oracle, who: Person) -> Iterator[tuple[str, Any, Any]]:
    """What an explanation says beside what it has to say, in hundredths."""
    opinion = oracle.opinion(who)
    lines = [(line["kind"], line["name"], hundredths(line)) for line in said["lines"]]
    yield "lines", lines, oracle.lines(who)
    yield "total", sum(change for _, _, change in lines), opinion.total
    for name in ("total", "fit", "engagement", "qualification"):
        yield name, round(said[name] * 100), getattr(opinion, name)
    yield "band and grade", (said["band"], said["grade"]), (opinion.band, opinion.grade)
    yield "groups", [hundredths(group) for group in said["groups"]], opinion.group_points
    yield "hot", [hot["met"] for hot in said["hot"]], opinion.hot
    yield "holds", [hot["holds"] for hot in said["hot"]], opinion.holds
    rules = [rule for group in said["groups"] for rule in group["rules"]]
    yield "contributions", [hundredths(rule) for rule in rules], opinion.points
    for rule, written in zip(rules, oracle.document.rules, strict=True):
        if written.each is not None:
            evidence = [
                (each["activity"], each["object"], datetime.fromisoformat(each["occurred_at"]), hundredths(each))
                for each in rule["evidence"]
            ]
            yield rule["name"], evidence, oracle.evidence(written, who)
            yield rule["name"], sum(points for *_, points in evidence), round(rule["uncapped"] * 100)


def hundredths(said: dict[str, Any]) -> int:
    return round(said["points"] * 100)


def merge_facts(survivor: int, gone: int) -> None:
    """What a merge does to the facts that scores are made of."""
    Lead.objects.filter(pk=gone).update(merged_into_id=survivor)
    for facts in (Activity, Answer, Adjustment):
        facts.objects.filter(lead_id=gone).update(lead_id=survivor)  # type: ignore[attr-defined]


def _condition(raw: dict[str, Any]) -> engine.Condition:
    condition, problems = engine.parse_condition(raw)
    assert condition is not None, problems
    return condition
