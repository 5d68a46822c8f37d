"""The survey of one press, what marketing makes of the answers, and who reads of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from handoff.access import visible_feedback
from handoff.actions import (
    RefusedError,
    answer_survey,
    decide_feedback,
    reject_handoff,
    reply_to_feedback,
    undo_last_step,
)
from handoff.models import Feedback, FeedbackRule, Handoff, RejectReason
from handoff.queries.rows import row_of
from handoff.queries.spoken_rules import spoken_for
from leads.actions.erasure import erase_lead
from leads.models import Lead
from notices.models import OutboxMessage
from scoring.models import ScoreChange
from tests.handoff.world import DOCUMENT, claimed_by, contacted_by, jst, model

pytestmark = pytest.mark.django_db
NOW = jst(7, 21, 17)
PRICES = ("Interest", "Studied the prices")
PART = {"HTTP_HX_REQUEST": "true"}


def answered(handoff: Handoff, rep: User, answer: str = "wrong", **rest: Any) -> Feedback:
    return answer_survey(handoff=handoff, by=rep, answer=answer, now=NOW, **rest)


def told(kind: str, user: User) -> int:
    return OutboxMessage.objects.filter(kind=kind, user=user, channel="in_app").count()


def test_an_answer_keeps_the_rules_that_spoke_for_the_lead_in_their_version(rep: User) -> None:
    feedback = answered(contacted_by(rep), rep, doubted=[PRICES], comment="Was a student")
    rules = feedback.rules.values_list("group", "rule", "points", "is_doubted")
    assert set(rules) == {
        ("Interest", "Asked for documents", 5000, False), (*PRICES, 3000, True), ("", "Hot lead", 0, False),
    }  # fmt: skip
    assert (feedback.version, feedback.comment) == (model().current_version, "Was a student")


def test_what_was_decided_then_counts_and_not_the_score_of_now(rep: User) -> None:
    handoff = contacted_by(rep)
    episode = handoff.episode
    facts = {"fit": 0, "engagement": 3000, "qualification": 0, "total": 3000, "band": "hot", "grade": "A1"}
    ScoreChange.objects.create(
        lead=handoff.lead, model=handoff.model, version=episode.version, at=episode.started_at, contributions=[3000, 0],
        hot=[True], **facts,
    )  # fmt: skip
    assert [(rule.name, rule.points) for rule in spoken_for(episode).rules] == [
        ("Hot lead", 0), ("Studied the prices", 3000),
    ]  # fmt: skip


def test_a_second_answer_takes_the_place_of_the_first_and_undo_brings_that_back(rep: User) -> None:
    handoff = contacted_by(rep)
    answered(handoff, rep, doubted=[PRICES], comment="Was a student")
    answered(handoff, rep, "good")
    feedback = Feedback.objects.get()
    assert (feedback.verdict, feedback.rules.filter(is_doubted=True).count()) == ("good", 0)
    undo_last_step(handoff=handoff, by=rep, now=NOW)
    feedback.refresh_from_db()
    assert (feedback.verdict, feedback.comment) == ("wrong", "Was a student")
    assert FeedbackRule.objects.get(is_doubted=True).rule == "Studied the prices"
    answered(handoff, rep, "so_so")
    assert FeedbackRule.objects.filter(is_doubted=True).count() == 1


def test_undoing_the_first_answer_asks_again(rep: User) -> None:
    handoff = contacted_by(rep)
    answered(handoff, rep)
    assert not row_of(handoff, rep, NOW).asks_for_rating
    undo_last_step(handoff=handoff, by=rep, now=NOW)
    assert (Feedback.objects.count(), row_of(handoff, rep, NOW).asks_for_rating) == (0, True)


def test_nobody_is_asked_before_the_first_contact_and_no_answer_is_taken(rep: User) -> None:
    handoff = claimed_by(rep)
    assert not row_of(handoff, rep, NOW).asks_for_rating
    with pytest.raises(RefusedError):
        answered(handoff, rep)


def test_an_answer_leaves_state_stage_and_deadlines_as_they_are(rep: User) -> None:
    handoff = contacted_by(rep)
    before = (handoff.state, handoff.due_at, handoff.owner, handoff.lead.stage)
    answered(handoff, rep)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.due_at, handoff.owner, Lead.objects.get().stage) == before


def test_marketing_is_told_of_what_was_not_good(rep: User, marketer: User) -> None:
    answered(contacted_by(rep), rep, "good")
    assert told("handoff.feedback", marketer) == 0
    answered(contacted_by(rep), rep, "wrong")
    assert told("handoff.feedback", marketer) == 1


def test_a_rejection_is_feedback_too_and_goes_with_its_undo(rep: User) -> None:
    handoff = contacted_by(rep)
    reason = RejectReason.objects.get(code="no_need")
    reject_handoff(handoff=handoff, by=rep, reason=reason, comment="None at all", now=NOW)
    feedback = Feedback.objects.get()
    assert (feedback.verdict, feedback.reject_reason, feedback.comment) == ("rejected", reason, "None at all")
    undo_last_step(handoff=handoff, by=rep, now=NOW)
    assert Feedback.objects.count() == 0


# What marketing makes of it


def test_a_change_names_the_version_and_the_rep_is_told(rep: User, marketer: User) -> None:
    feedback, version = answered(contacted_by(rep), rep), model().current_version
    assert version is not None
    decide_feedback(feedback=feedback, by=marketer, state="changed", version=version, now=NOW)
    feedback.refresh_from_db()
    assert (feedback.state, feedback.changed_in, feedback.decided_by) == ("changed", version, marketer)
    assert told("handoff.feedback_changed", rep) == 1
    decide_feedback(feedback=feedback, by=marketer, state="open", now=NOW)
    feedback.refresh_from_db()
    assert (feedback.state, feedback.changed_in, feedback.decided_by) == ("open", None, None)


def test_declining_needs_a_reason_that_the_rep_reads(rep: User, marketer: User) -> None:
    feedback = answered(contacted_by(rep), rep)
    with pytest.raises(RefusedError):
        decide_feedback(feedback=feedback, by=marketer, state="declined", now=NOW)
    decide_feedback(feedback=feedback, by=marketer, state="declined", because="One of a hundred", now=NOW)
    notice = OutboxMessage.objects.get(kind="handoff.feedback_declined", user=rep, channel="in_app")
    assert notice.params["because"] == "One of a hundred"


def test_the_version_of_another_model_is_refused(rep: User, marketer: User) -> None:
    feedback = answered(contacted_by(rep), rep)
    version = type(model()).objects.create(name="Other").versions.create(number=1, document=DOCUMENT, note="")
    with pytest.raises(RefusedError):
        decide_feedback(feedback=feedback, by=marketer, state="changed", version=version, now=NOW)


def test_each_side_hears_the_replies_of_the_other(rep: User, marketer: User, admin: User) -> None:
    feedback = answered(contacted_by(rep), rep)
    reply_to_feedback(feedback=feedback, by=rep, text="Look at the prices", now=NOW)
    reply_to_feedback(feedback=feedback, by=marketer, text="We will", now=NOW)
    assert (told("handoff.feedback_reply", marketer), told("handoff.feedback_reply", rep)) == (1, 1)
    assert told("handoff.feedback_reply", admin) == 0


def test_external_staff_rate_leads_and_are_sent_no_address_that_they_may_not_open(helper: User, marketer: User) -> None:
    feedback = answered(contacted_by(helper), helper)
    reply_to_feedback(feedback=feedback, by=marketer, text="Thank you", now=NOW)
    assert told("handoff.feedback_reply", helper) == 0


def test_reps_see_what_their_team_says_and_nobody_outside_sees_any(
    rep: User, other_rep: User, outsider: User, manager: User, marketer: User, helper: User
) -> None:
    answered(contacted_by(rep), rep)
    seen = {user.name: visible_feedback(user).count() for user in (rep, other_rep, outsider, manager, marketer, helper)}
    assert list(seen.values()) == [1, 1, 0, 1, 1, 0]


def test_what_was_said_goes_with_the_person_and_the_verdict_stays(rep: User, marketer: User, admin: User) -> None:
    feedback = answered(contacted_by(rep), rep, comment="Was a student")
    reply_to_feedback(feedback=feedback, by=marketer, text="Which school?", now=NOW)
    decide_feedback(feedback=feedback, by=marketer, state="declined", because="One student", now=NOW)
    erase_lead(lead=feedback.handoff.lead, by=admin, reason="asked", now=NOW)
    feedback.refresh_from_db()
    assert (feedback.verdict, feedback.comment, feedback.declined_because) == ("wrong", "", "")
    assert feedback.replies.get().text == ""


# Pages


def test_one_press_answers_in_row_and_panel_and_offers_undo_and_more(as_rep: Client, rep: User) -> None:
    handoff = contacted_by(rep)
    address = reverse("handoff:rate_at_once", args=[handoff.pk, "wrong"])
    assert address in as_rep.get(f"{reverse('handoff:queue')}?tab=waiting").content.decode()
    answer = as_rep.post(address, {"view": "queue"}, **PART).content.decode()
    assert Feedback.objects.get().verdict == "wrong"
    assert all(words in answer for words in ("Rated: Wrong", "Say why", "Undo"))
    assert address not in answer
    panel = as_rep.get(reverse("handoff:lead_panel", args=[handoff.lead_id]), **PART).content.decode()
    assert "Change rating" in panel


def test_the_dialog_names_the_rules_that_spoke_and_keeps_what_was_doubted(as_rep: Client, rep: User) -> None:
    handoff = contacted_by(rep)
    address = reverse("handoff:rate", args=[handoff.pk])
    dialog = as_rep.get(address, **PART).content.decode()
    assert all(words in dialog for words in ("Studied the prices", "Asked for documents", "hot definition"))
    number = [rule.key for rule in spoken_for(handoff.episode).rules].index(PRICES)
    as_rep.post(address, {"view": "panel", "answer": "so_so", "doubted": [number], "comment": "Old prices"}, **PART)
    assert FeedbackRule.objects.get(is_doubted=True).rule == "Studied the prices"
    assert Feedback.objects.get().comment == "Old prices"


def test_an_answer_that_is_none_is_not_found(as_rep: Client, rep: User) -> None:
    handoff = contacted_by(rep)
    assert as_rep.post(reverse("handoff:rate_at_once", args=[handoff.pk, "rejected"])).status_code == 404
    assert as_rep.post(reverse("handoff:rate", args=[handoff.pk]), {"answer": "great"}, **PART).status_code == 422
    assert Feedback.objects.count() == 0
