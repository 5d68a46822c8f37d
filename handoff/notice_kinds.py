"""What the hand-off announces, in words."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind

NOTICE_KINDS = (
    NoticeKind(
        code="handoff.hot",
        line=_("%(lead)s is hot: %(score)s points"),
        body=_("Waiting in the queue of %(team)s. First contact by %(due_at)s."),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_yours",
        line=_("%(lead)s is hot and yours: %(score)s points"),
        body=_("First contact by %(due_at)s."),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_many",
        line=_("%(count)s new hot leads for %(team)s"),
        body=_("They are waiting in the queue, the most urgent first."),
        action=_("Open the queue"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.assigned",
        line=_("%(by)s gave you the lead %(lead)s"),
        action=_("Open the lead"),
        icon="user-check",
    ),
    NoticeKind(
        code="handoff.due_soon.first_contact",
        line=_("First contact with %(lead)s is due soon"),
        body=_("Due %(due_at)s."),
        action=_("Open the lead"),
        icon="timer",
    ),
    NoticeKind(
        code="handoff.due_soon.result",
        line=_("The result for %(lead)s is due soon"),
        body=_("Due %(due_at)s."),
        action=_("Record the result"),
        icon="timer",
    ),
    NoticeKind(
        code="handoff.breached.first_contact",
        line=_("Overdue: nobody has contacted %(lead)s"),
        body=_("First contact was due %(due_at)s. In charge: %(owner)s."),
        action=_("Open the lead"),
        icon="alarm-clock-off",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.breached.result",
        line=_("Overdue: no result recorded for %(lead)s"),
        body=_("The result was due %(due_at)s. In charge: %(owner)s."),
        action=_("Record the result"),
        icon="alarm-clock-off",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.rejected",
        line=_("%(by)s rejected %(lead)s: %(reason)s"),
        action=_("Open the lead"),
        icon="thumbs-down",
    ),
)
