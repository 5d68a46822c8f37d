from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.enums import Temperature
from scoring.models import ScoringModel
from scoring.queries.lead_list import leads_in_full, scores_of
from web.formats import sheet_points, sheet_time

AT_ONCE = 2000
# Column -> what stands above it, in words that an import understands again.
HEADINGS: dict[str, str | Promise] = {
    "id": pgettext_lazy("lead", "Number"),
    "external_id": gettext_lazy("External ID"),
    "name": pgettext_lazy("person", "Name"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "company": gettext_lazy("Company"),
    "title": gettext_lazy("Job title"),
    "title_level": gettext_lazy("Title level"),
    "department": gettext_lazy("Department"),
    "stage": gettext_lazy("Stage"),
    "origin": gettext_lazy("Origin"),
    "source": gettext_lazy("Source"),
    "campaign": gettext_lazy("Campaign"),
    "owner": gettext_lazy("Owner"),
    "team": gettext_lazy("Team"),
    "planned_on": gettext_lazy("Planned start"),
    "consent": gettext_lazy("Consent to contact"),
    "score": gettext_lazy("Total score"),
    "fit": gettext_lazy("Fit"),
    "engagement": gettext_lazy("Engagement"),
    "qualification": gettext_lazy("Qualification"),
    "temperature": gettext_lazy("Temperature"),
    "created_at": gettext_lazy("Creation date"),
    "last_active": gettext_lazy("Last activity"),
}
COLUMNS = tuple(HEADINGS)


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
                *map(sheet_points, points), Temperature(score.temperature).label if score else "",
                sheet_time(lead.created_at), sheet_time(getattr(lead, "active_at", None)),
            ]  # fmt: skip
