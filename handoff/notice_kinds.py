"""What the hand-off announces, in words."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from notices.kinds import NoticeKind, NoticeTopic

HOT = NoticeTopic(code="hot", label=_("Hot leads"))
DEADLINES = NoticeTopic(code="deadlines", label=_("Deadlines that are close or moved"))
TODOS = NoticeTopic(code="todos", label=_("To-dos and follow-up dates"), is_personal=True)
NOBODY = NoticeTopic(code="nobody", label=_("Leads without an owner who can act"), roles=(Role.MANAGER, Role.ADMIN))
ASSIGNED = NoticeTopic(code="assigned", label=_("Assigned leads"))
OVERDUE = NoticeTopic(code="overdue", label=_("Missed deadlines"), is_escalation=True)
REJECTED = NoticeTopic(code="rejected", label=_("Rejected leads"), roles=(Role.MARKETER, Role.ADMIN))

NOTICE_KINDS = (
    NoticeKind(
        code="handoff.hot",
        topic=HOT,
        subject=_("Hot lead: %(lead)s (%(score)s points)"),
        line=_("%(lead)s is hot (%(score)s points)"),
        body=_("In the queue of %(team)s. First contact by %(due_at)s."),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_yours",
        topic=HOT,
        subject=_("Your lead is hot: %(lead)s"),
        line=_("%(lead)s, assigned to you, is hot (%(score)s points)"),
        body=_("First contact by %(due_at)s."),
        shared_line=_("%(lead)s is hot (%(score)s points). Owner: %(people)s"),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_again",
        topic=HOT,
        line=_("%(lead)s is hot again: %(score)s points"),
        body=_("You’re already working on this lead. Its deadline stays the same."),
        shared_body=_("Owner: %(people)s. The deadline stays the same."),
        action=_("Open the lead"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.hot_many",
        topic=HOT,
        subject=_("New hot leads for %(team)s: %(count)s"),
        line=_("%(count)s new hot leads for %(team)s"),
        body=_("They’re in the queue, most urgent first."),
        action=_("Open the queue"),
        icon="flame",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.deadlines_moved",
        topic=DEADLINES,
        subject=_("Deadlines moved: %(calendar)s"),
        line=_("The deadlines of %(count)s of your leads moved: the calendar “%(calendar)s” changed"),
        shared_line=_("The deadlines of %(count)s leads of %(people)s moved: the calendar “%(calendar)s” changed"),
        action=_("Open the queue"),
        icon="calendar-clock",
    ),
    NoticeKind(
        code="handoff.wake_up",
        topic=TODOS,
        line=_("Follow-up date reached: %(lead)s"),
        body=_("You planned to approach this lead again today."),
        action=_("Open the lead"),
        icon="alarm-clock",
    ),
    NoticeKind(
        code="handoff.snooze_over",
        topic=TODOS,
        line=_("What you were waiting for has happened: %(lead)s"),
        body=_("The lead is back in the queue."),
        action=_("Open the lead"),
        icon="alarm-clock",
    ),
    NoticeKind(
        code="handoff.todo_due",
        topic=TODOS,
        line=_("To-do due: %(lead)s"),
        action=_("Open the lead"),
        icon="list-todo",
    ),
    NoticeKind(
        code="handoff.todo_given",
        topic=TODOS,
        line=_("%(by)s gave you a to-do for %(lead)s"),
        body=_("Due %(due_at)s."),
        action=_("Open the lead"),
        icon="list-todo",
    ),
    NoticeKind(
        code="handoff.returned",
        topic=NOBODY,
        line=_("%(count)s leads are back in the queue of %(team)s"),
        body=_("Their owner can no longer work on them. The deadlines stay the same."),
        action=_("Open the queue"),
        icon="undo-2",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.overflow",
        topic=NOBODY,
        line=_("No one in %(team)s can take %(count)s hot leads"),
        body=_("Everyone is away or at the limit of open leads. Assign them yourself or raise a limit."),
        shared_body=_("Everyone is away or at the limit of open leads."),
        action=_("Open these leads"),
        icon="triangle-alert",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.assigned",
        topic=ASSIGNED,
        subject=_("Assigned to you: %(lead)s"),
        line=_("%(by)s assigned %(lead)s to you"),
        shared_line=_("%(by)s assigned %(lead)s to %(people)s"),
        action=_("Open the lead"),
        icon="user-check",
    ),
    NoticeKind(
        code="handoff.due_soon.first_contact",
        topic=DEADLINES,
        subject=_("First contact due soon: %(lead)s"),
        line=_("First contact with %(lead)s is due soon"),
        body=_("Due %(due_at)s."),
        action=_("Open the lead"),
        icon="timer",
    ),
    NoticeKind(
        code="handoff.due_soon.result",
        topic=DEADLINES,
        subject=_("Result due soon: %(lead)s"),
        line=_("The result for %(lead)s is due soon"),
        body=_("Due %(due_at)s."),
        action=_("Record result"),
        icon="timer",
    ),
    NoticeKind(
        code="handoff.breached.first_contact",
        topic=OVERDUE,
        subject=_("Overdue first contact: %(lead)s"),
        line=_("Overdue: %(lead)s has not been contacted"),
        body=_("First contact was due %(due_at)s. Owner: %(owner)s."),
        action=_("Open the lead"),
        icon="alarm-clock-off",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.breached.result",
        topic=OVERDUE,
        subject=_("Overdue result: %(lead)s"),
        line=_("Overdue: no result recorded for %(lead)s"),
        body=_("The result was due %(due_at)s. Owner: %(owner)s."),
        action=_("Record result"),
        icon="alarm-clock-off",
        urgent=True,
    ),
    NoticeKind(
        code="handoff.rejected",
        topic=REJECTED,
        subject=_("Rejected: %(lead)s"),
        line=_("%(by)s rejected %(lead)s: %(reason)s"),
        action=_("Open the lead"),
        icon="thumbs-down",
    ),
)
