"""When a field is shown and when it is required: conditions of the rule language over the form's own fields.

Known means the same as in rules: what is empty or hidden is unknown and never matches, negated or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

import engine
from engine import Catalog, CatalogField, Choice, FieldType, Label
from engine.nodes import AllOf, AnyOf, Condition, FieldLeaf, Not, Op, Scalar, leaves
from engine.values import typed_value
from intake.webforms.document import FormDocument, FormField, Raw
from intake.webforms.targets import FieldKind, FormTarget, kind_of, target_of

TYPES: Mapping[FieldKind, FieldType] = {
    FieldKind.CHOICE: FieldType.CHOICE,
    FieldKind.NUMBER: FieldType.DECIMAL,
    FieldKind.DATE: FieldType.DATE,
    FieldKind.BOOLEAN: FieldType.BOOLEAN,
    FieldKind.CONSENT: FieldType.BOOLEAN,
}
OFFERED = (Op.EQ, Op.NE, Op.GE, Op.LE, Op.KNOWN, Op.UNKNOWN)
Values = Mapping[str, Any]
"""What was answered by the codes of the fields; None or "" for nothing."""


def catalog_of(document: FormDocument, known: Mapping[str, FormTarget]) -> Catalog:
    """The form's own fields as conditions name them: by their codes."""
    fields = {each.code: _catalog_field(each, known) for each in document.fields}
    return Catalog(fields=fields, activities={})


def _catalog_field(field: FormField, known: Mapping[str, FormTarget]) -> CatalogField:
    target = target_of(field, known)
    kind = TYPES.get(kind_of(field, target), FieldType.TEXT) if target else FieldType.TEXT
    choices = tuple(
        Choice(code=option.value, label=Label(en=option.label.en, ja=option.label.ja)) for option in field.options
    )
    label = Label(en=field.label.say("en"), ja=field.label.say("ja"))
    return CatalogField(
        code=field.code, type=kind, path=("form", field.code), label=label, group="form", choices=choices
    )


def read(raw: Raw | None) -> Condition | None:
    """The condition that was written; None for none and for what cannot be read."""
    return engine.parse_condition(raw)[0] if raw else None


def named_in(raw: Raw | None) -> set[str]:
    """The codes of the fields that a condition looks at."""
    return {leaf.field for leaf in leaves(read(raw)) if isinstance(leaf, FieldLeaf)}


def read_fields(document: FormDocument) -> set[str]:
    """The fields on which others depend."""
    conditions = [each.when for each in document.fields] + [each.required_when for each in document.fields]
    return {code for raw in conditions for code in named_in(raw)}


def shown_fields(document: FormDocument, catalog: Catalog, values: Values) -> list[FormField]:
    """The fields that are shown with these answers. What is hidden answers nothing, so that it hides what needs it."""
    hidden: set[str] = set()
    while True:
        answered = {code: None if code in hidden else value for code, value in values.items()}
        more = {
            each.code
            for each in document.fields
            if each.when and each.code not in hidden and not holds(each.when, catalog, answered)
        }
        if not more:
            return [each for each in document.fields if each.code not in hidden]
        hidden |= more


def is_required(field: FormField, catalog: Catalog, values: Values) -> bool:
    """Whether a field that is shown must be answered."""
    return field.required or bool(field.required_when and holds(field.required_when, catalog, values))


def holds(raw: Raw, catalog: Catalog, values: Values) -> bool:
    """Whether a condition is true of these answers; one that cannot be read is not."""
    condition = read(raw)
    return condition is not None and _test(condition, catalog, values) is True


def _test(node: Condition, catalog: Catalog, values: Values) -> bool | None:
    """True, false, or None where it cannot be told."""
    match node:
        case AllOf(parts=parts):
            return _joined((_test(part, catalog, values) for part in parts), decisive=False)
        case AnyOf(parts=parts):
            return _joined((_test(part, catalog, values) for part in parts), decisive=True)
        case Not(part=part):
            inner = _test(part, catalog, values)
            return None if inner is None else not inner
        case FieldLeaf(field=code) if code in catalog.fields:
            return _leaf(node, catalog.fields[code], values.get(code))
        case _:
            return None


def _joined(results: Iterable[bool | None], *, decisive: bool) -> bool | None:
    """All or any of three values: one that decides is enough, else one that is unknown leaves it open."""
    read = list(results)
    if decisive in read:
        return decisive
    return None if None in read else not decisive


def _leaf(leaf: FieldLeaf, field: CatalogField, given: Any) -> bool | None:
    is_known = given not in (None, "", [])
    if leaf.op in (Op.KNOWN, Op.UNKNOWN):
        return is_known is (leaf.op is Op.KNOWN)
    if not is_known:
        return None
    try:
        mine = _typed(field.type, given)
        if isinstance(leaf.value, tuple):
            return (mine in [typed_value(field.type, each) for each in leaf.value]) is (leaf.op is Op.IN)
        written = typed_value(field.type, cast("Scalar", leaf.value))
        return bool(SIGNS[leaf.op](mine, written))
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return None


def _typed(kind: FieldType, given: Any) -> Any:
    """An answer in the type of its field; raises ValueError or ArithmeticError for what is none."""
    if kind is FieldType.DECIMAL:
        return Decimal(str(given))
    if kind is FieldType.DATE:
        return date.fromisoformat(str(given))
    return given if kind is FieldType.BOOLEAN else str(given)


SIGNS: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: lambda mine, written: mine == written,
    Op.NE: lambda mine, written: mine != written,
    Op.GT: lambda mine, written: mine > written,
    Op.GE: lambda mine, written: mine >= written,
    Op.LT: lambda mine, written: mine < written,
    Op.LE: lambda mine, written: mine <= written,
    Op.BEFORE: lambda mine, written: mine < written,
    Op.AFTER: lambda mine, written: mine > written,
    Op.CONTAINS: lambda mine, written: written in mine,
    Op.STARTS_WITH: lambda mine, written: mine.startswith(written),
}
