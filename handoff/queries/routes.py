"""How leads were routed: one hand-off's routes for ever, and the leads of a rule."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.models import User
from handoff.access import visible_handoffs
from handoff.enums import PolicySection
from handoff.models import Handoff, HandoffStep, PolicyVersion
from handoff.policy.routing import read_routing
from handoff.policy_words import rule_condition
from handoff.queries.desk import route_plan
from handoff.queries.policy import policy_of, working_document
from handoff.route_words import ToldRoute, told
from leads.models import Lead
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.words import reader

ROUTED = ("queued", "rerouted")
CAUGHT_OVER = timedelta(days=30)


def routes_of(handoff: Handoff) -> list[tuple[HandoffStep, ToldRoute]]:
    """Every time the rules decided about a hand-off, the first one first, with the rules of that version in words."""
    steps = list(handoff.steps.filter(kind__in=ROUTED).order_by("at", "pk"))
    numbers = {step.params.get("policy") for step in steps}
    versions = PolicyVersion.objects.filter(policy__section=PolicySection.ROUTING, number__in=numbers - {None, 0})
    conditions = {version.number: _conditions(version.document) for version in versions}
    return [
        (
            step,
            told(
                step.params,
                str(step.params.get("to") or ""),
                str(step.params.get("team") or handoff.team),
                conditions.get(step.params.get("policy"), []),
            ),
        )
        for step in steps
    ]


def _conditions(document: dict[str, Any]) -> list[str]:
    words = reader()
    return [rule_condition(rule, words) for rule in read_routing(document, catalog()).rules]


def rule_key(rule: dict[str, Any]) -> str:
    """What makes two rules of different versions the same one: everything they say."""
    return json.dumps(rule, sort_keys=True, ensure_ascii=False)


def caught_by_rule(now: datetime) -> Counter[str]:
    """How many leads each rule took in the last 30 days, under whatever version, by its key; "" for no rule."""
    steps = HandoffStep.objects.filter(kind="queued", at__gt=now - CAUGHT_OVER, params__has_key="policy")
    rows = steps.annotate(
        number=KeyTextTransform("policy", "params"), rule=KeyTextTransform("rule", "params")
    ).order_by().values("number", "rule")  # fmt: skip
    keys = _keys_by_place()
    caught = Counter[str]()
    for row in rows.annotate(leads=Count("pk")):
        key = "" if row["rule"] is None else keys.get((int(row["number"]), int(row["rule"])))
        if key is not None:
            caught[key] += row["leads"]
    return caught


def _keys_by_place() -> dict[tuple[int, int], str]:
    """The keys of all rules there have been, by version and place."""
    versions = PolicyVersion.objects.filter(policy__section=PolicySection.ROUTING)
    return {
        (version.number, place): rule_key(rule)
        for version in versions
        for place, rule in enumerate(version.document.get("rules", ()))
    }


def routed_by(user: User, place: int | None) -> QuerySet[HandoffStep]:
    """The leads that a rule of the version in force took under whatever version; None: those that no rule took."""
    steps = HandoffStep.objects.filter(kind="queued", params__has_key="policy", handoff__in=visible_handoffs(user))
    steps = steps.select_related("handoff__lead__company", "handoff__team")
    if place is None:
        return steps.exclude(params__has_key="rule")
    policy = policy_of(PolicySection.ROUTING)
    keys = _keys_by_place()
    wanted = keys.get((policy.current.number if policy.current else 0, place))
    same = [Q(params__policy=number, params__rule=at) for (number, at), key in keys.items() if key == wanted]
    return steps.filter(reduce(or_, same)) if wanted and same else steps.none()


def trial_of(lead: Lead, *, is_draft: bool, now: datetime) -> ToldRoute | None:
    """Where the lead would go now, under the draft or what is in force; None where nobody could get it."""
    model = ScoringModel.objects.filter(hands_over=True).order_by("-is_primary", "pk").first()
    if model is None:
        return None
    policy = policy_of(PolicySection.ROUTING)
    document = working_document(policy) if is_draft or not policy.current else policy.current.document
    routing = read_routing(document, catalog())
    found = route_plan([lead], model=model, now=now, routing=routing).next(lead)
    if found is None:
        return None
    return told(found.params(), str(found.owner or ""), str(found.team), _conditions(document))
