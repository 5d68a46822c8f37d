"""What scoring contributes to a lead's timeline: changes of the score, answers to the frameworks' questions."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policies import is_allowed
from background.time_limits import TooSlowError, time_limit
from engine.explanation import ActivityEvidence
from leads.enums import Stage
from leads.models import Lead
from leads.queries.timeline import EntryKind, Points, TimelineEntry, TimelineScope
from scoring import policies
from scoring.models import Answer, ScoreChange
from scoring.queries.explain import UnexplainedError, explanation_of
from scoring.queries.lead_list import primary_model
from scoring.queries.words import stage_name
from web.formats import points


def score_changes(scope: TimelineScope) -> Iterable[TimelineEntry]:
    """Changes of band, grade, hot verdict or stage under the primary model; nothing for those who see no scores."""
    if not is_allowed(scope.reader, policies.SEE_SCORES):
        return
    changes = ScoreChange.objects.filter(lead__in=scope.leads, model__is_primary=True)
    for row in scope.newest(changes, "at"):
        total, rises = points(row.total), row.total_before is None or row.total >= row.total_before
        move = total if row.total_before is None else f"{points(row.total_before)} → {total}"
        yield TimelineEntry(
            kind="score", at=row.at, pk=row.pk, lead_id=row.lead_id, title=_title(row), object=move,
            icon="flame" if _heats(row) else "trending-up" if rises else "trending-down",
            tone="hot" if _heats(row) else "",
        )  # fmt: skip


def _heats(row: ScoreChange) -> bool:
    """Whether this is where a hot definition was met; the interest level alone makes nobody hot."""
    return any(row.hot) and not any(row.hot_before or ())


def _title(row: ScoreChange) -> str:
    """The hot definitions or the rule for a stage that are met, or no longer; where no such turns, the band."""
    if _heats(row):
        return _("Meets a hot definition")
    if any(row.hot_before or ()) and not any(row.hot):
        return _("No longer meets a hot definition")
    if row.stage != row.stage_before and row.band in ("cold", row.band_before):
        stage = Stage.SQL if Stage.SQL in (row.stage, row.stage_before) else Stage.MQL
        is_met = row.stage == stage
        words = _("Meets the rule for %(stage)s") if is_met else _("No longer meets the rule for %(stage)s")
        return words % {"stage": stage_name(stage)}
    if row.band_before in ("", row.band):
        return _("Score: %(band)s") % {"band": row.get_band_display()}
    before = row.get_band_before_display()
    return _("Score: %(before)s → %(after)s") % {"before": before, "after": row.get_band_display()}


def answers(scope: TimelineScope) -> Iterable[TimelineEntry]:
    if not is_allowed(scope.reader, policies.ANSWER):
        return
    rows = Answer.objects.filter(lead__in=scope.leads).select_related("criterion__framework", "option", "by")
    for row in scope.newest(rows, "answered_at"):
        asked = row.criterion
        yield TimelineEntry(
            kind="answer", at=row.answered_at, pk=row.pk, lead_id=row.lead_id, icon="list-checks",
            title=_("%(framework)s: %(question)s") % {"framework": asked.framework, "question": asked},
            object=str(row.option),
            text=scope.told(row.lead_id, row.evidence), by=str(row.by or ""),
        )  # fmt: skip


def activity_points(reader: User, lead_id: int) -> Points:
    """What each activity of the lead gives now under the primary model, over all rules and before any cap.

    Nothing for those who see no scores, and where there is no explanation: the panel beside says why.
    """
    model, lead = primary_model(), Lead.objects.filter(pk=lead_id).first()
    if model is None or lead is None or not is_allowed(reader, policies.SEE_SCORES):
        return {}
    try:
        with time_limit():
            explanation = explanation_of(lead=lead, model=model, at=timezone.now()).explanation
    except (UnexplainedError, TooSlowError):
        return {}
    given: dict[int, tuple[int, int]] = {}
    for group in explanation.groups:
        for each in (each for rule in group.rules for each in rule.evidence):
            if isinstance(each, ActivityEvidence):
                points_now, at_first = given.get(each.pk, (0, 0))
                given[each.pk] = (points_now + each.points, at_first + each.full)
    return given


ENTRY_KINDS = (
    EntryKind(code="score", label=gettext_lazy("Score changes only"), load=score_changes),
    EntryKind(code="answer", label=gettext_lazy("Answers"), load=answers),
)
