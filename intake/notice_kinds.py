"""What intake announces, in words."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from notices.kinds import NoticeKind, NoticeTopic

INTAKE = NoticeTopic(code="intake", label=_("Problems with intake"), roles=(Role.MARKETER, Role.ADMIN))
SEE = _("Open intake")

NOTICE_KINDS = (
    NoticeKind(
        code="intake.door_silent",
        topic=INTAKE,
        subject=_("Nothing comes from %(door)s"),
        line=_("Nothing comes from %(door)s any more"),
        body=_("Last seen %(last_at)s. Usually %(number)s events would have come since then."),
        action=SEE,
        icon="triangle-alert",
        urgent=True,
    ),
    NoticeKind(
        code="intake.fault_rising",
        topic=INTAKE,
        subject=_("Kept back from %(door)s"),
        line=_("%(door)s: %(reason)s"),
        body=_("%(number)s events were kept back in one hour, more than three times as many as usual."),
        action=SEE,
        icon="inbox",
    ),
    NoticeKind(
        code="intake.fault_back",
        topic=INTAKE,
        subject=_("Kept back again from %(door)s"),
        line=_("%(door)s: %(reason)s, again"),
        body=_("%(number)s events are kept back since it was decided."),
        action=SEE,
        icon="inbox",
    ),
)
