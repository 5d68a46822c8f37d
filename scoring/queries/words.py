"""The engine's words for nodes, in the reader's language and with this installation's names for things."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from engine.matrix import Matrix, MatrixLevel
from engine.measures import number, signed
from engine.nodes import Bands, Condition, Grades, Group, HotDefinition, Rule, hundredths
from engine.words import wording
from engine.words.phrases import ConditionLine, Language
from leads.enums import Stage
from scoring.queries.catalog import catalog
from scoring.queries.validation import language, read_group


def reader() -> Language:
    """Somebody who speaks the reader's language. Ask once a page: it looks whether the catalog is as it was."""
    return wording(catalog(), language())


def rule_words(words: Language, rule: Rule) -> str:
    """A whole rule: its points, for what, how often, how long."""
    sentence = rule_in_words(words, rule)
    sentence = sentence if rule.answer else f"{signed(rule.points)} · {sentence}"
    return " · ".join([sentence, *words.policies(rule)])


def rule_in_words(words: Language, rule: Rule) -> str:
    """For what a rule gives its points, without saying how many: they stand beside it, or with the answers."""
    if rule.when:
        return condition_in_words(words, rule.when)
    if rule.answer:
        return capitalized(words.answered(words.criterion(rule.answer.criterion), words.by_option(rule.answer), []))
    return capitalized(words.each("", words.stream(rule.each), []).strip().removesuffix("点") if rule.each else "")


def capitalized(sentence: str) -> str:
    """With a capital letter where the language has them."""
    return sentence[:1].upper() + sentence[1:]


def details_in_words(words: Language, rule: Rule) -> str:
    """How often and how long the points count."""
    return " · ".join(words.policies(rule))


def condition_in_words(words: Language, condition: Condition) -> str:
    return capitalized(words.condition(condition))


def most_of(rule: Rule) -> int:
    """Hundredths that stand beside a rule: what it gives, or by an answer the most that one of them gives."""
    return hundredths(max(rule.gives))


def group_words(words: Language, group: Group) -> str:
    return words.group(group)


def bounds_in_words(words: Language, group: dict[str, Any]) -> str:
    """What stands beside the name of a group: its bounds and how it fades."""
    node, parts = read_group(group), []
    if node is None:
        return ""
    bounds = {"low": number(node.min or Decimal(0)), "high": number(node.max or Decimal(0))}
    if node.min is not None and node.max is not None:
        parts.append(_("%(low)s to %(high)s") % bounds)
    elif node.max is not None:
        parts.append(_("up to %(high)s") % bounds)
    elif node.min is not None:
        parts.append(_("at least %(low)s") % bounds)
    if node.inactivity:
        parts.append(_("decays after %(time)s without activity") % {"time": words.duration(node.inactivity.after)})
    return " · ".join(parts)


def band_words(bands: Bands) -> str:
    words = _("high interest from %(hot)s, medium interest from %(warm)s, else low interest")
    return words % {"hot": number(bands.hot), "warm": number(bands.warm)}


def grade_words(grades: Grades) -> str:
    limits = {key: number(getattr(grades, key)) for key in ("a", "b", "one", "two")}
    return _("fit: A from %(a)s, B from %(b)s, else C; engagement: 1 from %(one)s, 2 from %(two)s, else 3") % limits


def matrix_sentences(words: Language, matrix: Matrix) -> str:
    """Its levels, and the action of every cell."""
    return words.sentences([matrix_limits(matrix), *(words.cell(cell) for cell in matrix.cells)])


def matrix_limits(matrix: Matrix) -> str:
    """From how many points each of its levels begins."""
    limits = {
        f"{score}_{level}": number(getattr(getattr(matrix, score), level))
        for score in ("engagement", "qualification")
        for level in ("high", "middle")
    }
    levels = _(
        "engagement: high from %(engagement_high)s, medium from %(engagement_middle)s; qualification: "
        "high from %(qualification_high)s, medium from %(qualification_middle)s"
    )
    return levels % limits


def matrix_level(score: str, level: MatrixLevel) -> str:
    """`Engagement high`."""
    words = reader()
    names = {"engagement": _("Engagement: %(level)s"), "qualification": _("Qualification: %(level)s")}
    return names[score] % {"level": words.levels[level]}


def matrix_actions() -> list[tuple[str, str]]:
    """What a cell of the decision matrix can say to do."""
    return [(str(action), capitalized(name)) for action, name in reader().actions.items()]


@dataclass(frozen=True, kw_only=True)
class MatrixWords:
    """Columns are levels of engagement; each row begins with its level of qualification."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class ConditionText:
    """A sentence; and where it has a group of conditions, these as a tree, with what is said before and behind it."""

    text: str
    when: ConditionLine | None = None
    lead: str = ""
    tail: str = ""
    matrix: MatrixWords | None = None


def matrix_words(words: Language, matrix: Matrix) -> MatrixWords:
    rows = (
        (
            matrix_level("qualification", row),
            tuple(words.actions[matrix.cell(column, row).action] for column in MatrixLevel),
        )
        for row in MatrixLevel
    )
    return MatrixWords(columns=tuple(matrix_level("engagement", level) for level in MatrixLevel), rows=tuple(rows))


def matrix_laid_out(words: Language, matrix: Matrix) -> ConditionText:
    """The matrix as a table below its levels."""
    text = matrix_sentences(words, matrix)
    return ConditionText(text=text, lead=matrix_limits(matrix), matrix=matrix_words(words, matrix))


def condition_laid_out(words: Language, when: Condition) -> ConditionText:
    """A condition alone."""
    line = words.lines(when)
    return ConditionText(text=condition_in_words(words, when), when=line if line.is_group else None)


def rule_laid_out(words: Language, rule: Rule) -> ConditionText:
    """A whole rule."""
    line = words.lines(rule.when) if rule.when else None
    return ConditionText(
        text=rule_words(words, rule),
        when=line if line and line.is_group else None,
        lead=signed(rule.points),
        tail=details_in_words(words, rule),
    )


def hot_laid_out(words: Language, definition: HotDefinition) -> ConditionText:
    """A whole hot definition."""
    parts = hot_parts(words, definition)
    return ConditionText(text=words.hot(definition), when=parts.when if parts.when.is_group else None, tail=parts.exit)


@dataclass(frozen=True, kw_only=True)
class HotParts:
    """A hot definition to read line by line: its condition, and how long it lasts."""

    when: ConditionLine
    exit: str = ""


def hot_parts(words: Language, definition: HotDefinition) -> HotParts:
    """A hot definition line by line."""
    sentences = []
    if definition.exit_total is not None:
        total = {"total": number(definition.exit_total)}
        sentences.append(_("Stays hot while the total score is above %(total)s.") % total)
    if definition.grace:
        grace = {"time": words.duration(definition.grace)}
        sentences.append(_("Stays hot for %(time)s after the conditions are no longer met.") % grace)
    if definition.again:
        sentences.append(_("After a hand-off ends, a new matching activity starts another one."))
    if definition.customers:
        sentences.append(_("Includes customers."))
    return HotParts(when=words.lines(definition.when), exit=" ".join(sentences))


def stage_name(code: str) -> str:
    """What a stage that can have a rule is called."""
    return str(Stage(code).label)
