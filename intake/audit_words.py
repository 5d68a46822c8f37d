"""What the audit log calls imports."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit_kinds import AuditKind
from intake.models import LeadImport

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
)
