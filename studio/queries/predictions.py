"""What a version was predicted to do, against what it did once everybody was scored by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from background.enums import JobState
from leads.models import Activity, Lead
from leads.models.lead import LeadQuerySet
from scoring.enums import Fate
from scoring.models import Adjustment, Answer, Episode, Version
from studio.models import Effect

REASONS = {
    "activity": _("The lead was active in the meantime."),
    "judged": _("Someone added an adjustment or an answer in the meantime."),
    "changed": _("Its data changed in the meantime."),
    "time": _("Time passed before it was scored."),
}
SHOWN = 20  # differences told by name


@dataclass(frozen=True, kw_only=True)
class PredictionDifference:
    """A lead that did something else than predicted, and the likeliest reason."""

    lead: Lead
    predicted: str
    actual: str
    reason: str

    @property
    def words(self) -> object:
        return REASONS[self.reason]


@dataclass(frozen=True, kw_only=True)
class PredictionCheck:
    """Counts by fate, and the differences. `differing` counts all of them, `differences` names the first."""

    at: datetime
    predicted: dict[str, int]
    actual: dict[str, int]
    differing: int
    differences: list[PredictionDifference] = field(default_factory=list)


def prediction_of(version: Version) -> Effect | None:
    return Effect.objects.filter(version=version).first()


def check_of(version: Version, effect: Effect, visible: LeadQuerySet) -> PredictionCheck | None:
    """The comparison; None until everybody was scored by the version.

    Only leads of `visible` are named: what was merged away or deleted meanwhile differs, and is nobody to show.
    """
    job = version.job
    if job is None or job.state != JobState.DONE or job.ended_at is None:
        return None
    predicted = dict(effect.moves.values_list("lead", "fate"))
    actual = actual_fates(version, effect.at, job.ended_at)
    differing = sorted(lead for lead in predicted.keys() | actual.keys() if predicted.get(lead) != actual.get(lead))
    named = list(visible.filter(pk__in=differing).order_by("pk")[:SHOWN])
    reasons = reasons_of([lead.pk for lead in named], since=effect.at, until=job.ended_at)
    return PredictionCheck(
        at=effect.at,
        predicted=_leads_by_fate(predicted),
        actual=_leads_by_fate(actual),
        differing=len(differing),
        differences=[
            PredictionDifference(
                lead=lead,
                predicted=predicted.get(lead.pk, ""),
                actual=actual.get(lead.pk, ""),
                reason=reasons.get(lead.pk, "time"),
            )
            for lead in named
        ],
    )


def actual_fates(version: Version, since: datetime, until: datetime) -> dict[int, str]:
    """By lead: episodes that began under the version, or ended, from the prediction until the last lead was scored."""
    episodes = Episode.objects.filter(model=version.model_id)
    ended = episodes.filter(ended_at__gte=since, ended_at__lte=until, started_at__lt=since)
    began = episodes.filter(version=version, started_at__lte=until).filter(Q(ended_at=None) | Q(ended_at__gt=until))
    left = dict.fromkeys(ended.values_list("lead", flat=True), str(Fate.LEAVING))
    entered = dict.fromkeys(began.values_list("lead", flat=True), str(Fate.ENTERING))
    # Whoever left and came back within the time is hot as before: neither.
    both = left.keys() & entered.keys()
    return {lead: fate for lead, fate in (left | entered).items() if lead not in both}


def _leads_by_fate(fates: dict[int, str]) -> dict[str, int]:
    return {str(fate): list(fates.values()).count(fate) for fate in Fate}


def reasons_of(leads: list[int], *, since: datetime, until: datetime) -> dict[int, str]:
    """What happened to these leads meanwhile, a key of REASONS; of several things the likeliest reason."""
    meanwhile = (since, until)
    acted = Activity.objects.filter(lead__in=leads, received_at__range=meanwhile).values_list("lead", flat=True)
    answered = Answer.objects.filter(lead__in=leads, answered_at__range=meanwhile).values_list("lead", flat=True)
    given = Adjustment.objects.filter(lead__in=leads, starts_at__range=meanwhile).values_list("lead", flat=True)
    changed = Lead.objects.filter(pk__in=leads, updated_at__range=meanwhile).values_list("pk", flat=True)
    reasons = dict.fromkeys(changed, "changed")
    reasons |= dict.fromkeys([*answered, *given], "judged")
    return reasons | dict.fromkeys(acted, "activity")
