"""To-dos that the product makes: each once, with its cause, and ended by itself when the cause is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from handoff.audience import managers_or_admins
from handoff.calendars import calendar_of_team, clock_of
from handoff.enums import OPEN_STATES, Result, TodoCause, TodoEnd, TodoKind
from handoff.errors import NeverOpenError
from handoff.models import Handoff, Todo
from leads.access import visible_leads
from leads.enums import Stage
from leads.models import Lead
from scoring.models import Answer, Criterion

BATCH = 500
OF_HANDOFFS = (TodoCause.ANSWER, TodoCause.NEXT_STEP)
"""Causes that are gone with their hand-off, unless it became an opportunity: then the work goes on."""


def add_automatic_todo(
    *, lead: Lead, cause: str, subject: str, kind: str, due_at: datetime, now: datetime, owner: User | None = None,
    text: str = "", by: User | None = None, handoff: Handoff | None = None, answer: Answer | None = None,
    told: bool = False,
) -> Todo | None:  # fmt: skip
    """Make the to-do that `cause` asks for; None where there has been one for this `subject`, done or not.

    `owner` does it if they see the lead, else the lead's owner, else a manager of its team. The owner is told when it
    is due, unless `told` says that they know.
    """
    todo, is_new = Todo.objects.get_or_create(
        cause=cause, subject=subject,
        defaults={
            "lead": lead, "kind": kind, "text": text, "due_at": due_at, "owner": _who_does_it(lead, owner), "by": by,
            "made_at": now, "handoff": handoff, "answer": answer, "told_at": now if told else None,
        },
    )  # fmt: skip
    return todo if is_new else None


def _who_does_it(lead: Lead, wanted: User | None) -> User:
    """External staff see no to-dos, so none is theirs."""
    for person in (wanted, lead.owner):
        if person is None or not person.is_active or person.role == Role.OUTSOURCED:
            continue
        if visible_leads(person).filter(pk=lead.pk).exists():
            return person
    return managers_or_admins(lead.team_id or 0)[0]


def end_todos(todos: QuerySet[Todo], *, because: str, now: datetime) -> int:
    """End those of these to-dos that the product made and that are not done. Returns how many."""
    return todos.filter(done_at=None).exclude(cause="").update(done_at=now, ended=because)


def end_todos_of(handoff: Handoff, now: datetime) -> int:
    """The hand-off has ended: what was to do for it is so no more, unless there is a deal to follow."""
    if handoff.is_open or handoff.result == Result.OPPORTUNITY:
        return 0
    return end_todos(Todo.objects.filter(handoff=handoff, cause__in=OF_HANDOFFS), because=TodoEnd.CLOSED, now=now)


def reopen_todos_of(handoff: Handoff, ended_at: datetime) -> int:
    """The step that ended the hand-off was taken back, and so is what it ended."""
    ended = Todo.objects.filter(handoff=handoff, ended=TodoEnd.CLOSED, done_at=ended_at)
    return ended.update(done_at=None, ended="")


@transaction.atomic
def end_todos_without_cause(*, now: datetime) -> int:
    """End the automatic to-dos whose cause is gone, by whichever door. Returns how many."""
    todos = Todo.objects.filter(done_at=None).exclude(cause="")
    aside = Q(lead__stage=Stage.DISQUALIFIED) | Q(lead__consent=False) | Q(lead__is_competitor=True)
    newer = Answer.objects.filter(
        lead=OuterRef("lead"), criterion=OuterRef("answer__criterion"),
        answered_at__gt=OuterRef("answer__answered_at"), answered_at__lte=now,
    )  # fmt: skip
    in_hand = Handoff.objects.filter(lead=OuterRef("lead"), state__in=OPEN_STATES)
    over = Q(handoff__isnull=False) & ~Q(handoff__state__in=OPEN_STATES) & ~Q(handoff__result=Result.OPPORTUNITY)
    ended = end_todos(_same(todos.filter(aside)), because=TodoEnd.ASIDE, now=now)
    ended += end_todos(
        _same(todos.filter(Exists(newer), cause=TodoCause.ANSWER)), because=TodoEnd.ANSWERED, now=now
    )  # fmt: skip
    ended += end_todos(_same(todos.filter(over, cause__in=OF_HANDOFFS)), because=TodoEnd.CLOSED, now=now)
    before_sales = todos.filter(Exists(in_hand), cause__in=[TodoCause.WAKE_UP, TodoCause.NEED])
    return ended + end_todos(_same(before_sales), because=TodoEnd.HANDED_OFF, now=now)


def _same(todos: QuerySet[Todo]) -> QuerySet[Todo]:
    """The same rows by key: an update takes no joins."""
    return Todo.objects.filter(pk__in=todos.values("pk"))


def end_answered_todos(*, lead_id: int, now: datetime) -> int:
    """Somebody has answered: what asked for it ends at once."""
    newer = Answer.objects.filter(
        lead=lead_id, criterion=OuterRef("answer__criterion"), answered_at__gt=OuterRef("answer__answered_at")
    )
    asked = Todo.objects.filter(Exists(newer), lead=lead_id, cause=TodoCause.ANSWER)
    return end_todos(_same(asked), because=TodoEnd.ANSWERED, now=now)


@transaction.atomic
def ask_old_answers_again(*, now: datetime) -> int:
    """Make a to-do for each answer that has grown old, of leads that somebody in sales works on. Returns how many.

    Of whom nobody works on, nobody is asked to ask. It is due with the hand-off's next deadline, else in a business
    day.
    """
    made = 0
    rows = list(_old_answers(now).select_related("lead__owner", "criterion").order_by("pk")[:BATCH])
    if not rows:
        return 0
    open_ones = Handoff.objects.filter(
        lead__in=[answer.lead_id for answer in rows], state__in=OPEN_STATES, owner__isnull=False
    )
    handoffs = {handoff.lead_id: handoff for handoff in open_ones.select_related("owner", "team").order_by("-pk")}
    for answer in rows:
        handoff = handoffs[answer.lead_id]
        todo = add_automatic_todo(
            lead=answer.lead, cause=TodoCause.ANSWER, subject=f"answer:{answer.pk}", kind=TodoKind.ASK,
            due_at=_due_with(handoff, now), now=now, owner=handoff.owner, handoff=handoff, answer=answer,
        )  # fmt: skip
        made += todo is not None
    return made


def _old_answers(now: datetime) -> QuerySet[Answer]:
    """The newest answers, of questions that are asked again after some days, which are older than that."""
    ages = Criterion.objects.filter(is_active=True, framework__is_active=True, confirm_after_days__isnull=False)
    old = Q(pk__in=[])
    for pk, days in ages.values_list("pk", "confirm_after_days"):
        old |= Q(criterion=pk, answered_at__lt=now - timedelta(days=days or 0))
    in_hand = Handoff.objects.filter(state__in=OPEN_STATES, owner__is_active=True).exclude(owner__role=Role.OUTSOURCED)
    newer = Answer.objects.filter(lead=OuterRef("lead"), criterion=OuterRef("criterion"), answered_at__lte=now).filter(
        Q(answered_at__gt=OuterRef("answered_at")) | Q(answered_at=OuterRef("answered_at"), pk__gt=OuterRef("pk"))
    )
    asked = Todo.objects.filter(cause=TodoCause.ANSWER, answer=OuterRef("pk"))
    return Answer.objects.filter(old, ~Exists(newer), ~Exists(asked), lead__in=in_hand.values("lead"))


def _due_with(handoff: Handoff, now: datetime) -> datetime:
    if handoff.due_at is not None and handoff.due_at > now:
        return handoff.due_at
    tomorrow = now + timedelta(days=1)
    try:
        return clock_of(calendar_of_team(handoff.team)).next_open(tomorrow)
    except NeverOpenError:
        return tomorrow
