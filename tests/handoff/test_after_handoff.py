"""After a hand-off: its episode ends with it, the lead rests, and is hot again by something new only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from handoff.actions import (
    RefusedError,
    accept_handoff,
    claim_handoff,
    give_to_sales,
    log_contact,
    open_handoffs,
    record_result,
    reject_handoff,
    tell_wake_ups,
    undo_last_step,
    withdraw_forbidden,
)
from handoff.models import Deadline, Handoff, RejectReason
from leads.actions.decisions import disqualify_lead
from leads.actions.merge import merge_leads
from leads.enums import DisqualifyReason
from leads.models import ActivityType, Lead
from notices.models import OutboxMessage
from scoring.actions import score_all_dirty, sweep_due
from scoring.models import Episode, LeadScore
from scoring.queries.backtest import decisions_made_anew
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUOTE = {"name": "Asked for a quote", "again": True, "when": {"activity": "quote_request", "within": "14d"}}
MAIL = mail_rule(points=100, decay={"window": "60d"})
DOCUMENTS = {"name": "Asked for documents", "when": {"activity": "document_request", "within": "14d"}}
POINTS = {"name": "Many points", "when": {"score": "total", "op": ">=", "value": 70}, "exit": {"total": 60}}


@pytest.fixture
def model(publish: Any, now: Any) -> Any:
    return publish(document(MAIL, hot=[POINTS, QUOTE, DOCUMENTS]), at=now)


def go_on(at: Any) -> None:
    """What the workers do: sweep, score, hand over."""
    sweep_due(now=at)
    score_all_dirty(now=at)
    open_handoffs(now=at)


def hot_lead(model: Any, at: Any, **fields: Any) -> Lead:
    """A lead with a hundred points, handed over at `at`."""
    lead = LeadFactory(**fields)
    activity(lead, "email_open", at)
    go_on(at)
    lead.refresh_from_db()
    return lead


def worked_on(lead: Lead, rep: Any, at: Any) -> Handoff:
    """The lead's open hand-off, claimed and contacted."""
    handoff = Handoff.objects.get(lead=lead, closed_at=None)
    claim_handoff(handoff=handoff, by=rep, now=at)
    log_contact(handoff=handoff, by=rep, at=at, channel="phone", now=at)
    return handoff


def reject(lead: Lead, rep: Any, at: Any, code: str = "too_early") -> None:
    handoff = Handoff.objects.get(lead=lead, closed_at=None)
    claim_handoff(handoff=handoff, by=rep, now=at)
    reject_handoff(handoff=handoff, by=rep, reason=RejectReason.objects.get(code=code), now=at)


def episodes(lead: Lead) -> list[tuple[Any, ...]]:
    rows = Episode.objects.filter(lead=lead).order_by("number")
    return list(rows.values_list("definition", "opened_by", "started_at", "ended_at", "end_cause"))


def states(lead: Lead) -> list[str]:
    return list(Handoff.objects.filter(lead=lead).order_by("pk").values_list("state", flat=True))


def comes_out_again(until: Any) -> None:
    """Every stored decision is made anew."""
    missed = [m for p in decisions_made_anew(since=until - 400 * DAY, until=until + 400 * DAY) for m in p.missed]
    assert [str(one) for one in missed] == []


def test_an_episode_ends_with_its_hand_off_even_while_the_score_is_still_high(model, team, rep, now):
    lead = hot_lead(model, now)
    reject(lead, rep, now + HOUR)
    go_on(now + 2 * HOUR)
    go_on(now + DAY)
    assert episodes(lead) == [("Many points", "crossing", now, now + HOUR, "handoff")]
    assert (LeadScore.objects.get().is_hot, LeadScore.objects.get().total) == (False, 10_000)
    assert states(lead) == ["rejected"]
    comes_out_again(now + DAY)


def test_a_rejected_lead_with_a_hundred_points_that_asks_for_a_quote_is_handed_over_again(model, team, rep, now):
    lead = hot_lead(model, now)
    reject(lead, rep, now + HOUR)
    activity(lead, "quote_request", now + DAY)
    go_on(now + DAY)
    assert episodes(lead)[1] == ("Asked for a quote", "crossing", now + DAY, None, "")
    again = Handoff.objects.get(lead=lead, closed_at=None)
    assert Deadline.objects.get(handoff=again).started_at == now + DAY
    comes_out_again(now + DAY)


def test_a_definition_that_was_met_when_the_hand_off_ended_is_no_news_but_an_activity_it_counts_is(
    model, team, rep, now
):
    lead = hot_lead(model, now)
    activity(lead, "quote_request", now + HOUR / 2)
    go_on(now + HOUR / 2)
    reject(lead, rep, now + HOUR)
    activity(lead, "page_view", now + 2 * HOUR)
    go_on(now + 2 * HOUR)
    assert len(episodes(lead)) == 1
    activity(lead, "quote_request", now + DAY, now=now + 2 * DAY)  # it happened before it was told
    go_on(now + 2 * DAY)
    assert episodes(lead)[1] == ("Asked for a quote", "again", now + 2 * DAY, None, "")
    assert states(lead) == ["rejected", "queued"]
    comes_out_again(now + 2 * DAY)


def test_a_definition_without_again_is_not_asked_for_again(model, team, rep, now):
    lead = hot_lead(model, now)
    activity(lead, "document_request", now)
    go_on(now)
    reject(lead, rep, now + HOUR)
    activity(lead, "document_request", now + DAY)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1


def test_a_definition_that_turns_true_after_the_hand_off_ended_makes_hot_again(model, team, rep, now):
    lead = hot_lead(model, now)
    reject(lead, rep, now + HOUR)
    activity(lead, "document_request", now + DAY)
    go_on(now + DAY)
    assert episodes(lead)[1][:3] == ("Asked for documents", "crossing", now + DAY)
    comes_out_again(now + DAY)


def test_a_lead_that_cooled_and_warmed_up_again_crosses_again(model, team, rep, now):
    lead = hot_lead(model, now)
    reject(lead, rep, now + HOUR)
    go_on(now + 61 * DAY)
    activity(lead, "email_open", now + 62 * DAY)
    go_on(now + 62 * DAY)
    assert episodes(lead)[1][:3] == ("Many points", "crossing", now + 62 * DAY)
    comes_out_again(now + 62 * DAY)


def test_what_arrived_before_the_end_and_was_not_scored_yet_is_no_news_after_it(model, team, rep, now):
    lead = hot_lead(model, now)
    activity(lead, "document_request", now + HOUR)
    reject(lead, rep, now + HOUR)
    go_on(now + 2 * HOUR)
    assert len(episodes(lead)) == 1


@pytest.mark.parametrize("result", ["recycled", "withdrawn"])
def test_the_wake_up_date_wakes_a_lead_that_a_definition_still_holds_for(model, team, rep, now, result):
    lead = hot_lead(model, now)
    handoff = worked_on(lead, rep, now + HOUR)
    accept_handoff(handoff=handoff, by=rep, now=now + HOUR)
    day = (now + 30 * DAY).date()
    record_result(handoff=handoff, by=rep, result=result, now=now + 2 * HOUR, wake_on=day)
    go_on(now + 3 * HOUR)
    assert LeadScore.objects.get().next_change_at == Episode.objects.get().wake_at
    go_on(now + 29 * DAY)
    assert len(episodes(lead)) == 1
    go_on(now + 30 * DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + 30 * DAY)
    assert states(lead) == ["closed", "queued"]
    comes_out_again(now + 30 * DAY)


def waiting(model: Any, rep: Any, at: Any, **wake: Any) -> Lead:
    """A lead with a hundred points that went back to nurture at `at`, and what it waits for."""
    lead = hot_lead(model, at - HOUR)
    record_result(handoff=worked_on(lead, rep, at), by=rep, result="recycled", now=at, **wake)
    return lead


def kinds(*codes: str) -> list[ActivityType]:
    return list(ActivityType.objects.filter(code__in=codes))


def test_a_lead_that_waits_for_activities_wakes_when_one_of_them_arrives_and_a_definition_holds(model, team, rep, now):
    lead = waiting(model, rep, now + HOUR, wake_types=kinds("webinar_attend", "case_view"))
    activity(lead, "page_view", now + DAY)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1
    activity(lead, "webinar_attend", now, now=now + 2 * DAY)  # it happened before, and is heard of now
    go_on(now + 2 * DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + 2 * DAY)
    assert states(lead) == ["closed", "queued"]
    comes_out_again(now + 2 * DAY)


def test_an_activity_that_a_lead_waits_for_wakes_nobody_while_no_definition_holds(model, team, rep, now):
    lead = waiting(model, rep, now, wake_types=kinds("case_view"))
    go_on(now + 61 * DAY)
    activity(lead, "case_view", now + 62 * DAY)
    go_on(now + 62 * DAY)
    assert len(episodes(lead)) == 1


def test_a_lead_that_waits_for_a_total_wakes_when_it_reaches_it(publish, team, rep, now):
    more = mail_rule(name="Views", each={"activity": "page_view"}, points=5)
    model = publish(document(mail_rule(points=75, decay={"window": "60d"}), more, hot=[POINTS]), at=now)
    lead = waiting(model, rep, now + HOUR, wake_total=85)
    activity(lead, "page_view", now + DAY)
    go_on(now + DAY)
    assert (len(episodes(lead)), LeadScore.objects.get().total) == (1, 8000)
    activity(lead, "page_view", now + 2 * DAY)
    go_on(now + 2 * DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + 2 * DAY)
    comes_out_again(now + 2 * DAY)


def test_a_total_that_the_lead_has_already_is_nothing_to_wait_for(model, team, rep, now):
    lead = hot_lead(model, now)
    handoff = worked_on(lead, rep, now + HOUR)
    with pytest.raises(RefusedError, match="already has 100 points"):
        record_result(handoff=handoff, by=rep, result="recycled", now=now + HOUR, wake_total=90)
    assert (states(lead), len(episodes(lead))) == (["contacted"], 1)
    with pytest.raises(RefusedError, match="only for leads that return to nurture"):
        record_result(handoff=handoff, by=rep, result="lost", now=now + HOUR, wake_types=kinds("case_view"))


def test_undo_forgets_what_a_lead_waited_for(model, team, rep, now):
    lead = waiting(model, rep, now, wake_types=kinds("case_view"))
    undo_last_step(handoff=Handoff.objects.get(), by=rep, now=now)
    assert (Episode.objects.get().wake_types, states(lead)) == (None, ["contacted"])


@pytest.mark.parametrize("fields", [{"consent": False}, {"is_competitor": True}, {"stage": "customer"}])
def test_what_a_lead_waits_for_wakes_nobody_who_must_not_be_contacted_or_has_bought(model, team, rep, now, fields):
    lead = waiting(model, rep, now, wake_types=kinds("case_view"))
    Lead.objects.filter(pk=lead.pk).update(**fields)
    activity(lead, "case_view", now + DAY)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1


def test_a_merge_brings_the_activity_that_the_lead_waits_for(model, team, rep, admin, now):
    lead, double = waiting(model, rep, now, wake_types=kinds("case_view")), LeadFactory()
    activity(double, "case_view", now + DAY)
    merge_leads(kept=lead, merged=double, by=admin, now=now + 2 * DAY)
    go_on(now + 2 * DAY)
    assert episodes(lead)[1][:3] == ("Many points", "wake", now + 2 * DAY)


def test_the_page_asks_what_to_wait_for_and_the_panel_and_the_list_say_it(client, model, team, rep, admin, now):
    lead = hot_lead(model, now)
    handoff = worked_on(lead, rep, now + HOUR)
    client.force_login(rep)
    case = ActivityType.objects.get(code="case_view")
    typed = {"result": "recycled", "wake_types": [case.pk], "wake_total": ""}
    assert client.post(reverse("handoff:result", args=[handoff.pk]), typed | {"wake_total": "101"}).status_code == 422
    assert client.post(reverse("handoff:result", args=[handoff.pk]), typed).status_code == 303
    client.force_login(admin)
    pages = [reverse("handoff:lead_panel", args=[lead.pk]), reverse("handoff:unattended")]
    for language, words in (("en", f"one of these arrives: {case.label_en}"), ("ja", case.label_ja)):
        User.objects.filter(pk=admin.pk).update(language=language)
        assert [words in client.get(page).content.decode() for page in pages] == [True, True]


def test_an_opportunity_that_is_lost_rests_from_then_on(model, team, rep, now):
    lead = hot_lead(model, now)
    activity(lead, "quote_request", now)
    go_on(now)
    handoff = worked_on(lead, rep, now + HOUR)
    record_result(handoff=handoff, by=rep, result="opportunity", now=now + HOUR)
    activity(lead, "quote_request", now + DAY)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1  # it is in sales' hands
    record_result(handoff=handoff, by=rep, result="lost", now=now + 2 * DAY)
    go_on(now + 2 * DAY)
    assert len(episodes(lead)) == 1
    activity(lead, "quote_request", now + 3 * DAY)
    go_on(now + 3 * DAY)
    assert episodes(lead)[1][:3] == ("Asked for a quote", "again", now + 3 * DAY)


def test_customers_come_back_only_by_definitions_that_say_so(publish, team, rep, now):
    repeat = {"name": "Repeat business", "customers": True, "when": {"activity": "demo_request", "within": "14d"}}
    model = publish(document(MAIL, hot=[POINTS, QUOTE, repeat]), at=now)
    lead = hot_lead(model, now)
    record_result(handoff=worked_on(lead, rep, now + HOUR), by=rep, result="won", amount_unknown=True, now=now + HOUR)
    activity(lead, "quote_request", now + DAY)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1
    activity(lead, "demo_request", now + 2 * DAY)
    go_on(now + 2 * DAY)
    assert episodes(lead)[1][:3] == ("Repeat business", "crossing", now + 2 * DAY)
    assert Lead.objects.get().stage == "customer"


def test_disqualified_leads_and_those_who_refused_contact_never_come_back_by_themselves(model, team, rep, now):
    lead, refused = hot_lead(model, now), hot_lead(model, now, consent=False)
    disqualify_lead(lead=lead, by=rep, reason=DisqualifyReason.NO_NEED, now=now + HOUR)
    for one in (lead, refused):
        activity(one, "quote_request", now + DAY)
    go_on(now + DAY)
    assert [episode[4] for episode in episodes(lead)] == ["handoff"]
    assert episodes(refused) == []
    assert Handoff.objects.filter(closed_at=None).count() == 0


def test_whoever_must_not_be_contacted_leaves_the_queue_whoever_said_so(model, team, rep, now):
    lead = hot_lead(model, now)
    Lead.objects.filter(pk=lead.pk).update(consent=False)
    assert withdraw_forbidden(now=now + HOUR) == 1
    assert (states(lead), Handoff.objects.get().due_at) == (["closed"], None)
    go_on(now + DAY)
    assert len(episodes(lead)) == 1


def test_the_scorer_ends_the_episode_of_a_lead_that_must_not_be_contacted(model, team, now):
    lead = hot_lead(model, now)
    Lead.objects.filter(pk=lead.pk).update(is_competitor=True)
    score_all_dirty(now=now + HOUR)
    assert episodes(lead)[0][3:] == (now + HOUR, "forbidden")


def test_a_second_episode_while_the_hand_off_is_open_is_told_to_its_owner_once(model, team, rep, now):
    lead = hot_lead(model, now)
    handoff = worked_on(lead, rep, now + HOUR)
    due = Handoff.objects.get(pk=handoff.pk).due_at
    go_on(now + 61 * DAY)
    activity(lead, "quote_request", now + 62 * DAY)
    go_on(now + 62 * DAY)
    go_on(now + 63 * DAY)
    assert states(lead) == ["contacted", "closed"]
    told = OutboxMessage.objects.filter(kind="handoff.hot_again", channel="in_app")
    assert [message.user for message in told] == [rep]
    assert Handoff.objects.get(pk=handoff.pk).due_at == due


def test_undo_opens_the_episode_again(model, team, rep, now):
    lead = hot_lead(model, now)
    reject(lead, rep, now + HOUR)
    undo_last_step(handoff=Handoff.objects.get(), by=rep, now=now + HOUR)
    go_on(now + 2 * HOUR)
    assert episodes(lead) == [("Many points", "crossing", now, None, "")]
    assert LeadScore.objects.get().is_hot
    assert states(lead) == ["claimed"]


def test_a_step_is_not_undone_once_the_lead_is_hot_again(model, team, rep, now):
    lead = hot_lead(model, now)
    reject(lead, rep, now + HOUR)
    activity(lead, "quote_request", now + HOUR)
    score_all_dirty(now=now + HOUR + timedelta(seconds=9))
    with pytest.raises(RefusedError, match="hot again"):
        undo_last_step(handoff=Handoff.objects.get(lead=lead), by=rep, now=now + HOUR + timedelta(seconds=20))


def test_a_person_gives_a_cold_lead_to_sales_with_a_reason(model, team, rep, marketer, now):
    lead = LeadFactory()
    go_on(now)
    handoff = give_to_sales(lead=lead, by=marketer, reason="Met the board at the fair", now=now + HOUR)
    go_on(now + DAY)
    assert episodes(lead) == [("", "by_hand", now + HOUR, None, "")]
    episode = Episode.objects.get()
    assert (episode.by, episode.reason, LeadScore.objects.get().is_hot) == (marketer, "Met the board at the fair", True)
    assert (handoff.state, Deadline.objects.get().started_at) == ("queued", now + HOUR)
    decision = lead.stage_changes.get(after="mql")
    assert (decision.by, decision.reason, decision.note) == (marketer, "given_to_sales", "Met the board at the fair")
    reject(lead, rep, now + 2 * DAY)
    go_on(now + 3 * DAY)
    assert episodes(lead)[0][3:] == (now + 2 * DAY, "handoff")
    comes_out_again(now + 3 * DAY)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"consent": False}, "must not be contacted: Doesn’t want to be contacted"),
        ({"is_competitor": True}, "must not be contacted: Competitor"),
        ({"stage": "disqualified"}, "disqualified"),
        ({"is_anonymous": True}, "anonymous"),
    ],
)
def test_who_cannot_be_given_to_sales_is_told_why(model, team, marketer, now, fields, words):
    lead = LeadFactory(**fields)
    with pytest.raises(RefusedError, match=words):
        give_to_sales(lead=lead, by=marketer, reason="x", now=now)
    assert (Handoff.objects.count(), Episode.objects.count()) == (0, 0)


def test_a_lead_that_sales_has_already_is_not_given_twice(model, team, rep, marketer, now):
    lead = hot_lead(model, now)
    with pytest.raises(RefusedError, match="Sales already has this lead"):
        give_to_sales(lead=lead, by=marketer, reason="x", now=now + HOUR)
    assert states(lead) == ["queued"]


def test_the_decision_that_made_an_mql_names_the_version(model, team, now):
    lead = hot_lead(model, now)
    decision = lead.stage_changes.get(after="mql")
    assert (decision.by, decision.reason, decision.version) == (None, "became_hot", "Default v1")


def recycled(model: Any, rep: Any, now: Any) -> Lead:
    lead = hot_lead(model, now)
    handoff = worked_on(lead, rep, now + HOUR)
    record_result(
        handoff=handoff, by=rep, result="recycled", now=now + HOUR, wake_on=(now + 90 * DAY).date()
    )  # fmt: skip
    return lead


def test_a_follow_up_date_is_told_to_whoever_set_it_even_where_the_lead_has_cooled(model, team, rep, now):
    recycled(model, rep, now)
    go_on(now + 70 * DAY)
    assert tell_wake_ups(now=now + 89 * DAY) == 0
    assert [tell_wake_ups(now=now + 90 * DAY), tell_wake_ups(now=now + 91 * DAY)] == [1, 1]
    told = OutboxMessage.objects.filter(kind="handoff.wake_up", channel="in_app")
    assert [message.user for message in told] == [rep]


def test_a_follow_up_date_of_somebody_who_left_is_told_to_the_manager(model, team, rep, manager, now):
    recycled(model, rep, now)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    go_on(now + 70 * DAY)
    assert tell_wake_ups(now=now + 90 * DAY) == 1
    assert OutboxMessage.objects.filter(kind="handoff.wake_up", channel="in_app").get().user == manager


def test_who_is_hot_or_rests_with_a_high_score_in_nobodys_hands_stands_in_a_list(client, model, team, rep, admin, now):
    lead, other = hot_lead(model, now), hot_lead(model, now)
    won, cold = hot_lead(model, now), LeadFactory()
    reject(lead, rep, now + HOUR)
    record_result(handoff=worked_on(won, rep, now + HOUR), by=rep, result="won", amount_unknown=True, now=now + HOUR)
    refused = hot_lead(model, now, consent=False)
    go_on(now + 2 * HOUR)
    client.force_login(admin)
    answer = client.get(reverse("handoff:unattended"))
    assert [row.lead for row in answer.context["rows"]] == [lead]
    assert {cold, other, refused, won}.isdisjoint({row.lead for row in answer.context["rows"]})
    assert "<b>1</b>" in client.get(reverse("handoff:unattended_count")).content.decode()


def test_the_page_gives_a_resting_lead_to_sales_again(client, model, team, rep, admin, now):
    lead = hot_lead(model, now)
    reject(lead, rep, now + HOUR)
    client.force_login(admin)
    address = reverse("handoff:give", args=[lead.pk])
    assert address in client.get(reverse("handoff:lead_panel", args=[lead.pk])).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "He called back"}).status_code == 303
    assert states(lead) == ["rejected", "queued"]
    assert Episode.objects.get(number=2).reason == "He called back"
