"""The level that a job title says, and titles that say none or less than one of their words."""

from __future__ import annotations

import pytest

from leads.enums import TitleLevel
from leads.titles import level_of_title


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("営業部長", TitleLevel.DIRECTOR),
        ("部長（営業）", TitleLevel.DIRECTOR),
        ("営業部 部長", TitleLevel.DIRECTOR),
        ("取締役営業部長", TitleLevel.EXECUTIVE),
        ("取締役 営業部長", TitleLevel.EXECUTIVE),
        ("執行役員 兼 営業本部長", TitleLevel.EXECUTIVE),
        ("代表取締役社長", TitleLevel.EXECUTIVE),
        ("社長秘書", TitleLevel.STAFF),
        ("製造部　課長代理", TitleLevel.MANAGER),
        ("情報システム部 係長", TitleLevel.LEAD),
        ("Head of Sales", TitleLevel.DIRECTOR),
        ("Sales Director (EMEA)", TitleLevel.DIRECTOR),
        ("General Manager", TitleLevel.DIRECTOR),
        ("VP, Marketing", TitleLevel.EXECUTIVE),
        ("C.E.O.", TitleLevel.EXECUTIVE),
        ("Managing Director", TitleLevel.EXECUTIVE),
        ("Chief Marketing Officer", TitleLevel.EXECUTIVE),
        ("Sales Manager", TitleLevel.MANAGER),
        ("Assistant Manager", TitleLevel.LEAD),
        ("Lead Engineer", TitleLevel.LEAD),
        ("Account Executive", TitleLevel.STAFF),
        ("Executive Assistant to the CEO", TitleLevel.STAFF),
        ("Partner Manager", TitleLevel.MANAGER),
        ("Product Owner", None),
        ("Wizard", None),
        ("", None),
    ],
)
def test_a_title_says_its_level(title: str, level: TitleLevel | None) -> None:
    assert level_of_title(title) == level
