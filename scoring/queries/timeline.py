"""What scoring contributes to a lead's timeline: changes of the score, answers to the frameworks' questions."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policies import is_allowed
from leads.enums import Stage
from leads.queries.timeline import EntryKind, TimelineEntry, TimelineScope
from scoring import policies
from scoring.models import Answer, ScoreChange
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
            icon="flame" if row.band == "hot" else "trending-up" if rises else "trending-down",
            tone="hot" if row.band == "hot" and row.band_before != "hot" else "",
        )  # fmt: skip


def _title(row: ScoreChange) -> str:
    """The rule for a stage that is met, or no longer, where no band tells more; else the band."""
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


ENTRY_KINDS = (
    EntryKind(code="score", label=gettext_lazy("Scores"), load=score_changes),
    EntryKind(code="answer", label=gettext_lazy("Answers"), load=answers),
)
