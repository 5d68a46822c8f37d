"""Two edits of one document put together, without a database: what only one side changed is kept, the rest clashes."""

from __future__ import annotations

from typing import Any

import pytest

from studio.draft.merge import MergeConflictError, merge
from tests.published import document, mail_rule

A, B, C = (mail_rule(name=name) for name in "ABC")


def changed(rule: dict[str, Any], points: int = 9) -> dict[str, Any]:
    return rule | {"points": points}


def names(raw: dict[str, Any]) -> list[str]:
    return [rule["name"] for rule in raw["groups"][0]["rules"]]


def two_groups(first: list[Any], second: list[Any]) -> dict[str, Any]:
    base = document(*first)
    return base | {"groups": [*base["groups"], {"name": "Fit", "dimension": "fit", "rules": second}]}


TOGETHER = [
    # base, mine, theirs, together
    ([A, B], [changed(A), B], [A, changed(B)], [changed(A), changed(B)]),
    ([A, B], [A, B, C], [changed(A), B], [changed(A), B, C]),
    ([A, B], [B], [A, changed(B)], [changed(B)]),
    ([A, B], [B, A], [A, changed(B)], [changed(B), A]),
    ([A, B], [A, changed(B)], [B, A], [changed(B), A]),
    ([A, B], [A, C, B], [A, B, mail_rule(name="D")], [A, C, B, mail_rule(name="D")]),
    ([A], [changed(A)], [changed(A)], [changed(A)]),
    ([A, B], [A], [A], [A]),
]


@pytest.mark.parametrize(("base", "mine", "theirs", "together"), TOGETHER)
def test_what_only_one_side_changed_is_kept(base: Any, mine: Any, theirs: Any, together: Any) -> None:
    assert merge(document(*base), document(*mine), document(*theirs)) == document(*together)


CLASHES = [
    ([A], [changed(A, 8)], [changed(A, 9)]),
    ([A], [], [changed(A)]),
    ([A], [changed(A)], []),
    ([], [A], [changed(A)]),
    ([A, B, C], [B, A, C], [A, C, B]),
    ([A, A], [A], [A, A]),
]


@pytest.mark.parametrize(("base", "mine", "theirs"), CLASHES)
def test_the_same_thing_changed_twice_clashes(base: Any, mine: Any, theirs: Any) -> None:
    with pytest.raises(MergeConflictError):
        merge(document(*base), document(*mine), document(*theirs))


def test_bounds_of_a_group_and_its_rules_are_different_things() -> None:
    together = merge(document(A), document(A, max=30), document(changed(A)))
    assert together == document(changed(A), max=30)


def test_a_rule_that_goes_to_another_group_does_not_stand_in_the_way_of_others() -> None:
    together = merge(two_groups([A, B], []), two_groups([B], [A]), two_groups([A, changed(B)], []))
    assert together == two_groups([changed(B)], [A])


def test_a_deleted_group_does_not_take_along_what_was_written_into_it() -> None:
    with pytest.raises(MergeConflictError):
        merge(two_groups([A], [B]), document(A), two_groups([A], [changed(B)]))
    assert merge(two_groups([A], [B]), document(A), two_groups([changed(A)], [B])) == document(changed(A))


def test_hot_definitions_and_bands_are_put_together_too() -> None:
    hot = [{"name": "Hot", "when": {"score": "total", "op": ">=", "value": 80}}]
    bands = {"hot": 60, "warm": 30}
    together = merge(document(A), document(A, hot=hot), document(A) | {"bands": bands})
    assert (together["hot"], together["bands"]) == (hot, bands)
    with pytest.raises(MergeConflictError):
        merge(document(A), document(A) | {"bands": bands}, document(A) | {"bands": {"hot": 1, "warm": 0}})


SETTINGS = [
    # mine, theirs, together
    ({"max": 30}, {"inactivity": {"after": "30d"}}, {"max": 30, "inactivity": {"after": "30d"}}),
    ({"max": 30}, {"dimension": "fit"}, {"max": 30, "dimension": "fit"}),
    ({"name": "Visits"}, {"max": 30}, {"name": "Visits", "max": 30}),
    ({"max": 30}, {"name": "Visits"}, {"name": "Visits", "max": 30}),
    ({"name": "Visits"}, {"name": "Visits"}, {"name": "Visits"}),
]


@pytest.mark.parametrize(("mine", "theirs", "together"), SETTINGS)
def test_settings_of_one_group_that_only_one_side_changed_are_kept(mine: Any, theirs: Any, together: Any) -> None:
    assert merge(document(A), document(A, **mine), document(A, **theirs)) == document(A, **together)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [({"max": 30}, {"max": 20}), ({"min": 30}, {"max": 20}), ({"name": "Visits"}, {"name": "Interested"})],
)
def test_the_same_setting_of_a_group_changed_twice_clashes(mine: Any, theirs: Any) -> None:
    with pytest.raises(MergeConflictError):
        merge(document(A), document(A, **mine), document(A, **theirs))


def test_a_group_keeps_what_others_write_into_it_under_another_name() -> None:
    mine, theirs = document(A, B, name="Visits"), document(changed(A), B, C)
    assert merge(document(A, B), mine, theirs) == document(changed(A), B, C, name="Visits")
    assert merge(document(A, B), theirs, mine) == document(changed(A), B, C, name="Visits")


def test_a_group_that_both_made_is_not_taken_for_one_of_another_name() -> None:
    with pytest.raises(MergeConflictError):
        merge(two_groups([A], []), document(A, name="Fit"), two_groups([changed(A)], [B]))
