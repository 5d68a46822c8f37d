"""The first steps of somebody who begins: from nothing to a hot lead."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from leads.models import Lead
from scoring.models import Episode, ScoringModel, Version
from studio.models import FirstRunDismissal


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """One step: what to do, whether it is done, and where. `href` is "" while an earlier step has to come first."""

    code: str
    words: str
    action: str
    href: str
    is_done: bool


def first_run(user: User) -> list[FirstStep]:
    """The steps, while one of them is left and this person has not put the list away; else none."""
    steps = first_steps()
    is_done = all(step.is_done for step in steps)
    return [] if is_done or FirstRunDismissal.objects.filter(user=user).exists() else steps


def first_steps() -> list[FirstStep]:
    """A template, leads, a version, a hot lead: in this order."""
    draft = ScoringModel.objects.exclude(draft=None).order_by("-is_primary", "pk").first()
    is_published = Version.objects.exists()
    return [
        FirstStep(
            code="template", is_done=ScoringModel.objects.exists(), href=reverse("studio:new_model"),
            words=_("Choose a template: proven rules you can change as you like."),
            action=_("Choose template"),
        ),
        FirstStep(
            code="leads", is_done=Lead.objects.exists(), href=reverse("intake:import_new"),
            words=_("Import your leads from a file (CSV or Excel)."), action=_("Import file"),
        ),
        FirstStep(
            code="publish", is_done=is_published, href=reverse("studio:publish", args=[draft.pk]) if draft else "",
            words=_("Publish the model. You see beforehand which leads become hot."), action=_("Publish"),
        ),
        FirstStep(
            code="hot", is_done=Episode.objects.exists(), href=reverse("scoring:ranking") if is_published else "",
            words=_("See which leads are hot. Sales finds them in the queue."), action=_("View ranking"),
        ),
    ]  # fmt: skip
