"""Hand-offs and to-dos of a person whose data is erased: open ones end, and what people wrote goes."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handoff.actions.transition import address_of
from handoff.actions.withdrawal import withdraw
from handoff.enums import OPEN_STATES
from handoff.models import Contact, Feedback, FeedbackReply, Handoff, HandoffStep, Todo
from leads.actions.emptying import notice_rewriter, rows_of
from leads.actions.erasers import ErasedPerson, Eraser, empty_columns
from notices.actions import rewrite_notices

IN_WORDS = ("undo", "comment")  # of a step's parameters: what undoing would write back, and what somebody wrote


def end_handoffs(person: ErasedPerson) -> int:
    """Close open hand-offs; returns how many."""
    still_open = Handoff.objects.filter(lead__in=person.ids, state__in=OPEN_STATES).order_by("lead", "pk")
    return withdraw(list(still_open), kind="erased", by=person.by, now=person.now)


def empty_handoffs(person: ErasedPerson) -> int:
    """Comments of hand-offs and verdicts, notes of contacts, steps that could be taken back, and what notices said."""
    handoffs = Handoff.objects.filter(lead__in=person.ids)
    feedback = Feedback.objects.filter(handoff__in=handoffs.values("pk"))
    told = [*map(address_of, handoffs), *(said.get_absolute_url() for said in feedback)]
    rewrite_notices(urls=told, rewrite=notice_rewriter(person))
    emptied = empty_columns(Handoff, Q(lead__in=person.ids), comment="")
    emptied += empty_columns(Contact, Q(handoff__in=handoffs.values("pk")), note="")
    emptied += empty_columns(Feedback, Q(handoff__in=handoffs.values("pk")), comment="", declined_because="")
    emptied += empty_columns(FeedbackReply, Q(feedback__in=feedback.values("pk")), text="")
    steps = list(HandoffStep.objects.filter(handoff__in=handoffs.values("pk"), params__has_any_keys=IN_WORDS))
    for step in steps:
        step.params = {name: value for name, value in step.params.items() if name not in IN_WORDS}
    HandoffStep.objects.bulk_update(steps, ["params"], batch_size=500)
    return emptied


def end_todos(person: ErasedPerson) -> int:
    """Tick off what is open, and take the words out of all; returns how many ended."""
    ended = Todo.objects.filter(lead__in=person.ids, done_at=None).update(done_at=person.now, done_by=person.by)
    empty_columns(Todo, Q(lead__in=person.ids), text="")
    return ended


ERASERS = (
    Eraser(code="handoff_texts", empty=empty_handoffs),
    Eraser(code="handoffs", label=_("Open hand-offs, which end"), count=rows_of(Handoff, state__in=OPEN_STATES),
           empty=end_handoffs),
    Eraser(code="todos", label=_("Open to-dos, which end"), count=rows_of(Todo, done_at=None), empty=end_todos),
)  # fmt: skip
