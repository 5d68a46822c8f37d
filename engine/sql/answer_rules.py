"""Rules that give points by the newest answer to a criterion: a case for each option that gives any.

Points fade with the age of the answer as those of an activity do, and are rounded alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import LiteralString

from psycopg.sql import SQL, Composable

from engine.limits import RULE_CEILING
from engine.nodes import AnswerPoints, Decay, Rule, hundredths
from engine.sql.aggregates import SharedValue
from engine.sql.answers import NewestAnswers
from engine.sql.conditions import span
from engine.sql.context import StatementContext
from engine.sql.evaluation_time import TICK
from engine.sql.fragments import compose
from engine.sql.rules import FadingPoints, RuleColumns

Said = Callable[[Decimal, FadingPoints], Composable]


@dataclass(frozen=True, kw_only=True)
class AnsweredOption:
    """What can be said of the option that a lead answered, given its code and the instant of the answer."""

    rule: Rule
    answered: AnswerPoints
    code: Composable
    at: Composable
    context: StatementContext

    def points(self) -> Composable:
        """Hundredths at t, with their sign."""
        return self.case(self._given, "0::bigint")

    def _given(self, given: Decimal, fading: FadingPoints) -> Composable:
        if not (fading.decay.half_life or fading.decay.linear):
            return self.context.parameters(hundredths(given), "bigint")
        return compose("{}{}::bigint", SQL("" if given > 0 else "-"), fading.rounded_points(self.at))

    def case(self, said: Said, absent: LiteralString) -> Composable:
        """`said(points, fading)` of the option if it gives points and still counts at t, else `absent`."""
        cases = []
        for code, given in self.answered.points:
            if not given:
                continue
            fading = FadingPoints(self.rule.decay or Decay(), given, self.context)
            start, test = fading.since(), compose("{} = {}", self.code, self.context.parameters(code, "text"))
            if start is not None:
                test = compose("{} AND {} >= {}", test, self.at, self.context.parameters(start, "timestamptz"))
            cases.append(compose("WHEN {} THEN {}", test, said(given, fading)))
        return compose("CASE {} ELSE {} END", SQL(" ").join(cases), SQL(absent)) if cases else SQL(absent)


class AnswerRules:
    """Compiles rules by answer; with the next change also what is needed to say when they change."""

    def __init__(self, context: StatementContext, answers: NewestAnswers) -> None:
        self.context, self.answers = context, answers

    def columns(self, rule: Rule, answered: AnswerPoints) -> RuleColumns:
        cap = RULE_CEILING if rule.cap is None else min(hundredths(rule.cap), RULE_CEILING)
        if rule.disabled or not any(rule.gives):
            return RuleColumns(rule=rule, uncapped=SQL("0::bigint"), cap=cap)
        criterion = self.context.catalog.criteria[answered.criterion]
        at = self.answers.instant(criterion) if rule.decay else SQL("NULL")
        options = self.options(rule, answered, self.answers.option(criterion), at)
        if not self.context.next_change or rule.decay is None:
            return RuleColumns(rule=rule, uncapped=options.points(), cap=cap)
        return self._aging(options, rule.decay, cap)

    def options(self, rule: Rule, answered: AnswerPoints, code: Composable, at: Composable) -> AnsweredOption:
        """The rule over any code and instant of an answer."""
        return AnsweredOption(rule=rule, answered=answered, code=code, at=at, context=self.context)

    def _aging(self, options: AnsweredOption, decay: Decay, cap: int) -> RuleColumns:
        rule, ends = options.rule, self._window_end(options, decay)
        if not (decay.half_life or decay.linear):
            return RuleColumns(rule=rule, uncapped=options.points(), cap=cap, ends=ends)
        return RuleColumns(
            rule=rule,
            uncapped=options.points(),
            cap=cap,
            fading=FadingPoints(decay, max(rule.gives, key=abs), self.context),
            roundings=SharedValue(options.case(lambda *_: SQL("1"), "0")),
            exact=SharedValue(options.case(lambda _, fading: fading.signed_points(options.at), "0::float8")),
            flip=options.case(lambda _, fading: fading.flip(options.at), "'infinity'::float8"),
            ends=ends,
        )

    def _window_end(self, options: AnsweredOption, decay: Decay) -> Composable | None:
        """The instant just after the answer leaves the window."""
        if decay.window is None:
            return None
        end = compose("{} + {}", options.at, span(self.context.parameters, decay.window.delta + TICK))
        return options.case(lambda *_: end, "NULL::timestamptz")
