"""What the studio announces, and why it moved a lead, in words."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind

STAGE_REASONS = {"met_stage_rule": _("Met the stage rule")}

NOTICE_KINDS = (
    NoticeKind(
        code="scoring.published",
        subject=_("New version: %(model)s"),
        line=_("%(model)s: version %(number)s published"),
        body=_("%(by)s: %(note)s"),
        action=_("View changes"),
        icon="rocket",
    ),
    NoticeKind(
        code="scoring.approval_wanted",
        subject=_("Approval requested: %(model)s"),
        line=_("%(by)s asked you to approve a change to %(model)s"),
        body=_("%(note)s"),
        action=_("View changes"),
        icon="stamp",
    ),
    NoticeKind(
        code="scoring.sent_back",
        subject=_("Changes requested: %(model)s"),
        line=_("%(by)s requested changes to your draft of %(model)s"),
        body=_("%(reason)s"),
        action=_("Open request"),
        icon="undo-2",
    ),
)
