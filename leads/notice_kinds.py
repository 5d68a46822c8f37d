"""What this app announces, in words."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from notices.kinds import NoticeKind, NoticeTopic

IMPORTERS = (Role.MANAGER, Role.MARKETER, Role.ADMIN)
MESSAGES = NoticeTopic(code="messages", label=_("Messages from colleagues"), is_personal=True)
ENQUIRIES = NoticeTopic(code="enquiries", label=_("Enquiries taken by colleagues"))
IMPORTS = NoticeTopic(code="imports", label=_("Imports"), roles=IMPORTERS)

NOTICE_KINDS = (
    NoticeKind(
        code="leads.message",
        topic=MESSAGES,
        subject=_("Message about %(lead)s"),
        line=_("Message from %(by)s about %(lead)s"),
        body="%(text)s",
        action=_("Open the lead"),
        icon="message-square",
        urgent=True,
    ),
    NoticeKind(
        code="leads.enquiry",
        topic=ENQUIRIES,
        subject=_("New enquiry from %(lead)s"),
        line=_("%(by)s took an enquiry from %(lead)s"),
        body="%(text)s",
        action=_("Open the lead"),
        icon="message-circle-question-mark",
        urgent=True,
    ),
    NoticeKind(
        code="leads.import_done",
        topic=IMPORTS,
        line=_("%(file)s imported: %(created)s new, %(updated)s updated, %(rejected)s rejected"),
        action=_("Open report"),
        icon="file-check",
    ),
    NoticeKind(
        code="leads.import_undone",
        topic=IMPORTS,
        line=_("Import of %(file)s undone"),
        action=_("Open report"),
        icon="undo-2",
    ),
)
