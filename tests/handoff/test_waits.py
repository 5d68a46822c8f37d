"""What brings a lead back that was put aside: a date, a total, activities or a condition, by every way of doing so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from handoff.actions import RefusedError, reject_handoff, snooze_handoff, tell_wake_ups, undo_last_step, wake_snoozed
from handoff.models import Handoff, RejectReason
from handoff.queries.wake_ups import snoozed_for, waits_for
from handoff.wording import step_details
from leads.models import AttributeDefinition, Lead
from notices.models import OutboxMessage
from scoring.models import Episode, LeadScore
from tests.clients import as_
from tests.factories import LeadFactory, activity
from tests.handoff.test_after_handoff import (
    DAY,
    HOUR,
    MAIL,
    POINTS,
    comes_out_again,
    episodes,
    go_on,
    hot_lead,
    kinds,
    states,
    waiting,
    worked_on,
)
from tests.published import document

VIEWS = {"activity": "page_view", "within": "14d", "count": {"op": ">=", "value": 2}}
SALES = {"field": "department", "op": "=", "value": "Sales"}


@pytest.fixture
def model(publish: Any, now: Any) -> Any:
    return publish(document(MAIL, hot=[POINTS]), at=now)


def rejected(model: Any, rep: Any, at: Any, code: str = "too_early", **wake: Any) -> Lead:
    """A lead with a hundred points that was rejected at `at`, and what it waits for."""
    lead = hot_lead(model, at - HOUR)
    handoff = worked_on(lead, rep, at)
    reject_handoff(handoff=handoff, by=rep, reason=RejectReason.objects.get(code=code), now=at, **wake)
    return lead


def snoozed(model: Any, rep: Any, at: Any, **wake: Any) -> Handoff:
    lead = hot_lead(model, at - HOUR)
    handoff = worked_on(lead, rep, at)
    snooze_handoff(handoff=handoff, by=rep, until=at + 10 * DAY, now=at, **wake)
    return handoff


# --- rejected --------------------------------------------------------------------------------------------------------


def test_a_rejected_lead_wakes_on_its_date_and_whoever_rejected_it_is_told(model, team, rep, now):
    lead = rejected(model, rep, now + HOUR, wake_on=(now + 30 * DAY).date())
    go_on(now + 29 * DAY)
    assert len(episodes(lead)) == 1
    assert tell_wake_ups(now=now + 30 * DAY) == 1
    assert OutboxMessage.objects.filter(kind="handoff.wake_up", channel="in_app").get().user == rep
    go_on(now + 30 * DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + 30 * DAY)
    assert states(lead) == ["rejected", "queued"]
    comes_out_again(now + 30 * DAY)


def test_a_rejected_lead_wakes_by_an_activity_it_waits_for(model, team, rep, now):
    lead = rejected(model, rep, now + HOUR, wake_types=kinds("case_view"))
    activity(lead, "case_view", now + DAY)
    go_on(now + DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + DAY)


def test_a_disqualified_lead_waits_for_nothing(model, team, rep, now):
    with pytest.raises(RefusedError, match="isn’t handed off again"):
        rejected(model, rep, now + HOUR, code="competitor", wake_types=kinds("case_view"))
    assert states(Lead.objects.get()) == ["contacted"]


# --- a condition -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("put_aside", [rejected, waiting])
def test_a_lead_wakes_once_it_meets_the_condition_it_waits_for(model, team, rep, now, put_aside):
    lead = put_aside(model, rep, now + HOUR, wake_when=VIEWS)
    other = LeadFactory()
    activity(lead, "page_view", now + DAY)
    for _each in range(2):
        activity(other, "page_view", now + DAY)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1
    activity(lead, "page_view", now + 2 * DAY)
    go_on(now + 2 * DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + 2 * DAY)
    assert episodes(other) == []
    comes_out_again(now + 2 * DAY)


def test_a_condition_about_what_the_lead_is_wakes_it_when_that_changes(model, team, rep, now):
    lead = rejected(model, rep, now + HOUR, wake_when=SALES)
    Lead.objects.filter(pk=lead.pk).update(department="Sales")
    go_on(now + DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + DAY)


def test_a_condition_that_time_alone_fulfils_wakes_the_lead_at_its_instant(model, team, rep, now):
    quiet = {"not": {"activity": "email_open", "within": "20d"}}
    lead = rejected(model, rep, now + HOUR, wake_when=quiet)
    go_on(now + 3 * HOUR)
    due = LeadScore.objects.get().next_change_at
    assert due is not None
    assert due <= now + 20 * DAY + HOUR
    go_on(now + 19 * DAY)
    assert len(episodes(lead)) == 1
    go_on(now + 20 * DAY + HOUR)
    assert episodes(lead)[1][:2] == ("Many points", "wake")


def test_leads_with_different_conditions_are_scored_together_each_by_its_own(model, team, rep, now):
    first = rejected(model, rep, now + HOUR, wake_when=VIEWS)
    second = rejected(model, rep, now + HOUR, wake_when=SALES)
    for lead in (first, second):
        for number in range(2):
            activity(lead, "page_view", now + DAY, object=str(number))
    go_on(now + DAY)
    assert [len(episodes(first)), len(episodes(second))] == [2, 1]


def test_a_condition_that_the_lead_meets_already_is_nothing_to_wait_for(model, team, rep, now):
    lead = hot_lead(model, now)
    Lead.objects.filter(pk=lead.pk).update(department="Sales")
    handoff = worked_on(lead, rep, now + HOUR)
    reason = RejectReason.objects.get(code="too_early")
    with pytest.raises(RefusedError, match="already meets this condition"):
        reject_handoff(handoff=handoff, by=rep, reason=reason, now=now + HOUR, wake_when=SALES)
    with pytest.raises(RefusedError, match="already meets this condition"):
        snooze_handoff(handoff=handoff, by=rep, until=now + DAY, now=now + HOUR, wake_when=SALES)
    assert (states(lead), Handoff.objects.get().snoozed_until) == (["contacted"], None)


def test_a_condition_about_a_field_that_is_gone_wakes_nobody_and_stops_no_scoring(model, team, rep, now):
    AttributeDefinition.objects.create(owner="lead", code="plan", type="text", label_en="Plan", label_ja="プラン")
    lead = rejected(model, rep, now + HOUR, wake_when={"field": "custom.plan", "op": "=", "value": "B"})
    AttributeDefinition.objects.filter(code="plan").delete()
    activity(lead, "page_view", now + DAY)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1
    assert LeadScore.objects.get().scored_at >= now + DAY


def test_undo_forgets_the_condition(model, team, rep, now):
    lead = rejected(model, rep, now, wake_when=SALES)
    undo_last_step(handoff=Handoff.objects.get(), by=rep, now=now)
    assert (Episode.objects.get().wake_when, states(lead)) == (None, ["contacted"])


# --- snoozed ---------------------------------------------------------------------------------------------------------


def test_a_snoozed_lead_comes_back_when_an_activity_it_waits_for_arrives(model, team, rep, now):
    handoff = snoozed(model, rep, now + HOUR, wake_types=kinds("case_view", "webinar_attend"))
    activity(handoff.lead, "page_view", now + 2 * HOUR)
    assert wake_snoozed(now=now + 3 * HOUR) == 0
    activity(handoff.lead, "case_view", now + 4 * HOUR)
    assert [wake_snoozed(now=now + 5 * HOUR), wake_snoozed(now=now + 6 * HOUR)] == [1, 0]
    handoff.refresh_from_db()
    assert handoff.snoozed_until == now + 5 * HOUR
    step = handoff.steps.first()
    assert (step.kind, step.by) == ("woken", None)
    assert "Case study page view" in step_details(step) or "one of these arrives" in step_details(step)
    told = OutboxMessage.objects.filter(kind="handoff.snooze_over", channel="in_app")
    assert told.get().user == rep


def test_an_activity_from_before_the_snooze_ends_it_not(model, team, rep, now):
    lead = hot_lead(model, now)
    activity(lead, "case_view", now + HOUR / 2)
    handoff = worked_on(lead, rep, now + HOUR)
    snooze_handoff(handoff=handoff, by=rep, until=now + DAY, now=now + HOUR, wake_types=kinds("case_view"))
    assert wake_snoozed(now=now + 2 * HOUR) == 0


def test_a_snoozed_lead_comes_back_at_a_total_and_by_a_condition_and_keeps_which(publish, team, rep, now):
    model = publish(document(MAIL | {"points": 80}, hot=[POINTS]), at=now)
    handoff = snoozed(model, rep, now + HOUR, wake_total=90, wake_when=VIEWS)
    assert wake_snoozed(now=now + 2 * HOUR) == 0
    for number in range(2):
        activity(handoff.lead, "page_view", now + 3 * HOUR, object=str(number))
    assert wake_snoozed(now=now + 3 * HOUR) == 1
    handoff.refresh_from_db()
    assert (handoff.snooze_total, handoff.snooze_when) == (None, VIEWS)
    Handoff.objects.filter(pk=handoff.pk).update(current_total=9000)
    snooze_handoff(handoff=handoff, by=rep, until=now + 9 * DAY, now=now + 4 * HOUR, wake_total=95)
    Handoff.objects.filter(pk=handoff.pk).update(current_total=9500)
    assert wake_snoozed(now=now + 5 * HOUR) == 1


def test_a_lead_that_was_woken_by_hand_is_not_woken_again(model, team, rep, now):
    handoff = snoozed(model, rep, now + HOUR, wake_types=kinds("case_view"))
    undo_last_step(handoff=handoff, by=rep, now=now + HOUR)
    activity(handoff.lead, "case_view", now + 2 * HOUR)
    assert wake_snoozed(now=now + 3 * HOUR) == 0
    handoff.refresh_from_db()
    assert (handoff.snooze_types, snoozed_for(handoff)) == (None, [])


# --- the pages -------------------------------------------------------------------------------------------------------


def rows(*conditions: dict[str, str]) -> dict[str, str]:
    """The rows of a condition as a browser sends them."""
    sent = {"wake-TOTAL_FORMS": str(len(conditions)), "wake-INITIAL_FORMS": "0", "joined": "all"}
    for number, condition in enumerate(conditions):
        sent |= {f"wake-{number}-{name}": value for name, value in condition.items()}
    return sent


def test_a_condition_is_typed_in_the_dialog_and_said_on_panel_row_list_and_history(model, team, rep, admin, now):
    lead = hot_lead(model, now)
    handoff = worked_on(lead, rep, now + HOUR)
    reason = str(RejectReason.objects.get(code="too_early").pk)
    page = reverse("handoff:reject", args=[handoff.pk])
    condition = {"subject": "field:department", "op": "=", "value": "Sales"}
    refused = as_(rep).post(page, {"reason": reason} | rows({"subject": "field:nothing", "op": "=", "value": "1"}))
    assert refused.status_code == 422
    assert states(lead) == ["contacted"]
    assert as_(rep).post(page, {"reason": reason} | rows(condition)).status_code == 303
    assert Episode.objects.get().wake_when == SALES
    pages = {
        "handoff:lead_panel": 2,  # what it waits for, and the history
        "handoff:unattended": 1,
    }
    for language, words in (("en", "this is met: department is “Sales”"), ("ja", "「Sales」")):
        User.objects.filter(pk=admin.pk).update(language=language)
        for name, least in pages.items():
            args = [lead.pk] if name == "handoff:lead_panel" else []
            assert as_(admin).get(reverse(name, args=args)).content.decode().count(words) >= least, name
    done = as_(rep).get(reverse("handoff:queue"), {"tab": "done"}).content.decode()
    assert "this is met: department is “Sales”" in done


def test_the_row_and_the_panel_of_a_snoozed_lead_say_what_ends_the_snooze(model, team, rep, now):
    handoff = snoozed(model, rep, now, wake_types=kinds("case_view"))
    User.objects.filter(pk=rep.pk).update(language="en")
    words = f"one of these arrives: {kinds('case_view')[0].label_en}"
    panel = as_(rep).get(reverse("handoff:lead_panel", args=[handoff.lead_id])).content.decode()
    row = as_(rep).get(reverse("handoff:queue"), {"tab": "snoozed"}).content.decode()
    assert (panel.count(words), words in row) == (2, True)


def test_external_staff_write_no_conditions(model, team, helper, now):
    lead = hot_lead(model, now, owner=helper)
    handoff = Handoff.objects.get(lead=lead, closed_at=None)
    Handoff.objects.filter(pk=handoff.pk).update(owner=helper)
    page = reverse("handoff:snooze", args=[handoff.pk])
    shown = as_(helper).get(page).content.decode()
    assert "lq-conditions" not in shown
    until = {"preset": "", "until": (now + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M")}
    sent = until | rows({"subject": "field:department", "op": "=", "value": "Sales"})
    as_(helper).post(page, sent)
    assert Handoff.objects.get(pk=handoff.pk).snooze_when is None


def test_waits_of_an_episode_are_said_in_one_list(model, team, rep, now):
    lead = rejected(model, rep, now + HOUR, wake_types=kinds("case_view"), wake_when=SALES)
    assert len(waits_for(Episode.objects.get(lead=lead))) == 2
