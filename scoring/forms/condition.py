"""One condition as a row of controls: what is looked at, how it is compared, how often and since when."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine import limits
from engine.catalog import Catalog, FieldType
from engine.nodes import (
    BARE,
    LISTS,
    SPANS,
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnyOf,
    Condition,
    Duration,
    FieldLeaf,
    Not,
    Op,
    ScoreLeaf,
    SegmentLeaf,
)
from engine.parse import parse_condition
from scoring.errors import ScoringError
from scoring.forms import choices, values
from scoring.forms.fields import SelectField, ShortTextField
from web.cldr import country_code
from web.cleaning import narrow

GROUPS = ("all", "any")
COUNTRIES = ("country", "company.country")  # kept by their codes, typed by their names
# The control for a path of the language.
CONTROLS = {"op": "op", "value": "value", "within": "within", "distinct": "distinct", "count.op": "count_op"}
WHERE_CONTROLS = {"where.op": "where_op", "where.field": "where_property"}


class FormCannotShowError(ScoringError):
    """A rule, definition or condition says more than its form can: it is edited as text."""


class StreamFields(forms.Form):
    """The filter on what an activity was about: its object, or one of its properties."""

    where_field = SelectField(
        label=_("Only if"),
        choices=[("", _("anything")), ("object", _("page, document…")), ("property", _("property"))],
    )
    where_property = ShortTextField(label=_("Property name"))
    where_op = SelectField(label=_("Comparison"), choices=choices.OBJECT_OPERATORS)
    where_value = forms.CharField(label=_("Value"), max_length=2_000, required=False)

    def where(self) -> dict[str, Any] | None:
        """The filter as the language writes it."""
        typed = self.cleaned_data
        kind, op = typed.get("where_field"), typed.get("where_op") or "="
        if not kind:
            return None
        name = "object" if kind == "object" else f"properties.{narrow(typed['where_property'])}"
        read = str.strip if kind == "object" else values.property_value
        return {"field": name, "op": op, **operand(op, typed["where_value"], "d", read)}


def operand(op: str, text: str, unit: str, read: Callable[[str], Any]) -> dict[str, Any]:
    """The value in the shape of its operator: none, a duration, a list, or one. `read` gives a word its type."""
    if op in BARE:
        return {}
    if op in SPANS:
        return {"value": values.length(text, unit)}
    return {"value": [read(word) for word in values.words(text)] if op in LISTS else read(text)}


class ConditionForm(StreamFields):
    """`subject` is what is looked at: `field:CODE`, `activity:CODE`, `answer:CODE`, `score:NAME`, `segment:NAME`; or
    `group:all` and `group:any` for a group of the rows below that stand deeper."""

    level = forms.IntegerField(label=_("Nesting level"), required=False, min_value=0, max_value=limits.MAX_LEAVES)
    negate = forms.BooleanField(label=_("not"), required=False)
    subject = forms.CharField(label=_("Field"), max_length=260, required=False)
    op = ShortTextField(label=_("Comparison"))
    value = forms.CharField(label=_("Value"), max_length=20_000, required=False)
    unit = ShortTextField(label=_("Unit"), widget=forms.Select(choices=choices.UNITS))
    count_op = ShortTextField(
        label=_("How often"), widget=forms.Select(choices=choices.COUNT_OPERATORS), initial=str(Op.GE)
    )
    count = ShortTextField(label=_("Number"), initial="1")
    distinct = ShortTextField(
        label=_("Count by"), widget=forms.Select(choices=[("", _("times")), ("object", _("different items"))])
    )
    within = ShortTextField(label=_("In the last"))

    def __init__(self, *args: Any, catalog: Catalog, scores: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.catalog = catalog
        self.fields["subject"].widget = forms.Select(choices=choices.subjects(catalog, scores=scores))
        self.fields["op"].widget = forms.Select(choices=list(choices.OPERATOR_WORDS.items()))

    @property
    def depth(self) -> int:
        return self.cleaned_data.get("level") or 0

    @property
    def opens(self) -> str:
        """`all` or `any` where the row opens a group, else nothing."""
        kind, _colon, code = self.cleaned_data.get("subject", "").partition(":")
        return code if kind == "group" and code in GROUPS else ""

    @property
    def raw(self) -> dict[str, Any] | None:
        """The row as the language writes it, a group still without members; None for a row left empty."""
        typed = self.cleaned_data
        kind, _colon, code = typed.get("subject", "").partition(":")
        if self.opens:
            leaf: dict[str, Any] = {self.opens: []}
        elif not code:
            return None
        elif kind == "action":  # what the matrix says is always one of a list
            leaf = {"action": values.words(typed["value"])}
        elif kind in ("field", "answer", "score"):
            leaf = {kind: code} | self.comparison(kind, code)
        elif kind == "activity":
            leaf = {kind: code} | self.frequency()
        else:
            leaf = {kind: code}
        return {"not": leaf} if typed["negate"] else leaf

    def comparison(self, kind: str, code: str) -> dict[str, Any]:
        """The operator and the value, read as the type of what is compared; how old an answer may be."""
        typed = self.cleaned_data
        value_type: FieldType | None = FieldType.DECIMAL if kind == "score" else FieldType.CHOICE
        if kind == "field":
            value_type = self.catalog.fields[code].type if code in self.catalog.fields else None
        read = country_code if kind == "field" and code in COUNTRIES else partial(values.value, kind=value_type)
        value = operand(typed["op"], typed["value"], typed["unit"], read)
        return {"op": typed["op"], **value, **(self.age() if kind == "answer" else {})}

    def frequency(self) -> dict[str, Any]:
        """Which activities count, since when, and how often."""
        typed = self.cleaned_data
        leaf: dict[str, Any] = {"where": self.where()} if typed.get("where_field") else {}
        leaf |= self.age()
        if typed["distinct"]:
            leaf["distinct"] = typed["distinct"]
        return leaf | {"count": {"op": typed["count_op"] or ">=", "value": values.number(typed["count"] or "1")}}

    def age(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {"within": values.length(typed["within"], typed["unit"])} if typed["within"].strip() else {}

    def mark(self, place: str, words: str) -> None:
        """Show a problem at the control it speaks of; `place` is the path below this condition."""
        plain = re.sub(r"\[\d+\]", "", place.removeprefix("not.").removeprefix("not"))
        if plain.startswith("where"):
            self.add_error(WHERE_CONTROLS.get(plain, "where_value"), words)
        else:
            self.add_error(CONTROLS.get(plain, "count" if plain.startswith("count") else "subject"), words)


def initial_row(node: Condition) -> dict[str, Any]:
    """What the controls show for one condition. Raises FormCannotShowError."""
    match node:
        case Not(part=Not() | AllOf() | AnyOf()) | AllOf() | AnyOf():
            raise FormCannotShowError
        case Not(part=part):
            return initial_row(part) | {"negate": True}
        case FieldLeaf(field=code):
            return {"subject": f"field:{code}", "op": str(node.op), **initial_value(node.value)}
        case AnswerLeaf(answer=code, within=within):
            row = {"subject": f"answer:{code}", "op": str(node.op), **initial_value(node.value)}
            return row | initial_age(within)
        case ActionLeaf(actions=actions):
            return {"subject": choices.MATRIX, "op": "in", "value": ", ".join(actions)}
        case ScoreLeaf(score=name, op=op, value=value):
            return {"subject": f"score:{name}", "op": str(op), **initial_value(value)}
        case SegmentLeaf(segment=name):
            return {"subject": f"segment:{name}"}
        case ActivityLeaf():
            return {
                "subject": f"activity:{node.activity}",
                "count_op": str(node.count.op),
                "count": str(node.count.value),
                "distinct": "object" if node.distinct else "",
                **initial_where(node.where),
                **initial_age(node.within),
            }


def initial_age(within: Duration | None) -> dict[str, str]:
    """The controls of `within`, left alone where there is no limit."""
    return {"within": str(within.amount), "unit": within.unit} if within else {}


def initial_where(node: Condition | None) -> dict[str, Any]:
    """The controls of a filter on the object. Raises FormCannotShowError when it is more than one comparison."""
    if node is None:
        return {}
    if not isinstance(node, FieldLeaf):
        raise FormCannotShowError
    kind = "object" if node.field == "object" else "property"
    row = {"where_field": kind, "where_op": str(node.op), "where_value": initial_value(node.value)["value"]}
    row["where_property"] = "" if kind == "object" else node.field.removeprefix("properties.")
    form = StreamFields(row)
    if not form.is_valid() or parse_condition(form.where())[0] != node:
        raise FormCannotShowError
    return row


def initial_value(value: Any) -> dict[str, str]:
    """The controls of a value: as text, and the unit of a duration."""
    if isinstance(value, Duration):
        return {"value": str(value.amount), "unit": value.unit}
    if isinstance(value, tuple):
        return {"value": ", ".join(values.shown(member) for member in value)}
    return {"value": values.shown(value)}
