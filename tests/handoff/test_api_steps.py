"""Hand-offs worked on by a program: the same steps, the same refusals in the same words as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actions import make_key
from accounts.models import Team, User
from handoff.models import Contact, Handoff, Outcome, Todo
from tests.factories import LeadFactory
from tests.handoff.world import FRIDAY, handoff_of

pytestmark = pytest.mark.django_db


class Program:
    """A system with a key that acts as somebody."""

    def __init__(self, person: User, admin: User) -> None:
        scopes = ["handoffs:read", "handoffs:write", "leads:read"]
        secret = make_key(by=admin, name=str(person), scopes=scopes, expires_at=None, acts_as=person)[1]
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json", headers=self.headers)


@pytest.fixture
def hers(rep: User, admin: User) -> Program:
    return Program(rep, admin)


@pytest.fixture
def handoff(team: Team) -> Handoff:
    return handoff_of(LeadFactory(team=team, email="taro@example.co.jp"), at=FRIDAY)


def test_one_claims_and_the_other_learns_who_was_faster(
    hers: Program, handoff: Handoff, other_rep: User, admin: User, rep: User
) -> None:
    taken = hers.post(f"handoffs/{handoff.pk}/claim").json()
    assert (taken["state"], taken["owner"]["name"], "contact" in taken["allowed"]) == ("claimed", str(rep), True)
    lost = Program(other_rep, admin).post(f"handoffs/{handoff.pk}/claim")
    assert (lost.status_code, lost.json()["problems"][0]["code"]) == (409, "claim_lost")
    assert lost.json()["title"] == "Ren Rep claimed this lead before you. Choose another one from the queue."


def test_a_lead_is_claimed_contacted_accepted_and_won(hers: Program, handoff: Handoff) -> None:
    path = f"handoffs/{handoff.pk}"
    hers.post(f"{path}/claim")
    contacted = hers.post(
        f"{path}/contact",
        {"outcome": "spoke", "note": "Offer", "next_step": "Offer", "next_at": "2099-01-01T00:00:00Z"},
    ).json()
    assert (contacted["state"], [each["promise"] for each in contacted["promises"]]) == (
        "contacted", ["first_contact", "result"],
    )  # fmt: skip
    assert (Contact.objects.get().note, Todo.objects.get().text) == ("Offer", "Offer")
    assert hers.post(f"{path}/accept").json()["state"] == "accepted"
    assert hers.post(f"{path}/pause", {"until": "2099-01-01T00:00:00Z"}).json()["paused_until"]
    assert hers.post(f"{path}/resume").json()["paused_until"] is None
    won = hers.post(f"{path}/result", {"result": "won", "revenue": "500000", "currency": "JPY"}).json()
    assert (won["state"], won["result"], Outcome.objects.get().revenue) == ("closed", "won", 500_000)
    listed = hers.get("results").json()["items"]
    assert [(row["result"], row["revenue"], row["currency"]) for row in listed] == [("won", "500000", "JPY")]


def test_a_rejection_goes_back_with_its_reason(hers: Program, handoff: Handoff) -> None:
    hers.post(f"handoffs/{handoff.pk}/claim")
    told = {"reason": "no_budget", "comment": "Next year", "wake_on": "2099-04-01"}
    rejected = hers.post(f"handoffs/{handoff.pk}/reject", told).json()
    assert (rejected["state"], rejected["reject_reason"]) == ("rejected", "no_budget")


@pytest.mark.parametrize(
    ("step", "body", "where"),
    [
        ("contact", {"outcome": "call_back"}, ["call_back_at"]),
        ("contact", {"outcome": "spoke", "next_step": "Offer"}, ["next_at"]),
        ("contact", {"outcome": "shouted", "at": "yesterday"}, ["outcome", "at"]),
        ("contact", {"outcome": "spoke", "at": "2099-01-01T00:00:00Z"}, ["at"]),
        ("reject", {"reason": "because"}, ["reason"]),
        ("reject", {}, ["reason"]),
        ("result", {"result": "won"}, ["revenue"]),
        ("result", {"result": "lost"}, ["lost_reason"]),
        ("result", {"result": "won", "revenue": "0.5", "currency": "JPY"}, ["revenue"]),
        ("pause", {}, ["until"]),
    ],
)
def test_what_the_page_would_not_take_is_refused_with_its_path(
    hers: Program, handoff: Handoff, step: str, body: Any, where: list[str]
) -> None:
    hers.post(f"handoffs/{handoff.pk}/claim")
    before = Handoff.objects.values().get()
    answer = hers.post(f"handoffs/{handoff.pk}/{step}", body)
    assert (answer.status_code, [each["where"] for each in answer.json()["problems"]]) == (400, where)
    assert Handoff.objects.values().get() == before


def test_what_the_state_does_not_allow_is_a_conflict(hers: Program, handoff: Handoff) -> None:
    answer = hers.post(f"handoffs/{handoff.pk}/accept")
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (409, "refused")


def test_a_helper_reads_how_to_reach_a_lead_only_once_it_is_theirs(handoff: Handoff, helper: User, admin: User) -> None:
    Handoff.objects.update(owner=helper)
    handoff.lead.owner = helper
    handoff.lead.save()
    program = Program(helper, admin)
    assert program.get(f"handoffs/{handoff.pk}").json()["lead"]["email"] == "t•••@•••"
    assert program.get(f"leads/{handoff.lead_id}").json()["email"] == "t•••@•••"
    assert program.get("leads?email=taro@example.co.jp").status_code == 400
    claimed = program.post(f"handoffs/{handoff.pk}/claim").json()
    assert claimed["lead"]["email"] == "taro@example.co.jp"
    assert program.get(f"leads/{handoff.lead_id}").json()["email"] == "taro@example.co.jp"


def test_hand_offs_are_narrowed_by_state_owner_and_what_is_due(hers: Program, handoff: Handoff, rep: User) -> None:
    def found(query: str) -> list[str]:
        return [row["id"] for row in hers.get(f"handoffs?{query}").json()["items"]]

    one = [str(handoff.pk)]
    assert (found("state=queued"), found("state=claimed"), found("owner=none"), found("owner=me")) == (one, [], one, [])
    assert (found("is_open=true"), found("is_open=false"), found("due=overdue")) == (one, [], one)
    assert (found(f"lead={handoff.lead_id}"), found("lead=1&team=1")) == (one, [])
    assert found("sort=due_at&limit=1") == one
