"""How leads were routed: one hand-off's routes for ever, and the leads of a rule."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

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


def _conditions(document: dict[str, object]) -> list[str]:
    words = reader()
    return [rule_condition(rule, words) for rule in read_routing(document, catalog()).rules]


def routed_by(user: User, rule: int | None, now: datetime) -> QuerySet[HandoffStep]:
    """The leads that a rule of the version in force took, by its place; None: those that no rule took."""
    policy = policy_of(PolicySection.ROUTING)
    steps = HandoffStep.objects.filter(kind="queued", handoff__in=visible_handoffs(user))
    number = policy.current.number if policy.current else 0
    steps = steps.filter(params__policy=number).select_related("handoff__lead__company", "handoff__team")
    return steps.filter(params__rule=rule) if rule is not None else steps.exclude(params__has_key="rule")


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
