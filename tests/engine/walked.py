"""A company that only grows older, and what one has to see of it: written out by hand for one document.

Nothing here knows the engine or reads its documents: the points of `DOCUMENT` are said again in plain arithmetic, fast
enough for a million looks, and checked against the oracle by samples. Points are hundredths, time is seconds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.engine.oracle import Act, Given, Manual, Person

START = datetime(2026, 5, 4, 0, 0, tzinfo=UTC)
DAY, HOUR = 86_400.0, 3_600.0
GRACE = 36 * HOUR
NAMES = ("Hot lead", "Asked by a large company")
OBJECTS = ("spring", "summer", "autumn", "winter")

DOCUMENT: dict[str, Any] = {
    "model": "Default",
    "timezone": "UTC",
    "groups": [
        {
            "name": "Fit", "dimension": "fit", "max": 30,
            "rules": [
                {"name": "Large", "when": {"field": "company.employees", "op": ">=", "value": 100}, "points": 15},
                {"name": "Soon", "when": {"field": "planned_on", "op": "within_next", "value": "30d"}, "points": 20},
            ],
        },
        {
            "name": "Interest", "dimension": "engagement", "min": -5, "max": 60,
            "inactivity": {"after": "20d", "half_life": "40d"},
            "rules": [
                {"name": "Mails", "each": {"activity": "email_open"}, "points": 6, "repeat": "once_per_object",
                 "decay": {"half_life": "14d"}, "cap": 15},
                {"name": "Documents", "each": {"activity": "document_request"}, "points": 20,
                 "decay": {"linear": "45d"}},
                {"name": "Webinars", "each": {"activity": "webinar_attend"}, "points": 15, "at_most": 2,
                 "decay": {"window": "30d"}},
                {"name": "Complaints", "each": {"activity": "complaint"}, "points": -10, "decay": {"half_life": "30d"}},
                {"name": "Back again", "points": 8,
                 "when": {"activity": "page_view", "within": "7d", "count": {"op": ">=", "value": 2}}},
            ],
        },
        {
            "name": "Sales", "dimension": "qualification",
            "rules": [{"name": "Decides", "when": {"answer": "bant.authority", "op": "=", "value": "decides"},
                       "points": 10}],
        },
    ],
    "hot": [
        {"name": NAMES[0], "when": {"score": "total", "op": ">=", "value": 50}, "exit": {"total": 42.5},
         "grace": "36h"},
        {"name": NAMES[1], "when": {"all": [
            {"activity": "document_request", "within": "14d"},
            {"field": "company.employees", "op": ">=", "value": 100}]}},
    ],
}  # fmt: skip


class Unsure(Exception):
    """A double lies too close to a tie to say which way it is rounded."""


def rounded(value: float) -> int:
    if abs(value % 1 - 0.5) < 1e-5:
        raise Unsure
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)


def grown_up(days: int, dice: random.Random) -> Person:
    """Somebody whose history lies behind, with a little that is dated ahead."""
    kinds = ("email_open", "email_open", "document_request", "webinar_attend", "page_view", "page_view", "complaint")
    ages = [dice.uniform(0, 50) for _ in range(dice.randrange(4, 14))] + [-dice.uniform(0, days) for _ in range(3)]
    started = START + timedelta(days=dice.uniform(-5, days / 2))
    return Person(
        attributes={
            "company.employees": dice.choice((None, 99, 100, 800)),
            "planned_on": dice.choice((None, (START + timedelta(days=dice.randrange(10, days + 60))).date())),
        },
        activities=[
            Act(dice.choice(kinds), START - timedelta(seconds=round(age * DAY)), dice.choice(OBJECTS)) for age in ages
        ],
        answers=[
            Given("bant.authority", dice.choice(("decides", "none")), START + timedelta(days=dice.uniform(-20, days)))
            for _ in range(dice.randrange(3))
        ],
        adjustments=[
            Manual(points, started, started + timedelta(days=14)) for points in dice.choice(((), (1500,), (-800,)))
        ],
    )


@dataclass(frozen=True)
class Look:
    """What can be seen of somebody, and whether each definition would keep an episode open."""

    seen: tuple[Any, ...]
    hot: tuple[bool, bool]
    holds: tuple[bool, bool]


class Aging:
    """One person, looked at again and again in the order of time."""

    def __init__(self, person: Person) -> None:
        self.times: dict[str, list[float]] = {}
        self.mails: list[tuple[float, str]] = []
        for act in sorted(person.activities, key=lambda one: one.occurred_at):
            at = (act.occurred_at - START).total_seconds()
            self.times.setdefault(act.type, []).append(at)
            if act.type == "email_open":
                self.mails.append((at, act.object))
        self.all_times = sorted(at for kind, times in self.times.items() if kind != "complaint" for at in times)
        self.large = (person.attributes["company.employees"] or 0) >= 100
        planned = person.attributes["planned_on"]
        self.planned = None if planned is None else (planned - START.date()).days
        self.answers = sorted(((a.answered_at - START).total_seconds(), a.option) for a in person.answers)
        self.given = [
            ((a.starts_at - START).total_seconds(), (a.until - START).total_seconds(), a.points)
            for a in person.adjustments
            if a.until is not None
        ]

    def look(self, t: float) -> Look:
        fit = min(1500 * self.large + 2000 * self._soon(t), 3000)
        interest = self._after_silence(t, min(max(self._interest(t), -500), 6000))
        decides = 1000 * ([option for at, option in self.answers if at <= t][-1:] == ["decides"])
        given = sum(points for start, end, points in self.given if start <= t < end)
        total = min(max(fit + interest + decides + given, 0), 10_000)
        asked = self.large and any(t - 14 * DAY <= at <= t for at in self.times.get("document_request", ()))
        engagement = max(interest, 0)
        band = "hot" if total >= 7000 else "warm" if total >= 4000 else "cold"
        letter = "A" if fit >= 2500 else "B" if fit >= 1000 else "C"
        digit = "1" if engagement >= 4000 else "2" if engagement >= 2000 else "3"
        hot = (total >= 5000, asked)
        seen = (total // 100, fit // 100, engagement // 100, decides // 100, band, letter + digit, list(hot))
        return Look(seen, hot, (total >= 5000 or total > 4250, asked))

    def _soon(self, t: float) -> bool:
        if self.planned is None:
            return False
        return int(t // DAY) <= self.planned <= int((t + 30 * DAY) // DAY)

    def _interest(self, t: float) -> int:
        opened = {mail: at for at, mail in self.mails if at <= t}
        mails = min(sum(rounded(600 * 0.5 ** ((t - at) / (14 * DAY))) for at in opened.values()), 1500)
        documents = sum(
            rounded(2000 * (1 - (t - at) / (45 * DAY)))
            for at in self.times.get("document_request", ())
            if t - 45 * DAY < at <= t
        )
        webinars = [at for at in self.times.get("webinar_attend", ()) if at <= t][-2:]
        attended = 1500 * sum(at >= t - 30 * DAY for at in webinars)
        complaints = sum(
            rounded(1000 * 0.5 ** ((t - at) / (30 * DAY))) for at in self.times.get("complaint", ()) if at <= t
        )
        views = sum(t - 7 * DAY <= at <= t for at in self.times.get("page_view", ()))
        return mails + documents + attended - complaints + 800 * (views >= 2)

    def _after_silence(self, t: float, points: int) -> int:
        heard = [at for at in self.all_times if at <= t]
        silent = t - heard[-1] - 20 * DAY if heard else 0.0
        return rounded(points * 0.5 ** (silent / (40 * DAY))) if silent > 0 else points


@dataclass
class Episodes:
    """The episodes of one person, followed by hand: (definition, began, ended or None, cooling since or None)."""

    rows: list[list[Any]]

    def go_on(self, look: Look, t: float) -> None:
        current = self.rows[-1] if self.rows and self.rows[-1][2] is None else None
        if current is None:
            if any(look.hot):
                self.rows.append([look.hot.index(True), t, None, None])
            return
        if any(look.hot) or look.holds[current[0]]:
            current[3] = None
            return
        current[3] = t if current[3] is None else current[3]
        if t >= current[3] + (GRACE if current[0] == 0 else 0):
            current[2] = t
