"""The first steps of somebody who begins: from nothing to a hot lead."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import is_allowed
from leads.models import Activity, Lead
from scoring import policies
from scoring.models import Episode, LeadScore, ScoringModel, Version
from scoring.queries.ahead import threshold_of
from scoring.queries.documents import document_of
from scoring.queries.lead_list import primary_model
from studio.models import FirstRunDismissal
from web import formats


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """One step: what to do, whether it is done, and where. `href` is "" while an earlier step has to come first.

    `why_not` says why a step that was taken is not done yet, and what helps.
    """

    code: str
    words: str
    action: str
    href: str
    is_done: bool
    why_not: str = ""


def where_to_begin(user: User) -> str:
    """The list of first steps, for whoever may take them while no rules were ever published; else nothing."""
    begins = is_allowed(user, policies.EDIT_RULES) and not Version.objects.exists() and first_run(user)
    return reverse("studio:models") if begins else ""


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
            why_not=why_nobody_is_hot() if is_published else "",
        ),
    ]  # fmt: skip


def why_nobody_is_hot() -> str:
    """How far the leads are from being hot under the primary model, and what to do."""
    model = primary_model()
    if model is None or model.current_version is None or not Lead.objects.exists():
        return ""
    scores = LeadScore.objects.filter(model=model)
    best: int | None = scores.aggregate(best=Max("total"))["best"]
    if best is None:
        return _("0 hot: the leads are being scored. Refresh this page in a moment.")
    threshold = threshold_of(document_of(model.current_version))
    if not Activity.objects.exists():
        return _("0 hot, because no activities are recorded yet. Import visits, emails or enquiries of your leads.")
    if threshold is None or best >= threshold * 100:
        return _("0 hot, because no lead meets all conditions yet. View the hot definition and what each lead lacks.")
    return _(
        "0 hot, because the best lead has %(best)s of %(threshold)s points. "
        "Import more activities or lower the hot definition."
    ) % {"best": formats.points(best), "threshold": formats.number(threshold)}
