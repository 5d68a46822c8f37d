"""Which of the episodes that wait are handed over now: the decision matrix and the gates of the policy decide.

A lead whose cell says so is nurtured, or left as it is, and rests; one whose need has to be confirmed waits for a call.

An episode that is held back is looked at again when its lead has been scored since, when its to-do is done, when the
policy has changed, and every few minutes, since time alone may meet a condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Team, User
from handoff.actions.automatic_todos import add_automatic_todo, end_todos
from handoff.calendars import calendar_of_team, clock_of
from handoff.enums import DueMode, HeldEnd, HeldFor, TodoCause, TodoEnd, TodoKind
from handoff.errors import NeverOpenError
from handoff.models import HeldBack, Policy, Todo
from handoff.policy.outcomes import CellDo
from handoff.promises import due_at
from handoff.queries.gates import bars_of, by_model, definitions_met, gates_in_force, scores_by_pair, unmet_gates
from handoff.queries.outcomes import Placed, outcomes_in_force, placed
from handoff.routing import NURTURED, RESTED
from leads.actions import move_stage
from leads.enums import Stage
from leads.models import Lead
from scoring.actions import WakeUp, end_episodes
from scoring.models import Episode, LeadScore

LOOKED_AT_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class GateVerdict:
    """What keeps an episode from being handed over, by the names of gates; and what its hand-off says as a warning."""

    gates: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    version: int = 0
    held_since: datetime | None = None
    place: Placed | None = None
    is_confirmed: bool = False
    passed: tuple[str, ...] = ()
    """The gates that a person handed the lead over in spite of."""

    def params(self) -> dict[str, Any]:
        """As the history of the hand-off keeps it."""
        kept: dict[str, Any] = {
            "held_since": self.held_since.isoformat() if self.held_since else "",
            "gates_passed": list(self.passed),
            "gate_warnings": [name for name in self.warnings if name not in self.passed],
            "cell": self.place.cell if self.place else "",
        }
        return {name: value for name, value in kept.items() if value}

    @property
    def holds_back(self) -> HeldFor | None:
        if self.route:
            return None
        if self.gates:
            return HeldFor.GATE
        wants_call = self.place is not None and self.place.do == CellDo.CONFIRM and not self.is_confirmed
        return HeldFor.CONFIRM if wants_call else None

    @property
    def route(self) -> str:
        """The route of an episode that its cell keeps from sales; empty for any other."""
        return ROUTES.get(self.place.do, "") if self.place else ""


NOTHING = GateVerdict()
ROUTES = {CellDo.NURTURE: NURTURED, CellDo.REST: RESTED}


def to_look_at(now: datetime) -> QuerySet[HeldBack]:
    """Who is held back and may not be any more."""
    scored = Exists(
        LeadScore.objects.filter(
            lead=OuterRef("lead"), model=OuterRef("model"), scored_at__gt=OuterRef("checked_at")
        )
    )  # fmt: skip
    changed = Exists(Policy.objects.filter(current__published_at__gte=OuterRef("checked_at")))
    called = Q(todo__done_at__isnull=False)
    due = Q(checked_at__lte=now - LOOKED_AT_EVERY) | Q(episode__ended_at__isnull=False) | called | scored | changed
    return HeldBack.objects.filter(due, ended_at=None, checked_at__lt=now)


def decide(episodes: Sequence[Episode], *, now: datetime) -> dict[int, GateVerdict]:
    """What becomes of episodes whose leads are locked, by episode: one statement for each model decides all gates."""
    gates, version = gates_in_force()
    held = {row.episode_id: row for row in HeldBack.objects.filter(episode__in=episodes, ended_at=None)}
    scores = scores_by_pair(episodes)
    places = placed(episodes, *outcomes_in_force(), scores)
    definitions = definitions_met(episodes, scores) if gates.gates else {}
    confirmed = _confirmed(held.values())
    verdicts = {}
    for model, of_model in by_model(episodes).items():
        leads = [episode.lead_id for episode in of_model]
        unmet = unmet_gates(gates.gates, leads=leads, model=model, now=now) if gates.gates else {}
        for episode in of_model:
            bars = bars_of(definitions.get(episode.pk, ()), unmet.get(episode.lead_id, ()), model.name)
            verdicts[episode.pk] = GateVerdict(
                gates=tuple(gate.name for gate in bars.blocking), warnings=tuple(gate.name for gate in bars.warning),
                version=version, held_since=held[episode.pk].since if episode.pk in held else None,
                place=places.get(episode.pk), is_confirmed=episode.pk in confirmed,
            )  # fmt: skip
    return verdicts


def _confirmed(held: Iterable[HeldBack]) -> set[int]:
    """The episodes whose call was made by somebody: a to-do that ended by itself confirms nothing."""
    todos = {row.todo_id: row.episode_id for row in held if row.todo_id}
    done = Todo.objects.filter(pk__in=todos, done_at__isnull=False, ended="")
    return {todos[pk] for pk in done.values_list("pk", flat=True)}


def let_pass(verdict: GateVerdict, gates: Collection[str]) -> GateVerdict:
    """A person hands the lead over in spite of these gates: sales is warned of what it lacks."""
    warnings = tuple(dict.fromkeys((*gates, *verdict.warnings)))
    return replace(verdict, place=None, gates=(), passed=tuple(gates), warnings=warnings)


def hold_back(episodes: Iterable[Episode], verdicts: dict[int, GateVerdict], *, now: datetime) -> list[HeldBack]:
    """Keep the episodes that are not handed over, and end those that have cooled meanwhile. Returns their rows."""
    rows = []
    for episode in episodes:
        verdict = verdicts.get(episode.pk, NOTHING)
        has_cooled = episode.ended_at is not None and bool(verdict.holds_back or verdict.held_since)
        if not verdict.holds_back and not has_cooled:
            continue
        place = verdict.place
        row = HeldBack(
            episode=episode, lead_id=episode.lead_id, model_id=episode.model_id,
            held_for=verdict.holds_back or HeldFor.GATE, gates=list(verdict.gates), cell=place.cell if place else "",
            version=place.version if place and verdict.holds_back == HeldFor.CONFIRM else verdict.version,
            since=verdict.held_since or now, checked_at=now, ended_at=now if has_cooled else None,
            end=HeldEnd.COOLED if has_cooled else "",
        )  # fmt: skip
        rows.append(row)
    HeldBack.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["episode"],
        update_fields=["held_for", "gates", "cell", "version", "checked_at", "ended_at", "end"],
    )  # fmt: skip
    _have_called([row.episode_id for row in rows if row.held_for == HeldFor.CONFIRM and row.ended_at is None], now)
    _end_calls([row.episode_id for row in rows if row.ended_at is not None], now)
    return rows


def _have_called(episodes: Collection[int], now: datetime) -> None:
    """Make the to-do to confirm the need, once for each episode: for whom the policy names, else the lead's owner."""
    if not episodes:
        return
    person = User.objects.filter(pk=outcomes_in_force()[0].confirm or 0).first()
    held = HeldBack.objects.filter(episode__in=episodes, todo=None).select_related("lead__owner", "lead__team")
    for row in held:
        subject = f"episode:{row.episode_id}"
        add_automatic_todo(
            lead=row.lead, cause=TodoCause.NEED, subject=subject, kind=TodoKind.CONFIRM, owner=person, now=now,
            due_at=_next_business_day(row.lead.team, now),
        )  # fmt: skip
        row.todo = Todo.objects.get(cause=TodoCause.NEED, subject=subject)
        row.save(update_fields=["todo"])


def _next_business_day(team: Team | None, now: datetime) -> datetime:
    """The close of the next business day of the team; a day later where its calendar is never open."""
    try:
        return due_at(clock=clock_of(calendar_of_team(team)), mode=DueMode.BUSINESS_DAYS, amount=1, start=now)
    except NeverOpenError:
        return now + timedelta(days=1)


def _end_calls(episodes: Collection[int], now: datetime) -> None:
    """Nobody needs to call any more: the leads are not on their way to sales."""
    if episodes:
        todos = Todo.objects.filter(pk__in=HeldBack.objects.filter(episode__in=episodes).values("todo"))
        end_todos(todos, because=TodoEnd.ASIDE, now=now)


def put_aside(
    episodes: Iterable[Episode], leads: Mapping[int, Lead], verdicts: Mapping[int, GateVerdict], *, now: datetime
) -> None:
    """Have the leads rest whose cells keep them from sales: nurtured where the cell says so.

    They come back by what is news, and by a higher score that leads to a cell that hands over.
    """
    for episode in episodes:
        verdict, lead = verdicts.get(episode.pk, NOTHING), leads[episode.lead_id]
        if not verdict.route or verdict.place is None:
            continue
        if verdict.route == NURTURED and lead.stage in (Stage.INQUIRY, Stage.MQL):
            move_stage(lead=lead, to=Stage.NURTURE, by=None, reason="matrix", now=now, version=str(episode.version))
        wake = WakeUp(when=verdict.place.way_back)
        end_episodes(leads=[lead], model=episode.version.model, now=now, wake=wake)
        end_holding([episode], end=HeldEnd.SETTLED, now=now)
        _end_calls([episode.pk], now)


def end_holding(episodes: Collection[Episode], *, end: HeldEnd, now: datetime) -> None:
    """These episodes are held back no longer."""
    HeldBack.objects.filter(episode__in=episodes, ended_at=None).update(ended_at=now, checked_at=now, end=end)


def settle_held_back(*, leads: Collection[int], now: datetime) -> None:
    """Somebody decided about locked leads: what was held back is not to be handed over, and the leads rest."""
    held = HeldBack.objects.filter(lead__in=leads, ended_at=None).select_related("episode", "model", "lead")
    for row in held.order_by("lead", "pk"):
        end_episodes(leads=[row.lead], model=row.model, now=now)
        end_holding([row.episode], end=HeldEnd.SETTLED, now=now)
        _end_calls([row.episode_id], now)


def release_by_hand(lead: Lead, *, now: datetime) -> None:
    """Somebody gives the lead to sales by hand: what was held back gives way to that."""
    rows = HeldBack.objects.filter(lead=lead, ended_at=None)
    rows.update(ended_at=now, checked_at=now, end=HeldEnd.BY_HAND)
