"""What the audit log calls the changes of scoring models, frameworks and manual adjustments."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from accounts.audit_kinds import AuditKind
from leads.forms.chips import words_of
from leads.models import LeadExport
from scoring.filters import ScoredLeadFilterSet
from scoring.models import Adjustment, Answer, Criterion, Option, ScoringModel
from web.formats import listed, number, signed_points

MODEL = _("scoring model")
POSITION = _("position")
UNSAID = ("sort",)


def signed(points: Any, row: Any) -> str:
    return signed_points(points)


def query_words(query: str, row: Any) -> str:
    """The filters of a list as its chips say them."""
    words = []
    for name, values in QueryDict(query).lists():
        if name in ScoredLeadFilterSet.base_filters and name not in UNSAID:
            asked = copy(ScoredLeadFilterSet.base_filters[name])
            said = listed(words_of(name, asked.field, [v for v in values if v]))
            words.append(f"{asked.label}{pgettext('label and value', ': ')}{said}")
    return " · ".join(words)


def export_name(row: Any) -> str:
    """How many leads were taken out."""
    return ngettext("%(number)s lead", "%(number)s leads", row.rows) % {"number": number(row.rows)}


AUDIT_KINDS = (
    AuditKind(
        model=LeadExport,
        fields={"query": _("filters"), "rows": _("number of leads"), "is_cut": _("cut at the limit")},
        hidden=frozenset({"by", "at", "columns"}),
        values={"query": query_words},
        called=export_name,
    ),
    AuditKind(
        model=Adjustment,
        about="lead",
        fields={"model": MODEL, "starts_at": _("valid from")},
        hidden=frozenset({"by"}),
        values={"points": signed},
    ),
    AuditKind(
        model=Answer,
        about="lead",
        fields={
            "criterion": _("criterion"),
            "option": _("answer"),
            "answered_at": _("answered at"),
            "recorded_at": _("recorded at"),
        },
        hidden=frozenset({"by"}),
    ),
    AuditKind(model=Criterion, fields={"framework": _("framework"), "position": POSITION}),
    AuditKind(model=Option, fields={"criterion": _("criterion"), "position": POSITION}, values={"points": signed}),
    AuditKind(
        model=ScoringModel,
        fields={
            "current_version": _("published version"),
            "draft_revision": _("draft revision"),
            "draft_by": _("draft saved by"),
            "draft_at": _("draft saved at"),
            "created_at": pgettext_lazy("settings", "created at"),
            "hands_over_from": _("handing off leads since"),
        },
        hidden=frozenset({"draft"}),
    ),
)
