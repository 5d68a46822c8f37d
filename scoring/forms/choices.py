"""What the editor offers: everything of the catalog that a condition can look at, with the operators each has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from engine.catalog import OPERATORS, Catalog, Choice, FieldType, Label
from engine.nodes import ANY_ACTIVITY, COMPARISONS, SCORES, Op
from scoring.queries.words import matrix_actions

Choices = list[tuple[str, Any]]

OPERATOR_WORDS: dict[str, str | Promise] = {
    Op.EQ: pgettext_lazy("operator", "is"),
    Op.NE: pgettext_lazy("operator", "is not"),
    Op.GE: pgettext_lazy("operator", "at least"),
    Op.GT: pgettext_lazy("operator", "more than"),
    Op.LE: pgettext_lazy("operator", "at most"),
    Op.LT: pgettext_lazy("operator", "less than"),
    Op.IN: pgettext_lazy("operator", "is one of"),
    Op.NOT_IN: pgettext_lazy("operator", "is none of"),
    Op.CONTAINS: pgettext_lazy("operator", "contains"),
    Op.STARTS_WITH: pgettext_lazy("operator", "starts with"),
    Op.BEFORE: pgettext_lazy("operator", "before"),
    Op.AFTER: pgettext_lazy("operator", "after"),
    Op.WITHIN_NEXT: pgettext_lazy("operator", "within the next"),
    Op.WITHIN_LAST: pgettext_lazy("operator", "within the last"),
    Op.KNOWN: pgettext_lazy("operator", "is known"),
    Op.UNKNOWN: pgettext_lazy("operator", "is unknown"),
}
MATRIX = "action:matrix"
"""The subject of a condition on what the decision matrix says."""

UNITS = [("d", gettext_lazy("days")), ("h", gettext_lazy("hours"))]
COUNT_OPERATORS = [(op, words) for op, words in OPERATOR_WORDS.items() if op in COMPARISONS]
OBJECT_OPERATORS = [
    (op, OPERATOR_WORDS[op])
    for op in (Op.EQ, Op.STARTS_WITH, Op.CONTAINS, Op.IN, Op.NE, Op.NOT_IN, Op.GE, Op.LE, Op.KNOWN)
]
GROUP_WORDS = {
    "lead": gettext_lazy("Lead"),
    "company": gettext_lazy("Company"),
    "custom": gettext_lazy("Custom attributes"),
}
SCORE_WORDS = {
    "total": gettext_lazy("Total score"), "fit": gettext_lazy("Fit"), "engagement": gettext_lazy("Engagement"),
    "qualification": gettext_lazy("Qualification"),
}  # fmt: skip


def spoken(label: Label) -> str:
    """The label in the reader's language, with a capital where the language has them: it stands alone in a list."""
    words = label.say("ja" if (get_language() or "").startswith("ja") else "en")
    return words[:1].upper() + words[1:]


def activities(catalog: Catalog) -> Choices:
    """Every type, and `any`."""
    return [
        (ANY_ACTIVITY, _("Any activity")),
        *((code, spoken(kind.label)) for code, kind in catalog.activities.items()),
    ]


def subjects(catalog: Catalog, *, scores: bool) -> Choices:
    """What a condition can look at, in groups: `field:company.employees`, `activity:page_view` and so on."""
    groups: dict[Any, Choices] = defaultdict(list)
    for code, field in catalog.fields.items():
        groups[GROUP_WORDS.get(field.group, field.group)].append((f"field:{code}", spoken(field.label)))
    together = [("group:all", _("All of the conditions below")), ("group:any", _("Any of the conditions below"))]
    offered: Choices = [("", _("Choose a field")), (_("Condition group"), together), *groups.items()]
    offered.append((_("Activities"), [(f"activity:{code}", words) for code, words in activities(catalog)]))
    for name, rows in criteria(catalog):
        answers = [(f"answer:{code}", words) for code, words in rows]
        offered.append((_("Answers (%(framework)s)") % {"framework": name}, answers))
    if catalog.segments:
        offered.append((_("Segments"), [(f"segment:{name}", name) for name in catalog.segments]))
    if scores:
        offered.append((_("Score"), [(f"score:{name}", SCORE_WORDS[name]) for name in SCORES]))
        offered.append((_("Decision matrix"), [(MATRIX, _("Matrix action"))]))
    return offered


def framework_name(criterion: str) -> str:
    """`bant.budget` belongs to BANT."""
    return criterion.partition(".")[0].upper()


def criteria(catalog: Catalog) -> Choices:
    """Every question, by framework."""
    frameworks: dict[str, Choices] = defaultdict(list)
    for code, criterion in catalog.criteria.items():
        frameworks[framework_name(code)].append((code, spoken(criterion.label)))
    return [*frameworks.items()]


def guide(catalog: Catalog) -> dict[str, Any]:
    """For the browser: the type, operators and choices of every field and criterion, by subject."""
    fields = {
        f"field:{code}": guide_entry(field.type, field.operators, field.choices)
        for code, field in catalog.fields.items()
    }
    operators = OPERATORS[FieldType.CHOICE]
    answers = {
        f"answer:{code}": guide_entry(FieldType.CHOICE, operators, criterion.options)
        for code, criterion in catalog.criteria.items()
    }
    scores = {f"score:{name}": guide_entry(FieldType.DECIMAL, tuple(COMPARISONS), ()) for name in SCORES}
    matrix = {"type": "choice", "ops": [str(Op.IN)], "choices": [list(action) for action in matrix_actions()]}
    return {**fields, **answers, **scores, MATRIX: matrix}


def guide_entry(kind: FieldType, operators: Iterable[Op], choices: Iterable[Choice]) -> dict[str, Any]:
    """What the browser needs to know of one field."""
    offered = [[choice.code, spoken(choice.label)] for choice in choices]
    return {
        "type": str(kind),
        "ops": [str(op) for op in operators],
        "choices": [["true", _("yes")], ["false", _("no")]] if kind is FieldType.BOOLEAN else offered,
    }
