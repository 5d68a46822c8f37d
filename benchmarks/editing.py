"""Whether the editor answers while a worker counts what the draft would do: the page's own requests, beside a job."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from background.enums import JobState
from background.models import JobRun
from benchmarks.latency import worker
from benchmarks.preview import in_force
from benchmarks.report import Figure
from scoring.models import ScoringModel
from studio.actions.effects import EFFECT, stop_effect
from studio.draft.store import draft_token
from studio.models import Effect

ROUNDS, PAUSE, LONGEST, PERCENTILE = 30, 0.8, 180, 95
MUST_AT, MUST = 100_000, 0.5
RULES = 20  # of the first group


def run(scale: int) -> Iterator[Figure]:
    """Every round is an edit as a marketer makes it; the effect that it asks for takes the place of the last one."""
    marketer = Marketer(in_force(scale, timezone.now()))
    marketer.works(rounds=3)
    stop_effect(model=marketer.model, now=timezone.now())
    alone = marketer.works(rounds=ROUNDS)
    yield _figure("the editor's own requests, nothing else running", scale, alone, must=False)
    with worker():
        marketer.works(rounds=1)
        beside = marketer.works(rounds=ROUNDS, during=_is_counting)
        yield _figure("the same while a worker counts the effect", scale, beside, must=True)
        yield _whole(scale, seconds_until_counted(marketer))


class Marketer:
    """Saves an edit, has the rules redrawn, asks for the effect, opens a rule: what the page does by itself."""

    def __init__(self, model: ScoringModel) -> None:
        self.model, self.turn = model, 0
        person = User.objects.create_user("bench@example.com", name="bench", role=Role.MARKETER)
        self.client = Client(headers={"Host": "localhost", "HX-Request": "true", "HX-Request-Type": "partial"})
        self.client.force_login(person)

    def works(self, *, rounds: int, during: Callable[[], bool] = lambda: True) -> list[float]:
        """Seconds of each request, in rounds that begin while `during` holds."""
        found: list[float] = []
        end = time.perf_counter() + LONGEST
        while len(found) < 3 * rounds:
            assert time.perf_counter() < end, f"{len(found)} requests counted"
            counts = during()
            one = [self.saves(), self.timed("effect"), self.timed("rule", 0, self.turn % RULES)]
            found += one if counts else []
            time.sleep(PAUSE)
        return found

    def saves(self) -> float:
        """One edit: a rule switched off, or on again."""
        self.turn += 1
        body = {"seen": draft_token(ScoringModel.objects.get(pk=self.model.pk))}
        return self._timed(self.client.post, self._url("press", 0, self.turn % RULES, "switch"), body)

    def timed(self, name: str, *places: object) -> float:
        return self._timed(self.client.get, self._url(name, *places))

    def _url(self, name: str, *places: object) -> str:
        return reverse(f"studio:{name}", args=[self.model.pk, *places])

    def _timed(self, ask: Callable[..., Any], *arguments: Any) -> float:
        start = time.perf_counter()
        answer = ask(*arguments)
        taken = time.perf_counter() - start
        assert answer.status_code == 200, (answer.status_code, arguments)
        return taken


def _is_counting() -> bool:
    return JobRun.objects.filter(kind=EFFECT, state=JobState.RUNNING).exists()


def seconds_until_counted(marketer: Marketer) -> float:
    """From an edit to its whole effect, through the worker."""
    start = time.perf_counter()
    marketer.saves()
    marketer.timed("effect")
    while not Effect.objects.filter(model=marketer.model, is_complete=True).exists():
        assert time.perf_counter() < start + 60, "nobody counts"
        time.sleep(0.05)
    return time.perf_counter() - start


def _figure(work: str, scale: int, taken: list[float], *, must: bool) -> Figure:
    last = sorted(taken)[int(len(taken) * PERCENTILE / 100)]
    told = f"p{PERCENTILE} < {MUST:.1f} s at {MUST_AT:,}" if must else ""
    shown = f"median {statistics.median(taken):.2f} s, p{PERCENTILE} {last:.2f} s"
    ok = last < MUST if must and scale >= MUST_AT else None
    return Figure(work=work, scale=scale, seconds=last, shown=shown, must=told, ok=ok, grows=False)


def _whole(scale: int, taken: float) -> Figure:
    work = "an edit saved -> its whole effect there, by the worker"
    return Figure(work=work, scale=scale, seconds=taken, shown=f"{taken:.2f} s")
