"""Leads with their scores as documents of the API, and as lines of a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from accounts.models import User
from leads.documents import LEAD_FIELDS, Json, hidden_attributes, lead_document
from leads.models import Lead
from leads.queries.contact_data import reveal
from scoring.documents import SCORE_FIELDS, score_document
from scoring.models import LeadScore
from scoring.queries.lead_list import primary_model

FIELDS_OF_LEADS = (*LEAD_FIELDS, "score")
NAMED = ("company", "owner", "team")
COLUMNS = (
    *(name for name in LEAD_FIELDS if name not in NAMED),
    *(f"{name}.{part}" for name in NAMED for part in ("id", "name")),
    *(f"score.{name}" for name in SCORE_FIELDS),
)


def lead_documents(leads: Sequence[Lead], reader: User, *, with_scores: bool) -> list[Json]:
    """Leads as `reader` may see them, each with its score under the primary model."""
    reveal(reader, leads)
    hidden = hidden_attributes()
    model = primary_model() if with_scores else None
    scores = LeadScore.objects.filter(model=model, lead__in=leads).select_related("model", "version") if model else []
    by_lead = {score.lead_id: score_document(score) for score in scores}
    return [{**lead_document(lead, hidden), "score": by_lead.get(lead.pk)} for lead in leads]


def cells(document: Json) -> list[Any]:
    """The document as a row under COLUMNS; what has no column of its own stands in one as JSON."""
    row = []
    for column in COLUMNS:
        name, _dot, part = column.partition(".")
        value = document[name]
        if part:
            value = value[part] if value else None
        row.append(json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value)
    return row
