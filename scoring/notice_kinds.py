"""What the studio announces, and why it moved a lead, in words."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from notices.kinds import NoticeKind, NoticeTopic

STAGE_REASONS = {"met_stage_rule": _("Met the stage rule")}

MODELS = NoticeTopic(
    code="models", label=_("Scoring models"), roles=(Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
)

NOTICE_KINDS = (
    NoticeKind(
        code="scoring.published",
        topic=MODELS,
        subject=_("New version: %(model)s"),
        line=_("%(model)s: version %(number)s published"),
        body=_("%(by)s: %(note)s"),
        action=_("View changes"),
        icon="rocket",
    ),
    NoticeKind(
        code="scoring.approval_wanted",
        topic=MODELS,
        subject=_("Approval requested: %(model)s"),
        line=_("%(by)s asked you to approve a change to %(model)s"),
        body=_("%(note)s"),
        shared_line=_("%(by)s asked %(people)s to approve a change to %(model)s"),
        action=_("View changes"),
        icon="stamp",
    ),
    NoticeKind(
        code="scoring.sent_back",
        topic=MODELS,
        subject=_("Changes requested: %(model)s"),
        line=_("%(by)s requested changes to your draft of %(model)s"),
        body=_("%(reason)s"),
        shared_line=_("%(by)s requested changes to a draft of %(model)s by %(people)s"),
        action=_("Open request"),
        icon="undo-2",
    ),
)
