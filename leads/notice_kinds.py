"""What this app announces, in words."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind

NOTICE_KINDS = (
    NoticeKind(
        code="leads.import_done",
        line=_("%(file)s imported: %(created)s new, %(updated)s updated, %(rejected)s rejected"),
        action=_("Open report"),
        icon="file-check",
    ),
    NoticeKind(
        code="leads.import_undone",
        line=_("Import of %(file)s undone"),
        action=_("Open report"),
        icon="undo-2",
    ),
)
