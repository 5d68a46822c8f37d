"""How far a requirement is from being met: the lead's present value beside the one that a leaf asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.sql import Composable

from engine.catalog import Catalog, CatalogField, Choice, FieldType
from engine.measures import day, number
from engine.missing_conditions import Requirement
from engine.nodes import ActivityLeaf, AnswerLeaf, FieldLeaf, Leaf, Op, ScoreLeaf
from engine.sql.attributes import LeadAttributes
from engine.sql.compiler import Compiler
from engine.sql.evidence import number_counted_by
from engine.sql.fragments import TRUE, commas, compose, trusted
from engine.sql.statement import ScoreRow
from engine.words.distances import gap
from engine.words.phrases import Language

ReadRows = Callable[[Composable], Iterator[dict[str, Any]]]
COMPARED: Mapping[Op, Callable[[int, int], bool]] = {
    Op.EQ: int.__eq__,
    Op.NE: int.__ne__,
    Op.GT: int.__gt__,
    Op.GE: int.__ge__,
    Op.LT: int.__lt__,
    Op.LE: int.__le__,
}
OPPOSITE: Mapping[Op, Op] = {
    Op.EQ: Op.NE, Op.NE: Op.EQ, Op.GT: Op.LE, Op.GE: Op.LT, Op.LT: Op.GE, Op.LE: Op.GT,
}  # fmt: skip
WHOLE, HUNDREDTH = Decimal(1), Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Distance:
    """In words, and where it can be counted as a number: positive where more is needed."""

    text: str
    short_by: Decimal | None = None


class Distances:
    """Measures the requirements of one lead: one query for all fields and answers, and one for each count."""

    def __init__(
        self,
        requirements: Iterable[Requirement],
        *,
        compiler: Compiler,
        catalog: Catalog,
        row: ScoreRow,
        rows: ReadRows,
    ) -> None:
        self.compiler, self.catalog, self.row, self.rows = compiler, catalog, row, rows
        self.answered_at: dict[Leaf, datetime] = {}
        self.values = self._read([requirement.leaf for requirement in requirements])

    def of(self, requirement: Requirement, words: Language) -> Distance:
        """How far this requirement is from being met."""
        match requirement.leaf:
            case ScoreLeaf(score=score, op=op, value=threshold):
                held = Decimal(int(getattr(self.row, score))) / 100
                short = distance(held, op if requirement.wanted else OPPOSITE[op], threshold, HUNDREDTH)
                return _counted("points", short, words, unit=words.points(short))
            case ActivityLeaf() as leaf:
                (row,) = self.rows(number_counted_by(leaf, self.compiler))
                op = leaf.count.op if requirement.wanted else OPPOSITE[leaf.count.op]
                short = distance(Decimal(row["number"]), op, Decimal(leaf.count.value), WHOLE)
                counted = words.objects if leaf.distinct else words.activities
                what = counted(leaf.activity, abs(int(short))) + words.where(leaf.where)
                return _counted("objects" if leaf.distinct else "times", short, words, what=what)
            case FieldLeaf(field=name) if name in self.catalog.fields:
                return self._field(requirement, self.catalog.fields[name], words)
            case AnswerLeaf():
                return self._answer(requirement.leaf, words)
        return Distance(text=gap("otherwise", {}, words.code))

    def _field(self, requirement: Requirement, field: CatalogField, words: Language) -> Distance:
        value, leaf = self.values.get(requirement.leaf), requirement.leaf
        assert isinstance(leaf, FieldLeaf)
        is_number = field.type in (FieldType.INTEGER, FieldType.DECIMAL) and leaf.op in OPPOSITE
        if value is None or not is_number:
            return self._known(words.field(leaf.field), value, field.called, words, "empty")
        op = leaf.op if requirement.wanted else OPPOSITE[leaf.op]
        step = WHOLE if field.type is FieldType.INTEGER else HUNDREDTH
        short = distance(Decimal(value), op, Decimal(str(leaf.value)), step)
        if field.unit is None:
            return _counted("of", short, words, what=words.field(leaf.field))
        return _counted("", short, words, what=words.field(leaf.field), unit=words.unit(field.unit, short))

    def _answer(self, leaf: AnswerLeaf, words: Language) -> Distance:
        """What was answered, and where that has become too old, when."""
        what, options = words.criterion(leaf.answer), self.catalog.criteria[leaf.answer].options
        value, at = self.values.get(leaf), self.answered_at.get(leaf)
        if at is None or leaf.within is None or at >= self.compiler.context.time.t - leaf.within.delta:
            return self._known(what, value, options, words, "unanswered")
        on = at.astimezone(ZoneInfo(self.compiler.document.timezone)).date()
        answer = words.quoted(words.option(str(value), options))
        params = {"what": what, "value": answer, "on": day(on, words.code)}
        return Distance(text=gap("stale", params, words.code))

    def _known(self, what: str, value: Any, choices: Sequence[Choice], words: Language, unknown: str) -> Distance:
        """The present value; `unknown` is what is said where there is none."""
        if value is None:
            return Distance(text=gap(unknown, {"what": what}, words.code))
        code = next((choice.code for choice in choices if choice.rank is not None and choice.rank == value), value)
        shown = words.value(code.isoformat() if isinstance(code, date) else code, choices)
        return Distance(text=gap("now", {"what": what, "value": shown}, words.code))

    def _read(self, leaves: Sequence[Leaf]) -> dict[Leaf, Any]:
        """The present values of the fields and answers that the leaves look at, however old the answers are."""
        compiler = self.compiler
        attributes = LeadAttributes(compiler.context)
        wanted: dict[Leaf, Composable] = {}
        dated: dict[Leaf, Composable] = {}
        for leaf in leaves:
            if isinstance(leaf, FieldLeaf) and leaf.field in self.catalog.fields:
                wanted[leaf] = attributes.field(self.catalog.fields[leaf.field])
            elif isinstance(leaf, AnswerLeaf):
                criterion = self.catalog.criteria[leaf.answer]
                wanted[leaf], dated[leaf] = attributes.answers.option(criterion), attributes.answers.instant(criterion)
        if not wanted:
            return {}
        columns = [compose("{} AS {}", value, trusted(f"v{index}")) for index, value in enumerate(wanted.values())]
        columns += [compose("{} AS {}", value, trusted(f"at{index}")) for index, value in enumerate(dated.values())]
        scope = compiler.context.sources.scope.of("lead.id") or TRUE
        select = compose("SELECT {} FROM {} WHERE {}", commas(columns), attributes.joins(), scope)
        passes = [compose("{} AS ({})", trusted(name), query) for name, query in attributes.answers.ctes()]
        (row,) = self.rows(compose("WITH {} {}", commas(passes), select) if passes else select)
        self.answered_at = {leaf: row[f"at{index}"] for index, leaf in enumerate(dated)}
        return {leaf: row[f"v{index}"] for index, leaf in enumerate(wanted)}


def distance(held: Decimal, op: Op, asked: Decimal, step: Decimal) -> Decimal:
    """What is to be added to `held` for `held op asked`; `step` is the smallest difference."""
    match op:
        case Op.GT:
            return asked + step - held
        case Op.LT:
            return asked - step - held
        case Op.NE:
            return step
        case _:
            return asked - held


def _counted(kind: str, short: Decimal, words: Language, *, what: str = "", unit: str = "") -> Distance:
    code = "_".join(filter(None, ("more" if short > 0 else "fewer", kind)))
    params = {"n": number(abs(short)), "what": what, "unit": unit}
    return Distance(text=gap(code, params, words.code), short_by=short)
