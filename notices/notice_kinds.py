"""What the notices announce about themselves, in words."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from notices.kinds import NoticeKind, NoticeTopic

DESTINATIONS = NoticeTopic(
    code="destinations", label=_("Problems with destinations"), is_personal=True, roles=(Role.ADMIN,)
)

NOTICE_KINDS = (
    NoticeKind(
        code="notices.test",
        topic=DESTINATIONS,
        line=_("Test message from leadqual"),
        body=_("%(by)s is checking that notifications arrive here."),
        icon="send",
    ),
    NoticeKind(
        code="notices.destination_off",
        topic=DESTINATIONS,
        line=_("“%(name)s” has been turned off"),
        body=_("The receiver says that this address no longer exists. No notifications are sent there."),
        action=_("Open destination"),
        icon="unplug",
        urgent=True,
    ),
    NoticeKind(
        code="notices.destination_failing",
        topic=DESTINATIONS,
        line=_("“%(name)s” doesn’t accept notifications"),
        body=_("Several attempts in a row failed. They’re repeated at longer intervals."),
        action=_("Open destination"),
        icon="unplug",
        urgent=True,
    ),
)
