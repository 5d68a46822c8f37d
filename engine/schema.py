"""The rule language as JSON Schema (2020-12), made of the same enums, limits and catalog that `parse` and `check` use.

With a catalog it names this installation's fields, activities and answers, and each field's operators and values. What
a schema cannot count or compare (leaves of a condition, rules of all groups together, names or cells used twice, an
action without a matrix, the stage in a rule for it) is for `parse` and `check` to refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine import limits
from engine.catalog import OBJECT_OPERATORS, OPERATORS, Catalog, Choice, FieldType
from engine.matrix import SHIPPED, MatrixAction, MatrixLevel
from engine.nodes import ANY_ACTIVITY, BARE, COMPARISONS, LISTS, SCORES, SPANS, Dimension, Op, Repeat

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PROPERTY = r"^properties\.[A-Za-z0-9_\-]{1,60}$"
DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
VALUES: dict[FieldType, Schema] = {
    FieldType.TEXT: {"type": "string", "maxLength": limits.MAX_VALUE, "pattern": r"\S"},
    FieldType.INTEGER: {"type": "integer", "minimum": -int(limits.MAX_NUMBER), "maximum": int(limits.MAX_NUMBER)},
    FieldType.DECIMAL: {"type": "number", "minimum": -int(limits.MAX_NUMBER), "maximum": int(limits.MAX_NUMBER)},
    FieldType.DATE: {"type": "string", "pattern": f"^{DATE}$"},
    FieldType.DATETIME: {"type": "string", "pattern": f"^{DATE}([T ].*([+-][0-9:]+|Z))?$"},
    FieldType.BOOLEAN: {"type": "boolean"},
}
SCALAR: Schema = {"anyOf": [VALUES[kind] for kind in (FieldType.TEXT, FieldType.DECIMAL, FieldType.BOOLEAN)]}


def json_schema(catalog: Catalog | None = None) -> Schema:
    """The schema of a whole document; without a catalog any name may stand for a field, an activity or an answer."""
    definitions: Schema = {"name": _text(limits.MAX_NAME), "note": _text(limits.MAX_NOTE, empty=True)}
    days, hours = _up_to(limits.MAX_DAYS), _up_to(24 * limits.MAX_DAYS)
    definitions["duration"] = {"type": "string", "maxLength": 10, "pattern": f"^0*(({days})d|({hours})h)$"}
    definitions["scalar"] = SCALAR
    for depth in range(1, limits.MAX_DEPTH + 1):
        definitions[f"where_{depth}"] = _condition("where", depth, [_ref("where_leaf")])
        definitions[f"condition_{depth}"] = _condition("condition", depth, [_ref("leaf")])
        definitions[f"hot_{depth}"] = _condition("hot", depth, [_ref("leaf"), _ref("score_leaf"), _ref("action_leaf")])
    definitions["where_leaf"] = {"oneOf": list(_where_leaves())}
    definitions["leaf"] = {"oneOf": list(_leaves(catalog))}
    action = {"enum": [str(action) for action in MatrixAction]}
    definitions["score_leaf"] = _closed(
        ("score", "op", "value"), score={"enum": [str(score) for score in SCORES]}, op=_comparison(), value=TOTAL
    )
    definitions["action_leaf"] = _closed(("action",), action=_list(action, len(MatrixAction), at_least=1))
    definitions |= {"rule": _rule(catalog), "group": _group()}
    exit_total = _closed(("total",), total=TOTAL)
    definitions["hot"] = _closed(
        ("name", "when"),
        name=_ref("name"),
        when=_ref("hot_1"),
        exit=exit_total,
        grace=_ref("duration"),
        again={"type": "boolean"},
        customers={"type": "boolean"},
    )
    return {"$schema": DIALECT, "title": "leadqual scoring model", **_document(), "$defs": definitions}


# --- shapes ----------------------------------------------------------------------------------------------------------


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _closed(required: Sequence[str] = (), /, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": list(required)} if required else {}),
    }


def _list(members: Schema, at_most: int, at_least: int = 0) -> Schema:
    return {"type": "array", "items": members, "minItems": at_least, "maxItems": at_most}


def _text(at_most: int, *, empty: bool = False) -> Schema:
    return {"type": "string", "maxLength": at_most} | ({} if empty else {"pattern": r"\S"})


def _number(low: Any, high: Any) -> Schema:
    return {"type": "number", "minimum": int(low), "maximum": int(high)}


def _up_to(number: int) -> str:
    """A regular expression of the whole numbers from 1 to `number`, without leading zeros."""
    digits = str(number)
    shorter = [f"[1-9][0-9]{{{length}}}" for length in range(len(digits) - 1)]
    equal = []
    for place, digit in enumerate(digits):
        low = 1 if place == 0 else 0
        if int(digit) > low:
            equal.append(f"{digits[:place]}[{low}-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    return "|".join([*shorter, *equal, digits])


POINTS = _number(-limits.MAX_POINTS, limits.MAX_POINTS)
TOTAL = _number(-100, 200)


# --- conditions ------------------------------------------------------------------------------------------------------


def _condition(kind: str, depth: int, leaves: Sequence[Schema]) -> Schema:
    """A leaf, or a combinator of conditions one level deeper: `parse` counts levels, so the schema has one of each."""
    if depth == limits.MAX_DEPTH:
        return {"oneOf": list(leaves)}
    inner = _ref(f"{kind}_{depth + 1}")
    several = _list(inner, limits.MAX_LEAVES, at_least=1)
    combinators = [_closed((name,), **{name: several}) for name in ("all", "any")]
    return {"oneOf": [*leaves, *combinators, _closed(("not",), **{"not": inner})]}


def _compared(
    subject: str, name: Schema, operators: Iterable[Op], value: Schema, more: Schema | None = None
) -> Iterator[Schema]:
    """`subject` compared with `value` by these operators, in the shape that each asks for; `more` may be added."""
    own = {subject: name, **(more or {})}
    offered = list(operators)
    bare = [str(op) for op in offered if op in BARE]
    shapes = [
        ([op for op in offered if op in SPANS], _ref("duration")),
        ([op for op in offered if op in LISTS], _list(value, limits.MAX_VALUES, at_least=1)),
        ([op for op in offered if op not in BARE | SPANS | LISTS], value),
    ]
    if bare:
        yield _closed((subject, "op"), **own, op={"enum": bare})
    for ops, shape in shapes:
        if ops:
            enum = {"enum": [str(op) for op in ops]}
            yield _closed((subject, "op", "value"), **own, op=enum, value=shape)


def _where_leaves() -> Iterator[Schema]:
    yield from _compared("field", {"const": "object"}, OBJECT_OPERATORS, VALUES[FieldType.TEXT])
    name = {"type": "string", "pattern": PROPERTY}
    yield from _compared("field", name, (Op.KNOWN, Op.UNKNOWN), SCALAR)
    for kind in (FieldType.TEXT, FieldType.DECIMAL, FieldType.BOOLEAN):
        yield from _compared("field", name, (op for op in OPERATORS[kind] if op not in BARE), VALUES[kind])


def _leaves(catalog: Catalog | None) -> Iterator[Schema]:
    yield from _fields(catalog)
    yield from _answers(catalog)
    count = {"type": "integer", "minimum": 0, "maximum": limits.MAX_COUNT}
    yield _closed(
        ("activity",),
        activity=_activity(catalog),
        where=_ref("where_1"),
        within=_ref("duration"),
        distinct={"const": "object"},
        count=_closed(("op", "value"), op=_comparison(), value=count),
    )
    if catalog is None or catalog.segments:
        yield _closed(("segment",), segment=_one_of(None if catalog is None else catalog.segments))


def _one_of(names: Iterable[str] | None) -> Schema:
    return _ref("name") if names is None else {"enum": sorted(names)}


def _fields(catalog: Catalog | None) -> Iterator[Schema]:
    if catalog is None:
        yield from _compared("field", _ref("name"), Op, SCALAR)
        return
    plain: dict[FieldType, list[str]] = {}
    for field in catalog.fields.values():
        if field.choices:
            yield from _compared("field", {"const": field.code}, field.operators, _choices(field.choices))
        else:
            plain.setdefault(field.type, []).append(field.code)
    for kind, codes in plain.items():
        yield from _compared("field", {"enum": codes}, OPERATORS[kind], VALUES.get(kind, VALUES[FieldType.TEXT]))


def _choices(choices: Sequence[Choice]) -> Schema:
    return {"enum": [choice.code for choice in choices]}


def _answers(catalog: Catalog | None) -> Iterator[Schema]:
    young = {"within": _ref("duration")}
    if catalog is None:
        yield from _compared("answer", _ref("name"), Op, SCALAR, young)
        return
    for criterion in catalog.criteria.values():
        value = _choices(criterion.options) if criterion.options else VALUES[FieldType.TEXT]
        yield from _compared("answer", {"const": criterion.code}, OPERATORS[FieldType.CHOICE], value, young)


def _activity(catalog: Catalog | None) -> Schema:
    return _one_of(None if catalog is None else [*catalog.activities, ANY_ACTIVITY])


def _comparison() -> Schema:
    return {"enum": sorted(COMPARISONS)}


# --- rules -----------------------------------------------------------------------------------------------------------


def _rule(catalog: Catalog | None) -> Schema:
    lengths = {name: _ref("duration") for name in ("half_life", "linear", "window")}
    decay = _closed((), **lengths) | {"minProperties": 1, "not": {"required": ["half_life", "linear"]}}
    rule = _closed(
        ("name", "points"),
        name=_ref("name"),
        points={"anyOf": [POINTS, {"type": "object"}]},
        each=_closed(("activity",), activity=_activity(catalog), where=_ref("where_1")),
        when=_ref("condition_1"),
        answer=_ref("name"),
        repeat={"enum": [str(repeat) for repeat in Repeat]},
        at_most={"type": "integer", "minimum": 1, "maximum": limits.MAX_AT_MOST},
        cap=_number(0, limits.MAX_BOUND),
        decay=decay,
        disabled={"type": "boolean"},
        hypothesis=_ref("note"),
        owner=_ref("note"),
        review_on=VALUES[FieldType.DATE],
    )
    return rule | {"oneOf": list(_forms(catalog))}


def _forms(catalog: Catalog | None) -> Iterator[Schema]:
    """What a rule gives points for: exactly one of three, each with the policies that belong to it."""
    yield _form("each", points=POINTS)
    yield _form("when", points=POINTS, repeat=False, at_most=False, decay=False)
    if catalog is None:
        options = _options({"propertyNames": _ref("name"), "additionalProperties": POINTS})
        yield _form("answer", answer=_ref("name"), points=options, repeat=False, at_most=False)
        return
    for criterion in catalog.criteria.values():
        points = {option.code: POINTS for option in criterion.options}
        options = _options({"properties": points, "additionalProperties": False})
        yield _form("answer", answer={"const": criterion.code}, points=options, repeat=False, at_most=False)


def _form(form: str, **properties: Any) -> Schema:
    others = {name: False for name in ("each", "when", "answer") if name != form}
    return {"required": [form], "properties": properties | others}


def _options(members: Schema) -> Schema:
    return {"type": "object", "minProperties": 1, "maxProperties": limits.MAX_OPTIONS, **members}


def _group() -> Schema:
    bound = _number(-limits.MAX_BOUND, limits.MAX_BOUND)
    return _closed(
        ("name", "dimension"),
        name=_ref("name"),
        dimension={"enum": [str(dimension) for dimension in Dimension]},
        min=bound,
        max=bound,
        inactivity=_closed(("after", "half_life"), after=_ref("duration"), half_life=_ref("duration")),
        rules=_list(_ref("rule"), limits.MAX_RULES),
    )


def _document() -> Schema:
    share = _number(0, 100)
    level = {"enum": [str(level) for level in MatrixLevel]}
    action = {"enum": [str(action) for action in MatrixAction]}
    cell = _closed(("engagement", "qualification", "action"), engagement=level, qualification=level, action=action)
    levels = _closed((), high=share, middle=share)
    return _closed(
        ("model",),
        model=_ref("name"),
        timezone=_ref("name"),
        audience=_ref("condition_1"),
        bands=_closed((), hot=share, warm=share),
        grades=_closed((), fit=_closed((), A=share, B=share), engagement=_closed((), **{"1": share, "2": share})),
        matrix=_closed((), engagement=levels, qualification=levels, actions=_list(cell, len(SHIPPED))),
        groups=_list(_ref("group"), limits.MAX_GROUPS),
        hot=_list(_ref("hot"), limits.MAX_HOT),
        stages=_closed((), mql=_ref("hot_1"), sql=_ref("hot_1")),
    )
