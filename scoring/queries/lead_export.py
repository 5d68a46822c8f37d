from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from scoring.models import ScoringModel
from scoring.queries.lead_list import leads_in_full, scores_of
from web.formats import sheet_points, sheet_time

AT_ONCE = 2000
COLUMNS = (
    "id", "external_id", "name", "email", "phone", "company", "title", "title_level", "department", "stage", "origin",
    "source", "campaign", "owner", "team", "planned_on", "consent", "score", "fit", "engagement", "qualification",
    "temperature", "created_at", "last_active",
)  # fmt: skip


def export_rows(pks: Sequence[int], model: ScoringModel | None) -> Iterator[list[object]]:
    """The leads of `pks` in that order, loaded a few thousand at a time."""
    for start in range(0, len(pks), AT_ONCE):
        chunk = pks[start : start + AT_ONCE]
        leads, scores = leads_in_full(chunk), scores_of(chunk, model)
        for pk in chunk:
            if pk not in leads:
                continue
            lead, score = leads[pk], scores.get(pk)
            points = [score.total, score.fit, score.engagement, score.qualification] if score else [0, 0, 0, 0]
            yield [
                lead.pk, lead.external_id, lead.name, lead.email, lead.phone, str(lead.company or ""), lead.title,
                lead.get_title_level_display() or "", lead.department, lead.get_stage_display(),
                lead.get_origin_display(), str(lead.source or ""), lead.campaign, str(lead.owner or ""),
                str(lead.team or ""), lead.planned_on, {True: _("yes"), False: _("no"), None: ""}[lead.consent],
                *map(sheet_points, points), score.get_band_display() if score else "",
                sheet_time(lead.created_at), sheet_time(getattr(lead, "active_at", None)),
            ]  # fmt: skip
