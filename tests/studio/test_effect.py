"""What a draft is predicted to do is what publishing it does, name by name; S38, section 6 item 1."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

import engine
from leads.actions import ensure_months
from leads.models import Activity, ActivityType, DirtyMark, Lead
from scoring.actions import publish_version, run_rescores, score_all_dirty, sweep_due
from scoring.models import Adjustment, Episode, LeadScore, ScoringModel
from scoring.queries.documents import check_document
from studio.queries.effect import effect_of
from tests.factories import CompanyFactory, LeadFactory
from tests.published import Publish

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LEADS = 240
EDITS = 20


def at_least(points: float) -> dict[str, Any]:
    return {"score": "total", "op": ">=", "value": points}


ASKED = {"activity": "document_request", "within": "14d"}
BASE: dict[str, Any] = {
    "model": "Default",
    "groups": [
        {"name": "Interest", "dimension": "engagement", "max": 80, "rules": [
            {"name": "Asked", "each": {"activity": "document_request"}, "points": 20, "repeat": "once_per_object",
             "decay": {"half_life": "30d"}},
            {"name": "Prices", "each": {"activity": "price_view"}, "points": 12, "at_most": 3,
             "decay": {"linear": "40d"}},
            {"name": "Mails", "each": {"activity": "email_open"}, "points": 3, "cap": 12, "decay": {"window": "30d"}},
        ]},
        {"name": "Company", "dimension": "fit", "max": 40, "rules": [
            {"name": "Hundred", "when": {"field": "company.employees", "op": ">=", "value": 100}, "points": 20},
            {"name": "Level", "when": {"field": "title_level", "op": ">=", "value": "manager"}, "points": 15},
        ]},
    ],
    "hot": [
        {"name": "Hot lead", "when": at_least(45), "exit": {"total": 38}, "grace": "1d"},
        {"name": "Asks", "when": {"all": [ASKED, {"activity": "price_view", "within": "7d"}]}},
    ],
}  # fmt: skip


def populate(dice: random.Random, now: Any) -> None:
    """Leads with companies, titles and two months of activities, half of them quiet."""
    companies = [CompanyFactory(employees=dice.choice((None, 20, 99, 100, 500))) for _ in range(20)]
    leads = Lead.objects.bulk_create(
        LeadFactory.build(company=dice.choice((None, *companies)), title_level=dice.choice((None, 1, 2, 3, 4)))
        for _ in range(LEADS)
    )
    types = dict(ActivityType.objects.values_list("code", "pk"))
    ensure_months(now - days * DAY for days in range(0, 61, 7))
    Activity.objects.bulk_create(
        Activity(lead=lead, type_id=types[code], occurred_at=at, received_at=at, object=dice.choice("abc"), source="t")
        for lead in leads
        for code, at in _told(dice, now)
    )


def _told(dice: random.Random, now: Any) -> list[tuple[str, Any]]:
    codes = ("document_request", "price_view", "email_open", "email_open")
    return [(dice.choice(codes), now - dice.random() * 50 * DAY) for _ in range(dice.choice((0, 2, 4, 6, 9, 14)))]


# --- twenty edits ----------------------------------------------------------------------------------------------------


def _rule(document: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    return dice.choice([rule for group in document["groups"] for rule in group["rules"]])


def points(document: dict[str, Any], dice: random.Random) -> None:
    _rule(document, dice)["points"] = dice.choice((-10, 2, 8, 25, 40))


def switch(document: dict[str, Any], dice: random.Random) -> None:
    rule = _rule(document, dice)
    rule["disabled"] = not rule.get("disabled", False)


def decay(document: dict[str, Any], dice: random.Random) -> None:
    rule = dice.choice(document["groups"][0]["rules"])
    rule["decay"] = dice.choice(({"window": "7d"}, {"half_life": "10d"}, {"linear": "90d"}))


def bounds(document: dict[str, Any], dice: random.Random) -> None:
    dice.choice(document["groups"])["max"] = dice.choice((10, 30, 55, 100))


def threshold(document: dict[str, Any], dice: random.Random) -> None:
    at = dice.choice((25, 32, 40, 50, 60))
    document["hot"][0] |= {"when": at_least(at), "exit": {"total": at - dice.choice((1, 10, 20))}}


def grace(document: dict[str, Any], dice: random.Random) -> None:
    document["hot"][0].pop("grace", None)
    if dice.random() < 0.5:
        document["hot"][0]["grace"] = dice.choice(("1h", "1d", "10d"))


def rename(document: dict[str, Any], dice: random.Random) -> None:
    """The definition that opened episodes no longer exists under its name: nothing holds them but another one."""
    document["hot"][0]["name"] = f"Hot {dice.randrange(10**6)}"


def reorder(document: dict[str, Any], dice: random.Random) -> None:
    document["hot"].reverse()


def audience(document: dict[str, Any], dice: random.Random) -> None:
    document.pop("audience", None)
    if dice.random() < 0.4:
        document["audience"] = {"field": "title_level", "op": "known"}


def regroup(document: dict[str, Any], dice: random.Random) -> None:
    rule = {"name": f"More {dice.randrange(10**6)}", "each": {"activity": "price_view"}, "points": 6}
    document["groups"].append({"name": f"Extra {dice.randrange(10**6)}", "dimension": "engagement", "rules": [rule]})


KINDS = (points, switch, decay, bounds, threshold, grace, rename, reorder, audience, regroup)


def edited(document: dict[str, Any], dice: random.Random, kind: Any) -> dict[str, Any]:
    """Another document: an edit that rolled the same again is tried once more."""
    copy = deepcopy(document)
    while engine.parse(copy).document == engine.parse(document).document:
        kind(copy, dice)
    return copy


def in_force(model: ScoringModel) -> dict[int, str]:
    return dict(Episode.objects.filter(model=model, ended_at=None).values_list("lead", "number"))


def test_who_is_predicted_to_enter_and_to_leave_does_so_on_twenty_edits(publish: Publish, admin: Any, now: Any) -> None:
    dice = random.Random(7)
    populate(dice, now)
    model = publish(BASE)
    document, seen, at = deepcopy(BASE), {"entering": 0, "leaving": 0}, now
    cooling = 0
    for number in range(EDITS):
        document = edited(document, dice, KINDS[number % len(KINDS)])
        at = _life_goes_on(dice, model, at)
        parsed, problems = check_document(document)
        assert parsed is not None, problems
        predicted = effect_of(parsed, model=model, t=at)
        before = in_force(model)
        ScoringModel.objects.filter(pk=model.pk).update(draft=document)
        publish_version(model=model, by=admin, note="edit", now=at)
        run_rescores(now=at)
        after = in_force(model)
        entered = {lead for lead, episode in after.items() if before.get(lead) != episode}
        left = {lead for lead, episode in before.items() if after.get(lead) != episode}
        moves = {fate: {move.lead_id for move in predicted.moves if move.fate == fate} for fate in seen}
        assert (moves["entering"], moves["leaving"]) == (entered, left), f"edit {number}"
        totals = dict(LeadScore.objects.values_list("lead", "total"))
        assert {move.lead_id: move.after for move in predicted.moves} == {
            move.lead_id: totals[move.lead_id] for move in predicted.moves
        }
        assert predicted.cells.total() == LEADS
        for fate, leads in moves.items():
            seen[fate] += len(leads)
        cooling += sum(leads for cell, leads in predicted.cells.items() if cell.fate == "cooling")
        model = ScoringModel.objects.get(pk=model.pk)
    assert min(*seen.values(), cooling) > 40  # or the twenty edits would prove little


def _life_goes_on(dice: random.Random, model: ScoringModel, at: Any) -> Any:
    """A day later, some points by hand, everything scored: leads in their grace time are among them."""
    at += DAY
    for lead in dice.sample(list(Lead.objects.all()), 5):
        given = dice.choice((3000, -2500))
        Adjustment.objects.create(lead=lead, model=model, points=given, reason="t", starts_at=at, until=at + 3 * DAY)
    sweep_due(now=at)
    score_all_dirty(now=at)
    assert not DirtyMark.objects.exists()
    return at
