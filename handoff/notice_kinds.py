"""What the hand-off announces, in words."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import NoticeKind

NOTICE_KINDS = (
    NoticeKind(
        code="handoff.hot",
        subject=_("Hot lead: %(lead)s (%(score)s points)"),
        line=_("%(lead)s is hot (%(score)s points)"),
        body=_("In the queue of %(team)s. First contact by %(due_at)s."),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_yours",
        subject=_("Your lead is hot: %(lead)s"),
        line=_("%(lead)s, assigned to you, is hot (%(score)s points)"),
        body=_("First contact by %(due_at)s."),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_again",
        line=_("%(lead)s is hot again: %(score)s points"),
        body=_("You’re already working on this lead. Its deadline stays the same."),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_many",
        subject=_("New hot leads for %(team)s: %(count)s"),
        line=_("%(count)s new hot leads for %(team)s"),
        body=_("They’re in the queue, most urgent first."),
        action=_("Open the queue"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.deadlines_moved",
        subject=_("Deadlines moved: %(calendar)s"),
        line=_("The deadlines of %(count)s of your leads moved: the calendar “%(calendar)s” changed"),
        action=_("Open the queue"),
        icon="calendar-clock",
    ),
    NoticeKind(
        code="handoff.assigned",
        subject=_("Assigned to you: %(lead)s"),
        line=_("%(by)s assigned %(lead)s to you"),
        action=_("Open the lead"),
        icon="user-check",
    ),
    NoticeKind(
        code="handoff.due_soon.first_contact",
        subject=_("First contact due soon: %(lead)s"),
        line=_("First contact with %(lead)s is due soon"),
        body=_("Due %(due_at)s."),
        action=_("Open the lead"),
        icon="timer",
    ),
    NoticeKind(
        code="handoff.due_soon.result",
        subject=_("Result due soon: %(lead)s"),
        line=_("The result for %(lead)s is due soon"),
        body=_("Due %(due_at)s."),
        action=_("Record result"),
        icon="timer",
    ),
    NoticeKind(
        code="handoff.breached.first_contact",
        subject=_("Overdue first contact: %(lead)s"),
        line=_("Overdue: %(lead)s has not been contacted"),
        body=_("First contact was due %(due_at)s. Owner: %(owner)s."),
        action=_("Open the lead"),
        icon="alarm-clock-off",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.breached.result",
        subject=_("Overdue result: %(lead)s"),
        line=_("Overdue: no result recorded for %(lead)s"),
        body=_("The result was due %(due_at)s. Owner: %(owner)s."),
        action=_("Record result"),
        icon="alarm-clock-off",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.rejected",
        subject=_("Rejected: %(lead)s"),
        line=_("%(by)s rejected %(lead)s: %(reason)s"),
        action=_("Open the lead"),
        icon="thumbs-down",
    ),
)
