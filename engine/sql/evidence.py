"""The activities and the answer behind a number, put to the very tests and points that the statement uses."""

from __future__ import annotations

from psycopg.sql import SQL, Composable

from engine.nodes import ActivityLeaf, Condition, Repeat, Rule
from engine.sql.compiler import Compiler
from engine.sql.fragments import TRUE, compose, trusted


def kept_by(rule: Rule, compiler: Compiler) -> Composable:
    """What an `each` rule keeps, newest first: id, type_id, object, occurred_at and the points of each at t."""
    assert rule.each is not None
    points = compiler.rule_compiler.evidence(rule)
    return _kept(compiler, rule.each.activity, rule.each.where, rule.repeat, rule.at_most, points)


def answered_by(rule: Rule, compiler: Compiler) -> Composable:
    """The newest answer to the rule's criterion: code, answered_at, by_id and its points at t."""
    assert rule.answer is not None
    code, at = SQL("code"), SQL("answered_at")
    points = compiler.answer_rules.options(rule, rule.answer, code, at).points()
    criterion = compiler.context.catalog.criteria[rule.answer.criterion]
    newest = compiler.attributes.answers.newest([criterion])
    return compose("SELECT code, answered_at, by_id, {} AS points FROM ({}) AS newest", points, newest)


def number_counted_by(leaf: ActivityLeaf, compiler: Compiler) -> Composable:
    """How many an activity leaf counts at t: one row, `number`."""
    since = compiler.conditions.since(leaf.within)
    return compose(
        "SELECT count(*) AS number FROM ({}) AS counted WHERE {}",
        counted_by(leaf, compiler),
        TRUE if since is None else compose("occurred_at >= {}", since),
    )


def counted_by(leaf: ActivityLeaf, compiler: Compiler) -> Composable:
    """What an activity leaf counts, whatever its window, newest first; the points are 0."""
    repeat = Repeat.ONCE_PER_OBJECT if leaf.distinct else Repeat.EVERY_TIME
    return _kept(compiler, leaf.activity, leaf.where, repeat, None, SQL("0"))


def _kept(
    compiler: Compiler,
    activity: str,
    where: Condition | None,
    repeat: Repeat,
    at_most: int | None,
    points: Composable,
) -> Composable:
    activities = compiler.activities
    kinds: dict[Repeat, Composable] = {Repeat.EVERY_TIME: SQL("id"), Repeat.ONCE: SQL("true")}
    return compose(
        "SELECT id, type_id, object, occurred_at, points FROM (SELECT id, type_id, object, occurred_at, {points}"
        " AS points, row_number() OVER (PARTITION BY {kind} ORDER BY occurred_at DESC, id DESC) AS place FROM {rows})"
        " AS kept WHERE place = 1 ORDER BY occurred_at DESC, id DESC LIMIT {limit}",
        points=points,
        kind=kinds[repeat] if repeat in kinds else activities.unit(repeat),
        rows=activities.stored(activities.past(), activities.match(activity, where)),
        limit=SQL("ALL") if at_most is None else trusted(str(at_most)),
    )
