"""How far the demo of this installation is: nothing, a job, what it made, or taken away again."""

from __future__ import annotations

from dataclasses import dataclass

from background.jobs import open_slices
from background.models import JobRun
from handoff.enums import OPEN_STATES
from handoff.models import Handoff
from leads.models import Lead
from scoring.actions.rescoring import RESCORE
from scoring.models import Episode, ScoringModel

DEMO = "demo"


def demo_job() -> JobRun | None:
    """The last job that loads the demo, whatever became of it. Its cursor says what it made."""
    return JobRun.objects.filter(kind=DEMO).first()


@dataclass(frozen=True, kw_only=True)
class LoadedDemo:
    """What is there of a demo that was loaded."""

    leads: int
    companies: int
    activities: int
    answers: int
    hot: int
    waiting: int
    team: str
    model: ScoringModel | None
    unpublished: ScoringModel | None
    is_scoring: bool


def loaded_demo(job: JobRun) -> LoadedDemo | None:
    """What the job made, or None where none of its leads is left."""
    made = job.cursor
    ids = list(Lead.objects.filter(pk__in=made["leads"]).values_list("pk", flat=True))
    if not ids:
        return None
    published = ScoringModel.objects.exclude(current_version=None).exists()
    return LoadedDemo(
        leads=len(ids),
        companies=len(made["companies"]),
        activities=made["activities"],
        answers=made["answers"],
        hot=Episode.objects.filter(lead__in=ids, ended_at=None).values("lead").distinct().count(),
        waiting=Handoff.objects.filter(lead__in=ids, state__in=OPEN_STATES).count(),
        team=made.get("team", ""),
        model=ScoringModel.objects.filter(pk=made.get("model")).first(),
        unpublished=None if published else ScoringModel.objects.order_by("-is_primary", "pk").first(),
        is_scoring=open_slices(RESCORE).exists(),
    )
