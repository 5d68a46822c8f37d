"""What the audit log calls the changes of people's keys."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit_kinds import AuditKind
from accounts.models import ApiKey

KEY_FIELDS = {"created_by": _("created by"), "created_at": pgettext_lazy("settings", "created at")}
AUDIT_KINDS = (AuditKind(model=ApiKey, fields=KEY_FIELDS),)
