"""What makes an MQL and an SQL: in words, and who meets it now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from engine import Document
from engine.dump import dump_condition
from engine.nodes import STAGES, Bands, HotDefinition, Op, ScoreLeaf
from engine.words.phrases import ConditionLine, Language
from scoring.models import ScoringModel
from scoring.queries.words import stage_name
from studio.draft.document import Entry
from studio.queries.effect import advancing
from studio.queries.hot_counts import DefinitionCount, hot_counts


@dataclass(frozen=True, kw_only=True)
class StageWords:
    """A stage that can have a rule: the rule, if it has one; what sales does about it; and words for doing without."""

    code: str
    name: str
    when: ConditionLine | None
    by_sales: str
    leave: str


def stages_in_words(words: Language, document: Document) -> tuple[StageWords, ...]:
    """Both, in their order."""
    by_sales_alone = {
        "mql": _("A lead becomes an MQL when it is hot and handed to sales."),
        "sql": _("A lead becomes an SQL when sales accepts it."),
    }
    by_sales_as_well = {
        "mql": _("Leads handed to sales become at least an MQL as well."),
        "sql": _("Leads accepted by sales become at least an SQL as well."),
    }
    leave = {"mql": _("Use the default (on hand-off)"), "sql": _("Use the default (on acceptance)")}
    stages = []
    for code in STAGES:
        when = getattr(document.stages, code)
        stages.append(
            StageWords(
                code=code,
                name=stage_name(code),
                when=None if when is None else words.lines(when),
                by_sales=by_sales_alone[code] if when is None else by_sales_as_well[code],
                leave=leave[code],
            )
        )
    return tuple(stages)


def demand_waterfall(bands: Bands) -> dict[str, Entry]:
    """The stages of the Demand Waterfall: warm leads are MQLs; what is an SQL, sales says by accepting it."""
    warm = ScoreLeaf(score="total", op=Op.GE, value=bands.warm)
    return {"mql": dump_condition(warm)}


# --- who meets it ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StageCount:
    """The rule of a stage: who meets it, condition by condition, and how many would move forward by publishing it."""

    code: str
    counted: DefinitionCount
    moving: int


@dataclass(frozen=True, kw_only=True)
class StageCounts:
    leads: int
    stages: tuple[StageCount, ...]


def stage_counts(document: Document, *, model: ScoringModel, now: datetime) -> StageCounts:
    """Raises EffectTimeoutError."""
    rules = document.stages.rules
    # Counted as hot definitions are.
    hot = tuple(HotDefinition(name=stage_name(rule.stage), when=rule.when) for rule in rules)
    counts = hot_counts(replace(document, hot=hot), model=model, now=now)
    moving = dict(zip(STAGES, advancing(document, model=model, t=now), strict=True))
    return StageCounts(
        leads=counts.leads,
        stages=tuple(
            StageCount(code=rule.stage, counted=counted, moving=moving[rule.stage])
            for rule, counted in zip(rules, counts.definitions, strict=True)
        ),
    )
