"""From episodes to hand-offs: every episode gets exactly one, with its route, its promise and its notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts.models import Team
from handoff.actions import transition
from handoff.actions.deadlines import active_policy, new_deadline
from handoff.audience import managers_of, reps_of
from handoff.calendars import calendar_of_team
from handoff.enums import OPEN_STATES, HandoffState, Promise
from handoff.models import Deadline, Handoff, HandoffStep
from handoff.routing import Route, route
from leads.actions import move_stage
from leads.enums import Stage
from leads.models import Lead
from leads.queries.history import named_at
from notices.actions import tell
from notices.enums import Channel
from scoring.models import Episode

BATCH = 200
SINGLE_NOTICES = 5  # more new leads of a team at once are told in one sentence


def open_handoffs(*, now: datetime) -> int:
    """Give every episode without a hand-off one. Returns how many were made."""
    total = made = _open_batch(now)
    while made >= BATCH:
        made = _open_batch(now)
        total += made
    return total


def waiting_episodes() -> QuerySet[Episode]:
    """Episodes of known people that have no hand-off yet."""
    has_one = Exists(Handoff.objects.filter(episode=OuterRef("pk")))
    return Episode.objects.filter(~has_one, lead__is_anonymous=False, lead__merged_into=None)


@transaction.atomic
def _open_batch(now: datetime) -> int:
    """Lock leads in id order first, as the scorer does, and read their episodes in the next statement."""
    teams = list(Team.objects.filter(is_active=True))
    if not teams:
        return 0
    wanted = sorted(set(waiting_episodes().order_by("pk").values_list("lead_id", flat=True)[:BATCH]))
    locked = Lead.objects.filter(pk__in=wanted).order_by("pk").select_for_update(
        skip_locked=True, no_key=True, of=("self",)
    )  # fmt: skip
    leads = {lead.pk: lead for lead in locked.select_related("owner", "team")}
    episodes = list(waiting_episodes().filter(lead_id__in=leads).order_by("lead_id", "started_at", "pk"))
    handoffs = _create(episodes, leads, teams, now)
    _start_promises(handoffs)
    _qualify(handoffs, leads, now)
    _announce(handoffs, leads, now)
    return len(episodes)


def _create(episodes: list[Episode], leads: dict[int, Lead], teams: list[Team], now: datetime) -> list[Handoff]:
    """Hand-offs of these episodes; returns those that sales shall work on."""
    busy = set(Handoff.objects.filter(lead_id__in=leads, state__in=OPEN_STATES).values_list("lead_id", "model_id"))
    named, made = named_at(leads), []
    for episode in episodes:
        lead, key = leads[episode.lead_id], (episode.lead_id, episode.model_id)
        found = route(lead, teams)
        assert found is not None, "there is a team"
        # Nobody can call an anonymous browser: the clock runs from the moment it had a name.
        queued_at = min(max(episode.started_at, named.get(lead.pk, episode.started_at)), now)
        made.append(_handoff_of(episode, lead, found, now, queued_at=queued_at, joins=key in busy))
        busy.add(key) if made[-1].is_open else None
    Handoff.objects.bulk_create(made)
    HandoffStep.objects.bulk_create(
        HandoffStep(handoff=each, kind="queued", at=each.queued_at, params={"route": each.routed_by}) for each in made
    )
    return [handoff for handoff in made if handoff.is_open]


def _handoff_of(
    episode: Episode, lead: Lead, found: Route, now: datetime, *, queued_at: datetime, joins: bool
) -> Handoff:
    """Closed at once where the lead is in somebody's hands already or disqualified: no episode goes without."""
    skipped = "joined_open" if joins else "disqualified" if lead.stage == Stage.DISQUALIFIED else ""
    return Handoff(
        episode=episode,
        lead=lead,
        model_id=episode.model_id,
        team=found.team,
        owner=None if skipped else found.owner,
        state=HandoffState.CLOSED if skipped else HandoffState.QUEUED,
        closed_at=now if skipped else None,
        routed_by=skipped or found.reason,
        score=episode.score,
        queued_at=queued_at,
        cooled_at=episode.ended_at,
    )


def _start_promises(handoffs: Iterable[Handoff]) -> None:
    """The clock of the first contact runs from the moment the lead became hot, not from when a worker noticed."""
    policy = active_policy(Promise.FIRST_CONTACT)
    if policy is None:
        return
    calendars = {team: calendar_of_team(team) for team in {handoff.team for handoff in handoffs}}
    made = []
    for handoff in handoffs:
        start = handoff.queued_at
        deadline = new_deadline(handoff=handoff, policy=policy, calendar=calendars[handoff.team], start=start)
        if deadline is not None:
            handoff.due_at = deadline.due_at
            made.append(deadline)
    Deadline.objects.bulk_create(made)
    Handoff.objects.bulk_update([deadline.handoff for deadline in made], ["due_at"])


def _qualify(handoffs: Iterable[Handoff], leads: dict[int, Lead], now: datetime) -> None:
    for handoff in handoffs:
        lead = leads[handoff.lead_id]
        if lead.stage in transition.UNQUALIFIED:
            move_stage(lead=lead, to=Stage.MQL, by=None, reason="became_hot", now=now)
        if (lead.team_id, lead.owner_id) != (handoff.team_id, handoff.owner_id):
            transition.update_lead(lead, now=now, team=handoff.team, owner=handoff.owner)


def _announce(handoffs: Iterable[Handoff], leads: dict[int, Lead], now: datetime) -> None:
    by_receiver: dict[tuple[int, int | None], list[Handoff]] = defaultdict(list)
    for handoff in handoffs:
        by_receiver[handoff.team_id, handoff.owner_id].append(handoff)
    for together in by_receiver.values():
        if len(together) > SINGLE_NOTICES:
            _announce_many(together, now)
        else:
            for handoff in together:
                _announce_one(handoff, leads[handoff.lead_id], now)


def _announce_one(handoff: Handoff, lead: Lead, now: datetime) -> None:
    params = {"lead": str(lead), "score": (handoff.score + 50) // 100, "team": str(handoff.team)}
    if handoff.due_at is not None:
        params["due_at"] = handoff.due_at.isoformat()
    kind = "handoff.hot" if handoff.owner is None else "handoff.hot_yours"
    _tell(handoff, kind, f"hot:{handoff.pk}", params, transition.address_of(handoff), now)


def _announce_many(together: list[Handoff], now: datetime) -> None:
    first, last = together[0], together[-1]
    params = {"count": len(together), "team": str(first.team)}
    _tell(first, "handoff.hot_many", f"hot:{first.pk}-{last.pk}", params, reverse("handoff:queue"), now)


def _tell(handoff: Handoff, kind: str, key: str, params: dict[str, object], url: str, now: datetime) -> None:
    people = [handoff.owner] if handoff.owner is not None else list(reps_of(handoff.team_id))
    tell(people=people, kind=kind, key=key, now=now, params=params, url=url)
    if handoff.owner is None:
        tell(
            people=managers_of(handoff.team_id), kind=kind, key=key, now=now, params=params, url=url,
            channels=[Channel.IN_APP],
        )  # fmt: skip


def mark_cooled(*, now: datetime) -> int:
    """Flag hand-offs whose lead cooled before contact, and unflag those hot again; their promises stay either way.

    Returns how many were flagged.
    """
    waiting = Handoff.objects.filter(state__in=[HandoffState.QUEUED, HandoffState.CLAIMED])
    hot = Exists(Episode.objects.filter(lead=OuterRef("lead"), model=OuterRef("model"), ended_at=None))
    waiting.filter(hot, cooled_at__isnull=False).update(cooled_at=None)
    ended = Episode.objects.filter(pk=OuterRef("episode_id")).values("ended_at")
    return waiting.filter(~hot, cooled_at=None, episode__ended_at__lte=now).update(cooled_at=Subquery(ended))
