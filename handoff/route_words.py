"""A route as it is told: the rules that were looked at, everybody who was considered, and what would have differed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from engine.measures import number
from handoff.policy_words import label_in_words
from handoff.turns import LEAD
from handoff.wording import passed_reason, route_in_words

SHOWN = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class ToldRule:
    name: str
    verdict: str
    is_taken: bool
    condition: str = ""


@dataclass(frozen=True, kw_only=True)
class ToldCandidate:
    """Somebody the lead could have gone to. `before` and `after` are shares of leads that were owed, for pools."""

    name: str
    reason: str
    needed: str
    is_chosen: bool = False
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class ToldRoute:
    sentence: str
    rules: list[ToldRule]
    candidates: list[ToldCandidate]

    @property
    def has_turns(self) -> bool:
        return any(person.before is not None for person in self.candidates)


def told(params: Mapping[str, Any], owner: str, team: str, conditions: Sequence[str] = ()) -> ToldRoute:
    """A route from what the history keeps of it (`Route.params`). `owner` is "" for a lead in the queue of `team`.

    `conditions` are those of the rules in words, where the version that has them is at hand.
    """
    code = str(params.get("route", ""))
    whom = owner or _("the queue of %(team)s") % {"team": team}
    reason = route_in_words(code)
    if params.get("pool"):
        reason = _("%(reason)s (pool “%(pool)s”)") % {"reason": reason, "pool": params["pool"]}
    sentence = _("To %(who)s: %(reason)s.") % {"who": whom, "reason": reason}
    rules = params.get("rules", [])
    return ToldRoute(
        sentence=sentence,
        rules=[
            ToldRule(
                name=label_in_words(rule["name"]),
                verdict=_verdicts().get(rule["verdict"], rule["verdict"]),
                is_taken=rule["verdict"] == "taken",
                condition=conditions[place] if place < len(conditions) else "",
            )
            for place, rule in enumerate(rules)
        ],
        candidates=_candidates(params, owner),
    )


def _verdicts() -> dict[str, str]:
    return {
        "taken": _("matched"),
        "unmet": _("condition not met"),
        "no_owner": _("the lead has no owner"),
        "no_colleague": _("no one has another lead of the company"),
        "no_team": _("the lead has no team"),
        "nobody": _("that user doesn’t work leads in an active team"),
        "away": _("away or full, so the next rules decided"),
        "invalid": _("names something that’s no longer there"),
    }


def _candidates(params: Mapping[str, Any], owner: str) -> list[ToldCandidate]:
    """Who got it first, then whoever was passed over, each with what would have had to differ."""
    turns = {turn["name"]: turn for turn in params.get("turns", [])}
    chosen = ToldCandidate(name=owner, reason="", needed="", is_chosen=True, **_shares(turns.get(owner)))
    passed = [
        ToldCandidate(
            name=each["name"], reason=passed_reason(each), needed=_needed(each), **_shares(turns.get(each["name"]))
        )
        for each in params.get("passed", [])
    ]
    return [chosen, *passed] if owner else passed


def _shares(turn: Mapping[str, Any] | None) -> dict[str, Any]:
    """The credit of a pool's member before and after, in leads."""
    if turn is None:
        return {}
    return {when: number((Decimal(turn[when]) / LEAD).quantize(SHOWN)) for when in ("before", "after")}


def _needed(each: Mapping[str, Any]) -> str:
    """What would have had to be otherwise for this person to get the lead, or to stand in line for it."""
    limit = int(each.get("limit") or 0)
    words = {
        "absent": _("not away"),
        "full": _("at most %(n)s open leads") % {"n": max(limit - 1, 0)},
        "full_today": _("at most %(n)s new leads that day") % {"n": max(limit - 1, 0)},
        "inactive": _("active"),
        "external": _("sales rep or sales manager"),
        "not_sales": _("sales rep or sales manager"),
        "declined": _("not given back"),
        "language": _("speaks the language"),
        "skill": _("has the skill"),
        "turn": _("a larger share still owed"),
    }
    return words.get(each["reason"], "")
