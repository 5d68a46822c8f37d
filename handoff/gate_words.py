"""Gates and ownership in sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from engine.words.phrases import Language
from handoff.policy.gates import Gate, GateEffect, read_gates
from scoring.ownership import Ownership
from scoring.queries.catalog import catalog
from scoring.queries.changes import Section
from scoring.queries.words import ConditionText, condition_in_words, reader
from web import formats


def gate_condition(gate: Gate, words: Language) -> str:
    """What must hold."""
    return condition_in_words(words, gate.when) if gate.when else _("Can no longer be read")


def gate_effect(effect: str) -> str:
    return {GateEffect.BLOCK: _("Blocks the hand-off"), GateEffect.WARN: _("Hands off with a warning")}[
        GateEffect(effect)
    ]


def gate_guards(gate: Gate) -> str:
    """Which hand-offs have to pass it."""
    parts = [formats.listed(names) for names in (gate.models, gate.hot) if names]
    return " · ".join(parts) if parts else _("Every hand-off")


def ownership_in_words(ownership: Ownership | None) -> str:
    """Whose a lead is by its total."""
    if ownership is None:
        return _("Not by score")
    limits = {"shared": formats.number(ownership.shared), "sales": formats.number(ownership.sales)}
    return _("Marketing below %(shared)s, shared from %(shared)s, sales from %(sales)s") % limits


def tell_in_words(role: str) -> str:
    """Who is told that a lead is held back."""
    return {
        Role.MARKETER: _("All marketers"),
        Role.MANAGER: _("The managers of the lead’s team"),
        Role.REP: _("The sales reps of the lead’s team"),
        Role.ADMIN: _("All administrators"),
    }[Role(role)]


def gates_lines(raw: dict[str, Any]) -> dict[str, Section]:
    """The section in sentences, by part and name, to be compared with another one."""
    section, words = read_gates(raw, catalog()), reader()
    gates: Section = {}
    for gate in section.gates:
        parts = [gate_condition(gate, words), gate_effect(gate.effect), gate_guards(gate), gate.missing]
        gates[gate.name] = ConditionText(text=" · ".join(part for part in parts if part))
    ownership = ConditionText(text=ownership_in_words(section.ownership))
    return {
        _("Gates"): gates,
        _("Who owns the lead"): {_("Who owns the lead"): ownership},
        _("Held back leads"): {_("Who is told"): ConditionText(text=tell_in_words(section.tell))},
    }
