"""Results that another system sends: once each, with what a file and a person can say of them too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import User
from handoff.models import Outcome
from leads.models import Lead
from tests.api_client import Send
from tests.factories import LeadFactory
from tests.handoff.world import contacted_by

pytestmark = pytest.mark.django_db
AT = "2026-08-01T10:00:00+09:00"


@pytest.fixture
def lead() -> Lead:
    return LeadFactory(email="taro@example.co.jp", external_id="A-1")


def put(send: Send, **told: Any) -> Any:
    return send("put", "/api/v1/results", {"lead": {"external_id": "A-1"}, "decided_at": AT, **told})


def test_an_opportunity_comes_in_once_and_takes_over_what_is_known_of_it_later(send: Send, lead: Lead) -> None:
    told = {"result": "opportunity", "revenue": "500000", "closes_on": "2026-09-30"}
    outcomes = [put(send, **told).json()["outcome"] for _time in range(2)]
    outcomes.append(put(send, **told | {"revenue": "600000"}).json()["outcome"])
    assert outcomes == ["created", "unchanged", "updated"]
    outcome = Outcome.objects.get()
    assert (outcome.revenue, outcome.closes_on, outcome.decided_at) == (
        600_000, date(2026, 9, 30), datetime(2026, 8, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    lead.refresh_from_db()
    assert lead.stage == "opportunity"


def test_a_loss_with_its_reason_is_feedback_on_the_rules_that_spoke(send: Send, lead: Lead, rep: User) -> None:
    handoff = contacted_by(rep, lead=lead)
    assert put(send, result="lost", lost_reason="price").status_code == 200
    assert (Outcome.objects.get().lost_reason.code, handoff.feedback.get().verdict) == ("price", "lost")


def test_a_lead_is_named_by_its_email_too_and_cents_are_minor_units(send: Send, lead: Lead) -> None:
    answer = put(send, lead={"email": "TARO@example.co.jp"}, result="won", revenue="12.50", currency="USD")
    assert answer.json() == {"lead_id": str(lead.pk), "outcome": "created"}
    assert (Outcome.objects.get().revenue, Outcome.objects.get().currency) == (1250, "USD")


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"result": "maybe"}, "result"),
        ({"result": "won", "decided_at": "2099-01-01T00:00:00Z"}, "decided_at"),
        ({"result": "won", "lead": {"email": "nobody@example.com"}}, "lead"),
        ({"result": "won", "lead": {}}, "lead"),
        ({"result": "won", "revenue": "1.5"}, "revenue"),
        ({"result": "won", "revenue": "1", "currency": "DOGE"}, "currency"),
        ({"result": "lost", "revenue": "1"}, "revenue"),
        ({"result": "won", "closes_on": "2026-09-30"}, "closes_on"),
        ({"result": "won", "lost_reason": "price"}, "lost_reason"),
        ({"result": "lost", "lost_reason": "weather"}, "lost_reason"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_stored(
    send: Send, lead: Lead, told: dict[str, Any], where: str
) -> None:
    answer = put(send, **told)
    assert (answer.status_code, [problem["where"] for problem in answer.json()["problems"]]) == (400, [where])
    assert Outcome.objects.count() == 0
