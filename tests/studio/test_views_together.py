"""Two editors at the forms of groups, hot definitions and thresholds: what differs goes together, the rest is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from scoring.models import ScoringModel
from studio.draft.store import draft_token, start_model
from tests.factories import UserFactory
from tests.published import document, mail_rule
from tests.studio.test_views_rules import NO_ROWS, address, as_

pytestmark = pytest.mark.django_db

HOT = [
    {"name": name, "when": {"score": "total", "op": ">=", "value": value}}
    for name, value in (("Hot", 80), ("Very hot", 90))
]
UNITS = {"after_unit": "d", "half_life_unit": "d", "after": "", "half_life": ""}
GROUP = UNITS | {"was": "Interest", "name": "Interest", "dimension": "engagement", "min": "", "max": ""}
LASTING = NO_ROWS | {"joined": "all", "together": "all", "exit_total": "", "grace": "", "grace_unit": "d"}


@pytest.fixture
def model(admin: User, now: datetime) -> ScoringModel:
    return start_model(name="Default", document=document(mail_rule(), hot=HOT), by=admin, now=now)


@pytest.fixture
def other(db: None) -> User:
    return UserFactory(name="Other Admin", role=Role.ADMIN)


def draft(model: ScoringModel) -> dict[str, Any]:
    found = ScoringModel.objects.get(pk=model.pk).draft
    assert found is not None
    return found


def send(user: User, url: str, **typed: Any) -> Any:
    return as_(user).post(url, typed)


def test_settings_of_a_group_go_together_with_a_rule_and_with_other_settings(
    admin: User, other: User, model: ScoringModel
) -> None:
    url, began = address("group", model.pk, 0), draft_token(model)
    send(other, url, **(GROUP | {"seen": began, "after": "30", "half_life": "10"}))
    assert send(admin, url, **(GROUP | {"seen": began, "max": "40", "name": "Visits"})).status_code == 303
    (group,) = draft(model)["groups"]
    assert (group["name"], group["max"], group["inactivity"]) == ("Visits", 40, {"after": "30d", "half_life": "10d"})
    assert group["rules"] == [mail_rule()]


def test_the_same_setting_shows_the_conflict_and_saving_again_decides(
    admin: User, other: User, model: ScoringModel
) -> None:
    url, began = address("group", model.pk, 0), draft_token(model)
    send(other, url, **(GROUP | {"seen": began, "max": "30"}))
    answer = send(admin, url, **(GROUP | {"seen": began, "max": "40"}))
    page = answer.content.decode()
    assert (answer.status_code, "Other Admin changed this draft" in page, 'value="40"' in page) == (409, True, True)
    assert draft(model)["groups"][0]["max"] == 30
    send(admin, url, **(GROUP | {"seen": answer.context["seen"], "max": "40"}))
    assert draft(model)["groups"][0]["max"] == 40


def test_a_group_that_was_deleted_meanwhile_is_a_conflict_and_saving_again_makes_it_anew(
    admin: User, other: User, model: ScoringModel
) -> None:
    url, began = address("group", model.pk, 0), draft_token(model)
    send(other, address("press_group", model.pk, 0, "delete"), seen=began)
    answer = send(admin, url, **(GROUP | {"seen": began, "max": "40"}))
    assert (answer.status_code, draft(model)["groups"]) == (409, [])
    again = send(admin, url, **(GROUP | {"seen": answer.context["seen"], "max": "40"}))
    assert (again.status_code, [group["max"] for group in draft(model)["groups"]]) == (303, [40])


def test_two_hot_definitions_and_the_thresholds_go_together(admin: User, other: User, model: ScoringModel) -> None:
    began = {"seen": draft_token(model)}
    bands = {"hot": "60", "warm": "20", "a": "30", "b": "10", "one": "30", "two": "10"}
    send(other, address("hot", model.pk, 0), **(LASTING | began | {"name": "Hot", "threshold": "75"}))
    send(other, address("edit_thresholds", model.pk), **(bands | began))
    mine = LASTING | began | {"name": "Very hot", "threshold": "95"}
    assert send(admin, address("hot", model.pk, 1), **mine).status_code == 303
    saved = draft(model)
    assert [each["when"]["value"] for each in saved["hot"]] == [75, 95]
    assert saved["bands"] == {"hot": 60, "warm": 20}
    same = send(admin, address("hot", model.pk, 0), **(LASTING | began | {"name": "Hot", "threshold": "70"}))
    assert (same.status_code, draft(model)) == (409, saved)


def test_a_deleted_hot_definition_is_the_one_that_stood_there(admin: User, other: User, model: ScoringModel) -> None:
    began = {"seen": draft_token(model)}
    send(other, address("delete_hot", model.pk, 0), **began)
    send(admin, address("delete_hot", model.pk, 1), **began)
    assert "hot" not in draft(model)
