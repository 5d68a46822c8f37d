"""The pages of the gates: edited as a draft, published, and the leads that they hold back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handoff.enums import PolicySection
from handoff.models import Handoff, HeldBack
from handoff.queries.policy import changes_of, policy_of
from leads.models import Lead
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory
from tests.handoff.pages import PART
from tests.handoff.test_gates import PHONE, gate, hot, put_in_force
from tests.handoff.world import model

pytestmark = pytest.mark.django_db

NEED = {"answer": "bant.need", "op": "known"}
ROWS = {"when-TOTAL_FORMS": "1", "when-INITIAL_FORMS": "0", "when-0-subject": "field:region", "when-0-op": "known"}


def draft_gate(client: Any, **typed: Any) -> Any:
    token = policy_of(PolicySection.GATES).token
    data = {"seen": token, "joined": "all", "effect": "block", **ROWS, **typed}
    return client.post(reverse("handoff:gate_new"), data)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_gate_is_drafted_shown_with_its_effect_published_and_put_back(team, admin, language) -> None:
    admin.language = language
    admin.save()
    hot(LeadFactory(name="Sato Hanako", region=""), LeadFactory(name="Mori Ken", region="Kansai"))
    client = as_(admin)
    assert draft_gate(client, name="Where they are", missing="Ask where").status_code == 303
    page = client.get(reverse("handoff:gates")).content.decode()
    assert ("Where they are" in page, "Ask where" in page) == (True, True)
    effect = client.get(reverse("handoff:gates_effect"), **PART).content.decode()
    assert ("Sato Hanako" in effect, "Mori Ken" in effect) == (True, False)
    publish = reverse("handoff:policy_publish", args=["gates"])
    assert "Where they are" in client.get(publish).content.decode()
    done = client.post(publish, {"seen": policy_of("gates").token, "note": "Sales asked for it"})
    assert (done.status_code, policy_of("gates").current.number) == (303, 2)
    assert "Sales asked for it" in client.get(reverse("handoff:policy_versions", args=["gates"])).content.decode()
    client.post(reverse("handoff:policy_roll_back", args=["gates", 1]))
    assert policy_of("gates").current.document["gates"] == []


def test_the_number_of_an_effect_opens_exactly_these_leads(team, admin) -> None:
    hot(LeadFactory(name="Sato Hanako", region=""), LeadFactory(name="Mori Ken", region="Kansai"))
    client = as_(admin)
    draft_gate(client, name="Where they are")
    effect = client.get(reverse("handoff:gates_effect"), **PART).context["effect"]
    assert (effect.hot, effect.blocked, [line.count for line in effect.lines]) == (2, 1, [1])
    for url in (effect.blocked_url, effect.lines[0].url):
        listed = client.get(url).content.decode()
        assert ("Sato Hanako" in listed, "Mori Ken" in listed) == (True, False)
    draft_gate(client, name="Another")
    assert "The gates have changed since" in client.get(effect.blocked_url).content.decode()


def test_a_gate_without_a_condition_or_a_name_is_marked_where_it_is_wrong(admin) -> None:
    found = draft_gate(as_(admin), name="", **{"when-TOTAL_FORMS": "0"})
    assert (found.status_code, "This field is required." in found.content.decode()) == (422, True)
    found = draft_gate(as_(admin), name="Nothing", **{"when-TOTAL_FORMS": "0"})
    assert "Add at least one condition that must be met." in found.content.decode()
    found = draft_gate(as_(admin), name="Name", **{"when-0-op": "="})
    assert (found.status_code, policy_of("gates").draft) == (422, None)


def test_what_was_typed_stays_where_somebody_else_was_faster(admin) -> None:
    client, seen = as_(admin), policy_of("gates").token
    draft_gate(client, name="First")
    found = draft_gate(client, name="Second", seen=seen)
    page = found.content.decode()
    assert (found.status_code, "Someone else has changed the draft" in page, 'value="Second"' in page) == (
        422, True, True,
    )  # fmt: skip


@pytest.mark.parametrize("start", ["need", "data", "consent", "unheard_of"])
def test_a_new_gate_begins_with_what_many_companies_ask(admin, start) -> None:
    assert as_(admin).get(reverse("handoff:gate_new"), {"start": start}).status_code == 200


def test_gates_are_moved_and_deleted_in_the_draft(admin) -> None:
    client = as_(admin)
    draft_gate(client, name="One")
    draft_gate(client, name="Two")
    for place, do in ((1, "up"), (1, "delete")):
        seen = {"seen": policy_of("gates").token}
        client.post(reverse("handoff:gate_press", args=[place, do]), seen)
    assert [gate["name"] for gate in policy_of("gates").draft["gates"]] == ["Two"]
    assert client.get(reverse("handoff:gate", args=[9])).status_code == 404


def test_the_difference_of_two_versions_says_gates_and_ownership_in_words() -> None:
    before = {"gates": [], "ownership": {"shared": 40, "sales": 70}}
    found = changes_of("gates", before, {"gates": [gate(missing="Ask")], "ownership": {"shared": 30, "sales": 60}})
    assert [(change.kind, change.name, change.after) for change in found] == [
        ("added", "Region is known", "Region is filled in · Blocks the hand-off · Every hand-off · Ask"),
        ("changed", "Who owns the lead", "Marketing below 30, shared from 30, sales from 60"),
    ]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_who_is_held_back_stands_in_a_list_with_what_is_missing_and_where_to_fill_it_in(
    team, admin, marketer, language
) -> None:
    marketer.language = language
    marketer.save()
    put_in_force(admin, gate(missing="Ask where"), gate("Need", NEED), gate("Employees", {
        "field": "company.employees", "op": ">=", "value": 100,
    }))  # fmt: skip
    lead = LeadFactory(name="Sato Hanako", region="", company=CompanyFactory(employees=10))
    hot(lead)
    page = as_(marketer).get(reverse("handoff:held_back")).content.decode()
    for words in (
        "Sato Hanako",
        "Ask where",
        reverse("scoring:answer", args=[lead.pk, "bant"]),
        f"{reverse('leads:edit', args=[lead.pk])}#id_region",
        reverse("leads:company_edit", args=[lead.company_id]),
        "Region is empty" if language == "en" else "が未入力",
    ):
        assert words in page


def test_the_list_is_narrowed_to_a_gate_and_says_when_nobody_is_left(team, admin) -> None:
    put_in_force(admin, gate(), gate("Phone", PHONE))
    hot(LeadFactory(name="Sato Hanako", region="", phone="+81312345678"), LeadFactory(name="Mori Ken", region="x"))
    client = as_(admin)
    page = client.get(reverse("handoff:held_back"), {"gate": "Phone"}).content.decode()
    assert ("Sato Hanako" in page, "Mori Ken" in page) == (False, True)
    assert "No leads match these filters" in client.get(reverse("handoff:held_back"), {"gate": "No"}).content.decode()
    HeldBack.objects.all().delete()
    assert "No leads are held back" in client.get(reverse("handoff:held_back")).content.decode()


def test_a_long_list_is_paged(team, admin) -> None:
    put_in_force(admin, gate())
    hot(*LeadFactory.create_batch(60, region=""))
    client = as_(admin)
    first = client.get(reverse("handoff:held_back"))
    assert len(first.context["rows"]) == 50
    rest = client.get(reverse("handoff:held_back") + first.context["more"].replace("&amp;", "&"), **PART)
    assert (len(rest.context["rows"]), rest.context["more"]) == (10, "")


def test_the_list_asks_the_database_as_often_for_three_as_for_one(team, admin, django_assert_num_queries) -> None:
    put_in_force(admin, gate())
    hot(LeadFactory(region=""))
    client, url = as_(admin), reverse("handoff:held_back")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    hot(*LeadFactory.create_batch(2, region=""))
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_managers_and_reps_see_those_of_their_team_and_external_staff_none(
    team, admin, manager, rep, helper, client
) -> None:
    put_in_force(admin, gate())
    hot(LeadFactory(name="Sato Hanako", region="", team=team), LeadFactory(name="Mori Ken", region=""))
    for person in (manager, rep):
        page = as_(person).get(reverse("handoff:held_back")).content.decode()
        assert ("Sato Hanako" in page, "Mori Ken" in page) == (True, False)
        assert ("Hand off anyway" in page) is (person == manager)
    assert as_(helper).get(reverse("handoff:held_back")).status_code == 403


def test_the_lead_page_says_that_it_is_held_back_and_what_is_missing(team, admin, rep) -> None:
    put_in_force(admin, gate(missing="Ask where"))
    lead = LeadFactory(region="", team=team)
    hot(lead)
    panel = as_(rep).get(reverse("handoff:lead_panel", args=[lead.pk]), **PART).content.decode()
    for words in ("Held back", "Region is known", "Ask where", "Region is empty"):
        assert words in panel


def test_a_warning_stands_on_row_panel_and_dossier_until_nothing_is_missing(team, admin, rep) -> None:
    put_in_force(admin, gate(effect="warn", missing="Ask where"))
    lead = LeadFactory(region="", team=team)
    hot(lead)
    client, handoff = as_(rep), Handoff.objects.get()
    pages = {
        "row": (reverse("handoff:queue"), {}),
        "panel": (reverse("handoff:lead_panel", args=[lead.pk]), PART),
        "dossier": (reverse("handoff:dossier", args=[lead.pk]), {}),
    }

    def warned() -> dict[str, bool]:
        answers = {name: client.get(url, **more).content.decode() for name, (url, more) in pages.items()}
        return {name: ("Region is known" if name == "row" else "Ask where") in page for name, page in answers.items()}

    assert (handoff.warnings, warned()) == (["Region is known"], {"row": True, "panel": True, "dossier": True})
    Lead.objects.filter(pk=lead.pk).update(region="Kansai")
    assert warned() == {"row": False, "panel": False, "dossier": False}


def test_a_rep_reads_what_keeps_a_lead_from_sales_and_a_manager_hands_it_over_with_a_reason(
    team, admin, rep, manager
) -> None:
    put_in_force(admin, gate(missing="Ask where"))
    model()
    lead = LeadFactory(region="", team=team)
    give = reverse("handoff:give", args=[lead.pk])
    shown = as_(rep).get(give, **PART).content.decode()
    assert ("Ask where" in shown, "Region is empty" in shown, 'name="reason"' in shown) == (True, True, False)
    refused = as_(rep).post(give, {"reason": "Met", "anyway": "on"}, **PART)
    assert (refused.status_code, "Blocked by “Region is known”" in refused.content.decode()) == (422, True)
    unticked = as_(manager).post(give, {"reason": "Met"}, **PART)
    assert (unticked.status_code, Handoff.objects.count()) == (422, 0)
    as_(manager).post(give, {"reason": "Met the CEO", "anyway": "on"}, **PART)
    handoff = Handoff.objects.get()
    assert (handoff.episode.reason, handoff.episode.by, handoff.warnings) == (
        "Met the CEO", manager, ["Region is known"],
    )  # fmt: skip


def test_warnings_of_many_rows_are_asked_in_one_statement(team, admin) -> None:
    put_in_force(admin, gate(effect="warn"), gate("Phone", PHONE, effect="warn"))
    hot(*LeadFactory.create_batch(3, region="", team=team))
    with CaptureQueriesContext(connection) as queries:
        page = as_(admin).get(reverse("handoff:queue"), {"tab": "all"}).content.decode()
    assert page.count("Region is known") == 3
    assert sum("matches FROM" in query["sql"] for query in queries) == 1


def test_the_queue_links_to_those_held_back_with_how_many_there_are(team, admin) -> None:
    link = reverse("handoff:held_back")
    client, url = as_(admin), reverse("handoff:unattended_count")
    assert link not in client.get(url, **PART).content.decode()
    put_in_force(admin, gate())
    hot(*LeadFactory.create_batch(2, region="", team=team))
    page = client.get(url, **PART).content.decode()
    assert (link in page, "<b>2</b>" in page) == (True, True)


def test_the_sections_share_one_navigation(admin) -> None:
    page = as_(admin).get(reverse("handoff:routing")).content.decode()
    assert (reverse("handoff:gates") in page, 'aria-label="Hand-off policy"' in page) == (True, True)


def test_ownership_bands_are_drafted_and_refused_where_they_make_no_sense(admin) -> None:
    client, url = as_(admin), reverse("handoff:ownership")
    wrong = client.post(url, {"seen": policy_of("gates").token, "shared": "80", "sales": "70"})
    assert (wrong.status_code, "Sales must begin at or above" in wrong.content.decode()) == (422, True)
    half = client.post(url, {"seen": policy_of("gates").token, "shared": "80", "sales": ""})
    assert (half.status_code, policy_of("gates").draft) == (422, None)
    client.post(url, {"seen": policy_of("gates").token, "shared": "30", "sales": "60"})
    assert policy_of("gates").draft["ownership"] == {"shared": 30, "sales": 60}
    client.post(url, {"seen": policy_of("gates").token, "shared": "", "sales": ""})
    assert "ownership" not in policy_of("gates").draft
