"""The clock is moved on hour by hour with only the sweep running, and what is stored is what has to be seen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from leads.models import DirtyMark
from scoring.actions import publish_version, run_rescores, score_all_dirty, sweep_due
from scoring.models import Episode, LeadScore, ScoringModel
from studio.draft.store import start_model
from tests.engine.oracle import Oracle
from tests.engine.walked import DOCUMENT, NAMES, START, Aging, Episodes, Look, Unsure, grown_up
from tests.engine.world import document, settle

MINUTE = 60.0


class Walk:
    """People who grow older in the database and, looked at by hand, beside it."""

    def __init__(self, leads: int, days: int, admin: User) -> None:
        self.days, self.dice = days, random.Random(120)
        people = [grown_up(days, self.dice) for _ in range(leads)]
        model = start_model(name="Default", document=DOCUMENT, by=admin, now=START)
        self.ids = settle(people, model)
        self.people = dict(zip(self.ids, people, strict=True))
        self.aging = {pk: Aging(person) for pk, person in self.people.items()}
        self.episodes = {pk: Episodes([]) for pk in self.ids}
        self.read = document(DOCUMENT)
        publish_version(model=ScoringModel.objects.get(), by=admin, note="", now=START)
        run_rescores(now=START)
        score_all_dirty(now=START)
        self.before = {pk: self.look(pk, 0.0) for pk in self.ids}
        self._follow(0.0, self.before)
        self.swept = self.changed = 0

    def hours(self, every: int = 1) -> Iterator[float]:
        """For every hour the last time that the sweep ran before it: a minute ago at most."""
        for hour in range(every, self.days * 24 + 1, every):
            yield hour * 3600.0 - round(self.dice.uniform(0, MINUTE), 6)

    def step(self, t: float) -> None:
        """Sweep and score as production does every minute, then compare everything that is stored."""
        now = START + timedelta(seconds=t)
        self.swept += sweep_due(now=now)
        score_all_dirty(now=now)
        looks = {pk: self.look(pk, t) for pk in self.ids}
        self.changed += sum(looks[pk].seen != self.before[pk].seen for pk in self.ids)
        self._follow(t, looks)
        self.before = looks
        assert self.stored() == {pk: (look.seen, self._is_hot(pk)) for pk, look in looks.items()}, now
        assert self.open_episodes() == self.followed(now), now

    def look(self, pk: int, t: float) -> Look:
        try:
            return self.aging[pk].look(t)
        except Unsure:
            return self.oracle(pk, t)

    def oracle(self, pk: int, t: float) -> Look:
        opinion = Oracle(self.read, START + timedelta(seconds=t)).opinion(self.people[pk])
        total = opinion.visible[3]
        seen = (total, *opinion.visible[:3], opinion.band, opinion.grade, opinion.hot)
        return Look(seen, tuple(opinion.hot), tuple(opinion.holds))  # type: ignore[arg-type]

    def _follow(self, t: float, looks: dict[int, Look]) -> None:
        for pk, look in looks.items():
            self.episodes[pk].go_on(look, t)

    def _is_hot(self, pk: int) -> bool:
        rows = self.episodes[pk].rows
        return bool(rows) and rows[-1][2] is None

    # --- what is there

    def stored(self) -> dict[int, tuple[tuple[Any, ...], bool]]:
        names = ("lead_id", "total", "fit", "engagement", "qualification", "band", "grade", "hot", "is_hot")
        return {
            pk: ((total // 100, fit // 100, engagement // 100, sales // 100, band, grade, hot), is_hot)
            for pk, total, fit, engagement, sales, band, grade, hot, is_hot in LeadScore.objects.values_list(*names)
        }

    def open_episodes(self) -> dict[int, list[Any]]:
        """Number, definition, begin and the cooling of what is open."""
        rows = Episode.objects.filter(ended_at=None)
        return {
            pk: list(rest)
            for pk, *rest in rows.values_list("lead_id", "number", "definition", "started_at", "cooling_since")
        }  # type: ignore[misc]

    def followed(self, now: datetime) -> dict[int, list[Any]]:
        return {
            pk: [len(one.rows), NAMES[one.rows[-1][0]], _time(one.rows[-1][1]), _time(one.rows[-1][3])]
            for pk, one in self.episodes.items()
            if self._is_hot(pk)
        }

    def all_episodes(self) -> list[tuple[Any, ...]]:
        rows = Episode.objects.order_by("lead_id", "number")
        return list(rows.values_list("lead_id", "definition", "started_at", "ended_at"))

    def all_followed(self) -> list[tuple[Any, ...]]:
        return [
            (pk, NAMES[name], _time(began), _time(ended))
            for pk in sorted(self.ids)
            for name, began, ended, _cooling in self.episodes[pk].rows
        ]


def _time(t: float | None) -> datetime | None:
    return None if t is None else START + timedelta(seconds=t)


def walk(leads: int, days: int, admin: User, *, every: int) -> Walk:
    walk = Walk(leads, days, admin)
    for t in walk.hours(every):
        walk.step(t)
    assert walk.all_episodes() == walk.all_followed()
    assert not DirtyMark.objects.exists()
    return walk


def test_what_is_looked_at_by_hand_is_what_the_oracle_says(admin: User) -> None:
    dice = random.Random(7)
    people = [grown_up(120, dice) for _ in range(60)]
    read = document(DOCUMENT)
    for person in people:
        aging = Aging(person)
        for _ in range(10):
            t = round(dice.uniform(0, 120 * 86_400), 6)
            opinion = Oracle(read, START + timedelta(seconds=t)).opinion(person)
            total = opinion.visible[3]
            seen = (total, *opinion.visible[:3], opinion.band, opinion.grade, opinion.hot)
            assert aging.look(t) == Look(seen, tuple(opinion.hot), tuple(opinion.holds))  # type: ignore[arg-type]


def test_the_clock_moved_on_over_20_days_with_only_the_sweep_running_40_leads(admin: User) -> None:
    """The stored state equals the oracle within the sweep's minute at every step of four hours."""
    done = walk(40, 20, admin, every=4)
    assert done.changed > 500
    assert len(done.all_episodes()) > 10


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_the_clock_moved_hour_by_hour_over_120_days_with_only_the_sweep_running_500_leads(admin: User) -> None:
    """The stored state equals the oracle within the sweep's minute at every step; a lead is swept six times a day at
    most, though points that fade in both directions at once make a sweep find nothing more often than something."""
    done = walk(500, 120, admin, every=1)
    print(f"{done.swept:,} scores swept, {done.changed:,} visible changes, {len(done.all_episodes()):,} episodes")
    assert done.changed > 10_000
    assert len(done.all_episodes()) > 200
    assert done.swept <= 6 * 500 * 120
