"""What the audit log calls sign-offs and requests for approval."""

from django.utils.translation import gettext_lazy as _

from accounts.audit_kinds import AuditKind
from studio.models import Proposal, SignOff

AUDIT_KINDS = (
    AuditKind(model=SignOff, about="version", fields={"by": _("signed off by"), "at": _("signed off at")}),
    AuditKind(
        model=Proposal,
        about="model",
        fields={
            "revision": _("draft revision"),
            "by": _("requested by"),
            "at": _("requested at"),
            "decided_by": _("decided by"),
            "decided_at": _("decided at"),
            "version": _("published version"),
        },
    ),
)
