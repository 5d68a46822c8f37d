"""The explanation of a lead, arranged for reading: a waterfall that sums to the total, and what people said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from engine.nodes import hundredths
from engine.words.phrases import Language
from leads.models import Lead
from scoring.models import Adjustment, Answer, Criterion, Framework, LeadScore, ScoringModel
from scoring.queries.words import reader, stage_name


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """An activity or answer that still counts: with how many points now, and with how many at first.

    An answer has an author, and may expire.
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
class Verdict:
    """A condition, whether it holds, and when it stops by itself."""

    text: str
    met: bool
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A line of the waterfall. Points are hundredths; the lines of a lead sum to its total."""

    text: str
    points: int
    colour: str
    kind: str
    sentence: str = ""
    evidence: tuple[Evidence, ...] = ()
    conditions: tuple[Verdict, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A condition that would have to come true, and how far it is from that."""

    text: str
    gap: str


@dataclass(frozen=True, kw_only=True)
class HotVerdict:
    name: str
    met: bool
    holds: bool
    since: datetime | None
    conditions: tuple[Verdict, ...] = ()
    is_stage: bool = False
    one_short: bool = False
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything the panel shows of a score at an instant."""

    at: datetime
    version: int | None
    total: int
    fit: int
    engagement: int
    qualification: int
    band: str
    grade: str
    inside: bool
    note: str
    steps: list[Step]
    silent: list[str]
    hot: list[HotVerdict]
    stages: list[HotVerdict]
    next_change_at: datetime | None
    cell: str = ""
    action: str = ""
    largest: int = field(default=10_000)


def reading(document: dict[str, Any]) -> Reading:
    """The explanation's document (what `explain --json` prints) as the panel shows it."""
    steps = list(_steps(document))
    return Reading(
        at=datetime.fromisoformat(document["at"]),
        version=document["version"],
        **{name: _points(document[name]) for name in ("total", "fit", "engagement", "qualification")},
        band=document["band"],
        grade=document["grade"],
        inside=document.get("inside_audience", True),
        note=document.get("note", ""),
        steps=steps,
        silent=[rule["name"] for group in document["groups"] for rule in group["rules"] if not rule["uncapped"]],
        hot=[_hot(each) for each in document["hot"]],
        stages=[_stage(each) for each in document["stages"]],
        next_change_at=_moment(document["next_change_at"]),
        cell=(document.get("matrix") or {}).get("text", ""),
        action=(document.get("matrix") or {}).get("action", ""),
        largest=max([abs(step.points) for step in steps], default=1) or 1,
    )


def _points(number: float) -> int:
    return hundredths(Decimal(str(number)))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _steps(document: dict[str, Any]) -> Iterator[Step]:
    """The lines in their order, each with the dimension it belongs to and what stands behind it."""
    words = reader()
    groups = {f"groups[{g}]": group for g, group in enumerate(document["groups"])}
    rules = {
        f"{path}.rules[{r}]": (group, rule) for path, group in groups.items() for r, rule in enumerate(group["rules"])
    }
    for line in document["lines"]:
        group, rule = rules.get(line["path"]) or (groups.get(line["path"]), None)
        yield _step(words, line, group, rule if line["kind"] == "rule" else None)


def _step(words: Language, line: dict[str, Any], group: dict[str, Any] | None, rule: dict[str, Any] | None) -> Step:
    change = _points(line["points"])
    plain = {"rule": group["dimension"] if group else "accent", "adjustment": "accent"}
    colour = "bad" if change < 0 and line["kind"] in plain else plain.get(line["kind"], "muted")
    if rule is None:
        return Step(text=line["text"], points=change, colour=colour, kind=line["kind"])
    return Step(
        text=line["text"],
        points=change,
        colour=colour,
        kind="rule",
        sentence=rule["text"],
        evidence=tuple(_evidence(words, each) for each in rule.get("evidence", [])),
        conditions=tuple(_verdict(each) for each in rule.get("conditions", [])),
    )


def _evidence(words: Language, each: dict[str, Any]) -> Evidence:
    if "answer" in each:
        return Evidence(
            label=each["text"],
            object=each["by"] or "",
            at=datetime.fromisoformat(each["answered_at"]),
            points=_points(each["points"]),
            full=_points(each["full"]),
            expires_at=_moment(each["expires_at"]),
        )
    label, at = words.activity_name(each["activity"] or ""), datetime.fromisoformat(each["occurred_at"])
    points, full = _points(each["points"]), _points(each["full"])
    return Evidence(label=label, object=each["object"] or "", at=at, points=points, full=full)


def _verdict(each: dict[str, Any]) -> Verdict:
    return Verdict(text=each["text"], met=bool(each["met"]), expires_at=_moment(each["expires_at"]))


def _hot(each: dict[str, Any]) -> HotVerdict:
    return HotVerdict(
        name=each["name"],
        met=bool(each["met"]),
        holds=bool(each.get("holds")),
        since=_moment(each["since"]),
        conditions=tuple(_verdict(one) for one in each["conditions"]),
        one_short=each["one_short"],
        missing=tuple(Missing(text=one["text"], gap=one["gap"]) for one in each["missing"]),
    )


def _stage(each: dict[str, Any]) -> HotVerdict:
    """The rule of a stage, told as a hot definition is."""
    return replace(_hot(each | {"name": stage_name(each["stage"]), "since": None}), is_stage=True)


def total_of(lead: Lead, model: ScoringModel) -> int | None:
    """The stored total under one of several models; None where the lead has not been scored yet."""
    return LeadScore.objects.filter(lead=lead, model=model).values_list("total", flat=True).first()


# --- what people said ------------------------------------------------------------------------------------------------


def lasting_adjustments(lead: Lead, model: ScoringModel, now: datetime) -> list[Adjustment]:
    """Points by hand that count now."""
    given = Adjustment.objects.filter(lead=lead, model=model, starts_at__lte=now).exclude(until__lte=now)
    return list(given.select_related("by").order_by("starts_at", "pk"))


@dataclass(frozen=True, kw_only=True)
class Question:
    """A criterion with its newest answer, if there is one, and whether that is so old that one asks again."""

    criterion: Criterion
    answer: Answer | None
    is_due: bool = False

    @property
    def is_open(self) -> bool:
        return self.answer is None or self.is_due


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A framework as far as this lead has answered it."""

    framework: Framework
    rows: list[Question]

    @property
    def known(self) -> int:
        return sum(1 for row in self.rows if row.answer)

    @property
    def next_question(self) -> Criterion | None:
        """The first that was never answered, or is to be asked again."""
        return next((row.criterion for row in self.rows if row.is_open), None)

    @property
    def progress(self) -> str:
        return _("%(known)d of %(all)d") % {"known": self.known, "all": len(self.rows)}


def answered(newest: list[Answer], now: datetime) -> list[Answered]:
    """The frameworks in use: those with answers first, then the first one in the list."""
    by_criterion = {answer.criterion_id: answer for answer in newest}
    all_of_them = Framework.objects.filter(is_active=True).prefetch_related("criteria")
    found = [Answered(framework=each, rows=_questions(each, by_criterion, now)) for each in all_of_them]
    found = [each for each in found if each.rows]
    begun = [each for each in found if each.known]
    return begun or [each for each in found if each.framework.code == "bant"] or found[:1]


def _questions(framework: Framework, answers: dict[int, Answer], now: datetime) -> list[Question]:
    """Those in use, and those that were answered before they were put aside."""
    rows = [(one, answers.get(one.pk)) for one in framework.criteria.all()]
    return [
        Question(criterion=one, answer=answer, is_due=answer is not None and one.is_active and answer.is_due(now))
        for one, answer in rows
        if one.is_active or answer
    ]
