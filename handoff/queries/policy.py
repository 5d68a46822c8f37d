"""The hand-off policy as it stands: drafts, versions, what is wrong with a draft, what it says differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Team, User
from handoff.enums import PolicySection
from handoff.gate_words import gates_lines
from handoff.models import Policy, RejectReason
from handoff.outcome_words import outcomes_lines
from handoff.policy.gates import gates_problems
from handoff.policy.outcomes import outcomes_problems
from handoff.policy.problems import PolicyProblem
from handoff.policy.routing import Known, routing_problems
from handoff.policy.sla import sla_problems
from handoff.policy_words import routing_lines
from handoff.queries.gates import guarded_now
from handoff.routing import WORKERS
from handoff.sla_words import sla_lines
from scoring.queries.catalog import catalog
from scoring.queries.changes import DocumentChange, Section, compared
from scoring.queries.words import ConditionText

Raw = dict[str, Any]


def policy_of(section: str) -> Policy:
    """The section of the policy; begun where an installation has none."""
    return Policy.objects.select_related("current", "draft_by").get_or_create(section=section)[0]


def working_document(policy: Policy) -> Raw:
    """The draft, else the version in force, else an empty document."""
    if isinstance(policy.draft, dict):
        return policy.draft
    return dict(policy.current.document) if policy.current else {}


def known_now() -> Known:
    """Whom a section may name."""
    workers = User.objects.filter(is_active=True, role__in=WORKERS, team__is_active=True)
    teams = Team.objects.filter(is_active=True)
    return Known(people=set(workers.values_list("pk", flat=True)), teams=set(teams.values_list("pk", flat=True)))


def active_people() -> set[int]:
    """Whom a rung of the ladder may tell."""
    return set(User.objects.filter(is_active=True).values_list("pk", flat=True))


def callers_now() -> set[int]:
    """Who may be named to confirm needs: active people who see to-dos."""
    people = User.objects.filter(is_active=True).exclude(role=Role.OUTSOURCED)
    return set(people.values_list("pk", flat=True))


def reason_codes() -> list[str]:
    return list(RejectReason.objects.values_list("code", flat=True))


def problems_of(section: str, document: Any) -> list[PolicyProblem]:
    """Everything that keeps a document from being put in force."""
    return _PROBLEMS[section](document)


def changes_of(section: str, before: Raw | None, after: Raw) -> list[DocumentChange]:
    """What a document says differently, name by name."""
    old, new = _LINES[section](before or {}), _LINES[section](after)
    found = [change for where, lines in new.items() for change in compared(where, old.get(where, {}), lines)]
    return found + [change for where, lines in new.items() for change in _reordered(where, old.get(where, {}), lines)]


def draft_changes(policy: Policy) -> list[DocumentChange]:
    """What the draft says differently from what is in force; nothing without a draft."""
    if not isinstance(policy.draft, dict):
        return []
    return changes_of(policy.section, policy.current.document if policy.current else None, policy.draft)


def _reordered(where: str, old: Section, new: Section) -> Iterator[DocumentChange]:
    """That names which both have stand in another order."""
    was, becomes = [name for name in old if name in new], [name for name in new if name in old]
    if was != becomes:
        said = (ConditionText(text=" › ".join(names)) for names in (was, becomes))
        yield DocumentChange(kind="changed", where=where, name=_("Order"), was=next(said), becomes=next(said))


_PROBLEMS: dict[str, Callable[[Any], list[PolicyProblem]]] = {
    PolicySection.GATES: lambda document: gates_problems(document, catalog(), guarded_now()),
    PolicySection.OUTCOMES: lambda document: outcomes_problems(document, reason_codes(), callers_now()),
    PolicySection.ROUTING: lambda document: routing_problems(document, catalog(), known_now()),
    PolicySection.SLA: lambda document: sla_problems(document, catalog(), active_people()),
}
_LINES: dict[str, Callable[[Raw], dict[str, Section]]] = {
    PolicySection.GATES: gates_lines,
    PolicySection.OUTCOMES: outcomes_lines,
    PolicySection.ROUTING: routing_lines,
    PolicySection.SLA: sla_lines,
}
