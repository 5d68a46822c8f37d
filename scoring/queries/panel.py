"""The explanation of a lead, arranged for reading: a waterfall that sums to the total, and what people said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from engine.explanation import (
    AnswerEvidence,
    ConditionVerdict,
    Evidence,
    Explanation,
    HotVerdict,
    MissingCondition,
    StageVerdict,
    SumLine,
)
from engine.words.phrases import Language
from leads.models import Lead
from scoring.enums import Band, Temperature
from scoring.models import Adjustment, Answer, Criterion, Framework, LeadScore, ScoringModel
from scoring.queries.words import reader, stage_name

NEAR = 10  # a number that is further away is not one condition short in any useful sense


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """An activity or answer that still counts: with how many points now, and with how many at first.

    An answer has an author in the place of the object, and may expire.
    """

    label: str
    object: str
    at: datetime
    points: int
    full: int
    expires_at: datetime | None = None

    @property
    def has_faded(self) -> bool:
        return self.points != self.full


@dataclass(frozen=True, kw_only=True)
class WaterfallStep:
    """A line of the waterfall. Points are hundredths; the lines of a lead sum to its total."""

    text: str
    points: int
    colour: str
    kind: str
    sentence: str = ""
    evidence: tuple[EvidenceRow, ...] = ()
    when: ConditionVerdict | None = None
    net: int | None = None
    """What a rule gives after its decay and its cap, which are lines of their own; None where that is no other."""


@dataclass(frozen=True, kw_only=True)
class VerdictCard:
    """A hot definition or a stage, with its conditions; a stage has no beginning and no hysteresis."""

    name: str
    met: bool
    when: ConditionVerdict
    missing: tuple[MissingCondition, ...]
    one_short: bool
    holds: bool = False
    since: datetime | None = None
    is_stage: bool = False


@dataclass(frozen=True, kw_only=True)
class ScoreReading:
    """Everything the panel shows of a score at an instant. Points are hundredths."""

    at: datetime
    version: int | None
    total: int
    fit: int
    engagement: int
    qualification: int
    temperature: str
    """As of that instant; the page puts in the stored one where it shows what is now."""
    grade: str
    inside: bool
    note: str
    steps: list[WaterfallStep]
    silent: list[str]
    """Names of the rules that give nothing."""
    hot: list[VerdictCard]
    stages: list[VerdictCard]
    next_change_at: datetime | None
    cell: str
    answer_points: dict[str, int]
    """What each answer gives now, by `framework.criterion`."""
    largest: int
    """The longest bar of the waterfall."""


def reading(explanation: Explanation, *, note: str = "") -> ScoreReading:
    """The explanation as the panel shows it."""
    words = reader()
    steps = [_step(line, words) for line in explanation.lines]
    rules = [rule for group in explanation.groups for rule in group.rules]
    return ScoreReading(
        at=explanation.at,
        version=explanation.version,
        total=explanation.total,
        fit=explanation.fit,
        engagement=explanation.engagement,
        qualification=explanation.qualification,
        temperature=_temperature(explanation),
        grade=explanation.grade,
        inside=explanation.inside_audience,
        note=note,
        steps=steps,
        silent=[rule.name for rule in rules if not rule.uncapped],
        hot=[_card(verdict) for verdict in explanation.hot],
        stages=[_card(verdict) for verdict in explanation.stages],
        next_change_at=explanation.next_change_at,
        answer_points=_answer_points(explanation),
        cell=explanation.matrix.text if explanation.matrix else "",
        largest=max([abs(step.points) for step in steps], default=1) or 1,
    )


def _answer_points(explanation: Explanation) -> dict[str, int]:
    given: Counter[str] = Counter()
    for group in explanation.groups:
        for evidence in (evidence for rule in group.rules for evidence in rule.evidence):
            if isinstance(evidence, AnswerEvidence):
                given[evidence.answer] += evidence.points
    return dict(given)


def _temperature(explanation: Explanation) -> str:
    """Hot where a hot definition makes or keeps the lead so, else by the total."""
    if any(verdict.holds for verdict in explanation.hot):
        return Band.HOT.value
    return Temperature.COLD.value if explanation.band == Band.COLD else Temperature.WARM.value


def _step(line: SumLine, words: Language) -> WaterfallStep:
    """A line in the colour of its group's dimension, of loss, or of what only bounds; a rule with what is behind it."""
    colour = "muted"
    if line.kind in ("rule", "adjustment"):
        colour = "bad" if line.points < 0 else str(line.group.dimension) if line.group else "accent"
    step = WaterfallStep(text=line.text, points=line.points, colour=colour, kind=line.kind)
    if line.kind != "rule" or line.rule is None:
        return step
    evidence = tuple(_evidence_row(evidence, words) for evidence in line.rule.evidence)
    net = line.rule.points if line.rule.points != line.points else None
    return replace(step, sentence=line.rule.text, evidence=evidence, when=line.rule.when, net=net)


def _evidence_row(evidence: Evidence, words: Language) -> EvidenceRow:
    if isinstance(evidence, AnswerEvidence):
        return EvidenceRow(
            label=evidence.text,
            object=evidence.by or "",
            at=evidence.answered_at,
            points=evidence.points,
            full=evidence.full,
            expires_at=evidence.expires_at,
        )
    return EvidenceRow(
        label=words.activity_name(evidence.activity or ""),
        object=evidence.object,
        at=evidence.occurred_at,
        points=evidence.points,
        full=evidence.full,
    )


def _is_near(verdict: HotVerdict | StageVerdict) -> bool:
    """Whether one condition is missing and could be met soon: few points, or one of several conditions."""
    if len(verdict.missing) != 1:
        return False
    short_by = verdict.missing[0].short_by
    return len(verdict.when.parts) > 1 if short_by is None else short_by <= NEAR


def _card(verdict: HotVerdict | StageVerdict) -> VerdictCard:
    if isinstance(verdict, HotVerdict):
        # Only what has made a lead hot can keep it so.
        name, since = verdict.name, verdict.since
        holds = verdict.holds and since is not None
    else:
        name, holds, since = stage_name(verdict.stage), False, None
    return VerdictCard(
        name=name,
        met=verdict.met,
        when=verdict.when,
        missing=verdict.missing,
        one_short=_is_near(verdict),
        holds=holds,
        since=since,
        is_stage=isinstance(verdict, StageVerdict),
    )


def total_of(lead: Lead, model: ScoringModel) -> int | None:
    """The stored total under one of several models; None where the lead has not been scored yet."""
    return LeadScore.objects.filter(lead=lead, model=model).values_list("total", flat=True).first()


# --- what people said ------------------------------------------------------------------------------------------------


def lasting_adjustments(lead: Lead, model: ScoringModel, now: datetime) -> list[Adjustment]:
    """Points by hand that count now."""
    given = Adjustment.objects.filter(lead=lead, model=model, starts_at__lte=now).exclude(until__lte=now)
    return list(given.select_related("by").order_by("starts_at", "pk"))


@dataclass(frozen=True, kw_only=True)
class CriterionRow:
    """A criterion with its newest answer, if there is one, and whether that is so old that one asks again."""

    criterion: Criterion
    answer: Answer | None
    is_due: bool = False

    @property
    def code(self) -> str:
        """The criterion as rules name it."""
        return f"{self.criterion.framework.code}.{self.criterion.code}"

    @property
    def is_open(self) -> bool:
        return self.answer is None or self.is_due


@dataclass(frozen=True, kw_only=True)
class FrameworkAnswers:
    """A framework as far as this lead has answered it."""

    framework: Framework
    rows: list[CriterionRow]

    @property
    def known(self) -> int:
        return sum(1 for row in self.rows if row.answer)

    @property
    def next_question(self) -> Criterion | None:
        """The first that was never answered, or is to be asked again."""
        return next((row.criterion for row in self.rows if row.is_open), None)

    @property
    def progress(self) -> str:
        return _("%(known)s of %(all)s") % {"known": self.known, "all": len(self.rows)}


def framework_answers(newest: list[Answer], now: datetime) -> list[FrameworkAnswers]:
    """The frameworks in use that this lead has answers to; without any, BANT, or else the first there is.

    A criterion that was put aside is shown where it has an answer.
    """
    by_criterion = {answer.criterion_id: answer for answer in newest}
    frameworks = []
    for framework in Framework.objects.filter(is_active=True).prefetch_related("criteria__framework"):
        rows = []
        for criterion in framework.criteria.all():
            answer = by_criterion.get(criterion.pk)
            if answer or criterion.is_active:
                is_due = answer is not None and criterion.is_active and answer.is_due(now)
                rows.append(CriterionRow(criterion=criterion, answer=answer, is_due=is_due))
        if rows:
            frameworks.append(FrameworkAnswers(framework=framework, rows=rows))
    begun = [answers for answers in frameworks if answers.known]
    return begun or [answers for answers in frameworks if answers.framework.code == "bant"] or frameworks[:1]
