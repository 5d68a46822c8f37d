"""What people begin and end of the time in which a lead is hot: given to sales by hand, ended with its hand-off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from leads.models import DirtyMark, Lead
from leads.signals import leads_changed
from scoring.actions.score import score_leads
from scoring.enums import EndCause, OpenedBy
from scoring.errors import ScoringError
from scoring.models import Episode, LeadScore, ScoringModel
from scoring.signals import episodes_changed

IMAGE = ("id", "ended_at", "end_cause", "rests_from", "wake_at", "wake_total", "wake_types", "wake_when")


@dataclass(frozen=True, kw_only=True)
class WakeUp:
    """What a resting lead waits for, besides news: an instant, a total in hundredths, activities of types (ids), a
    condition as the rule language writes it."""

    at: datetime | None = None
    total: int | None = None
    types: tuple[int, ...] = ()
    when: dict[str, Any] | None = None


NEVER = WakeUp()


class HotAgainError(ScoringError):
    """Another episode of the lead is open by now: the older one cannot be opened again."""


@transaction.atomic
def end_episodes(
    *, leads: Iterable[Lead], model: ScoringModel, now: datetime, wake: WakeUp = NEVER
) -> dict[int, dict[str, Any]]:
    """Have locked leads rest under a model from `now` on, since their hand-offs have ended.

    Whose score may no longer be true is scored first: what is true when a hand-off ends is no news afterwards.
    `wake` says when a definition that is met makes them hot again. Returns by lead what `reopen_episode` needs, as
    plain data.
    """
    ids = sorted(lead.pk for lead in leads)
    if stale := _stale(ids, model, now):
        score_leads(ids=stale, now=now, refresh=True)
    newest = Episode.objects.filter(lead__in=ids, model=model).order_by("lead_id", "-number").distinct("lead_id")
    before: dict[int, dict[str, Any]] = {}
    for episode in newest:
        if episode.ended_at is not None and episode.end_cause != EndCause.HANDOFF:
            continue  # it had cooled before: any definition that is met from now on is news
        before[episode.lead_id] = {name: _plain(getattr(episode, name)) for name in IMAGE}
        Episode.objects.filter(pk=episode.pk).update(
            ended_at=episode.ended_at or max(now, episode.started_at),
            end_cause=EndCause.HANDOFF, rests_from=max(now, episode.started_at), wake_at=wake.at,
            wake_total=wake.total, wake_types=sorted(wake.types) or None, wake_when=wake.when,
        )  # fmt: skip
    LeadScore.objects.filter(lead__in=before, model=model).update(is_hot=False)
    _announce(before, now)
    return before


def _stale(ids: Sequence[int], model: ScoringModel, now: datetime) -> list[int]:
    """Leads that something was learned of since they were scored, or for whom time has changed something."""
    marked = set(DirtyMark.objects.filter(lead_id__in=ids).values_list("lead_id", flat=True))
    lasting = Q(next_change_at=None) | Q(next_change_at__gt=now)
    scores = LeadScore.objects.filter(lasting, lead__in=ids, model=model, version=model.current_version_id)
    current = set(scores.values_list("lead_id", flat=True)) - marked
    return [pk for pk in ids if pk not in current]


@transaction.atomic
def change_waits(*, episodes: Iterable[int], wake: WakeUp, now: datetime) -> int:
    """Have leads wait for something else, that rest since these episodes and have no newer one. Returns how many."""
    newer = Episode.objects.filter(lead=OuterRef("lead"), model=OuterRef("model"), number__gt=OuterRef("number"))
    resting = Episode.objects.filter(~Exists(newer), pk__in=list(episodes), end_cause=EndCause.HANDOFF)
    leads = list(resting.values_list("lead_id", flat=True))
    changed = Episode.objects.filter(pk__in=list(resting.values_list("pk", flat=True))).update(
        wake_at=wake.at, wake_total=wake.total, wake_types=sorted(wake.types) or None, wake_when=wake.when
    )
    if changed:
        _announce(leads, now)
    return changed


@transaction.atomic
def reopen_episode(*, before: dict[str, Any], now: datetime) -> None:
    """Take back what `end_episodes` did to one lead. Raises HotAgainError."""
    episode = Episode.objects.filter(pk=before["id"]).first()
    if episode is None:
        return
    others = Episode.objects.filter(lead=episode.lead_id, model=episode.model_id, number__gt=episode.number)
    if others.exists():
        raise HotAgainError
    Episode.objects.filter(pk=episode.pk).update(**before)
    LeadScore.objects.filter(lead=episode.lead_id, model=episode.model_id).update(is_hot=before["ended_at"] is None)
    _announce([episode.lead_id], now)


@transaction.atomic
def open_episode_by_hand(*, lead: Lead, model: ScoringModel, by: User, reason: str, now: datetime) -> Episode:
    """Make a locked lead hot because a person says so; it stays hot until its hand-off ends. The score stays as it is.

    An episode that is open without a hand-off gives way.
    """
    score_leads(ids=[lead.pk], now=now, refresh=True)
    end_episodes(leads=[lead], model=model, now=now)
    score = LeadScore.objects.select_related("version").get(lead=lead, model=model)
    last = Episode.objects.filter(lead=lead, model=model).order_by("-number").first()
    episode = Episode.objects.create(
        lead=lead, model=model, version=score.version, number=last.number + 1 if last else 1, definition="",
        score=score.total, started_at=score.scored_at, opened_by=OpenedBy.BY_HAND, by=by, reason=reason,
    )  # fmt: skip
    LeadScore.objects.filter(pk=score.pk).update(is_hot=True)
    _announce([lead.pk], now)
    return episode


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _announce(leads: Iterable[int], now: datetime) -> None:
    """Have the leads scored again, and tell whoever follows episodes; after the commit."""
    DirtyMark.objects.bulk_create(DirtyMark(lead_id=pk, marked_at=now) for pk in sorted(leads))
    transaction.on_commit(lambda: leads_changed.send(sender=None))
    transaction.on_commit(lambda: episodes_changed.send(sender=None))
