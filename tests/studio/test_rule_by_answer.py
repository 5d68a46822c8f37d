"""The rule editor and the thresholds page: rules by answer, conditions on their age, and the decision matrix."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from scoring.models import ScoringModel
from studio.draft.store import draft_token, start_model
from tests.clients import as_
from tests.published import document

pytestmark = pytest.mark.django_db
BUDGET = {
    "name": "Budget",
    "answer": "bant.budget",
    "points": {"none": -10, "planned": 2.5, "approved": 25},
    "cap": 20,
    "decay": {"half_life": "180d", "window": "360d"},
}
AGED = {"name": "Decides", "when": {"answer": "bant.authority", "op": "in", "value": ["decides"], "within": "180d"}}
HOT = [{"name": "Hot", "when": {"all": [{"action": ["hand_over", "qualify"]}, {"not": {"action": ["wait"]}}]}}]
LEVELS = {"high": 60, "middle": 30}


def page_of(name: str, model: ScoringModel, *args: Any) -> str:
    return reverse(f"studio:{name}", args=[model.pk, *args])


def shown(form: Any) -> dict[str, str]:
    """What a browser would send back untouched."""
    rows = getattr(form, "rows", None)
    parts = [form, *([rows.management_form, *rows.forms] if rows and not callable(rows) else [])]
    parts += [form.matrix] if hasattr(form, "matrix") else []
    found = {bound.html_name: bound.value() for part in parts for bound in part}
    return {
        name: "on" if value is True else str(value)
        for name, value in found.items()
        if value is not None and value is not False
    }


def send(user: User, model: ScoringModel, page: str, /, **typed: str) -> Any:
    client = as_(user)
    form = client.get(page).context["form"]
    state = {"seen": draft_token(ScoringModel.objects.get(pk=model.pk))}
    sent = {key: value for key, value in (shown(form) | typed).items() if value != "off"}
    return client.post(page, sent | state)


@pytest.fixture
def model(admin: User, now: datetime) -> ScoringModel:
    raw = document(BUDGET, AGED | {"points": 5}, hot=HOT) | {"matrix": {"engagement": LEVELS, "qualification": LEVELS}}
    return start_model(name="Default", document=raw, by=admin, now=now)


def draft(model: ScoringModel) -> dict[str, Any]:
    found: dict[str, Any] = ScoringModel.objects.get(pk=model.pk).draft
    return found


def rules_of(model: ScoringModel) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = draft(model)["groups"][0]["rules"]
    return found


@pytest.mark.parametrize("at", [0, 1])
def test_a_rule_saved_untouched_is_the_same(marketer: User, model: ScoringModel, at: int) -> None:
    before = rules_of(model)
    assert send(marketer, model, page_of("rule", model, 0, at)).status_code == 303
    assert rules_of(model) == before
    assert rules_of(model)[0] == BUDGET


def test_the_points_of_an_answer_are_edited(marketer: User, model: ScoringModel) -> None:
    typed = {"points:bant.budget:approved": "３０", "points:bant.budget:planned": "", "decay": "window"}
    assert send(marketer, model, page_of("rule", model, 0, 0), **typed).status_code == 303
    rule = rules_of(model)[0]
    assert (rule["points"], rule["decay"]) == ({"approved": 30, "none": -10}, {"window": "180d"})


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"points:bant.budget:approved": "much"}, "points:bant.budget:approved"),
        ({"points:bant.budget:approved": "99999"}, "points:bant.budget:approved"),
        ({"answer": "bant.luck"}, "answer"),
        ({"answer": "bant.need"}, "answer"),
        ({"decay_length": "soon"}, "decay_length"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    marketer: User, model: ScoringModel, typed: dict[str, str], field: str
) -> None:
    answer = send(marketer, model, page_of("rule", model, 0, 0), **typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert rules_of(model)[0] == BUDGET


def test_a_new_rule_is_made_and_previewed(marketer: User, model: ScoringModel) -> None:
    typed = {"name": "Need", "kind": "answer", "answer": "bant.need", "points:bant.need:clear": "25"}
    preview = as_(marketer).post(
        page_of("preview", model, 0),
        typed | {"group": "0", "when-TOTAL_FORMS": "0", "when-INITIAL_FORMS": "0"},
    )
    assert "By answer (BANT: Need): Clear need +25" in preview.content.decode()
    assert send(marketer, model, page_of("new_rule", model, 0), **typed).status_code == 303
    assert rules_of(model)[2] == {"name": "Need", "answer": "bant.need", "points": {"clear": 25}}
    assert "By answer (BANT: Need)" in as_(marketer).get(page_of("model", model)).content.decode()


# --- the matrix ------------------------------------------------------------------------------------------------------


def test_a_hot_definition_by_action_is_edited_in_the_form(admin: User, model: ScoringModel) -> None:
    assert send(admin, model, page_of("hot", model, 0), name="Hand over").status_code == 303
    assert draft(model)["hot"] == [HOT[0] | {"name": "Hand over"}]


def test_the_matrix_is_edited_and_taken_out(admin: User, model: ScoringModel) -> None:
    page = page_of("edit_thresholds", model)
    assert send(admin, model, page).status_code == 303
    assert draft(model)["matrix"] == {"engagement": LEVELS, "qualification": LEVELS}
    typed = {"engagement_high": "70", "cell_low_high": "qualify"}
    assert send(admin, model, page, **typed).status_code == 303
    assert draft(model)["matrix"] == {
        "engagement": {"high": 70, "middle": 30},
        "qualification": LEVELS,
        "actions": [{"engagement": "low", "qualification": "high", "action": "qualify"}],
    }
    shown_page = as_(admin).get(page_of("thresholds", model)).content.decode()
    assert "engagement: high from 70" in shown_page
    assert send(admin, model, page, use_matrix="off").status_code == 303
    assert "matrix" not in draft(model)


def test_levels_that_rise_are_refused_at_their_field(admin: User, model: ScoringModel) -> None:
    answer = send(admin, model, page_of("edit_thresholds", model), engagement_middle="90")
    assert (answer.status_code, list(answer.context["form"].matrix.errors)) == (422, ["engagement_middle"])


def test_a_marketer_proposes_the_matrix_in_the_draft(marketer: User, model: ScoringModel) -> None:
    assert as_(marketer).get(page_of("edit_thresholds", model)).status_code == 200
    assert send(marketer, model, page_of("edit_thresholds", model), engagement_middle="35").status_code == 303
    assert draft(model)["matrix"]["engagement"]["middle"] == 35


def test_a_difference_shows_the_matrix_as_a_table(marketer: User, model: ScoringModel) -> None:
    assert send(marketer, model, page_of("edit_thresholds", model), engagement_middle="35").status_code == 303
    page = as_(marketer).get(page_of("changes", model)).content.decode()
    assert page.count('<th scope="col">Engagement: high</th>') == 1  # there was none before
    assert "engagement: high from 60, medium from 35" in page
