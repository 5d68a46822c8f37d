"""To-dos that the product makes: each once, with its cause, and ended by itself when the cause is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from handoff.actions import (
    add_automatic_todo,
    ask_old_answers_again,
    end_todos_without_cause,
    log_contact,
    open_handoffs,
    record_result,
    reject_handoff,
    reopen_todo,
    tell_due_todos,
    tell_wake_ups,
    undo_last_step,
)
from handoff.models import RejectReason, Todo
from notices.models import OutboxMessage
from scoring.actions.judgement import CriterionAnswer, answer_criteria, confirm_answer
from scoring.models import Answer, Criterion, Option
from tests.clients import as_
from tests.factories import LeadFactory
from tests.handoff.world import CONTACT, FRIDAY, claimed_by, contacted_by, episode, handoff_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def budget(db):
    """A question whose answers are taken for true for 30 days."""
    criterion = Criterion.objects.get(framework__code="bant", code="budget")
    criterion.confirm_after_days = 30
    criterion.save()
    return criterion


def answered(lead, criterion, by, days_ago):
    option = Option.objects.filter(criterion=criterion).first()
    said = CriterionAnswer(criterion=criterion, option=option, evidence=f"{days_ago} days ago")
    at = FRIDAY - days_ago * DAY
    return answer_criteria(lead=lead, answers=[said], by=by, now=at, answered_at=at)[0]


def need(lead, owner=None, subject="need:1"):
    return add_automatic_todo(
        lead=lead, cause="need", subject=subject, kind="confirm", due_at=FRIDAY + DAY, now=FRIDAY, owner=owner
    )


def test_an_automatic_todo_is_made_once_for_its_subject_even_after_it_was_done(rep):
    lead = LeadFactory(owner=rep, team=rep.team)
    todo = need(lead)
    assert (todo.owner, todo.cause, need(lead)) == (rep, "need", None)
    Todo.objects.update(done_at=FRIDAY)
    assert (need(lead), Todo.objects.count()) == (None, 1)
    with pytest.raises(IntegrityError, match="automatic_todo_once"), transaction.atomic():
        Todo.objects.create(lead=lead, cause="need", subject="need:1", due_at=FRIDAY, owner=rep)


def test_it_goes_to_whoever_sees_the_lead_and_never_to_external_staff(rep, helper, outsider, manager, team):
    lead = LeadFactory(owner=helper, team=team)
    owners = [need(lead, person, f"need:{number}").owner for number, person in enumerate((outsider, helper, None))]
    assert owners == [manager, manager, manager]
    mine = LeadFactory(owner=rep, team=team)
    assert need(mine, outsider, "need:4").owner == rep


def test_an_old_answer_of_a_lead_in_hand_is_asked_again_once_and_only_of_who_works_on_it(rep, budget):
    claimed = claimed_by(rep)
    old = answered(claimed.lead, budget, rep, 31)
    answered(LeadFactory(), budget, rep, 31)  # nobody works on this one
    waiting = handoff_of()
    answered(waiting.lead, budget, rep, 31)
    assert (ask_old_answers_again(now=FRIDAY), ask_old_answers_again(now=FRIDAY)) == (1, 0)
    todo = Todo.objects.get()
    assert (todo.answer, todo.owner, todo.kind, todo.cause, todo.due_at) == (
        old, rep, "ask", "answer", claimed.due_at,
    )  # fmt: skip
    page = as_(rep).get(reverse("handoff:lead_todos", args=[claimed.lead_id])).content.decode()
    assert f"An answer has grown old: {budget.label_en}" in page


def test_an_answer_that_is_young_or_was_given_again_is_not_asked(rep, budget):
    lead = claimed_by(rep).lead
    answered(lead, budget, rep, 40)
    answered(lead, budget, rep, 29)
    assert ask_old_answers_again(now=FRIDAY) == 0


def test_the_question_ends_by_itself_when_it_is_answered_or_confirmed(rep, budget):
    lead = claimed_by(rep).lead
    answer = answered(lead, budget, rep, 31)
    ask_old_answers_again(now=FRIDAY)
    confirm_answer(answer=answer, by=rep, now=FRIDAY + HOUR)
    todo = Todo.objects.get()
    assert (todo.done_at, todo.done_by, todo.ended) == (FRIDAY + HOUR, None, "answered")
    page = as_(rep).get(reverse("handoff:lead_todos", args=[lead.pk])).content.decode()
    assert "The question was answered" in page


def test_an_answer_that_came_by_another_door_ends_it_with_the_next_sweep(rep, budget):
    lead = claimed_by(rep).lead
    answer = answered(lead, budget, rep, 31)
    ask_old_answers_again(now=FRIDAY)
    Answer.objects.create(lead=lead, criterion=budget, option=answer.option, answered_at=FRIDAY, recorded_at=FRIDAY)
    assert (end_todos_without_cause(now=FRIDAY + HOUR), end_todos_without_cause(now=FRIDAY + HOUR)) == (1, 0)
    assert Todo.objects.get().ended == "answered"


def test_the_agreed_next_step_is_a_todo_of_whoever_has_the_lead_and_is_told_when_due(rep):
    handoff = claimed_by(rep)
    log_contact(
        handoff=handoff, by=rep, at=CONTACT, channel="phone", now=CONTACT, next_step="Send the price list",
        next_at=CONTACT + DAY,
    )  # fmt: skip
    todo = Todo.objects.get()
    assert (todo.kind, todo.text, todo.owner, todo.by, todo.due_at) == (
        "next_step", "Send the price list", rep, rep, CONTACT + DAY,
    )  # fmt: skip
    assert [tell_due_todos(now=CONTACT + hours * HOUR) for hours in (23, 24, 25)] == [0, 1, 0]
    assert OutboxMessage.objects.filter(kind="handoff.todo_due", channel="in_app").count() == 1


def test_a_contact_that_is_undone_takes_its_next_step_away(rep):
    handoff = claimed_by(rep)
    log_contact(handoff=handoff, by=rep, at=CONTACT, channel="phone", now=CONTACT, next_at=CONTACT + DAY)
    undo_last_step(handoff=handoff, by=rep, now=CONTACT)
    assert Todo.objects.count() == 0


def test_the_next_step_ends_with_a_rejection_comes_back_with_its_undo_and_outlives_an_opportunity(rep):
    handoff = contacted_by(rep)
    log_contact(handoff=handoff, by=rep, at=CONTACT, channel="phone", now=CONTACT, next_at=CONTACT + DAY)
    reason = RejectReason.objects.filter(effect="nurture").first()
    reject_handoff(handoff=handoff, by=rep, reason=reason, now=CONTACT + HOUR)
    assert Todo.objects.get().ended == "closed"
    undo_last_step(handoff=handoff, by=rep, now=CONTACT + HOUR)
    assert (Todo.objects.get().done_at, Todo.objects.get().ended) == (None, "")
    handoff.refresh_from_db()
    record_result(handoff=handoff, by=rep, result="opportunity", now=CONTACT + 2 * HOUR)
    assert (end_todos_without_cause(now=CONTACT + 3 * HOUR), Todo.objects.get().done_at) == (0, None)


def test_a_follow_up_date_that_has_come_is_a_todo_that_ends_when_the_lead_is_handed_off_again(rep, manager):
    handoff = contacted_by(rep)
    day = (CONTACT + 7 * DAY).date()
    record_result(handoff=handoff, by=rep, result="recycled", now=CONTACT, wake_on=day)
    assert [tell_wake_ups(now=CONTACT + days * DAY) for days in (6, 7, 8)] == [0, 1, 1]
    todo = Todo.objects.get()
    assert (todo.kind, todo.cause, todo.owner, todo.ended) == ("wake_up", "wake_up", rep, "")
    assert (tell_due_todos(now=CONTACT + 9 * DAY), OutboxMessage.objects.filter(kind="handoff.todo_due").count()) == (
        0, 0,
    )  # fmt: skip
    assert end_todos_without_cause(now=CONTACT + 8 * DAY) == 0
    episode(handoff.lead, at=CONTACT + 9 * DAY, number=2)
    open_handoffs(now=CONTACT + 9 * DAY)
    end_todos_without_cause(now=CONTACT + 9 * DAY)
    assert Todo.objects.get().ended == "handed_off"


def test_what_the_product_made_ends_when_the_lead_is_handed_off_or_put_aside_and_what_people_made_stays(rep, team):
    lead, refused = LeadFactory(owner=rep, team=team), LeadFactory(owner=rep, team=team)
    need(lead)
    need(refused, subject="need:2")
    Todo.objects.create(lead=refused, due_at=FRIDAY, owner=rep, by=rep)
    handoff_of(lead)
    refused.consent = False
    refused.save()
    assert end_todos_without_cause(now=FRIDAY + HOUR) == 2
    assert dict(Todo.objects.values_list("lead", "ended").exclude(cause="")) == {
        lead.pk: "handed_off", refused.pk: "aside",
    }  # fmt: skip
    assert Todo.objects.get(cause="").done_at is None


def test_one_that_ended_by_itself_can_be_reopened_by_hand(rep):
    lead = LeadFactory(owner=rep, team=rep.team)
    todo = need(lead)
    Todo.objects.update(done_at=FRIDAY, ended="closed")
    assert reopen_todo(todo=todo)
    assert (Todo.objects.get().ended, Todo.objects.get().done_at) == ("", None)
