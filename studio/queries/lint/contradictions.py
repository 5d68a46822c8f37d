"""Hot definitions and stages that cannot be met, or that a rule or the audience works against: seen from the text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, product
from typing import Any

from django.utils.translation import gettext as _

from engine import Document
from engine.matrix_conditions import action_condition
from engine.missing_conditions import Requirement
from engine.nodes import (
    ActionLeaf,
    ActivityLeaf,
    AllOf,
    AnswerLeaf,
    AnswerPoints,
    AnyOf,
    Condition,
    Dimension,
    HotDefinition,
    Not,
    Op,
    Rule,
    ScoreLeaf,
    SegmentLeaf,
)
from engine.words.phrases import Language
from scoring.queries.catalog import catalog
from scoring.queries.words import condition_in_words, reader
from studio.queries.lint.finding import Finding, finding, hot_and_stages, plain_number, rules_of
from studio.queries.lint.ranges import clash

WAYS = 64
"""Alternatives of one condition that are looked at; `any` under `all` multiplies them."""
UNBOUNDED = Decimal("Infinity")
HUNDRED = Decimal(100)

Way = tuple[Requirement, ...]


def contradictions(document: Document) -> Iterator[Finding]:
    words = reader()
    for place, definition in hot_and_stages(document):
        path = f"{place}.when" if place.startswith("hot") else place
        yield from impossible_findings(document, definition, path, words)
        yield from unreachable_findings(document, definition, path, words)
        yield from opposing_rules(document, definition, words)


def ways(node: Condition, wanted: bool = True) -> Iterator[Way]:
    """Every combination of leaves that makes the condition hold (or, when not `wanted`, be false)."""
    match node:
        case Not(part=part):
            yield from ways(part, not wanted)
        case SegmentLeaf(segment=name) if name in catalog().segments:
            yield from ways(catalog().segments[name], wanted)
        case AllOf(parts=parts) | AnyOf(parts=parts) if isinstance(node, AllOf) is wanted:
            for combination in product(*(list(islice(ways(part, wanted), WAYS)) for part in parts)):
                yield tuple(wish for way in combination for wish in way)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from ways(part, wanted)
        case _:
            yield (Requirement(leaf=node, wanted=wanted),)


def impossible_findings(document: Document, definition: HotDefinition, path: str, words: Language) -> Iterator[Finding]:
    """Leaves that cannot hold together; with the audience, whose members alone are ever hot."""
    audience: list[Way] = list(islice(ways(document.audience), WAYS)) if document.audience else [()]
    texts: set[str] = set()
    for way in islice(ways(definition.when), WAYS):
        pair = clash(way, catalog()) or clash_with_matrix(way, document)
        outside = None if pair else clash_with_audience(way, audience)
        clashing = pair or outside
        if clashing is None:
            continue
        one, other = clashing
        text = _("“%(one)s” and “%(other)s” can’t both be met.") if pair else _(
            "The model’s audience (“%(other)s”) excludes what this requires: “%(one)s”."
        )  # fmt: skip
        remark = finding(
            path,
            definition.name,
            "contradicts",
            text,
            one=condition_in_words(words, one.condition),
            other=condition_in_words(words, other.condition),
        )
        if remark.text not in texts:
            texts.add(remark.text)
            yield remark


def clash_with_matrix(way: Way, document: Document) -> tuple[Requirement, Requirement] | None:
    """An action and a score that none of its cells has."""
    scores = [wish for wish in way if isinstance(wish.leaf, ScoreLeaf)]
    for wish in way:
        if isinstance(wish.leaf, ActionLeaf) and document.matrix:
            cells = list(islice(ways(action_condition(wish.leaf, document.matrix), wish.wanted), WAYS))
            for score in scores:
                if cells and all(clash((*cell, score), catalog()) for cell in cells):
                    return wish, score
    return None


def clash_with_audience(way: Way, audience: list[Way]) -> tuple[Requirement, Requirement] | None:
    """A clash with the audience, if there is one however a lead belongs to it."""
    pairs = [clash((*way, *membership), catalog()) for membership in audience]
    return pairs[0] if all(pairs) else None


# --- thresholds ------------------------------------------------------------------------------------------------------


def unreachable_findings(
    document: Document, definition: HotDefinition, path: str, words: Language
) -> Iterator[Finding]:
    """Scores that the rules cannot give, whatever a lead does."""
    wanted = {wish.leaf for way in islice(ways(definition.when), WAYS) for wish in way if wish.wanted}
    yield from unreachable_actions(
        document, definition, path, words, [leaf for leaf in wanted if isinstance(leaf, ActionLeaf)]
    )
    for leaf in sorted((leaf for leaf in wanted if isinstance(leaf, ScoreLeaf)), key=lambda leaf: leaf.value):
        most = highest(document, leaf.score)
        if leaf.op in (Op.GE, Op.GT, Op.EQ) and (leaf.value > most or (leaf.op is Op.GT and leaf.value == most)):
            text = _("“%(asked)s” can’t be reached: the rules give at most %(most)s.")
            asked = condition_in_words(words, leaf)
            yield finding(path, definition.name, "unreachable", text, asked=asked, most=plain_number(most))


def unreachable_actions(
    document: Document, definition: HotDefinition, path: str, words: Language, actions: list[ActionLeaf]
) -> Iterator[Finding]:
    """Actions of the decision matrix whose cells all lie beyond what the rules can give."""
    most: dict[str, Any] = {
        str(score): plain_number(highest(document, score)) for score in (Dimension.ENGAGEMENT, Dimension.QUALIFICATION)
    }
    for leaf in sorted(actions, key=lambda leaf: leaf.actions):
        if document.matrix and not any(
            is_within_reach(document, way) for way in ways(action_condition(leaf, document.matrix))
        ):
            text = _(
                "“%(asked)s” can’t be reached: the rules give at most %(engagement)s engagement and "
                "%(qualification)s qualification."
            )
            yield finding(path, definition.name, "unreachable", text, asked=condition_in_words(words, leaf), **most)


def is_within_reach(document: Document, cell: Way) -> bool:
    """Whether the rules can give what a cell of the matrix demands."""
    scores = [wish.leaf for wish in cell if isinstance(wish.leaf, ScoreLeaf)]
    reached = all(leaf.value <= highest(document, leaf.score) for leaf in scores if leaf.op is Op.GE)
    return reached and all(leaf.value > 0 for leaf in scores if leaf.op is Op.LT) and not clash(cell, catalog())


def highest(document: Document, score: str) -> Decimal:
    """The most points of a dimension, or in total, that a lead could have from rules alone."""
    groups = [group for group in document.groups if score in ("total", group.dimension)]
    total = Decimal(0)
    for group in groups:
        most = sum((most_of_rule(rule) for rule in group.rules), Decimal(0))
        most = most if group.max is None else min(most, group.max)
        total += most if group.min is None else max(most, group.min)
    return max(Decimal(0), min(HUNDRED, total))


def most_of_rule(rule: Rule) -> Decimal:
    """The most points that a lead could have from the rule."""
    most = max(rule.gives)
    if rule.disabled or most <= 0:
        return Decimal(0)
    times = UNBOUNDED if rule.each else Decimal(1)
    if rule.each and rule.repeat == "once":
        times = Decimal(1)
    elif rule.each and rule.at_most:
        times = Decimal(rule.at_most)
    return min(most * times, UNBOUNDED if rule.cap is None else rule.cap)


# --- rules against it ------------------------------------------------------------------------------------------------


def opposing_rules(document: Document, definition: HotDefinition, words: Language) -> Iterator[Finding]:
    """Rules that take points for exactly what the definition demands."""
    demanded = {wish.leaf for way in islice(ways(definition.when), WAYS) for wish in way if wish.wanted}
    streams = {(leaf.activity, leaf.where): leaf for leaf in demanded if isinstance(leaf, ActivityLeaf)}
    for place in rules_of(document):
        rule = place.rule
        if min(rule.gives) >= 0 or rule.disabled:
            continue
        leaf: Condition | None = streams.get((rule.each.activity, rule.each.where)) if rule.each else None
        leaf = leaf or next((wish for wish in demanded if wish == rule.when or costs_points(wish, rule.answer)), None)
        # What demands that something did not happen, or seldom, is not worked against by taking points for it.
        is_absence = isinstance(leaf, ActivityLeaf) and leaf.count.op in (Op.LT, Op.LE, Op.EQ)
        if leaf and not is_absence:
            text = _("Subtracts points for something “%(hot)s” requires: “%(asked)s”.")
            yield place.finding("works_against", text, hot=definition.name, asked=condition_in_words(words, leaf))


def costs_points(leaf: Condition, answered: AnswerPoints | None) -> bool:
    """Whether every answer that the leaf takes loses points by this rule."""
    if answered is None or not isinstance(leaf, AnswerLeaf) or leaf.answer != answered.criterion:
        return False
    taken = leaf.value if leaf.op is Op.IN and isinstance(leaf.value, tuple) else (leaf.value,)
    points = dict(answered.points)
    return leaf.op in (Op.EQ, Op.IN) and all(points.get(str(option), 0) < 0 for option in taken)
