"""Which policy of the SLA a lead is under, and what each hand-off was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.enums import Counts, DueMode, PolicySection, Promise
from handoff.models import Deadline, Handoff, PolicyVersion
from handoff.policy.sla import Sla, Terms, promises_of, read_sla
from handoff.queries.desk import version_in_force
from handoff.sla_words import document_policy_name
from leads.models import Lead
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.conditions import conditions_met


@dataclass(frozen=True, kw_only=True)
class SlaPlan:
    """The version in force, and of each lead of a batch the place of its policy there."""

    version: PolicyVersion | None
    places: Mapping[int, int]

    def apply(self, handoff: Handoff) -> None:
        """Put the hand-off under its policy; what it is promised comes from there, for as long as it is open."""
        handoff.sla_version = self.version
        handoff.sla_place = self.places.get(handoff.lead_id, 0)


def sla_plan(leads: Sequence[Lead], *, model: ScoringModel, now: datetime) -> SlaPlan:
    """Decide the policies of a batch of leads in one statement; none is needed where there is only one policy."""
    version = version_in_force(PolicySection.SLA)
    if version is None:
        return SlaPlan(version=None, places={})
    sla = read_sla(version.document, catalog())
    return SlaPlan(version=version, places=places_of(sla, [lead.pk for lead in leads], model=model, at=now))


def places_of(
    sla: Sla, leads: Sequence[int], *, model: ScoringModel, at: datetime, known_at: datetime | None = None
) -> dict[int, int]:
    """For each lead the place of the first policy that it meets; the last one is for all others."""
    conditions = [policy.when for policy in sla.policies if policy.when is not None]
    met = conditions_met(conditions, leads=leads, model=model, t=at, known_at=known_at) if conditions else {}
    return {lead: first_met(sla, met.get(lead, ())) for lead in leads}


def first_met(sla: Sla, verdicts: Sequence[bool]) -> int:
    """The place of the first policy whose condition is met; `verdicts` are of the policies that have one, in order."""
    rest = iter(verdicts)
    for place, policy in enumerate(sla.policies):
        if policy.when is not None and next(rest, False):
            return place
    return max(len(sla.policies) - 1, 0)


def terms_of(handoff: Handoff, promise: str) -> Terms | None:
    """What the hand-off was promised; by the version in force, for all other leads, where it names none. None: not
    promised."""
    version = handoff.sla_version or version_in_force(PolicySection.SLA)
    if version is None:
        return None
    place = handoff.sla_place if handoff.sla_version_id else -1
    return _terms(version, place).get(promise)


def terms_of_deadline(deadline: Deadline) -> Terms | None:
    """The terms under which a clock runs; its version is read with it where many are asked."""
    return _terms(deadline.version, deadline.place).get(deadline.promise) if deadline.version else None


def _terms(version: PolicyVersion, place: int) -> dict[str, Terms]:
    policies = version.document.get("policies") or [{}]
    return promises_of(policies[place])


def counted_policies() -> list[str]:
    """The names of the policies in force that count in a calendar: all that set more than hours on the wall."""
    version = version_in_force(PolicySection.SLA)
    document = version.document if version else {}
    return [
        document_policy_name(document, place)
        for place, policy in enumerate(document.get("policies", ()))
        if any(terms.mode != DueMode.ELAPSED_HOURS for terms in promises_of(policy).values())
    ]


def counts_as_contact(handoff: Handoff) -> bool:
    """Whether an attempt that reached nobody keeps the promise of the first contact."""
    terms = terms_of(handoff, Promise.FIRST_CONTACT)
    return terms is not None and terms.counts == Counts.ATTEMPT
