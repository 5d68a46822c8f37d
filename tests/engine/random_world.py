"""People whom engine and oracle both know, and the questions on which the two have to agree."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

import engine
from engine import nodes
from engine.explanation import AnswerEvidence, Evidence, Explanation, RulePoints
from engine.matrix_conditions import cell_of
from engine.sql.sources import Relation, Sources
from engine.sql.statement import ScoreRow
from leads.actions import NewActivity, record_activities
from leads.actions.merge import merge_leads, undo_merge
from leads.models import Activity, ActivityType, Lead, Merge
from scoring.models import ScoringModel
from tests.engine.first_change import first_change
from tests.engine.oracle import Oracle, Person, united
from tests.engine.random_models import BASE, SEGMENTS, person
from tests.engine.world import catalog, document, score, settle, settle_exclusions
from tests.factories import UserFactory

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

    @property
    def sources(self) -> Sources:
        """The live tables, and who rests since when, waiting for a page view."""
        resting = [(pk, who.resting_since) for pk, who in zip(self.ids, self.people, strict=True) if who.resting_since]
        rows = (
            "(SELECT rest.*, (SELECT array_agg(id) FROM leads_activitytype WHERE code = 'page_view') AS wake_types"
            " FROM unnest(%(rest_leads)s::bigint[], %(rest_since)s::timestamptz[]) AS rest(lead_id, since))"
        )
        since = {"rest_leads": [pk for pk, _ in resting], "rest_since": [at for _, at in resting]}
        return Sources(model=self.model.pk, resting=Relation(text=rows, parameters=since))

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
        stored: dict[str, int] = {}
        for received, row in sorted(told, key=lambda each: (each[0], each[1].key)):
            again = [row] * self.dice.choice((1, 2, 3))
            found = record_activities(again, source="api:1", now=received)
            (stored[row.key],) = found.values()
        self.dice.shuffle(told)
        later = max(received for received, _ in told) + timedelta(days=1)
        assert record_activities([row for _, row in told], source="api:1", now=later) == {}
        self._exclude(stored)
        # Properties are stored as their type reads them: "65" of a number as 65.
        read = dict(Activity.objects.filter(pk__in=stored.values()).values_list("pk", "properties"))
        for pk, who in zip(self.ids, self.people, strict=True):
            rows = [stored[f"{pk}-{place}"] for place in range(len(who.activities))]
            who.activities = [
                replace(act, order=row, properties=read[row]) for row, act in zip(rows, who.activities, strict=True)
            ]

    def _exclude(self, stored: dict[str, int]) -> None:
        chosen = {
            stored[f"{pk}-{place}"]: act
            for pk, who in zip(self.ids, self.people, strict=True)
            for place, act in enumerate(who.activities)
            if act.excluded_at
        }
        settle_exclusions((row, chosen[row.pk]) for row in Activity.objects.filter(pk__in=chosen))
        Activity.objects.filter(pk__in=[pk for pk, act in chosen.items() if act.is_excluded]).update(is_excluded=True)

    def merge(self) -> list[Merge]:
        """Merge the people two by two: who is left stands for both, the other for nobody."""
        pairs = list(zip(self.ids[::2], self.ids[1::2], strict=True))
        merges = [self._merged(*pair) for pair in pairs]
        self.people = [united(*both) for both in zip(self.people[::2], self.people[1::2], strict=True)]
        self.ids = [kept for kept, _ in pairs]
        return merges

    def _merged(self, kept: int, merged: int) -> Merge:
        leads = Lead.objects.in_bulk([kept, merged])
        merge = merge_leads(kept=leads[kept], merged=leads[merged], by=UserFactory(), now=BASE)
        # An address that the merge filled in may be of a company's domain; of that the people here know nothing.
        company = leads[kept].company_id or leads[merged].company_id
        Lead.objects.filter(pk=kept).exclude(company=company).update(company=company)
        return merge

    def undo(self, merges: list[Merge], people: list[Person]) -> None:
        """Take the merges back: there are `people` again."""
        for merge in reversed(merges):
            undo_merge(merge=merge, by=UserFactory(), now=BASE)
        self.ids = [pk for merge in merges for pk in (merge.kept_id, merge.merged_id)]
        self.people = people

    # --- opinions

    def oracle(self, raw: dict[str, Any], t: datetime, known_at: datetime | None = None) -> Oracle:
        """Of a document that could be published: others the engine need not bear."""
        read = document(raw)
        assert engine.check(read, self.catalog) == ()
        return Oracle(read, t, self.segments, known_at)

    def rows(self, raw: dict[str, Any], t: datetime, known_at: datetime | None = None) -> dict[int, ScoreRow]:
        return score(raw, t, sources=replace(self.sources, known_at=known_at), catalog_=self.catalog)

    def disagreements(self, raw: dict[str, Any], t: datetime, known_at: datetime | None = None) -> Iterator[Difference]:
        """(lead, what, engine, oracle) wherever the two differ."""
        rows, oracle = self.rows(raw, t, known_at), self.oracle(raw, t, known_at)
        for pk, who in zip(self.ids, self.people, strict=True):
            found = rows[pk]._asdict() | {"action": action_of(oracle.document, rows[pk])}
            for name, expected in vars(oracle.opinion(who)).items():
                if found[name] != expected:
                    yield pk, name, found[name], expected

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


def action_of(document: engine.Document, row: ScoreRow) -> str | None:
    """What the product says of a lead's cell in the matrix."""
    if document.matrix is None or not row.inside:
        return None
    return str(cell_of(document.matrix, engagement=row.engagement, qualification=row.qualification).action)


def _explained(said: Explanation, oracle: Oracle, who: Person) -> Iterator[tuple[str, Any, Any]]:
    """What an explanation says beside what it has to say, in hundredths."""
    opinion = oracle.opinion(who)
    lines = [(line.kind, line.name, line.points) for line in said.lines]
    yield "lines", lines, oracle.lines(who)
    yield "total", sum(change for _, _, change in lines), opinion.total
    for name in ("total", "fit", "engagement", "qualification"):
        yield name, getattr(said, name), getattr(opinion, name)
    yield "band and grade", (said.band, said.grade), (opinion.band, opinion.grade)
    yield "action", said.matrix and str(said.matrix.action), opinion.action
    yield "groups", [group.points for group in said.groups], opinion.group_points
    yield "hot", [hot.met for hot in said.hot], opinion.hot
    yield "stage", said.stage, opinion.stage
    met = {str(rule.stage) for rule in said.stages if rule.met}
    yield "furthest stage", next((stage for stage in ("sql", "mql") if stage in met), ""), opinion.stage
    yield "holds", [hot.holds for hot in said.hot], opinion.holds
    rules = [rule for group in said.groups for rule in group.rules]
    yield "contributions", [rule.points for rule in rules], opinion.points
    for rule, written in zip(rules, oracle.document.rules, strict=True):
        if written.when is None:
            evidence = [_told(each) for each in rule.evidence]
            yield rule.name, evidence, oracle.evidence(written, who)
            yield rule.name, sum(points for *_, points in evidence), rule.uncapped
            yield from _expiries(rule, written)


def _told(evidence: Evidence) -> tuple[str | None, str, datetime, int]:
    """(activity, object, instant, hundredths), or the same of an answer: (criterion, option, instant, hundredths)."""
    if isinstance(evidence, AnswerEvidence):
        return evidence.answer, evidence.option, evidence.answered_at, evidence.points
    return evidence.activity, evidence.object, evidence.occurred_at, evidence.points


def _expiries(rule: RulePoints, written: nodes.Rule) -> Iterator[tuple[str, Any, Any]]:
    """Of an answer also until when something is left of it."""
    for given in rule.evidence:
        if isinstance(given, AnswerEvidence):
            decay = written.decay or nodes.Decay()
            lengths = [length.delta for length in (decay.window, decay.linear) if length]
            yield rule.name, given.expires_at, given.answered_at + min(lengths) if lengths else None
            yield rule.name, (given.by, given.text != ""), (None, True)


def _condition(raw: dict[str, Any]) -> engine.Condition:
    condition, problems = engine.parse_condition(raw)
    assert condition is not None, problems
    return condition
