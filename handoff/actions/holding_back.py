"""Which of the episodes that wait are handed over now: the gates of the policy decide, a batch at a time.

An episode that is held back is looked at again when its lead has been scored since, when its to-do is done, when the
policy has changed, and every few minutes, since time alone may meet a condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from handoff.enums import HeldEnd, HeldFor
from handoff.models import HeldBack, Policy
from handoff.queries.gates import bars_of, by_model, definitions_met, gates_in_force, unmet_gates
from leads.models import Lead
from scoring.actions import end_episodes
from scoring.models import Episode, LeadScore

LOOKED_AT_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What keeps an episode from being handed over, by the names of gates; and what its hand-off says as a warning."""

    gates: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    version: int = 0
    held_since: datetime | None = None
    passed: tuple[str, ...] = ()
    """The gates that a person handed the lead over in spite of."""

    def params(self) -> dict[str, Any]:
        """As the history of the hand-off keeps it."""
        kept: dict[str, Any] = {
            "held_since": self.held_since.isoformat() if self.held_since else "",
            "gates_passed": list(self.passed),
            "gate_warnings": [name for name in self.warnings if name not in self.passed],
        }
        return {name: value for name, value in kept.items() if value}

    @property
    def holds_back(self) -> HeldFor | None:
        return HeldFor.GATE if self.gates else None


NOTHING = Verdict()


def to_look_at(now: datetime) -> QuerySet[HeldBack]:
    """Who is held back and may not be any more."""
    scored = Exists(
        LeadScore.objects.filter(
            lead=OuterRef("lead"), model=OuterRef("model"), scored_at__gt=OuterRef("checked_at")
        )
    )  # fmt: skip
    changed = Exists(Policy.objects.filter(current__published_at__gte=OuterRef("checked_at")))
    due = Q(checked_at__lte=now - LOOKED_AT_EVERY) | Q(episode__ended_at__isnull=False) | scored | changed
    return HeldBack.objects.filter(due, ended_at=None, checked_at__lt=now)


def decide(episodes: Sequence[Episode], *, now: datetime) -> dict[int, Verdict]:
    """What becomes of episodes whose leads are locked, by episode: one statement for each model decides all gates."""
    gates, version = gates_in_force()
    since = dict(HeldBack.objects.filter(episode__in=episodes, ended_at=None).values_list("episode", "since"))
    definitions = definitions_met(episodes) if gates.gates else {}
    verdicts = {}
    for model, of_model in by_model(episodes).items():
        leads = [episode.lead_id for episode in of_model]
        unmet = unmet_gates(gates.gates, leads=leads, model=model, now=now) if gates.gates else {}
        for episode in of_model:
            bars = bars_of(definitions.get(episode.pk, ()), unmet.get(episode.lead_id, ()), model.name)
            verdicts[episode.pk] = Verdict(
                gates=tuple(gate.name for gate in bars.blocking), warnings=tuple(gate.name for gate in bars.warning),
                version=version, held_since=since.get(episode.pk),
            )  # fmt: skip
    return verdicts


def let_pass(verdict: Verdict) -> Verdict:
    """A person hands the lead over whatever the gates say: it is warned of what it lacks."""
    return replace(verdict, gates=(), passed=verdict.gates, warnings=(*verdict.gates, *verdict.warnings))


def hold_back(episodes: Iterable[Episode], verdicts: dict[int, Verdict], *, now: datetime) -> set[int]:
    """Keep the episodes that are not handed over, and end those that have cooled meanwhile. Returns their keys."""
    kept, rows = set(), []
    for episode in episodes:
        verdict = verdicts.get(episode.pk, NOTHING)
        has_cooled = episode.ended_at is not None and (verdict.holds_back or verdict.held_since)
        if not verdict.holds_back and not has_cooled:
            continue
        kept.add(episode.pk)
        rows.append(
            HeldBack(
                episode=episode, lead_id=episode.lead_id, model_id=episode.model_id,
                held_for=verdict.holds_back or HeldFor.GATE, gates=list(verdict.gates), version=verdict.version,
                since=verdict.held_since or now, checked_at=now, ended_at=now if has_cooled else None,
                end=HeldEnd.COOLED if has_cooled else "",
            )
        )  # fmt: skip
    HeldBack.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["episode"],
        update_fields=["held_for", "gates", "version", "checked_at", "ended_at", "end"],
    )  # fmt: skip
    return kept


def end_holding(episodes: Collection[Episode], *, end: HeldEnd, now: datetime) -> None:
    """These episodes are held back no longer."""
    HeldBack.objects.filter(episode__in=episodes, ended_at=None).update(ended_at=now, checked_at=now, end=end)


def settle_held_back(*, leads: Collection[int], now: datetime) -> None:
    """Somebody decided about locked leads: what was held back is not to be handed over, and the leads rest."""
    held = HeldBack.objects.filter(lead__in=leads, ended_at=None).select_related("episode", "model", "lead")
    for row in held.order_by("lead", "pk"):
        end_episodes(leads=[row.lead], model=row.model, now=now)
        end_holding([row.episode], end=HeldEnd.SETTLED, now=now)


def release_by_hand(lead: Lead, *, now: datetime) -> None:
    """Somebody gives the lead to sales by hand: what was held back gives way to that."""
    rows = HeldBack.objects.filter(lead=lead, ended_at=None)
    rows.update(ended_at=now, checked_at=now, end=HeldEnd.BY_HAND)
