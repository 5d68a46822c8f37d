"""Invented sales people work the queue with the product's own actions, some fast, some late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from handoff.actions import (
    RefusedError,
    accept_handoff,
    answer_survey,
    claim_handoff,
    log_contact,
    record_result,
    reject_handoff,
)
from handoff.enums import SURVEY_ANSWERS, ContactChannel, HandoffState, Result, Verdict
from handoff.models import Handoff, LostReason, RejectReason
from handoff.queries.spoken_rules import spoken_for
from insights.demo.answers import FRAMEWORK, record_answers
from scoring.models import Criterion


@dataclass
class WorkPlan:
    """When somebody will do what with one hand-off."""

    rep: User
    claim_at: datetime
    contact_at: datetime
    decide_at: datetime
    result_at: datetime


class SalesFloor:
    """The reps of the demo and what they intend to do."""

    def __init__(
        self, random: Random, reps: list[User], propensity: dict[int, float], notes: Sequence[str],
        remarks: Sequence[str] = (), done: Callable[[datetime], None] = lambda at: None,
    ) -> None:  # fmt: skip
        """`done` hears of every step, with its instant."""
        self.random = random
        # What sales thinks of its leads has dice of its own: the year goes on as it would without the survey.
        self.opinions = Random(len(propensity))
        self.remarks = remarks
        self.reps = reps
        self.propensity = propensity
        self.notes = notes
        self.done = done
        self.plans: dict[int, WorkPlan] = {}
        asked = Criterion.objects.filter(framework__code=FRAMEWORK)
        self.criteria = list(asked.prefetch_related("options"))
        self.reasons = list(RejectReason.objects.filter(is_active=True))
        self.losses = list(LostReason.objects.filter(is_active=True))

    def work(self, until: datetime) -> None:
        """Do everything that was planned up to `until`, hand-off by hand-off."""
        waiting = Handoff.objects.exclude(state__in=[HandoffState.REJECTED, HandoffState.CLOSED])
        for handoff in waiting.select_related("lead", "episode", "owner", "team").order_by("pk"):
            plan = self.plans.setdefault(handoff.pk, self.plan(handoff))
            for at, step in self._steps(handoff, plan):
                if at > until:
                    break
                try:
                    step(at)
                except RefusedError:
                    break  # the lead has moved on meanwhile, as in life
                finally:
                    self.done(at)

    def plan(self, handoff: Handoff) -> WorkPlan:
        """Who will work on it and when: most within days, some late."""
        hours = self.random.expovariate
        members = [rep for rep in self.reps if rep.team_id == handoff.team_id]
        claim = handoff.queued_at + timedelta(hours=min(hours(1 / 30), 24 * 12))
        contact = claim + timedelta(hours=hours(1 / 20))
        decide = contact + timedelta(hours=hours(1 / 30))
        rep = self.random.choice(members)  # thrown for those that have an owner too: the year goes on as it would
        result = decide + timedelta(hours=hours(1 / 40))
        return WorkPlan(handoff.owner or rep, claim, contact, decide, result)

    def _steps(self, handoff: Handoff, plan: WorkPlan) -> Iterable[tuple[datetime, Callable[[datetime], None]]]:
        if handoff.state == HandoffState.QUEUED:
            yield plan.claim_at, lambda at: claim_handoff(handoff=handoff, by=plan.rep, now=at)
        if handoff.state == HandoffState.CLAIMED:
            yield plan.contact_at, lambda at: self.contact(handoff, plan.rep, at)
        if handoff.state == HandoffState.CONTACTED:
            yield plan.decide_at, lambda at: self.decide(handoff, plan.rep, at)
        if handoff.state == HandoffState.ACCEPTED:
            yield plan.result_at, lambda at: self.conclude(handoff, plan.rep, at)

    def contact(self, handoff: Handoff, rep: User, at: datetime) -> None:
        """A call or a mail, as it goes, and what was learned in it."""
        channel = self.random.choices(list(ContactChannel), weights=(60, 20, 12, 6, 2))[0]
        log_contact(handoff=handoff, by=rep, at=at, channel=channel, now=at, note=self.random.choice(self.notes))
        record_answers(self.random, self.criteria, handoff.lead, propensity=self._chance(handoff), by=rep, at=at)
        self.rate(handoff, rep, at)

    def rate(self, handoff: Handoff, rep: User, at: datetime) -> None:
        """Most say how the lead was, and some which rule was wrong."""
        if self.opinions.random() > 0.7:
            return
        chance = self._chance(handoff)
        weights = (0.25 + chance, 0.3, 0.5 * (1 - chance))
        answer = self.opinions.choices(SURVEY_ANSWERS, weights=weights)[0]
        doubted, comment = [], ""
        if answer != Verdict.GOOD and self.opinions.random() < 0.5:
            rules = spoken_for(handoff.episode).rules
            doubted = [self.opinions.choice(rules).key] if rules else []
            comment = self.opinions.choice(self.remarks) if self.remarks else ""
        answer_survey(handoff=handoff, by=rep, answer=answer, now=at, doubted=doubted, comment=comment)

    def decide(self, handoff: Handoff, rep: User, at: datetime) -> None:
        """Accept the lead or reject it, the better the likelier."""
        if self.random.random() < 0.35 + self._chance(handoff) * 0.8:
            accept_handoff(handoff=handoff, by=rep, now=at)
        else:
            reject_handoff(handoff=handoff, by=rep, reason=self.random.choice(self.reasons), now=at)

    def conclude(self, handoff: Handoff, rep: User, at: datetime) -> None:
        """Write down how it ended."""
        chance = self._chance(handoff)
        weights = (0.3, chance * 0.5, (1 - chance) * 0.45, (1 - chance) * 0.2)
        result = self.random.choices((Result.OPPORTUNITY, Result.WON, Result.LOST, Result.RECYCLED), weights=weights)[0]
        deal: dict[str, object] = {}
        if result == Result.WON:
            company = handoff.lead.company
            deal = {"revenue": self.random.randint(3, 60) * 50_000, "currency": company.currency if company else "JPY"}
        if result == Result.OPPORTUNITY:
            closes_on = (at + timedelta(days=self.opinions.randint(20, 120))).date()
            deal = {"revenue": self.opinions.randint(3, 60) * 50_000, "closes_on": closes_on}
        if result == Result.LOST:
            deal = {"lost_reason": self.opinions.choice(self.losses)}
        if result == Result.RECYCLED:
            deal = {"wake_on": (at + timedelta(days=self.random.randint(30, 180))).date()}
        record_result(handoff=handoff, by=rep, result=result, now=at, **deal)  # type: ignore[arg-type]

    def _chance(self, handoff: Handoff) -> float:
        return self.propensity.get(handoff.lead_id, 0.2)
