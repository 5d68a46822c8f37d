"""The fields that a column may fill, and the values that a field knows, in words and in groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.imports.fields import ACTIVITY_FIELDS, PROPERTY, ImportField
from leads.enums import Origin, Stage, TitleLevel
from web.formats import stamp

ANY_PROPERTY = "activity.properties"
CHOICE_WORDS: dict[str, dict[Any, Any]] = {
    "lead.origin": dict(Origin.choices),
    "lead.stage": dict(Stage.choices),
    "lead.title_level": {level.code: level.label for level in TitleLevel},
    "lead.consent": {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")},
}
TIMES = ("lead.created_at", "activity.occurred_at")
STORED_WORDS: dict[str, dict[Any, Any]] = {
    "lead.title_level": dict(TitleLevel.choices),
    "lead.consent": {True: gettext_lazy("Yes"), False: gettext_lazy("No")},
}


def field_choices(fields: Mapping[str, ImportField], *, with_properties: bool) -> list[Any]:
    """The fields in groups, as the catalog orders them."""
    groups = {"lead": _("Lead"), "company": _("Company"), "custom": _("More lead fields"), "activity": _("Activity")}
    choices: list[Any] = [("", _("Don’t import"))]
    for root, label in groups.items():
        inside = [(name, field.label) for name, field in fields.items() if name.partition(".")[0] == root]
        if root == "activity" and with_properties:
            inside.append((ANY_PROPERTY, _("Keep with the activity")))
        if inside:
            choices.append((label, inside))
    return choices


def choice_words(chosen: ImportField) -> list[tuple[str, Any]]:
    """What values a field knows, in words where it has them."""
    return [(code, CHOICE_WORDS.get(chosen.name, {}).get(code, code)) for code in chosen.choices]


def stored_words(values: Mapping[str, Any], fields: Mapping[str, ImportField]) -> list[tuple[str, Any]]:
    """Values as they will be stored, each with the label of its field, in the order of the catalog."""
    known = dict(fields) | {field.name: field for field in ACTIVITY_FIELDS}
    order = {name: place for place, name in enumerate(known)}
    shown: list[tuple[str, Any]] = []
    for name, value in sorted(values.items(), key=lambda item: order.get(item[0], len(order))):
        label = str(known[name].label) if name in known else name.removeprefix(PROPERTY)
        if name in TIMES and isinstance(value, str):
            shown.append((label, stamp(datetime.fromisoformat(value))))
        else:
            words = CHOICE_WORDS.get(name, {}) | STORED_WORDS.get(name, {})
            shown.append((label, words.get(value, value) if isinstance(value, str | int | bool) else value))
    return shown
