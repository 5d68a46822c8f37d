"""What the page of the gates shows: each gate in words, who it holds back now, and whose a lead is by its score."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from handoff.enums import PolicySection
from handoff.gate_words import gate_condition, gate_effect, gate_guards, tell_in_words
from handoff.models import HeldBack, Policy
from handoff.policy.gates import Gate, read_gates
from handoff.policy.problems import PolicyProblem
from handoff.queries.policy import problems_of, working_document
from scoring.enums import OwnedBy
from scoring.ownership import Ownership
from scoring.queries.catalog import catalog
from scoring.queries.words import reader


@dataclass(frozen=True, kw_only=True)
class ShownGate:
    """`held` counts whom the gate holds back now."""

    place: int
    gate: Gate
    condition: str
    effect: str
    guards: str
    held: int
    problems: list[PolicyProblem]


@dataclass(frozen=True, kw_only=True)
class ShownBand:
    """Who owns the leads from `low` up to, but not including, `high` points; None where there is no limit."""

    label: str
    low: int | None
    high: int | None
    url: str
    """The leads that it owns now, where it is published."""


@dataclass(frozen=True, kw_only=True)
class ShownGates:
    gates: list[ShownGate]
    bands: list[ShownBand]
    told: str
    """Who is told of leads that are held back."""
    problems: list[PolicyProblem]
    """Those that belong to no gate."""


def shown_gates(policy: Policy) -> ShownGates:
    """The draft, else what is in force."""
    document, words = working_document(policy), reader()
    problems, section = problems_of(PolicySection.GATES, document), read_gates(document, catalog())
    held = Counter(
        name for names in HeldBack.objects.filter(ended_at=None).values_list("gates", flat=True) for name in names
    )
    gates = [
        ShownGate(
            place=place, gate=gate, condition=gate_condition(gate, words), effect=gate_effect(gate.effect),
            guards=gate_guards(gate), held=held[gate.name],
            problems=[problem for problem in problems if problem.path.startswith(f"gates[{place}]")],
        )
        for place, gate in enumerate(section.gates)
    ]  # fmt: skip
    others = [problem for problem in problems if not problem.path.startswith("gates[")]
    return ShownGates(gates=gates, bands=bands_of(section.ownership), told=tell_in_words(section.tell), problems=others)


def bands_of(ownership: Ownership | None) -> list[ShownBand]:
    """The bands from the lowest to the highest; none where there are no limits, nor one that nobody can be in."""
    if ownership is None:
        return []
    return [
        ShownBand(
            label=str(OwnedBy(name).label), low=low if name != OwnedBy.MARKETING else None,
            high=high if name != OwnedBy.SALES else None, url=f"{reverse('scoring:lead_list')}?owned_by={name}",
        )
        for name in OwnedBy.values
        for low, high in [tuple(total // 100 for total in ownership.totals(name))]
        if low < high
    ]  # fmt: skip
