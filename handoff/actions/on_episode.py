"""From episodes to hand-offs: every episode gets exactly one, with its route, its promise and its notice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Team
from handoff.actions import transition
from handoff.actions.announcing import alert_overflow, announce, announce_held_back
from handoff.actions.calendar_versions import counted_by
from handoff.actions.deadlines import new_deadline
from handoff.actions.holding_back import (
    NOTHING,
    GateVerdict,
    decide,
    end_holding,
    hold_back,
    let_pass,
    put_aside,
    to_look_at,
)
from handoff.actions.rerouting import offer_oldest
from handoff.actions.turns import lock_turns, route_params, save_turns
from handoff.audience import owner_or_team
from handoff.enums import OPEN_STATES, HandoffState, HeldEnd, HeldFor, Promise
from handoff.live import tell_changes
from handoff.models import Deadline, Handoff, HandoffStep, HeldBack
from handoff.queries.desk import RoutePlan, route_plan
from handoff.queries.gates import by_model
from handoff.queries.sla_terms import sla_plan, terms_of
from handoff.routing import Route
from leads.actions import move_stage
from leads.actions.telling import tell_of_lead
from leads.enums import Stage
from leads.models import Lead
from leads.queries.history import named_at
from scoring.enums import EndCause
from scoring.models import Episode

BATCH = 200


def open_handoffs(
    *, now: datetime, leads: Collection[int] | None = None, past_gates: Collection[str] | None = None
) -> int:
    """Give every episode without a hand-off one, or only those of some leads, unless the policy holds it back.

    Leads that wait because nobody could take them come first, where somebody can by now. `past_gates`: a person hands
    them over in spite of these gates, which have been asked. Returns how many episodes were decided about.
    """
    offer_oldest(now=now)
    total = count = _open_batch(now, leads, past_gates)
    while count >= BATCH:
        count = _open_batch(now, leads, past_gates)
        total += count
    return total


# An episode that ended so needs no hand-off any more: what it waited for has happened, or must not.
SETTLED = (EndCause.HANDOFF, EndCause.FORBIDDEN, EndCause.MERGED)


def waiting_episodes() -> QuerySet[Episode]:
    """Episodes of known people under models that hand over, which have no hand-off yet and are not held back."""
    has_one = Exists(Handoff.objects.filter(episode=OuterRef("pk")))
    held_back = Exists(HeldBack.objects.filter(episode=OuterRef("pk")))
    waiting = Episode.objects.filter(~has_one, ~held_back, lead__is_anonymous=False, lead__merged_into=None)
    since = F("model__hands_over_from")
    in_time = Q(ended_at=None) | Q(model__hands_over_from=None) | Q(ended_at__gte=since)
    return waiting.filter(in_time, model__hands_over=True).exclude(end_cause__in=SETTLED)


@transaction.atomic
def _open_batch(now: datetime, only: Collection[int] | None, past_gates: Collection[str] | None) -> int:
    """Open the hand-offs of up to BATCH leads, with their promises, stages and notices. Returns how many episodes.

    Leads are locked first, in id order as the scorer does; their episodes are read in the next statement.
    """
    if not Team.objects.filter(is_active=True).exists():
        return 0
    lock_turns()
    held = to_look_at(now) if only is None else HeldBack.objects.none()
    leads = _locked_leads(waiting_episodes() if only is None else waiting_episodes().filter(lead__in=only), held)
    episodes = _episodes_of(leads, held)
    verdicts = _verdicts(episodes, leads, now, past_gates=past_gates)
    held_back = hold_back(episodes, verdicts, now=now)
    kept = {row.episode_id for row in held_back}
    handed = [episode for episode in episodes if episode.pk not in kept]
    handoffs = _create(handed, leads, verdicts, now)
    put_aside(handed, leads, verdicts, now=now)
    end_holding(handed, end=HeldEnd.HANDED_OVER, now=now)
    _start_promises(handoffs)
    for handoff in handoffs:
        _qualify(handoff, leads[handoff.lead_id], now)
    announce(handoffs, leads, now)
    alert_overflow(handoffs, now)
    announce_held_back(
        [row for row in held_back if row.since == now and row.held_for == HeldFor.GATE and row.ended_at is None],
        leads, now,
    )  # fmt: skip
    return len(episodes)


def _locked_leads(waiting: QuerySet[Episode], held: QuerySet[HeldBack]) -> dict[int, Lead]:
    """The next leads that wait, and the next to look at again; those that somebody works on are left for the next
    time."""
    wanted = sorted(
        {*waiting.order_by("pk").values_list("lead_id", flat=True)[:BATCH]}
        | {*held.order_by("checked_at", "pk").values_list("lead_id", flat=True)[:BATCH]}
    )
    locked = Lead.objects.filter(pk__in=wanted).order_by("pk").select_for_update(
        skip_locked=True, no_key=True, of=("self",)
    )  # fmt: skip
    return {lead.pk: lead for lead in locked.select_related("owner", "team")}


def _episodes_of(leads: Collection[int], held: QuerySet[HeldBack]) -> list[Episode]:
    """The episodes of locked leads to decide about: those that wait, and those held back that are due for it."""
    waiting = waiting_episodes().filter(lead_id__in=leads).values("pk")
    again = held.filter(lead_id__in=leads).values("episode")
    both = Episode.objects.filter(Q(pk__in=waiting) | Q(pk__in=again)).select_related("version__model", "by")
    return list(both.order_by("lead_id", "started_at", "pk"))


def _verdicts(
    episodes: Sequence[Episode], leads: dict[int, Lead], now: datetime, *, past_gates: Collection[str] | None
) -> dict[int, GateVerdict]:
    """What the policy says of the episodes that sales would work on; the others are closed at once whatever it says."""
    held = _held(leads)
    asked = [
        episode
        for episode in episodes
        if (episode.lead_id, episode.model_id) not in held and not _not_to_be_queued(leads[episode.lead_id])
    ]
    verdicts = decide(asked, now=now)
    if past_gates is None:
        return verdicts
    return {pk: let_pass(verdict, past_gates) for pk, verdict in verdicts.items()}


def _qualify(handoff: Handoff, lead: Lead, now: datetime) -> None:
    """Make the lead an MQL if it is not yet qualified, and give it to the team and owner of its hand-off."""
    if lead.stage in transition.UNQUALIFIED:
        move_stage(
            lead=lead, to=Stage.MQL, by=handoff.episode.by, now=now,
            reason="given_to_sales" if handoff.episode.by_id else "became_hot", note=handoff.episode.reason,
            version="" if handoff.episode.by_id else str(handoff.episode.version),
        )  # fmt: skip
    if (lead.team_id, lead.owner_id) != (handoff.team_id, handoff.owner_id):
        transition.update_lead(lead, now=now, team=handoff.team, owner=handoff.owner)


def _create(
    episodes: list[Episode], leads: dict[int, Lead], verdicts: Mapping[int, GateVerdict], now: datetime
) -> list[Handoff]:
    """A hand-off for each episode: no episode goes without; returns those that sales shall work on."""
    held = _held(leads)
    making = _Making(leads=leads, verdicts=verdicts, held=held, busy=set(held), named=named_at(leads), now=now)
    handoffs: list[Handoff] = []
    for model, of_model in by_model(episodes).items():
        asked = [leads[episode.lead_id] for episode in of_model]
        plan, sla = route_plan(asked, model=model, now=now), sla_plan(asked, model=model, now=now)
        routes: dict[int, Route] = {}
        rows = [making.handoff_of(episode, plan, routes) for episode in of_model]
        for row in rows:
            sla.apply(row)
        _store(rows, routes, plan.version, verdicts, now)
        save_turns(plan)
        handoffs += rows
    return [handoff for handoff in handoffs if handoff.is_open]


@dataclass(frozen=True, kw_only=True)
class _Making:
    """What the hand-offs of a batch are made from: `held` are those open already, by lead and model, `busy` the leads
    and models that have one by now, `named` says since when each lead has had a name."""

    leads: Mapping[int, Lead]
    verdicts: Mapping[int, GateVerdict]
    held: Mapping[tuple[int, int], Handoff]
    busy: set[tuple[int, int]]
    named: Mapping[int, datetime]
    now: datetime

    def handoff_of(self, episode: Episode, plan: RoutePlan, routes: dict[int, Route]) -> Handoff:
        """The unsaved hand-off of an episode; its route is noted in `routes`.

        It is closed at once where the lead is in somebody's hands already, closed or not to be contacted. Who has the
        lead in hand is told that it is hot again.
        """
        lead, key = self.leads[episode.lead_id], (episode.lead_id, episode.model_id)
        verdict = self.verdicts.get(episode.pk, NOTHING)
        skipped = "joined_open" if key in self.busy else _not_to_be_queued(lead) or verdict.route
        if key in self.held:
            _tell_again(self.held[key], episode, self.now)
        if not skipped:
            self.busy.add(key)
            found = plan.next(lead)
            assert found is not None, "there is a team"
            routes[episode.pk] = found
        target = routes.get(episode.pk)
        team = target.team if target else plan.fallback(lead)
        handoff = _unsaved(episode, lead, target, team, skipped, self._queued_at(episode, verdict), self.now)
        handoff.warnings = list(verdict.warnings)
        return handoff

    def _queued_at(self, episode: Episode, verdict: GateVerdict) -> datetime:
        """When sales could have known: nobody can call an anonymous browser, so from the moment it had a name; of a
        lead that was held back sales learns only now."""
        if verdict.held_since:
            return self.now
        return min(max(episode.started_at, self.named.get(episode.lead_id, episode.started_at)), self.now)


def _held(leads: Iterable[int]) -> dict[tuple[int, int], Handoff]:
    """The open hand-offs of these leads by lead and model."""
    open_ones = Handoff.objects.filter(lead_id__in=leads, state__in=OPEN_STATES).select_related("owner", "lead")
    return {(handoff.lead_id, handoff.model_id): handoff for handoff in open_ones}


def _store(
    handoffs: Sequence[Handoff], routes: Mapping[int, Route], version: int, verdicts: Mapping[int, GateVerdict],
    now: datetime,
) -> None:  # fmt: skip
    """Write the hand-offs, each with its first step, which keeps the route of its episode and what gates said."""
    Handoff.objects.bulk_create(handoffs)
    HandoffStep.objects.bulk_create(
        HandoffStep(
            handoff=row, kind="queued", at=row.queued_at,
            params=route_params(routes[row.episode_id], version, now) | verdicts.get(row.episode_id, NOTHING).params()
            if row.is_open
            else {"route": row.routed_by} | verdicts.get(row.episode_id, NOTHING).params(),
        )
        for row in handoffs
    )  # fmt: skip
    tell_changes(handoffs)


def _unsaved(
    episode: Episode, lead: Lead, target: Route | None, team: Team, skipped: str, queued_at: datetime, now: datetime
) -> Handoff:
    """The hand-off of an episode; closed at once where `skipped` says why nobody shall work on it."""
    handoff = Handoff(
        episode=episode, lead=lead, model_id=episode.model_id, team=team, score=episode.score, queued_at=queued_at,
        routed_by=skipped or (target.reason if target else ""), cooled_at=episode.ended_at,
    )  # fmt: skip
    if skipped:
        handoff.state, handoff.closed_at = HandoffState.CLOSED, now
    else:
        handoff.state, handoff.owner = HandoffState.QUEUED, target.owner if target else None
    return handoff


def _not_to_be_queued(lead: Lead) -> str:
    """Why nobody is to call the lead, as the code of a route; empty where somebody may."""
    if lead.forbidding:
        return "forbidden"
    return "disqualified" if lead.stage == Stage.DISQUALIFIED else ""


def _tell_again(handoff: Handoff, episode: Episode, now: datetime) -> None:
    """Tell the owner once that a lead in hand is hot again; the hand-off goes on with its own clock."""
    tell_of_lead(
        lead=handoff.lead, people=owner_or_team(handoff) if handoff.owner_id else [], kind="handoff.hot_again",
        key=f"again:{handoff.pk}:{episode.pk}", now=now, params={"score": (episode.score + 50) // 100},
        url=transition.address_of(handoff),
    )  # fmt: skip


def _start_promises(handoffs: Iterable[Handoff]) -> None:
    """The clock of the first contact runs from the moment the lead became hot, not from when a worker noticed."""
    counted = counted_by(handoff.team for handoff in handoffs)
    deadlines: list[Deadline] = []
    for handoff in handoffs:
        terms, (calendar, version) = terms_of(handoff, Promise.FIRST_CONTACT), counted[handoff.team]
        if terms is None:
            continue
        deadline = new_deadline(
            handoff=handoff, terms=terms, calendar=calendar, start=handoff.queued_at,
            calendar_version=version,
        )  # fmt: skip
        if deadline is not None:
            handoff.due_at = deadline.due_at
            deadlines.append(deadline)
    Deadline.objects.bulk_create(deadlines)
    Handoff.objects.bulk_update([deadline.handoff for deadline in deadlines], ["due_at"])


def mark_cooled(*, now: datetime) -> int:
    """Flag hand-offs whose lead cooled before contact, and unflag those hot again; their promises stay either way.

    Returns how many were flagged.
    """
    waiting = Handoff.objects.filter(state__in=[HandoffState.QUEUED, HandoffState.CLAIMED])
    hot = Exists(Episode.objects.filter(lead=OuterRef("lead"), model=OuterRef("model"), ended_at=None))
    waiting.filter(hot, cooled_at__isnull=False).update(cooled_at=None)
    ended = Episode.objects.filter(pk=OuterRef("episode_id")).values("ended_at")
    return waiting.filter(~hot, cooled_at=None, episode__ended_at__lte=now).update(cooled_at=Subquery(ended))
