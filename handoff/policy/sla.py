"""The section that says by when sales answers: policies from top to bottom, the first that matches decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from engine import Catalog, Condition, check_condition, parse_condition
from handoff.enums import Counts, DueMode, Promise, RungAct
from handoff.models.sla import MOST_RUNGS
from handoff.policy.lists import entries_of, is_in, is_whole, name_problem
from handoff.policy.problems import PolicyProblem, said

Raw = dict[str, Any]

MOST_POLICIES = 20
MOST_TIME = 1_000  # hours or days of a promise
MOST_AFTER = 200  # hours or days after the due time
MOST_A_WEEK = 100_000
USUAL_WARNING = 80  # percent of the time, from where on a promise without a rung before its due time is due soon


@dataclass(frozen=True, kw_only=True)
class Rung:
    """What happens when `percent` of the time has passed (100: at the due time), or `after` units of time later."""

    act: RungAct
    percent: int = 0
    after: int = 0
    unit: DueMode = DueMode.BUSINESS_HOURS
    person: int | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """One promise: `amount` hours or days, what keeps it, and the ladder that is climbed while it is not kept.

    `target` is the percentage of them that sales wants to keep; None for no target.
    """

    promise: Promise
    amount: int
    mode: DueMode
    counts: Counts = Counts.CONVERSATION
    ladder: tuple[Rung, ...] = ()
    target: int | None = None

    @property
    def warn_percent(self) -> int:
        """From which part of the time on it is due soon: the first rung before the due time."""
        return min((rung.percent for rung in self.ladder if 0 < rung.percent < 100), default=USUAL_WARNING)


@dataclass(frozen=True, kw_only=True)
class SlaPolicy:
    """For which leads it is, and what they are promised. The last policy has no condition and needs no name; a broken
    one meets none."""

    name: str
    when: Condition | None
    promises: Mapping[str, Terms]
    is_broken: bool = False


@dataclass(frozen=True, kw_only=True)
class Marketing:
    """What marketing promises: so many hand-offs a week, and what share of them sales accepts (percent)."""

    per_week: int
    accepted: int


@dataclass(frozen=True, kw_only=True)
class Sla:
    policies: tuple[SlaPolicy, ...] = ()
    marketing: Marketing | None = None


def read_sla(raw: Raw, catalog: Catalog) -> Sla:
    """The section as it was published. What the catalog no longer has breaks a policy, and only that one."""
    policies = tuple(
        _policy(policy, catalog, is_last=place == len(raw["policies"]) - 1)
        for place, policy in enumerate(raw.get("policies", ()))
    )
    marketing = raw.get("marketing")
    return Sla(policies=policies, marketing=Marketing(**marketing) if marketing else None)


def _policy(raw: Raw, catalog: Catalog, *, is_last: bool) -> SlaPolicy:
    when = raw.get("when")
    condition = parse_condition(when)[0] if when is not None else None
    is_broken = not is_last and (condition is None or bool(check_condition(condition, catalog)))
    return SlaPolicy(
        name=raw.get("name", ""), when=None if is_broken else condition, promises=promises_of(raw), is_broken=is_broken
    )


def promises_of(policy: Raw) -> dict[str, Terms]:
    """The promises that a stored policy makes, by their code."""
    return {promise: _terms(promise, policy[promise]) for promise in Promise if policy.get(promise)}


def _terms(promise: Promise, raw: Raw) -> Terms:
    return Terms(
        promise=promise,
        amount=raw["amount"],
        mode=DueMode(raw["mode"]),
        counts=Counts(raw.get("counts", Counts.CONVERSATION)),
        ladder=tuple(map(_rung, raw.get("ladder", ()))),
        target=raw.get("target"),
    )


def _rung(raw: Raw) -> Rung:
    return Rung(
        act=RungAct(raw["do"]),
        percent=raw.get("percent", 0),
        after=raw.get("after", 0),
        unit=DueMode(raw.get("unit", DueMode.BUSINESS_HOURS)),
        person=raw.get("person"),
    )


# --- what is wrong with one ------------------------------------------------------------------------------------------


def sla_problems(raw: Any, catalog: Catalog, people: Collection[int]) -> list[PolicyProblem]:
    """Everything that keeps the section from being published; `people` are the keys of the active users."""
    if not isinstance(raw, Mapping):
        return [PolicyProblem(path="", text=_("Write the policies as a list, the one for all other leads last."))]
    policies, problems = entries_of(raw, "policies", MOST_POLICIES)
    if not policies and not problems:
        problems.append(PolicyProblem(path="policies", text=_("Add the policy for all other leads.")))
    seen: set[str] = set()
    for place, policy in enumerate(policies):
        path, is_last = f"policies[{place}]", place == len(policies) - 1
        if policy.get("name") or not is_last:
            problems += name_problem(policy.get("name"), f"{path}.name", seen)
        problems += (found.under(f"{path}.when") for found in _condition_problems(policy, catalog, is_last=is_last))
        for promise in Promise:
            found = _terms_problems(promise, policy.get(promise), people)
            problems += (problem.under(f"{path}.{promise}") for problem in found)
        seen.add(str(policy.get("name")))
    return [*problems, *_marketing_problems(raw.get("marketing"))]


def _condition_problems(policy: Mapping[str, Any], catalog: Catalog, *, is_last: bool) -> Iterator[PolicyProblem]:
    if policy.get("when") is None:
        if not is_last:
            text = _("Add a condition. Only the last policy is for all other leads.")
            yield PolicyProblem(path="", text=text)
        return
    if is_last:
        text = _("The last policy is for all other leads. Remove its condition, or add a policy without one below it.")
        yield PolicyProblem(path="", text=text)
    condition, found = parse_condition(policy["when"])
    for problem in found or (check_condition(condition, catalog) if condition else found):
        yield said(problem)


def _terms_problems(promise: Promise, raw: Any, people: Collection[int]) -> Iterator[PolicyProblem]:
    if raw is None:
        return
    if not isinstance(raw, Mapping):
        yield PolicyProblem(path="", text=_("Write amount and mode, or leave the SLA out."))
        return
    if not is_whole(raw.get("amount"), 1, MOST_TIME):
        text = _("Enter a whole number from 1 to %(most)s.") % {"most": MOST_TIME}
        yield PolicyProblem(path="amount", text=text)
    if not is_in(raw.get("mode"), set(DueMode)):
        yield PolicyProblem(path="mode", text=_("Choose how the time is counted."))
    is_countable = promise == Promise.FIRST_CONTACT or "counts" not in raw
    if not is_countable or not is_in(raw.get("counts", Counts.CONVERSATION), set(Counts)):
        yield PolicyProblem(path="counts", text=_("Choose what counts as first contact."))
    if "target" in raw and not is_whole(raw["target"], 1, 100):
        text = _("Enter a whole number from 1 to %(most)s.") % {"most": 100}
        yield PolicyProblem(path="target", text=text)
    rungs, problems = entries_of(raw, "ladder", MOST_RUNGS)
    yield from problems
    for place, rung in enumerate(rungs):
        yield from (problem.under(f"ladder[{place}]") for problem in _rung_problems(promise, rung, people))


def _rung_problems(promise: Promise, raw: Mapping[str, Any], people: Collection[int]) -> Iterator[PolicyProblem]:
    act = raw.get("do")
    if not is_in(act, set(RungAct)):
        yield PolicyProblem(path="do", text=_("Choose what happens."))
    elif act == RungAct.PERSON and not is_in(raw.get("person"), people):
        yield PolicyProblem(path="person", text=_("Choose an active user, so that someone is told."))
    elif act in (RungAct.TOP, RungAct.POOL) and promise != Promise.FIRST_CONTACT:
        text = _("Only an uncontacted lead can go up the queue or back to the team. Choose someone to tell.")
        yield PolicyProblem(path="do", text=text)
    if "after" in raw:
        if not is_whole(raw["after"], 1, MOST_AFTER):
            text = _("Enter a whole number from 1 to %(most)s.") % {"most": MOST_AFTER}
            yield PolicyProblem(path="after", text=text)
        if not is_in(raw.get("unit"), set(DueMode)):
            yield PolicyProblem(path="unit", text=_("Choose how the time is counted."))
    elif not is_whole(raw.get("percent"), 1, 100):
        text = _("Enter a percentage of the time from 1 to 100. 100 is the deadline itself.")
        yield PolicyProblem(path="percent", text=text)


def _marketing_problems(raw: Any) -> Iterator[PolicyProblem]:
    if raw is None:
        return
    if not isinstance(raw, Mapping) or set(raw) != {"per_week", "accepted"}:
        yield PolicyProblem(path="marketing", text=_("Write per_week and accepted, or leave it out."))
        return
    for name, most in (("per_week", MOST_A_WEEK), ("accepted", 100)):
        if not is_whole(raw[name], 1, most):
            text = _("Enter a whole number from 1 to %(most)s.") % {"most": most}
            yield PolicyProblem(path=f"marketing.{name}", text=text)
