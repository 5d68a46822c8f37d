"""One condition as a row of controls: what is looked at, how it is compared, how often and since when."""

from __future__ import annotations

import re
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
from scoring.forms import values
from studio.forms import choices
from studio.forms.fields import SelectField

TYPED = {"max_length": 40, "required": False}
GROUPS = ("all", "any")
COMPARED = {"field", "answer", "score"}


class FormCannotShowError(Exception):
    """The condition says more than a row of controls can: it is edited as text."""


class StreamFields(forms.Form):
    """The filter on what an activity was about: its object, or one of its properties."""

    where_field = SelectField(
        label=_("Only where"),
        choices=[("", _("any object")), ("object", _("the object")), ("property", _("the property"))],
    )
    where_property = forms.CharField(label=_("Name of the property"), **TYPED)
    where_op = SelectField(label=_("Comparison"), choices=choices.OBJECT_OPERATORS)
    where_value = forms.CharField(label=_("Value"), max_length=2_000, required=False)

    def where(self) -> dict[str, Any] | None:
        """The filter as the language writes it."""
        typed = self.cleaned_data
        kind, op = typed.get("where_field"), typed.get("where_op") or "="
        if not kind:
            return None
        name = "object" if kind == "object" else f"properties.{values.narrow(typed['where_property'])}"
        read = str.strip if kind == "object" else values.property_value
        return {"field": name, "op": op, **_operand(op, typed["where_value"], "d", read)}


def _operand(op: str, text: str, unit: str, read: Any) -> dict[str, Any]:
    """The value in the shape of its operator: none, a duration, a list, or one."""
    if op in BARE:
        return {}
    if op in SPANS:
        return {"value": values.length(text, unit)}
    return {"value": [read(word) for word in values.words(text)] if op in LISTS else read(text)}


class ConditionForm(StreamFields):
    """`subject` is what is looked at: `field:CODE`, `activity:CODE`, `answer:CODE`, `score:NAME`, `segment:NAME`; or
    `group:all` and `group:any` for a group of the rows below that stand deeper."""

    level = forms.IntegerField(label=_("Depth"), required=False, min_value=0, max_value=limits.MAX_LEAVES)
    negate = forms.BooleanField(label=_("not"), required=False)
    subject = forms.CharField(label=_("What"), max_length=260, required=False)
    op = forms.CharField(label=_("Comparison"), **TYPED)
    value = forms.CharField(label=_("Value"), max_length=20_000, required=False)
    unit = forms.CharField(label=_("Unit"), widget=forms.Select(choices=choices.UNITS), **TYPED)
    count_op = forms.CharField(
        label=_("How often"), widget=forms.Select(choices=choices.COUNT_OPERATORS), initial=str(Op.GE), **TYPED
    )
    count = forms.CharField(label=_("Number"), initial="1", **TYPED)
    distinct = forms.CharField(
        label=_("Counted as"),
        widget=forms.Select(choices=[("", _("times")), ("object", _("different objects"))]),
        **TYPED,
    )
    within = forms.CharField(label=_("Within the last"), **TYPED)

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
        if self.opens:
            return {"not": {self.opens: []}} if typed["negate"] else {self.opens: []}
        kind, _colon, code = typed.get("subject", "").partition(":")
        if not code:
            return None
        if kind == "action":
            return self._action()
        leaf = {kind: code} | (self._comparison(kind, code) if kind in COMPARED else {})
        leaf |= self._count() if kind == "activity" else self._within() if kind == "answer" else {}
        return {"not": leaf} if typed["negate"] else leaf

    def _comparison(self, kind: str, code: str) -> dict[str, Any]:
        typed = self.cleaned_data
        sort = self._type(kind, code)
        return {
            "op": typed["op"],
            **_operand(typed["op"], typed["value"], typed["unit"], lambda text: values.value(text, sort)),
        }

    def _type(self, kind: str, code: str) -> FieldType | None:
        if kind == "field":
            return self.catalog.fields[code].type if code in self.catalog.fields else None
        return FieldType.DECIMAL if kind == "score" else FieldType.CHOICE

    def _count(self) -> dict[str, Any]:
        typed = self.cleaned_data
        leaf: dict[str, Any] = {"where": self.where()} if typed.get("where_field") else {}
        leaf |= self._within()
        if typed["distinct"]:
            leaf["distinct"] = typed["distinct"]
        return leaf | {"count": {"op": typed["count_op"] or ">=", "value": values.number(typed["count"] or "1")}}

    def _within(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {"within": values.length(typed["within"], typed["unit"])} if typed["within"].strip() else {}

    def _action(self) -> dict[str, Any]:
        """What the matrix says is always one of a list."""
        leaf = {"action": values.words(self.cleaned_data["value"])}
        return {"not": leaf} if self.cleaned_data["negate"] else leaf

    def mark(self, place: str, words: str) -> None:
        """Show a problem at the control it speaks of; `place` is the path below this condition."""
        self.add_error(_control(place), words)


def _control(place: str) -> str:
    """The control for `not.count.value`, `where.op`, `value[2]` and so on."""
    plain = re.sub(r"\[\d+\]", "", place.removeprefix("not.").removeprefix("not"))
    if plain.startswith("where"):
        return {"where.op": "where_op", "where.field": "where_property"}.get(plain, "where_value")
    known = {"op": "op", "value": "value", "within": "within", "distinct": "distinct", "count.op": "count_op"}
    return known.get(plain, "count" if plain.startswith("count") else "subject")


def initial_row(node: Condition) -> dict[str, Any]:
    """What the controls show for one condition. Raises FormCannotShowError."""
    match node:
        case Not(part=Not() | AllOf() | AnyOf()) | AllOf() | AnyOf():
            raise FormCannotShowError
        case Not(part=part):
            return initial_row(part) | {"negate": True}
        case FieldLeaf(field=code):
            return {"subject": f"field:{code}", "op": str(node.op), **_shown(node.value)}
        case AnswerLeaf(answer=code, within=within):
            row = {"subject": f"answer:{code}", "op": str(node.op), **_shown(node.value)}
            return row | _length(within)
        case ActionLeaf(actions=actions):
            return {"subject": choices.MATRIX, "op": "in", "value": ", ".join(actions)}
        case ScoreLeaf(score=name, op=op, value=value):
            return {"subject": f"score:{name}", "op": str(op), **_shown(value)}
        case SegmentLeaf(segment=name):
            return {"subject": f"segment:{name}"}
        case ActivityLeaf():
            return _initial_count(node)


def _initial_count(node: ActivityLeaf) -> dict[str, Any]:
    row = {
        "subject": f"activity:{node.activity}",
        "count_op": str(node.count.op),
        "count": str(node.count.value),
        "distinct": "object" if node.distinct else "",
        **initial_where(node.where),
    }
    return row | _length(node.within)


def _length(within: Duration | None) -> dict[str, str]:
    return {"within": str(within.amount), "unit": within.unit} if within else {}


def initial_where(node: Condition | None) -> dict[str, Any]:
    """The controls of a filter on the object. Raises FormCannotShowError when it is more than one comparison."""
    if node is None:
        return {}
    if not isinstance(node, FieldLeaf):
        raise FormCannotShowError
    kind = "object" if node.field == "object" else "property"
    row = {"where_field": kind, "where_op": str(node.op), "where_value": _shown(node.value)["value"]}
    row["where_property"] = "" if kind == "object" else node.field.removeprefix("properties.")
    form = StreamFields(row)
    if not form.is_valid() or parse_condition(form.where())[0] != node:
        raise FormCannotShowError
    return row


def _shown(value: Any) -> dict[str, str]:
    if isinstance(value, Duration):
        return {"value": str(value.amount), "unit": value.unit}
    if isinstance(value, tuple):
        return {"value": ", ".join(values.shown(member) for member in value)}
    return {"value": values.shown(value)}
