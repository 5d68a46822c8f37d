"""Loading the demo beside a running product: a job in steps, each one transaction, gone on with where it stopped.

It makes leads and what they did, and what a hot lead needs to reach a queue: a published model and a team, where there
is none. It makes no accounts: an installation that others can reach must not have people whose password is known.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actions import change_person, save_team
from accounts.models import Team, User
from accounts.policies import require
from background.doorbell import ring
from background.jobs import JobClaim, JobKind, create_job, resume_job, run_step
from background.models import JobRun
from handoff.actions import open_handoffs
from insights import policies
from insights.demo.batch import SIZE, make_batch
from insights.demo.names import names_in
from insights.demo.people import DAYS
from insights.demo.state import DEMO, demo_job
from leads.actions import ensure_months
from leads.models import Lead
from scoring.actions import publish_version, run_rescores, score_all_dirty
from scoring.models import ScoringModel
from scoring.starters import starter
from studio.draft.store import start_model

TASK = "insights.load_demo"
BATCHES = 10
STARTER = "software"
ALONE = "SELECT pg_advisory_xact_lock(hashtext('insights.demo'))"


class DemoError(Exception):
    """The demo cannot be loaded or removed as things are. Its text is a translated sentence."""


@transaction.atomic
def start_demo(*, by: User, language: str, now: datetime) -> JobRun:
    """Have the demo loaded, or go on with one that failed. Raises DemoError, or PermissionDenied."""
    require(by, policies.DEMO)
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
    job = demo_job()
    if job is not None and job.is_open:
        raise DemoError(_("The demo data is already loading. Reload the page in a minute."))
    if job is not None and job.has_failed:
        resume_job(job=job, by=by)
    else:
        if Lead.objects.exists():
            raise DemoError(
                _(
                    "You already have leads. "
                    "Demo data can only be loaded while there are none: use a separate installation to try it."
                )
            )
        made = {"leads": [], "companies": [], "activities": 0, "answers": 0}
        start = {"language": language, "step": 0, **made}
        job = create_job(kind=DEMO, total=SIZE * BATCHES, cursor=start, by=by, now=now)
    transaction.on_commit(partial(ring, TASK))
    return job


def run_demo_step(*, now: datetime) -> bool:
    """One step of the job that waits; False when there is none. A failure is kept on the job, for a second try."""
    return run_step(DEMO, clock=lambda: now)


def load_part(claim: JobClaim) -> None:
    """Team and months, then the people batch by batch, then the model, then scores and hand-offs: a step each."""
    job, now = claim.job, claim.clock()
    step, made = job.cursor["step"], job.cursor
    if step > BATCHES + 1:
        run_rescores(now=now)
        score_all_dirty(now=now)
        open_handoffs(now=now)
        claim.finish()
        return
    if step == 0:
        _prepare(job)
    elif step <= BATCHES:
        # The people are as old as the job, so that a step that is repeated makes the same.
        for name, number_or_ids in asdict(make_batch(step - 1, now=job.created_at)).items():
            made[name] += number_or_ids
    else:
        _publish(job, now)
    claim.advance(done=len(made["leads"]), cursor=made | {"step": step + 1})


def _prepare(job: JobRun) -> None:
    """A team that takes hot leads, with whoever loads the demo in it; and room for a year of activities.

    The team's name gets a number where a team that no longer works has it.
    """
    ensure_months(job.created_at - timedelta(days=day) for day in range(DAYS + 1))
    if Team.objects.filter(is_active=True).exists() or job.by is None:
        return
    usual = name = names_in(job.cursor["language"]).team
    taken, number = set(Team.objects.values_list("name", flat=True)), 1
    while name in taken:
        number += 1
        name = f"{usual} {number}"
    team = save_team(by=job.by, team=Team(), name=name, is_default=True)
    if job.by.team_id is None:
        change_person(by=job.by, person=job.by, team=team)
    job.cursor["team"] = team.name


def _publish(job: JobRun, now: datetime) -> None:
    """A model to score by, unless somebody has begun one."""
    if ScoringModel.objects.exists():
        return
    names = names_in(job.cursor["language"])
    model = start_model(name=names.model, document=starter(STARTER, names.language).document, by=job.by, now=now)
    publish_version(model=model, by=job.by, note=names.publish_note, now=now)
    job.cursor["model"] = model.pk


DEMOS = JobKind(code=DEMO, step=load_part)
