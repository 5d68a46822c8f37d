"""What is wrong with the conditions of a form: unreadable, in a circle, never or always true, required but hidden.

Decided by trying every combination of the answers that conditions tell apart, not by guessing at their form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from engine import Catalog, FieldType
from engine.check import check_condition
from engine.nodes import FieldLeaf, leaves
from engine.parse import parse_condition
from intake.imports.fields import CONSENT
from intake.webforms.conditions import catalog_of, holds, is_required, named_in, read, shown_fields
from intake.webforms.document import FormDocument, FormField, Raw
from intake.webforms.lint import FormProblem, checking
from intake.webforms.targets import FormTarget

MOST_TRIED = 5_000
OTHER = "\u2026"  # an answer that no condition names


@checking
def of_conditions(document: FormDocument, known: Mapping[str, FormTarget]) -> Iterator[FormProblem]:
    """First whether each can be read and none is in a circle; only then what they come to."""
    catalog = catalog_of(document, known)
    unsound = [each.code for each in document.fields if not _is_sound(each, catalog)]
    yield from (FormProblem(code="unsound_condition", where=code) for code in unsound)
    circles = [each.code for each in document.fields if each.code in _needed_by(document, each.code)]
    yield from (FormProblem(code="circle", where=code) for code in circles)
    if unsound or circles:
        return
    for each in document.fields:
        if each.when or each.required_when:
            yield from _tried(document, catalog, each)


def _is_sound(each: FormField, catalog: Catalog) -> bool:
    """Whether the conditions of a field name fields and values that there are."""
    for raw in filter(None, (each.when, each.required_when)):
        condition, problems = parse_condition(raw)
        named_others = all(isinstance(leaf, FieldLeaf) for leaf in leaves(condition))
        if condition is None or problems or not named_others or check_condition(condition, catalog, scores=False):
            return False
    return True


def _needed_by(document: FormDocument, code: str) -> set[str]:
    """The fields on which it depends whether this one is shown, however far away."""
    conditions = {each.code: named_in(each.when) for each in document.fields}
    found: set[str] = set()
    waiting = list(conditions.get(code, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += conditions.get(name, ())
    return found


def _tried(document: FormDocument, catalog: Catalog, each: FormField) -> Iterator[FormProblem]:
    """What the conditions of one field come to over all answers; nothing where there are too many to try."""
    asked = named_in(each.when) | named_in(each.required_when) | _needed_by(document, each.code)
    for name in list(asked):
        asked |= _needed_by(document, name)
    answers = [[(name, value) for value in _values(document, catalog, name)] for name in sorted(asked)]
    tried = [dict(row) for row in islice(product(*answers), MOST_TRIED + 1)]
    if len(tried) > MOST_TRIED:
        return
    seen = [_outcome(document, catalog, each, row) for row in tried if _can_be_sent(document, catalog, row)]
    shown = [is_shown for is_shown, _needed, _wanted in seen]
    if each.when and not any(shown):
        yield FormProblem(code="never_shown", where=each.code)
    elif each.when and all(shown):
        yield FormProblem(code="always_shown", where=each.code)
    if each.required_when and not any(needed for _is_shown, needed, _wanted in seen):
        yield FormProblem(code="never_required", where=each.code)
    if each.required_when and any(wanted and not is_shown for is_shown, _needed, wanted in seen):
        yield FormProblem(code="required_but_hidden", where=each.code)


def _outcome(
    document: FormDocument, catalog: Catalog, each: FormField, row: Mapping[str, Any]
) -> tuple[bool, bool, bool]:
    """With these answers: whether the field is shown, whether it is required then, and whether its own condition wants
    it, shown or not."""
    is_shown = each in shown_fields(document, catalog, row)
    wanted = bool(each.required_when and holds(each.required_when, catalog, row))
    return is_shown, is_shown and is_required(each, catalog, row), wanted


def _can_be_sent(document: FormDocument, catalog: Catalog, row: Mapping[str, Any]) -> bool:
    """Whether these answers can stand together: what is required and shown is answered."""
    shown = shown_fields(document, catalog, row)
    visible = {each.code: row[each.code] for each in shown if each.code in row}
    return all(visible[each.code] is not None for each in shown if each.code in visible and each.required)


def _values(document: FormDocument, catalog: Catalog, name: str) -> list[Any]:
    """The answers of a field that conditions can tell apart, with none at all."""
    field, own = catalog.fields[name], document.field(name)
    if field.type is FieldType.BOOLEAN:
        consent = own is not None and own.writes == CONSENT
        return [True, None] if consent else [True, False, None]
    if field.choices:
        return [*(choice.code for choice in field.choices), None]
    written = [value for raw in _conditions(document) for value in _written(raw, name)]
    return [*_around(field.type, written), None]


def _conditions(document: FormDocument) -> Iterator[Raw]:
    for each in document.fields:
        yield from filter(None, (each.when, each.required_when))


def _written(raw: Raw, name: str) -> Iterator[Any]:
    """The values that a condition compares a field with."""
    for leaf in leaves(read(raw)):
        if isinstance(leaf, FieldLeaf) and leaf.field == name and leaf.value is not None:
            yield from leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)


def _around(kind: FieldType, written: list[Any]) -> list[Any]:
    """Each value with its neighbours, so that every comparison is tried from both sides."""
    if kind is FieldType.DECIMAL:
        numbers = {Decimal(str(value)) + step for value in written for step in (-1, 0, 1)}
        return sorted(numbers) or [Decimal(1)]
    if kind is FieldType.DATE:
        days = {date.fromisoformat(str(value)) + timedelta(step) for value in written for step in (-1, 0, 1)}
        return [day.isoformat() for day in sorted(days)] or [date(2026, 1, 1).isoformat()]
    return [*dict.fromkeys(map(str, written)), OTHER]
