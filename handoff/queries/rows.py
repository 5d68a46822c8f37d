"""Hand-offs with everything a row shows, in a number of statements that does not depend on theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.policies import is_allowed
from accounts.presence import Present
from handoff import policies
from handoff.access import is_given, may_take_over, may_work_on
from handoff.enums import SURVEY_ANSWERS, HandoffState, Result
from handoff.models import Feedback, Handoff, Outcome
from handoff.queries.missing import MissingGate, warnings_of
from handoff.queries.presence import others_at
from handoff.queries.promises import ShownPromise, open_promise, promises_of
from handoff.queries.reasons import Deed, Reason, deeds_of, last_activities, reasons_of, scores_of
from handoff.queries.tries import Tries, tries_of
from leads.models import Activity
from leads.queries.contact_data import reveal
from scoring.models import LeadScore
from scoring.queries.lead_list import trends_of

WAITING_STATES = (HandoffState.CONTACTED, HandoffState.ACCEPTED)
RELATED = ("lead__company", "lead__source", "team", "owner", "reject_reason", "episode")


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What this person can do with this hand-off now: exactly the buttons there are."""

    claim: bool = False
    release: bool = False
    contact: bool = False
    accept: bool = False
    reject: bool = False
    result: bool = False
    deal: bool = False
    rate: bool = False
    snooze: bool = False
    wake: bool = False
    pause: bool = False
    resume: bool = False
    due: bool = False
    skip: bool = False
    assign: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    handoff: Handoff
    score: LeadScore | None
    reasons: list[Reason]
    promises: list[ShownPromise]
    latest: Activity | None
    allowed: Allowed
    mine: bool
    trend: int | str = ""
    tries: Tries | None = None
    deeds: Sequence[Deed] = ()
    others: Sequence[Present] = ()
    missing: Sequence[MissingGate] = ()
    """The gates of whose warning the lead still lacks something."""
    outcome: Outcome | None = None
    rating: Feedback | None = None

    @property
    def asks_for_rating(self) -> bool:
        """Whether the person who spoke with the lead is asked how it was: once, and nothing waits for the answer."""
        return self.allowed.rate and self.mine and self.rating is None

    @property
    def sees_contact_data(self) -> bool:
        """Whether this person may know how to reach the lead, and what others noted about it."""
        return bool(getattr(self.handoff.lead, "is_open_to_reader", False))

    @property
    def due(self) -> ShownPromise | None:
        return open_promise(self.promises)


def rows_of(handoffs: Sequence[Handoff], user: User, now: datetime) -> list[Row]:
    """The rows of hand-offs that were read with what `RELATED` names; their leads go through `reveal`."""
    reveal(user, [handoff.lead for handoff in handoffs])
    scores = scores_of((handoff.lead_id, handoff.model_id) for handoff in handoffs)
    reasons = reasons_of(scores.values())
    promises = promises_of(handoffs, now)
    trends, tries = trends_of(scores.values(), now), tries_of(handoffs)
    leads = [handoff.lead_id for handoff in handoffs]
    deeds = deeds_of(leads, now)
    quiet = [lead for lead in leads if lead not in deeds]
    latest, others = last_activities(quiet, now), others_at(handoffs, user)
    missing = warnings_of(handoffs, user, now)
    outcomes = outcomes_of(handoff for handoff in handoffs if handoff.closed_at)
    ratings = ratings_of(handoff for handoff in handoffs if handoff.contacted_at)
    rows = []
    for handoff in handoffs:
        score = scores.get((handoff.lead_id, handoff.model_id))
        row = Row(
            handoff=handoff,
            score=score,
            reasons=reasons.get(score.pk, []) if score else [],
            promises=promises.get(handoff.pk, []),
            latest=latest.get(handoff.lead_id),
            allowed=allowed_for(user, handoff, now),
            mine=handoff.owner_id == user.pk,
            trend=trends.get((handoff.lead_id, handoff.model_id), ""),
            tries=tries.get(handoff.pk),
            deeds=deeds.get(handoff.lead_id, ()),
            others=others.get(handoff.pk, ()),
            missing=missing.get(handoff.pk, ()),
            outcome=outcomes.get(handoff.pk),
            rating=ratings.get(handoff.pk),
        )
        rows.append(row)
    return rows


def outcomes_of(handoffs: Iterable[Handoff]) -> dict[int, Outcome]:
    """By hand-off the result that counts: of an opportunity that was decided, how it ended."""
    rows = Outcome.objects.filter(handoff__in=[handoff.pk for handoff in handoffs]).select_related("lost_reason")
    newest = rows.order_by("handoff_id", "-recorded_at", "-pk").distinct("handoff_id")
    return {outcome.handoff_id: outcome for outcome in newest if outcome.handoff_id}


def ratings_of(handoffs: Iterable[Handoff]) -> dict[int, Feedback]:
    """By hand-off the answer to the survey."""
    rows = Feedback.objects.filter(handoff__in=[handoff.pk for handoff in handoffs], verdict__in=SURVEY_ANSWERS)
    return {answer.handoff_id: answer for answer in rows}


def related(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """The same hand-offs in the same order, read with what their rows need.

    A list is sorted and cut first: with the joins in it the database would join all that it sorts.
    """
    pks = [handoff.pk for handoff in handoffs]
    read = Handoff.objects.select_related(*RELATED).in_bulk(pks)
    return [read[pk] for pk in pks if pk in read]


def row_of(handoff: Handoff, user: User, now: datetime) -> Row:
    return rows_of([handoff], user, now)[0]


def allowed_for(user: User, handoff: Handoff, now: datetime) -> Allowed:
    """The state says what is possible, the role and the owner say for whom."""
    if not may_work_on(user, handoff):
        return Allowed()
    state, works = handoff.state, is_allowed(user, policies.WORK)
    held, given = handoff.owner_id is not None, is_given(handoff)
    unclaimed = handoff.owner_id is None or (handoff.owner_id == user.pk and not given)
    in_work = given or state in (HandoffState.CLAIMED, HandoffState.CONTACTED, HandoffState.ACCEPTED)
    concludes = works or (is_allowed(user, policies.RESULT) and state == HandoffState.CONTACTED)
    grown = state == HandoffState.CLOSED and handoff.result == Result.OPPORTUNITY
    asleep = handoff.snoozed_until is not None and handoff.snoozed_until > now
    return Allowed(
        claim=(state == HandoffState.QUEUED and unclaimed) or may_take_over(user, handoff),
        release=given or state == HandoffState.CLAIMED,
        contact=in_work and held,
        accept=works and state == HandoffState.CONTACTED,
        reject=works and (given or state in (HandoffState.CLAIMED, HandoffState.CONTACTED)),
        result=concludes and (state in (HandoffState.CONTACTED, HandoffState.ACCEPTED) or grown),
        deal=works and grown,
        rate=is_allowed(user, policies.RATE) and handoff.contacted_at is not None,
        snooze=in_work and not asleep,
        wake=in_work and asleep,
        pause=state in WAITING_STATES and handoff.paused_until is None,
        resume=handoff.is_open and handoff.paused_until is not None,
        skip=state in (HandoffState.QUEUED, HandoffState.CLAIMED) and handoff.owner_id in (None, user.pk),
        assign=is_allowed(user, policies.ASSIGN) and handoff.is_open,
        due=is_allowed(user, policies.ASSIGN)
        and handoff.is_open
        and handoff.due_at is not None
        and handoff.due_at > now,
    )
