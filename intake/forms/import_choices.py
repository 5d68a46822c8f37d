"""The fields that a column may fill, and the values that a field knows, in words and in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.imports.fields import ACTIVITY_FIELDS, PROPERTY, ImportField
from intake.imports.new_attributes import NEW_OF_COMPANY, NEW_OF_LEAD
from leads.enums import Origin, Stage, TitleLevel
from leads.models import ActivityType
from web.formats import stamp

ANY_PROPERTY = "activity.properties"
CHOICE_WORDS: dict[str, dict[Any, Any]] = {
    "lead.origin": dict(Origin.choices),
    "lead.stage": dict(Stage.choices),
    "lead.title_level": {level.code: level.label for level in TitleLevel},
    "lead.consent": {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")},
    "lead.refusal": {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")},
}
TIMES = ("lead.created_at", "activity.occurred_at")
YES_NO: dict[Any, Any] = {True: gettext_lazy("Yes"), False: gettext_lazy("No")}
STORED_WORDS: dict[str, dict[Any, Any]] = {
    "lead.title_level": dict(TitleLevel.choices),
    "lead.consent": YES_NO,
}


def field_choices(fields: Mapping[str, ImportField], *, with_properties: bool, with_new: bool) -> list[Any]:
    """The fields in groups, as the catalog orders them, and new attributes to be made."""
    groups = {
        "lead": _("Lead"), "company": _("Company"), "custom": _("More lead fields"), "activity": _("Activity"),
        "outcome": _("Result"),
    }  # fmt: skip
    choices: list[Any] = [("", _("Don’t import"))]
    for root, label in groups.items():
        inside = [(name, field.label) for name, field in fields.items() if name.partition(".")[0] == root]
        if root == "activity" and with_properties:
            inside.append((ANY_PROPERTY, _("Keep with the activity")))
        if inside:
            choices.append((label, inside))
    if with_new:
        new = [(NEW_OF_LEAD, _("New lead attribute")), (NEW_OF_COMPANY, _("New company attribute"))]
        choices.append((_("Create an attribute"), new))
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
            words = CHOICE_WORDS.get(name, {}) | STORED_WORDS.get(name, YES_NO if isinstance(value, bool) else {})
            shown.append((label, words.get(value, value) if isinstance(value, str | int | bool) else value))
    return shown


def activity_controls(columns: Sequence[str]) -> dict[str, forms.Field]:
    """What asks for an activity beside the lead: its type, and the columns of the rest by their places."""
    types = [(kind.code, str(kind)) for kind in ActivityType.objects.filter(is_active=True)]
    places = [(str(place), name) for place, name in enumerate(columns)]
    choices = [("", "–"), *places]
    return {
        "activity_type": forms.ChoiceField(
            label=_("Activity per row"), choices=[("", _("no activity")), *types], required=False
        ),
        "activity_occurred_at": forms.ChoiceField(label=_("Activity time"), choices=choices, required=False),
        "activity_object": forms.ChoiceField(label=_("Page or document"), choices=choices, required=False),
        "activity_properties": forms.MultipleChoiceField(
            label=_("Keep with the activity"), choices=places, required=False, widget=forms.CheckboxSelectMultiple
        ),
    }


def constant_control(chosen: ImportField) -> forms.Field:
    """What asks for one value of this field for every row."""
    if chosen.choices:
        choices = [("", "–"), *choice_words(chosen)]
        return forms.ChoiceField(label=str(chosen.label), choices=choices, required=False)
    attrs = {"list": "sources"} if chosen.name == "lead.source" else {}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=str(chosen.label), max_length=200, required=False, widget=widget)


def translation_control(chosen: ImportField, text: str, nothing: str) -> forms.Field:
    """What asks for the meaning of one value of a file; `nothing` is the answer that it stands for nothing."""
    label = _("“%(value)s” becomes") % {"value": text}
    if chosen.choices:
        choices = [("", _("as is")), (nothing, _("(empty)")), *choice_words(chosen)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    widget = forms.TextInput(attrs={"list": "sources", "placeholder": _("as is")})
    return forms.CharField(label=label, max_length=80, required=False, widget=widget)
