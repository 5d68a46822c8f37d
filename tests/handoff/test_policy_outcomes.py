"""What becomes of leads: by the cell of the decision matrix, and by the reason of a rejection."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from engine import parse_condition
from handoff.actions import finish_todo, give_to_sales, open_handoffs, reject_handoff
from handoff.actions.policy import publish_policy, roll_back_policy, save_policy_draft
from handoff.enums import HandoffState, HeldEnd, HeldFor, PolicySection, TodoKind
from handoff.invariants import episodes_handed_over
from handoff.models import Handoff, HeldBack, RejectReason, Todo
from handoff.queries.policy import policy_of, problems_of
from handoff.queries.queue import queue
from handoff.shipped import OUTCOMES
from leads.models import Lead
from scoring.actions.score import score_all_dirty
from scoring.models import Episode, Version
from tests.factories import LeadFactory, activity
from tests.handoff.world import CONTACT, FRIDAY, claimed_by, episode, model, score_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HIGH = {"score": "engagement", "op": ">=", "value": 60}
MIDDLE = {"score": "qualification", "op": ">=", "value": 30}
LOW = {"score": "qualification", "op": "<", "value": 30}
POINTS = (10, 35, 40, 70, 80)
HOT = [
    {"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 1}},
    {
        "name": "Asked for a quote",
        "when": {"activity": "quote_request", "count": {"op": ">=", "value": 1}},
        "again": True,
    },
]


def rules(field: str, dimension: str) -> dict[str, Any]:
    """A group that gives the points that a field says."""
    given = [
        {"name": f"{dimension} {n}", "when": {"field": field, "op": "=", "value": str(n)}, "points": n} for n in POINTS
    ]
    return {"name": dimension, "dimension": dimension, "rules": given}


def with_matrix() -> None:
    """The model has the shipped decision matrix; campaign and department say the points."""
    scored_by = model()
    groups = [rules("campaign", "engagement"), rules("department", "qualification")]
    document = {"model": "Default", "matrix": {}, "hot": HOT, "groups": groups}
    scored_by.current_version = Version.objects.create(model=scored_by, number=2, document=document, note="")
    scored_by.save()


def hot_in(engagement: int, qualification: int, *, asks: bool = False, **fields: Any) -> Episode:
    """A lead with these scores in whole points that became hot."""
    if model().current_version.number == 1:
        with_matrix()
    lead = LeadFactory(campaign=str(engagement), department=str(qualification), **fields)
    if asks:
        activity(lead, "quote_request", FRIDAY - MINUTE)
    score_all_dirty(now=FRIDAY)
    open_handoffs(now=FRIDAY)
    return Episode.objects.get(lead=lead)


def put_in_force(admin: User, **changes: Any) -> None:
    policy = policy_of(PolicySection.OUTCOMES)
    document = OUTCOMES | changes
    if policy.current.document == document:
        return
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=admin, now=FRIDAY - MINUTE)
    publish_policy(policy=policy, by=admin, note="", now=FRIDAY - MINUTE)


def cell(engagement: str, qualification: str, do: str) -> dict[str, str]:
    return {"engagement": engagement, "qualification": qualification, "do": do}


def test_framework_answers_worth_80_with_engagement_35_the_nurture_more_cell_not_the_queue(team, admin, rep) -> None:
    found = hot_in(35, 80, stage="inquiry")
    lead = Lead.objects.get(pk=found.lead_id)
    handoff = Handoff.objects.get(episode=found)
    assert (lead.stage, handoff.state, handoff.routed_by) == ("nurture", HandoffState.CLOSED, "matrix_nurture")
    assert handoff.steps.get().params["cell"] == "middle_high"
    assert [list(queue(person, "team", FRIDAY)) for person in (rep, admin)] == [[], []]
    assert (found.end_cause, list(episodes_handed_over(FRIDAY + timedelta(days=1)))) == ("handoff", [])
    decision = lead.stage_changes.get()
    assert (decision.reason, decision.by) == ("matrix", None)


def test_who_was_nurtured_by_the_matrix_waits_for_a_cell_that_hands_over(team) -> None:
    found = hot_in(35, 80)
    when, problems = parse_condition(found.wake_when)
    assert (problems, found.wake_when) == ((), {"score": "engagement", "op": ">=", "value": 60})
    assert when is not None


@pytest.mark.parametrize(
    ("engagement", "qualification", "expected"),
    [(70, 80, "queued"), (70, 10, "queued"), (35, 40, "closed"), (10, 40, "closed"), (35, 10, "queued")],
)
def test_the_shipped_cells_nurture_promising_frameworks_without_interest_and_no_others(
    team, engagement, qualification, expected
) -> None:
    found = hot_in(engagement, qualification)
    assert Handoff.objects.get(episode=found).state == expected


def test_a_new_version_counts_for_those_who_rest_by_an_earlier_one(team, admin) -> None:
    found = hot_in(35, 80, stage="mql")
    put_in_force(admin, cells=[cell("middle", "high", "rest"), cell("high", "high", "rest")])
    found.refresh_from_db()
    above = {"any": [{"all": [HIGH, MIDDLE, {"score": "qualification", "op": "<", "value": 60}]}, {"all": [HIGH, LOW]}]}
    assert (found.wake_at, found.wake_when) == (None, above)
    put_in_force(admin, cells=[])
    later = FRIDAY + timedelta(hours=1)
    score_all_dirty(now=later)
    open_handoffs(now=later)
    assert Handoff.objects.get(lead=found.lead_id, state=HandoffState.QUEUED).queued_at == later


def test_a_request_passes_whatever_the_cell_says_unless_the_policy_has_it_follow(team, admin) -> None:
    assert Handoff.objects.get(episode=hot_in(35, 80, asks=True)).is_open
    put_in_force(admin, requests="follow")
    assert not Handoff.objects.get(episode=hot_in(35, 80, asks=True)).is_open


def test_a_cell_that_leaves_leads_as_they_are_changes_no_stage(team, admin) -> None:
    put_in_force(admin, cells=[cell("low", "low", "rest")])
    found = hot_in(10, 10, stage="inquiry")
    assert (Handoff.objects.get(episode=found).routed_by, Lead.objects.get(pk=found.lead_id).stage) == (
        "matrix_rest", "inquiry",
    )  # fmt: skip


def test_a_need_is_confirmed_by_phone_before_the_lead_is_in_the_queue(team, admin, manager, rep) -> None:
    put_in_force(admin, cells=[cell("high", "low", "confirm")], confirm={"person": manager.pk})
    found = hot_in(70, 10, team=team)
    held, todo = HeldBack.objects.get(), Todo.objects.get()
    assert (held.held_for, held.todo, held.cell, Handoff.objects.count()) == (HeldFor.CONFIRM, todo, "high_low", 0)
    assert (todo.kind, todo.owner, todo.lead_id) == (TodoKind.CONFIRM, manager, found.lead_id)
    open_handoffs(now=FRIDAY + timedelta(hours=1))
    assert (Handoff.objects.count(), Todo.objects.count()) == (0, 1)
    later = FRIDAY + timedelta(days=4)
    finish_todo(todo=todo, by=manager, now=later - MINUTE)
    open_handoffs(now=later)
    handoff = Handoff.objects.get()
    assert (handoff.queued_at, HeldBack.objects.get().end) == (later, HeldEnd.HANDED_OVER)


def test_who_cools_before_the_call_needs_no_call_any_more(team, admin, manager) -> None:
    put_in_force(admin, cells=[cell("high", "low", "confirm")])
    found = hot_in(70, 10, team=team)
    Episode.objects.filter(pk=found.pk).update(ended_at=FRIDAY + MINUTE, end_cause="cooled")
    open_handoffs(now=FRIDAY + 2 * MINUTE)
    todo = Todo.objects.get()
    assert (Handoff.objects.count(), todo.done_by, todo.done_at, todo.ended) == (
        0, None, FRIDAY + 2 * MINUTE, "aside",
    )  # fmt: skip


def test_a_person_gives_a_lead_to_sales_whatever_its_cell_says(team, admin, manager) -> None:
    found = hot_in(35, 80)
    handoff = give_to_sales(lead=found.lead, by=manager, reason="The CEO called", now=FRIDAY + MINUTE)
    assert handoff.state == HandoffState.QUEUED


def test_a_model_without_a_matrix_hands_over_by_its_hot_definitions_alone(team) -> None:
    found = episode(LeadFactory())
    score_of(found.lead)
    open_handoffs(now=FRIDAY)
    assert Handoff.objects.get(episode=found).is_open


# --- reasons ---------------------------------------------------------------------------------------------------------


def rejected(rep: User, effect: str, admin: User, code: str = "too_early", **rest: Any) -> Handoff:
    put_in_force(admin, reasons=OUTCOMES["reasons"] | {code: effect})
    handoff = claimed_by(rep, stage="inquiry")
    reject_handoff(handoff=handoff, by=rep, reason=RejectReason.objects.get(code=code), now=CONTACT, **rest)
    handoff.refresh_from_db()
    return handoff


@pytest.mark.parametrize(
    ("effect", "state", "stage", "consent"),
    [
        ("nurture", "rejected", "nurture", None),
        ("rest", "rejected", "mql", None),
        ("queue", "queued", "mql", None),
        ("disqualified", "rejected", "disqualified", None),
        ("forbidden", "rejected", "disqualified", False),
    ],
)
def test_each_reason_does_what_the_section_says(team, rep, admin, effect, state, stage, consent) -> None:
    handoff = rejected(rep, effect, admin)
    lead = Lead.objects.get(pk=handoff.lead_id)
    assert (handoff.state, lead.stage, lead.consent) == (state, stage, consent)


def test_who_was_given_back_to_the_queue_waits_for_somebody_else_with_its_clocks(team, rep, admin) -> None:
    handoff = rejected(rep, "queue", admin, comment="Not my field")
    step = handoff.steps.get(kind="returned_rejected")
    assert (handoff.owner, handoff.lead.owner, handoff.due_at is not None) == (None, None, True)
    assert (step.by, step.params["reason"], step.params["comment"]) == (rep, "too_early", "Not my field")
    assert Episode.objects.get(pk=handoff.episode_id).ended_at is None


def test_going_back_to_a_version_brings_back_what_reasons_did(team, admin) -> None:
    put_in_force(admin, reasons={"too_early": "disqualified"})
    assert RejectReason.objects.get(code="too_early").effect == "disqualified"
    policy = policy_of(PolicySection.OUTCOMES)
    roll_back_policy(policy=policy, to=policy.versions.get(number=1), by=admin, note="", now=FRIDAY)
    assert RejectReason.objects.get(code="too_early").effect == "nurture"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (5, ""),
        ({"reason": {}}, "reason"),
        ({"reasons": []}, "reasons"),
        ({"reasons": {"unheard_of": "nurture"}}, "reasons.unheard_of"),
        ({"reasons": {"too_early": "vanish"}}, "reasons.too_early"),
        ({"reasons": {"too_early": ["nurture"]}}, "reasons.too_early"),
        ({"cells": {}}, "cells"),
        ({"cells": [cell("highest", "low", "nurture")]}, "cells[0].engagement"),
        ({"cells": [cell("high", "low", "vanish")]}, "cells[0].do"),
        ({"cells": [cell("high", "low", "rest"), cell("high", "low", "nurture")]}, "cells[1]"),
        ({"requests": "wait"}, "requests"),
        ({"confirm": {"person": 0}}, "confirm.person"),
        ({"confirm": "me"}, "confirm.person"),
    ],
)
def test_what_is_wrong_with_outcomes_says_where(document, path) -> None:
    assert [problem.path for problem in problems_of(PolicySection.OUTCOMES, document)] == [path]
