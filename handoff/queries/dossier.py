"""All that a rep should know before a call, on one sheet: why now, what the lead did, what is promised, what to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from background.time_limits import TooSlowError, time_limit
from handoff.enums import HandoffState
from handoff.models import Handoff, Todo
from handoff.queries.panel import EndedHandoff, Panel, panel_of, with_outcomes, worked_handoffs
from handoff.queries.reasons import last_activities
from handoff.queries.todos import visible_todos
from leads.access import visible_leads
from leads.models import Activity, Lead
from leads.queries.timeline import TimelineEntry, timeline
from scoring.actions.judgement import newest_answers
from scoring.models import LeadScore
from scoring.queries.explain import UnexplainedError, explanation_of
from scoring.queries.panel import FrameworkAnswers, VerdictCard, framework_answers, reading

TOUCHES = 40
COLLEAGUES = 10
ENDED = (HandoffState.REJECTED, HandoffState.CLOSED)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody else of the lead's company, with their score and what they did last."""

    lead: Lead
    score: LeadScore | None
    latest: Activity | None


@dataclass(frozen=True, kw_only=True)
class Dossier:
    lead: Lead
    panel: Panel | None
    conditions: list[VerdictCard]
    touches: list[TimelineEntry]
    frameworks: list[FrameworkAnswers]
    colleagues: list[Colleague]
    todos: list[Todo]
    earlier: list[EndedHandoff]


def dossier_of(lead: Lead, user: User, now: datetime, language: str) -> Dossier:
    """The sheet of a lead that `user` sees; its touches are the newest, in the order in which they happened."""
    handoffs = list(worked_handoffs(user, lead.pk)[:6])
    current = next((handoff for handoff in handoffs if handoff.is_open), None)
    newest = timeline(leads=[lead.pk], reader=user, opened=[lead.pk], size=TOUCHES)
    return Dossier(
        lead=lead,
        panel=panel_of(current, user, now) if current else None,
        conditions=_conditions(lead, current, now, language),
        touches=newest.entries[::-1],
        frameworks=framework_answers(newest_answers(lead, now), now),
        colleagues=_colleagues(lead, user, now),
        todos=list(visible_todos(user).filter(lead=lead, done_at=None).order_by("due_at", "pk")),
        earlier=with_outcomes(handoff for handoff in handoffs if handoff.state in ENDED),
    )


def _conditions(lead: Lead, handoff: Handoff | None, now: datetime, language: str) -> list[VerdictCard]:
    """The hot definitions of the model that handed the lead over, each with its conditions; none where it is slow."""
    score = LeadScore.objects.filter(lead=lead).order_by("-model__is_primary", "pk")
    chosen = score.filter(model=handoff.model_id).first() if handoff else score.first()
    if chosen is None:
        return []
    try:
        with time_limit():
            explained = explanation_of(lead=lead, model=chosen.model, at=now, language=language)
    except (UnexplainedError, TooSlowError):
        return []
    return list(reading(explained.explanation).hot)


def _colleagues(lead: Lead, user: User, now: datetime) -> list[Colleague]:
    """Those of the same company that `user` sees, who was active last first."""
    if lead.company_id is None:
        return []
    others = visible_leads(user).filter(company=lead.company_id, is_anonymous=False).exclude(pk=lead.pk)
    people = list(others.order_by("-updated_at")[:COLLEAGUES])
    pks = [person.pk for person in people]
    scores = {score.lead_id: score for score in LeadScore.objects.filter(lead__in=pks, model__is_primary=True)}
    latest = last_activities(pks, now)
    return [Colleague(lead=person, score=scores.get(person.pk), latest=latest.get(person.pk)) for person in people]
