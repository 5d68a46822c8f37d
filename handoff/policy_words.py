"""The hand-off policy in sentences."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Team, User
from engine.words.phrases import Language
from handoff.policy.lint import Finding
from handoff.policy.routing import (
    FOLLOWS_A_PERSON,
    LEAD_LANGUAGE,
    Aim,
    Away,
    Pool,
    Returns,
    RoutingRule,
    Target,
    Turns,
    read_routing,
)
from scoring.queries.catalog import catalog
from scoring.queries.changes import Section
from scoring.queries.words import ConditionText, condition_in_words, reader
from web import formats
from web.cldr import language_name


@dataclass(frozen=True)
class Names:
    """What people and teams are called, by their keys."""

    people: dict[int, str]
    teams: dict[int, str]

    def person(self, key: int | None) -> str:
        return self.people.get(key or 0) or _("(no longer there)")

    def team(self, key: int | None) -> str:
        return self.teams.get(key or 0) or _("(no longer there)")


def names_now() -> Names:
    """Of everybody, those who left too: old versions name them."""
    people = {person.pk: str(person) for person in User.objects.only("pk", "name", "email")}
    return Names(people, dict(Team.objects.values_list("pk", "name")))


def rule_condition(rule: RoutingRule, words: Language) -> str:
    """For which leads a rule is."""
    if rule.is_broken:
        return _("Can no longer be read")
    return condition_in_words(words, rule.when) if rule.when else _("Every lead")


def rule_name(rule: RoutingRule) -> str:
    return rule.name or label_in_words(rule.label)


def label_in_words(label: str) -> str:
    """A rule's name as the history keeps it; of one without a name the code of whom it follows."""
    unnamed = {
        Aim.OWNER: _("Owner of the lead"),
        Aim.COLLEAGUE: _("Rep of the company"),
        Aim.LEAD_TEAM: _("Team of the lead"),
    }
    return next((words for aim, words in unnamed.items() if aim == label), label)


def target_in_words(target: Target, names: Names) -> str:
    """Who gets these leads."""
    words = {
        Aim.OWNER: _("the lead’s owner"),
        Aim.COLLEAGUE: _("whoever has another lead of the company"),
        Aim.LEAD_TEAM: _("the queue of the lead’s team"),
    }
    if target.aim in words:
        said = words[target.aim]
    elif target.aim == Aim.PERSON:
        said = names.person(target.person)
    elif target.aim == Aim.TEAM:
        said = _("the queue of %(team)s") % {"team": names.team(target.team)}
    else:
        said = _("pool “%(pool)s”") % {"pool": target.pool}
    if target.aim not in FOLLOWS_A_PERSON:
        return said
    if target.away == Away.TEAM:
        return _("%(who)s; while away or full, their team’s queue") % {"who": said}
    return _("%(who)s; while away or full, the next rules decide") % {"who": said}


def target_name(target: Target, names: Names) -> str:
    """What a rule is called after whom it gives its leads to, where its author gave it no name."""
    if target.aim == Aim.PERSON:
        return names.person(target.person)
    if target.aim == Aim.TEAM:
        return names.team(target.team)
    return target.pool or label_in_words(target.aim)


def pool_in_words(pool: Pool, names: Names) -> str:
    """How a pool gives out its leads, and to whom."""
    turns = _("in turns") if pool.turns == Turns.WEIGHTED else _("to whoever has the most room")
    members = formats.listed(
        names.person(person) + (f" ×{weight}" if weight != 1 and pool.turns == Turns.WEIGHTED else "")
        for person, weight in pool.members
    )
    parts = [f"{turns}{pgettext('label and value', ': ')}{members}"]
    if pool.turns == Turns.WEIGHTED and pool.returns == Returns.CATCH_UP:
        parts.append(_("catches up after absences"))
    if pool.language == LEAD_LANGUAGE:
        parts.append(_("only to those who speak the lead’s language"))
    elif pool.language:
        parts.append(_("only to those who speak %(language)s") % {"language": language_name(pool.language)})
    if pool.skills:
        parts.append(_("only to those with %(skills)s") % {"skills": formats.listed(pool.skills)})
    return " · ".join([*parts, names.team(pool.team)])


def otherwise_in_words(team: int | None, names: Names) -> str:
    return names.team(team) if team else _("the team that receives unassigned leads")


def finding_in_words(finding: Finding, *, is_policy: bool = False) -> str:
    """What a rule, or a policy of the SLA, does not do as its author may think."""
    if finding.code == "never":
        return _("No lead can meet these conditions.")
    above = {"number": (finding.other or 0) + 1}
    if finding.code == "unreachable":
        if is_policy:
            return _("Never reached: the policies above take all its leads, first policy %(number)s.") % above
        return _("Never reached: the rules above take all its leads, first rule %(number)s.") % above
    if is_policy:
        return _("Policy %(number)s takes some of its leads first.") % above
    return _("Rule %(number)s takes some of its leads first.") % above


def unused_name(name: str, rules: Container[Any]) -> str:
    """The name, with a number behind it where another rule is called so."""
    number, found = 1, name
    while found in rules:
        number += 1
        found = f"{name} ({number})"
    return found


def routing_lines(raw: dict[str, Any]) -> dict[str, Section]:
    """The section in sentences, by part and name, to be compared with another one."""
    routing, words, names = read_routing(raw, catalog()), reader(), names_now()
    rules: Section = {}
    for rule in routing.rules:
        text = f"{rule_condition(rule, words)} → {target_in_words(rule.to, names)}"
        rules[unused_name(rule_name(rule), rules)] = ConditionText(text=text)
    return {
        _("Rules"): rules,
        _("Pools"): {pool.name: ConditionText(text=pool_in_words(pool, names)) for pool in routing.pools},
        _("All other leads"): {_("All other leads"): ConditionText(text=otherwise_in_words(routing.otherwise, names))},
    }
