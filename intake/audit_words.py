"""What the audit log calls imports and websites."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit_kinds import AuditKind
from intake.enums import FilterReason
from intake.models import LeadImport, Site, WebForm
from web.formats import listed

# What a file holds, by the code of its kind.
KINDS: dict[str, str | Promise] = {"leads": _("Leads"), "activities": _("Activities"), "outcomes": _("Results")}

AUDIT_KINDS = (
    AuditKind(
        model=LeadImport,
        fields={
            "kind": _("contents of the file"),
            "file_name": _("file name"),
            "state": pgettext_lazy("import", "status"),
            "rows": _("rows"),
            "created": _("rows that added a record"),
            "updated": _("rows that changed a record"),
            "unchanged": _("rows that changed nothing"),
            "rejected": _("rows left out"),
            "by": _("imported by"),
        },
        values={"kind": lambda code, row: KINDS.get(str(code)) or str(code)},
        called=lambda row: row.file_name,
        address=lambda row: reverse("intake:import", args=[row.pk]),
    ),
    AuditKind(
        model=Site,
        fields={
            "write_key": _("write key"),
            "allowed_origins": _("allowed origins"),
            "needs_consent": _("ask for consent first"),
            "uses_cookie": _("recognize visitors by a cookie"),
            "zone": _("time zone of the website"),
            "internal_networks": _("own networks"),
            "filters": _("what is set aside"),
            "page_types": _("pages with a type of their own"),
            "operator": _("operator of the website"),
            "contact": _("contact for questions about privacy"),
            "created_at": pgettext_lazy("settings", "created at"),
        },
        values={
            "allowed_origins": lambda origins, row: listed(origins),
            "internal_networks": lambda networks, row: listed(networks),
            "filters": lambda codes, row: listed(str(FilterReason(code).label) for code in codes),
            "page_types": lambda pages, row: listed(f"{path} → {code}" for path, code in pages),
        },
        address=lambda row: reverse("intake:site_snippet", args=[row.pk]),
    ),
    AuditKind(
        model=WebForm,
        fields={
            "key": _("key in the address"),
            "site": _("website"),
            "published": _("published version"),
            "created_at": pgettext_lazy("settings", "created at"),
        },
        address=lambda row: reverse("intake:form", args=[row.pk]),
    ),
)
