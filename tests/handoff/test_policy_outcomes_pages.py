"""The page of the outcomes: matrix and reasons, their numbers, and the draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from handoff.actions import accept_handoff, claim_handoff, log_contact, open_handoffs, reject_handoff
from handoff.actions.giving import give_to_sales
from handoff.enums import PolicySection
from handoff.models import Handoff, RejectReason
from handoff.queries.policy import changes_of, policy_of
from handoff.shipped import OUTCOMES
from leads.models import Lead
from scoring.actions.score import score_all_dirty
from tests.clients import as_
from tests.handoff.pages import PART
from tests.handoff.test_policy_outcomes import cell, hot_in, put_in_force, rejected
from tests.handoff.world import FRIDAY

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(FRIDAY + timedelta(hours=1))]

LEVELS = ("high", "middle", "low")


def typed(**changes: Any) -> dict[str, Any]:
    reasons = {f"reason_{code}": effect for code, effect in OUTCOMES["reasons"].items()}
    cells = {f"cell_{column}_{row}": "hand_over" for column in LEVELS for row in LEVELS}
    return {"seen": policy_of("outcomes").token, **reasons, **cells, "requests": "hand_over", **changes}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_matrix_and_reasons_are_drafted_published_and_read_in_words(team, admin, manager, language) -> None:
    admin.language = language
    admin.save()
    client = as_(admin)
    edit = reverse("handoff:outcomes_edit")
    assert client.get(edit).status_code == 200
    changed = typed(cell_high_low="confirm", confirm=str(manager.pk), reason_no_need="queue")
    assert client.post(edit, changed).status_code == 303
    draft = policy_of("outcomes").draft
    assert (draft["cells"], draft["confirm"], draft["reasons"]["no_need"]) == (
        [cell("high", "low", "confirm")], {"person": manager.pk}, "queue",
    )  # fmt: skip
    assert client.get(reverse("handoff:outcomes")).status_code == 200
    publish = reverse("handoff:policy_publish", args=["outcomes"])
    page = client.get(publish).content.decode()
    assert (str(manager) in page, client.post(publish, {"seen": policy_of("outcomes").token}).status_code) == (
        True,
        303,
    )
    assert RejectReason.objects.get(code="no_need").effect == "queue"


def test_a_choice_that_is_none_is_refused_and_what_was_typed_stays(admin) -> None:
    found = as_(admin).post(reverse("handoff:outcomes_edit"), typed(cell_high_low="vanish", requests="follow"))
    assert (found.status_code, policy_of("outcomes").draft) == (422, None)
    assert '<option value="follow" selected>' in found.content.decode()


def test_each_cell_and_reason_counts_its_leads_and_opens_them(team, admin, rep) -> None:
    hot_in(35, 80, name="Sato Hanako")
    hot_in(70, 80, name="Mori Ken")
    handoff = rejected(rep, "nurture", admin)
    Handoff.objects.filter(pk=handoff.pk).update(closed_at=FRIDAY)
    Lead.objects.filter(pk=handoff.lead_id).update(name="Abe Jun")
    client = as_(admin)
    shown = client.get(reverse("handoff:outcomes")).context["shown"]
    counts = [[cell.count for cell in cells] for _row, cells in shown.rows]
    assert counts == [[1, 1, 0], [0, 0, 0], [1, 0, 0]]
    nurtured = client.get(shown.rows[0][1][1].url).content.decode()
    assert ("Sato Hanako" in nurtured, "Mori Ken" in nurtured) == (True, False)
    [early] = [row for row in shown.reasons if row.reason.code == "too_early"]
    assert (early.count, "Abe Jun" in client.get(early.url).content.decode()) == (1, True)


def test_what_sales_saw_otherwise_than_the_matrix_is_counted_by_cell_and_listed(team, admin, rep) -> None:
    """Not who was nurtured and became better by themselves, nor who was handed over and accepted."""
    handed, fine = hot_in(70, 80, name="Mori Ken"), hot_in(70, 80, name="Abe Jun")
    kept, forgotten = hot_in(35, 80, name="Sato Hanako"), hot_in(35, 80, name="Ito Rin")
    for episode in (handed, fine):
        handoff = Handoff.objects.get(episode=episode)
        claim_handoff(handoff=handoff, by=rep, now=FRIDAY)
        log_contact(handoff=handoff, by=rep, at=FRIDAY, channel="phone", now=FRIDAY)
    reject_handoff(
        handoff=Handoff.objects.get(episode=handed), by=rep, reason=RejectReason.objects.get(code="no_need"), now=FRIDAY
    )
    accept_handoff(handoff=Handoff.objects.get(episode=fine), by=rep, now=FRIDAY)
    given = give_to_sales(lead=kept.lead, by=admin, reason="asked at the fair", now=FRIDAY + timedelta(minutes=5))
    later = FRIDAY + timedelta(minutes=6)
    claim_handoff(handoff=given, by=rep, now=later)
    log_contact(handoff=given, by=rep, at=later, channel="phone", now=later)
    accept_handoff(handoff=given, by=rep, now=later)
    client, address = as_(admin), reverse("handoff:disagreements")
    shown = client.get(reverse("handoff:outcomes")).context["shown"]
    against = {each.code: each.against for _row, cells in shown.rows for each in cells if each.against}
    assert against == {"high_high": 1, "middle_high": 1}
    for code, (said, happened, name) in {
        "high_high": ("Hand off to sales", "Rejected: No need", "Mori Ken"),
        "middle_high": ("Return to nurture", "Given to sales manually and accepted", "Sato Hanako"),
    }.items():
        page = client.get(address, {"cell": code})
        [each] = page.context["shown"]
        assert (page.context["number"], each.said, each.happened) == (1, said, happened)
        assert name in page.content.decode()
    everything = client.get(address, {"cell": "nowhere"})
    assert (everything.context["number"], "Ito Rin" in everything.content.decode()) == (2, False)
    assert forgotten.lead.name == "Ito Rin"


def test_the_effect_of_a_draft_names_who_would_be_nurtured(team, admin) -> None:
    hot_in(70, 80, name="Mori Ken")
    client = as_(admin)
    client.post(reverse("handoff:outcomes_edit"), typed(cell_high_high="nurture"))
    page = client.get(reverse("handoff:outcomes_effect"), **PART)
    by_name = {line.name: line for line in page.context["lines"]}
    line = by_name["Return to nurture"]
    assert (page.context["hot"], line.count, [str(lead.name) for lead in line.leads]) == (1, 1, ["Mori Ken"])
    assert "Mori Ken" in client.get(line.url).content.decode()
    client.post(reverse("handoff:outcomes_edit"), typed(cell_high_high="rest"))
    assert "The outcomes have changed since" in client.get(line.url).content.decode()


def test_the_lead_page_says_that_the_matrix_keeps_it_from_sales_and_what_brings_it_back(team, admin) -> None:
    found = hot_in(35, 80)
    panel = as_(admin).get(reverse("handoff:lead_panel", args=[found.lead_id]), **PART).content.decode()
    for words in ("Decision matrix", "the decision matrix says to nurture", "Comes back to sales when"):
        assert words in panel


def test_a_higher_score_brings_a_nurtured_lead_to_sales_by_itself(team, admin) -> None:
    found = hot_in(35, 80, stage="mql")
    Lead.objects.filter(pk=found.lead_id).update(campaign="70")
    later = FRIDAY + timedelta(days=3)
    score_all_dirty(now=later)
    open_handoffs(now=later)
    handoff = Handoff.objects.exclude(episode=found).get(lead=found.lead_id)
    assert (handoff.is_open, handoff.queued_at, handoff.lead.stage) == (True, later, "mql")


def test_who_waits_for_a_call_stands_among_those_held_back(team, admin, manager) -> None:
    put_in_force(admin, cells=[cell("high", "low", "confirm")], confirm={"person": manager.pk})
    found = hot_in(70, 10, team=team, name="Sato Hanako")
    client = as_(manager)
    page = client.get(reverse("handoff:held_back"), {"kind": "confirm"}).content.decode()
    assert ("Sato Hanako" in page, "Confirm the need by phone" in page, str(manager) in page) == (True, True, True)
    panel = client.get(reverse("handoff:lead_panel", args=[found.lead_id]), **PART).content.decode()
    assert "Confirm the need by phone" in panel


def test_the_difference_says_cells_and_reasons_in_words() -> None:
    after = OUTCOMES | {"cells": [], "reasons": OUTCOMES["reasons"] | {"no_need": "rest"}, "requests": "follow"}
    found = {change.name: change.after for change in changes_of(PolicySection.OUTCOMES, OUTCOMES, after)}
    assert found["No need"] == "Set aside, stage unchanged"
    assert found["Engagement: medium · Qualification: high"] == "Hand off to sales"
    assert found["Leads that asked for something"] == "The cell decides about them too"
