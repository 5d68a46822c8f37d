"""The score says who owns a lead: limits of the hand-off policy, shown on the lead's page and in the list of leads."""

from __future__ import annotations

import pytest
from django.urls import reverse

from handoff.enums import PolicySection
from handoff.policy.gates import read_ownership
from handoff.queries.policy import policy_of
from scoring.enums import OwnedBy
from tests.clients import as_
from tests.factories import LeadFactory
from tests.handoff.pages import PART
from tests.handoff.test_gates import put_in_force
from tests.handoff.world import score_of

pytestmark = pytest.mark.django_db

LIMITS = {"shared": 40, "sales": 70}


@pytest.mark.parametrize(
    ("total", "expected"),
    [(0, "marketing"), (3999, "marketing"), (4000, "shared"), (6999, "shared"), (7000, "sales"), (10000, "sales")],
)
def test_a_total_belongs_to_one_department(total: int, expected: str) -> None:
    limits = read_ownership({"ownership": LIMITS})
    assert limits is not None
    assert limits.owned_by(total) == expected


def listed(admin, query: str) -> set[str]:
    lines = as_(admin).get(reverse("scoring:lead_list") + query).context["lines"]
    return {line.name for line in lines}


@pytest.fixture
def leads(team) -> None:
    for name, total in (("Mori Ken", 3900), ("Abe Jun", 5000), ("Sato Hanako", 8000)):
        score_of(LeadFactory(name=name), total)
    LeadFactory(name="Ito Mei")  # not scored yet


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?owned_by=sales", {"Sato Hanako"}),
        ("?owned_by=shared&owned_by=sales", {"Abe Jun", "Sato Hanako"}),
        ("?owned_by=marketing", {"Mori Ken", "Ito Mei"}),
        ("?owned_by=marketing&owned_by=sales", {"Mori Ken", "Ito Mei", "Sato Hanako"}),
    ],
)
def test_the_list_of_leads_is_narrowed_to_what_a_department_owns(leads, admin, query, expected) -> None:
    assert listed(admin, query) == expected


def test_without_limits_the_list_offers_no_such_filter(leads, admin) -> None:
    put_in_force(admin)
    assert policy_of(PolicySection.GATES).current.document == {"gates": []}
    assert len(listed(admin, "?owned_by=sales")) == 4
    assert as_(admin).get(reverse("scoring:lead_filter", args=["owned_by"])).status_code == 404


def test_the_column_and_the_head_of_the_lead_page_say_who_owns_the_lead(leads, admin) -> None:
    client = as_(admin)
    client.cookies["lead_columns"] = "company-owned_by"
    page = client.get(reverse("scoring:lead_list")).content.decode()
    assert [page.count(f">{owner.label}</td>") for owner in OwnedBy] == [2, 1, 1]
    lead = LeadFactory()
    score_of(lead, 8000)
    head = client.get(reverse("scoring:lead_heat", args=[lead.pk]), **PART).content.decode()
    assert "Who owns the lead" in head


def test_external_staff_who_see_no_scores_see_no_owner_by_score(leads, helper) -> None:
    lead = LeadFactory(owner=helper)
    score_of(lead, 8000)
    head = as_(helper).get(reverse("scoring:lead_heat", args=[lead.pk]), **PART).content.decode()
    assert "Who owns the lead" not in head
