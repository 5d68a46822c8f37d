"""The engine against an independent evaluator: random models, leads and instants, equal to the hundredth."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scoring import engine
from scoring.engine.cells import cell_of
from scoring.engine.sql.sources import Sources
from scoring.engine.sql.statement import Row
from scoring.models import ScoringModel
from tests.scoring.engine.world import catalog, document, score, settle
from tests.scoring.oracle import Oracle
from tests.scoring.random_models import documents, instants, person

PEOPLE = 40
MODELS = int(os.environ.get("LEADQUAL_ORACLE_MODELS", "120"))
DEEP_MODELS = int(os.environ.get("LEADQUAL_ORACLE_DEEP_MODELS", "2000"))
SEGMENT = {
    "any": [{"field": "company.employees", "op": ">=", "value": 100}, {"activity": "webinar_attend", "within": "30d"}]
}
unhurried = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate, Phase.target),
}


class World:
    """People known to both sides, and the same segment."""

    def __init__(self, seed: int) -> None:
        dice = random.Random(seed)
        self.people = [person(dice) for _ in range(PEOPLE)]
        self.model = ScoringModel.objects.create(name=f"Random {seed}")
        self.ids = settle(self.people, self.model)
        segment, problems = engine.parse_condition(SEGMENT)
        assert segment is not None, problems
        self.segments = {"big": segment}
        self.catalog = catalog(**self.segments)
        self.sources = Sources(model=self.model.pk)

    def oracle(self, raw: dict[str, Any], t: Any) -> Oracle:
        return Oracle(document(raw), t, self.segments)

    def disagreements(self, raw: dict[str, Any], t: Any) -> Iterator[tuple[Any, ...]]:
        """(lead, what, engine, oracle) wherever the two differ."""
        rows, oracle = score(raw, t, sources=self.sources, catalog_=self.catalog), self.oracle(raw, t)
        for pk, who in zip(self.ids, self.people, strict=True):
            opinion, row = oracle.opinion(who), rows[pk]
            found = row._asdict() | {"action": self.action(oracle, row)}
            for name, expected in vars(opinion).items():
                if found[name] != expected:
                    yield pk, name, found[name], expected

    def action(self, oracle: Oracle, row: Row) -> str | None:
        """What the explanation says of the matrix."""
        matrix = oracle.document.matrix
        if matrix is None or not row.inside:
            return None
        return str(cell_of(matrix, engagement=row.engagement, qualification=row.qualification).action)

    def surprises(self, raw: dict[str, Any], t: Any, dice: random.Random) -> Iterator[tuple[Any, ...]]:
        """(lead, instant, before, then) wherever something visible changes before `next_change_at`."""
        rows, oracle = score(raw, t, sources=self.sources, catalog_=self.catalog), self.oracle(raw, t)
        for pk, who in zip(self.ids, self.people, strict=True):
            until = rows[pk].next_change_at
            assert until is None or until > t
            last = min(until or t + timedelta(days=200), t + timedelta(days=200)) - timedelta(microseconds=1)
            before = oracle.opinion(who).visible
            for instant in (last, *(t + (last - t) * dice.random() ** 3 for _ in range(2))):
                then = oracle.at(instant).opinion(who).visible
                if then != before:
                    yield pk, instant, until, before, then


@pytest.fixture
def world(db: None) -> World:
    return World(seed=20260615)


def test_the_engine_and_the_oracle_agree_on_4800_random_cases(world: World) -> None:
    """A case is one lead, one model, one instant: every rule, group, dimension, total, band, grade and verdict."""

    @settings(max_examples=MODELS, derandomize=True, **unhurried)
    @given(raw=documents(), t=instants())
    def agree(raw: dict[str, Any], t: Any) -> None:
        assert list(world.disagreements(raw, t)) == []

    agree()


def test_nothing_visible_changes_before_next_change_at(world: World) -> None:
    @settings(max_examples=max(MODELS // 3, 1), derandomize=True, **unhurried)
    @given(raw=documents(), t=instants(), seed=st.integers(0, 10**6))
    def hold(raw: dict[str, Any], t: Any, seed: int) -> None:
        assert list(world.surprises(raw, t, random.Random(seed))) == []

    hold()


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
def test_the_engine_and_the_oracle_agree_on_many_more(db: None, seed: int) -> None:
    world = World(seed)

    @settings(max_examples=DEEP_MODELS // 4, **unhurried)
    @given(raw=documents(), t=instants(), dice=st.integers(0, 10**6))
    def agree(raw: dict[str, Any], t: Any, dice: int) -> None:
        assert list(world.disagreements(raw, t)) == []
        if dice % 10 == 0:
            assert list(world.surprises(raw, t, random.Random(dice))) == []

    agree()
