"""Results with what is known of them: the amount and date of an opportunity, the day and reason of its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from handoff.actions import RefusedError, change_deal, record_result, reject_handoff, tell_wake_ups, undo_last_step
from handoff.models import Feedback, Handoff, LostReason, Outcome, RejectReason
from notices.models import OutboxMessage
from tests.handoff.world import contacted_by, jst

pytestmark = pytest.mark.django_db
PART = {"HTTP_HX_REQUEST": "true"}
DECIDED = jst(7, 22, 9)


def opportunity(rep: User, **deal: Any) -> Handoff:
    handoff = contacted_by(rep)
    record_result(handoff=handoff, by=rep, result="opportunity", now=DECIDED, **deal)
    return handoff


def deal_of(handoff: Handoff) -> tuple[Any, ...]:
    return tuple(Outcome.objects.filter(handoff=handoff).values_list("result", "revenue", "currency", "closes_on"))


def lost_reason(code: str) -> LostReason:
    return LostReason.objects.get(code=code)


def test_an_opportunity_keeps_what_it_is_worth_and_when_it_is_expected_to_close(rep: User) -> None:
    handoff = opportunity(rep, revenue=500_000, closes_on=date(2026, 9, 30))
    assert deal_of(handoff) == (("opportunity", 500_000, "JPY", date(2026, 9, 30)),)


def test_an_opportunity_changes_until_it_is_won_and_undo_brings_back_what_was_known(rep: User) -> None:
    handoff = opportunity(rep, revenue=500_000)
    change_deal(handoff=handoff, by=rep, revenue=12_34, currency="USD", closes_on=date(2026, 10, 1), now=DECIDED)
    assert deal_of(handoff) == (("opportunity", 12_34, "USD", date(2026, 10, 1)),)
    undo_last_step(handoff=handoff, by=rep, now=DECIDED)
    assert deal_of(handoff) == (("opportunity", 500_000, "JPY", None),)
    record_result(handoff=handoff, by=rep, result="won", revenue=600_000, now=jst(8, 1, 9))
    with pytest.raises(RefusedError):
        change_deal(handoff=handoff, by=rep, revenue=1, now=jst(8, 1, 10))
    assert [row[:2] for row in deal_of(handoff)] == [("won", 600_000), ("opportunity", 500_000)]


def test_the_day_of_the_decision_lies_between_the_lead_becoming_hot_and_today(rep: User) -> None:
    handoff = contacted_by(rep)
    for day in (date(2026, 7, 16), date(2026, 7, 23)):
        with pytest.raises(RefusedError, match="decision date"):
            record_result(handoff=handoff, by=rep, result="won", revenue=1, decided_on=day, now=DECIDED)
    record_result(handoff=handoff, by=rep, result="won", revenue=1, decided_on=date(2026, 7, 21), now=DECIDED)
    assert timezone.localtime(Outcome.objects.get().decided_at).date() == date(2026, 7, 21)


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": "won", "revenue": 1, "closes_on": date(2026, 9, 1)},
        {"result": "lost", "closes_on": date(2026, 9, 1)},
        {"result": "withdrawn", "revenue": 1},
    ],
)
def test_what_belongs_to_another_result_is_refused(rep: User, wrong: dict[str, Any]) -> None:
    handoff = contacted_by(rep)
    with pytest.raises(RefusedError):
        record_result(handoff=handoff, by=rep, now=DECIDED, **wrong)
    assert Outcome.objects.count() == 0


def test_a_loss_keeps_its_coded_reason_and_marketing_learns_it(rep: User, marketer: User) -> None:
    handoff = contacted_by(rep)
    record_result(handoff=handoff, by=rep, result="lost", lost_reason=lost_reason("price"), now=DECIDED)
    feedback = Feedback.objects.get()
    assert (Outcome.objects.get().lost_reason, feedback.verdict, feedback.lost_reason) == (
        lost_reason("price"), "lost", lost_reason("price"),
    )  # fmt: skip
    told = OutboxMessage.objects.filter(kind="handoff.feedback", user=marketer).first()
    assert told is not None
    assert (told.params["said_en"], told.params["said_ja"]) == ("Too expensive", "価格が合わない")
    undo_last_step(handoff=handoff, by=rep, now=DECIDED)
    assert (Outcome.objects.count(), Feedback.objects.count()) == (0, 0)


def test_a_lead_that_withdrew_rests_until_its_day_and_whoever_recorded_it_is_told(rep: User) -> None:
    handoff = contacted_by(rep)
    record_result(handoff=handoff, by=rep, result="withdrawn", wake_on=date(2026, 10, 1), now=DECIDED)
    handoff = Handoff.objects.get()
    assert (handoff.lead.stage, handoff.wake_on, handoff.lead.owner, Outcome.objects.get().result) == (
        "nurture", date(2026, 10, 1), None, "withdrawn",
    )  # fmt: skip
    assert tell_wake_ups(now=jst(10, 1, 10)) == 1
    assert OutboxMessage.objects.filter(kind="handoff.wake_up", user=rep).exists()


def test_too_late_speaks_of_the_sla_and_not_of_the_rules(rep: User) -> None:
    late = RejectReason.objects.get(code="too_late")
    reject_handoff(handoff=contacted_by(rep), by=rep, reason=late, now=DECIDED)
    record_result(handoff=contacted_by(rep), by=rep, result="lost", lost_reason=lost_reason("too_late"), now=DECIDED)
    reject_handoff(handoff=contacted_by(rep), by=rep, reason=RejectReason.objects.get(code="no_need"), now=DECIDED)
    assert list(Feedback.objects.order_by("pk").values_list("is_late", flat=True)) == [True, True, False]


def post(client: Client, name: str, handoff: Handoff, **typed: Any) -> Any:
    return client.post(reverse(f"handoff:{name}", args=[handoff.pk]), {"view": "panel", **typed}, **PART)


def test_the_panel_shows_the_opportunity_and_its_dialog_begins_with_what_is_known(as_rep: Client, rep: User) -> None:
    handoff = contacted_by(rep)
    closes_on = timezone.localdate() + timedelta(days=40)
    typed = {"result": "opportunity", "revenue": "12.50", "currency": "USD", "closes_on": closes_on.isoformat()}
    shown = post(as_rep, "result", handoff, **typed).content.decode()
    assert all(words in shown for words in ("12.50 USD", "expected to close", "Change opportunity"))
    dialog = as_rep.get(reverse("handoff:deal", args=[handoff.pk]), **PART).content.decode()
    assert 'value="12.50"' in dialog
    assert f'value="{closes_on.isoformat()}"' in dialog
    post(as_rep, "deal", handoff, revenue="20", currency="USD")
    assert Outcome.objects.get().revenue == 20_00
    won = as_rep.get(reverse("handoff:result", args=[handoff.pk]), **PART).content.decode()
    assert 'value="20.00"' in won
    refused = post(as_rep, "deal", handoff, revenue="1.5", currency="JPY")
    assert (refused.status_code, Outcome.objects.get().revenue) == (422, 20_00)


def test_a_day_in_the_future_comes_back_with_what_was_typed(as_rep: Client, rep: User) -> None:
    typed = {"result": "won", "revenue": "5", "currency": "JPY", "decided_on": "2099-01-01", "comment": "At last"}
    answer = post(as_rep, "result", contacted_by(rep), **typed)
    assert (answer.status_code, Outcome.objects.count()) == (422, 0)
    assert all(words in answer.content.decode() for words in ("can’t be in the future", "At last"))


def test_the_dossier_tells_how_earlier_hand_offs_ended(as_rep: Client, rep: User) -> None:
    handoff = opportunity(rep, revenue=500_000, closes_on=date(2026, 9, 30))
    page = as_rep.get(reverse("handoff:dossier", args=[handoff.lead_id])).content.decode()
    assert "500,000 JPY" in page


def test_a_used_reason_for_a_loss_keeps_its_code(client: Client, admin: User, rep: User) -> None:
    record_result(handoff=contacted_by(rep), by=rep, result="lost", lost_reason=lost_reason("price"), now=DECIDED)
    client.force_login(admin)
    typed = {"code": "other_code", "label_en": "Cost", "label_ja": "費用", "is_active": "on"}
    client.post(reverse("handoff:lost_reasons_edit", args=[lost_reason("price").pk]), typed)
    assert lost_reason("price").label_en == "Cost"
