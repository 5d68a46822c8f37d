"""What the studio announces, and why it moved a lead, in words."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind

STAGE_REASONS = {"met_stage_rule": _("Met the rule of the stage")}

NOTICE_KINDS = (
    NoticeKind(
        code="scoring.published",
        line=_("%(model)s: version %(number)s is in force"),
        body=_("%(by)s: %(note)s"),
        action=_("Read what changed"),
        icon="rocket",
    ),
    NoticeKind(
        code="scoring.approval_wanted",
        line=_("%(by)s asks for approval of a change to %(model)s"),
        body=_("%(note)s"),
        action=_("Look at the change"),
        icon="stamp",
    ),
    NoticeKind(
        code="scoring.sent_back",
        line=_("%(by)s sent your change to %(model)s back"),
        body=_("%(reason)s"),
        action=_("Open the request"),
        icon="undo-2",
    ),
)
