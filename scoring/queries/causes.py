"""What turned between two instants that lie next to each other, and why, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from engine import Catalog, Condition, Document
from engine.matrix_conditions import without_actions
from engine.missing_conditions import requirements
from engine.nodes import STAGES, ActivityLeaf, AnswerLeaf, AnswerPoints, Each, HotDefinition, Leaf, Op, Rule, ScoreLeaf
from engine.sql.evaluation_time import TICK
from engine.words.phrases import Language
from scoring.enums import Band
from scoring.queries.words import capitalized, condition_in_words, reader, stage_name
from web import formats

FLIP = 2
"""Hundredths that a rule may lose by fading within a microsecond; more is a jump."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A lead at an instant: the engine's row, as far as verdicts go."""

    at: datetime
    total: int
    band: str
    inside: bool
    hot: list[bool]
    holds: list[bool]
    stage: str
    uncapped: list[int]
    adjustments: int
    matches: list[bool]
    next_change_at: datetime | None

    @property
    def verdicts(self) -> tuple[list[bool], list[bool], str, str]:
        return self.hot, self.holds, self.band, self.stage


@dataclass(frozen=True, kw_only=True)
class Turn:
    """`kind`: cools, heats (under any definition at all), no_longer_met, met, lets_go (nothing keeps it hot any more),
    band_changes, stage_met, stage_no_longer_met. `why` is a clause, `text` the sentence."""

    at: datetime
    kind: str
    name: str
    why: str
    text: str


def questions(document: Document, catalog: Catalog) -> list[Condition]:
    """The leaves whose turning explains a turn: asked beside the document, answered in `matches`."""
    whens = [*document.verdicts, *([document.audience] if document.audience else [])]
    leaves = [leaf for when in whens for leaf in _leaves(when, document, catalog)]
    return list(dict.fromkeys([*leaves, *(_counting(rule.answer) for rule in document.rules if rule.answer)]))


def _counting(answered: AnswerPoints) -> AnswerLeaf:
    """The newest answer, however old, is one that a rule gives points for."""
    options = tuple(option for option, points in answered.points if points)
    return AnswerLeaf(answer=answered.criterion, op=Op.IN, value=options or (answered.points[0][0],))


def _leaves(when: Condition, document: Document, catalog: Catalog) -> Iterator[Leaf]:
    """What can turn in a condition: of segments their own leaves, of actions the scores that they stand for."""
    yield from (wish.leaf for wish in requirements(without_actions(when, document.matrix), catalog.segments))


def turns(
    document: Document, catalog: Catalog, before: State, after: State, at: Callable[[datetime], State | None]
) -> Iterator[Turn]:
    """Everything that turned between two neighbours of a walk, at `after.at`."""
    if before.verdicts == after.verdicts:
        return
    # Just before, what fades is as it is now: what differs there has jumped.
    just_before = at(after.at - TICK) or before
    yield from Comparison(document, catalog, before, just_before, after).turns()


@dataclass
class Comparison:
    document: Document
    catalog: Catalog
    before: State
    just_before: State
    after: State
    words: Language = field(default_factory=reader)

    def turns(self) -> Iterator[Turn]:
        before, after = self.before, self.after
        for index, hot in enumerate(self.document.hot):
            if before.hot[index] != after.hot[index]:
                yield self._met(hot, after.hot[index])
            if before.holds[index] and not after.holds[index] and not before.hot[index]:
                words = _("“%(name)s” stops keeping the lead hot on %(when)s (%(why)s).")
                yield self._turn("lets_go", hot.name, words, self._why_score())
        if any(before.hot) and not any(after.hot):
            yield self._overall("cools")
        if any(after.hot) and not any(before.hot):
            yield self._overall("heats")
        if before.band != after.band:
            words = _("Changes from %(before)s to %(after)s on %(when)s (%(why)s).")
            bands = {"before": Band(before.band).label, "after": Band(after.band).label}
            yield self._turn("band_changes", after.band, words, self._why_score(), **bands)
        if before.stage != after.stage:
            yield self._staged()

    def _overall(self, kind: str) -> Turn:
        """Hot under some definition, or under none: said in the words of the definition that turned."""
        index = next(i for i, _hot in enumerate(self.document.hot) if self.before.hot[i] != self.after.hot[i])
        turn = self._met(self.document.hot[index], self.after.hot[index])
        return Turn(at=turn.at, kind=kind, name=turn.name, why=turn.why, text=turn.text)

    def _met(self, hot: HotDefinition, is_met: bool) -> Turn:
        kind = "met" if is_met else "no_longer_met"
        turned, score = list(self._turned(hot.when)), self._threshold(hot)
        if score is not None:
            words = _("Reaches %(total)s on %(when)s (%(why)s).") if is_met else _(
                "Falls below %(total)s on %(when)s (%(why)s)."
            )  # fmt: skip
            return self._turn(kind, hot.name, words, self._why_score(), total=formats.number(score))
        words = _("Meets “%(name)s” from %(when)s (%(why)s).") if is_met else _(
            "No longer meets “%(name)s” from %(when)s (%(why)s)."
        )  # fmt: skip
        return self._turn(kind, hot.name, words, _joined(turned) or self._why_score())

    def _staged(self) -> Turn:
        """The further of the two stages, which is reached or no longer is."""
        order = ("", *STAGES)
        is_met = order.index(self.after.stage) > order.index(self.before.stage)
        code = self.after.stage if is_met else self.before.stage
        when = next(rule.when for rule in self.document.stages.rules if rule.stage == code)
        why = _joined(list(self._turned(when))) or self._why_score()
        words = _("Meets the rule for %(name)s from %(when)s (%(why)s).") if is_met else _(
            "No longer meets the rule for %(name)s from %(when)s (%(why)s)."
        )  # fmt: skip
        return self._turn("stage_met" if is_met else "stage_no_longer_met", stage_name(code), words, why)

    def _turn(self, kind: str, name: str, words: str, why: str, **more: Any) -> Turn:
        params = {"name": name, "when": formats.stamp(self.after.at), "why": why} | more
        return Turn(at=self.after.at, kind=kind, name=name, why=why, text=words % params)

    # --- why

    def _changed(self, when: Condition) -> Iterator[tuple[Condition, bool]]:
        asked = questions(self.document, self.catalog)
        own = set(_leaves(when, self.document, self.catalog))
        for index, leaf in enumerate(asked):
            if leaf in own and self.just_before.matches[index] != self.after.matches[index]:
                yield leaf, self.after.matches[index]

    def _threshold(self, hot: HotDefinition) -> Any:
        """The threshold, where the turn is one of the total alone."""
        changed = list(self._changed(hot.when))
        if len(changed) == 1 and isinstance(changed[0][0], ScoreLeaf):
            leaf = changed[0][0]
            return leaf.value if leaf.score == "total" and leaf.op is Op.GE else None
        return None

    def _turned(self, when: Condition) -> Iterator[str]:
        if self.just_before.inside != self.after.inside:
            yield _("it enters the model’s audience") if self.after.inside else _(
                "it leaves the model’s audience"
            )  # fmt: skip
        for leaf, holds in self._changed(when):
            if isinstance(leaf, ActivityLeaf) and leaf.within and not holds:
                said = {
                    "activity": capitalized(self.words.stream(Each(activity=leaf.activity, where=leaf.where))),
                    "time": self.words.duration(leaf.within),
                }
                yield _("“%(activity)s” becomes older than %(time)s") % said
            elif isinstance(leaf, AnswerLeaf) and leaf.within and not holds:
                answer = {"criterion": self.words.criterion(leaf.answer), "time": self.words.duration(leaf.within)}
                yield _("the answer to “%(criterion)s” becomes older than %(time)s") % answer
            else:
                said = {"condition": condition_in_words(self.words, leaf)}
                words = _("“%(condition)s” is met") if holds else _("“%(condition)s” is no longer met")
                yield words % said

    def _why_score(self) -> str:
        """What moved the points: what jumped at this instant, else what fades."""
        if self.just_before.inside != self.after.inside:
            return _("it enters the model’s audience") if self.after.inside else _(
                "it leaves the model’s audience"
            )  # fmt: skip
        reasons = []
        if self.just_before.adjustments != self.after.adjustments:
            reasons.append(_("a manual adjustment starts or ends"))
        pairs = zip(self.just_before.uncapped, self.after.uncapped, strict=True)
        for rule, (old, new) in zip(self.document.rules, pairs, strict=True):
            if abs(new - old) <= FLIP:
                continue
            if rule.answer:
                reasons.append(self._answer(rule, rule.answer, old, new))
            else:
                reasons.append(self._jump(rule, gains=(new > old) is (rule.points > 0)))
        return _joined(reasons) or _("points decay")

    def _answer(self, rule: Rule, answered: AnswerPoints, old: int, new: int) -> str:
        """An answer counts by its age; that points turn into others is the doing of a newer one, dated ahead."""
        place = questions(self.document, self.catalog).index(_counting(answered))
        said = {"criterion": self.words.criterion(answered.criterion), "rule": rule.name}
        if (old and new) or self.just_before.matches[place] != self.after.matches[place]:
            return _("the newer answer to “%(criterion)s” takes effect") % said
        if rule.decay and rule.decay.window and not new:
            said["time"] = self.words.duration(rule.decay.window)
            return _("the answer to “%(criterion)s” leaves the %(time)s window of rule “%(rule)s”") % said
        return self._jump(rule, gains=bool(new))

    def _jump(self, rule: Rule, *, gains: bool) -> str:
        if gains:
            return _("rule “%(rule)s” starts to count") % {"rule": rule.name}
        if rule.each and rule.decay and rule.decay.window:
            said = {
                "activity": self.words.stream(rule.each),
                "time": self.words.duration(rule.decay.window),
                "rule": rule.name,
            }
            return _("“%(activity)s” leaves the %(time)s window of rule “%(rule)s”") % said
        return _("rule “%(rule)s” no longer counts") % {"rule": rule.name}


def _joined(reasons: list[str]) -> str:
    return formats.listed(reasons[:3])
