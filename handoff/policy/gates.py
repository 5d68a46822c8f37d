"""The section that says what must be known before a lead is handed over, and whose the lead is by its score."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from engine import Catalog, Condition, check_condition, parse_condition
from handoff.policy.lists import entries_of, is_in, is_whole, name_problem
from handoff.policy.problems import PolicyProblem
from handoff.policy.shapes import condition_problems, unknown_names
from scoring.ownership import Ownership

Raw = dict[str, Any]

MOST_GATES = 20
MISSING = 200  # characters
PARTS = {"gates", "ownership", "tell"}
TELLS = (Role.MARKETER, Role.MANAGER, Role.REP, Role.ADMIN)
"""Whom the section may have told of leads that are held back, the first of them unless it says so."""
GATE_PARTS = {"name", "when", "effect", "hot", "models", "missing"}


class GateEffect(StrEnum):
    """What happens to a lead that does not meet a gate."""

    BLOCK = "block"  # it is not handed over until it does
    WARN = "warn"  # it is handed over, and says so


@dataclass(frozen=True, kw_only=True)
class Gate:
    """`when` is what must hold. None where it can no longer be read: then no lead meets it.

    It guards the hot definitions and the models that it names; without any, every hand-off. `missing` says in the
    words of its author what is to be done about it.
    """

    name: str
    when: Condition | None
    effect: GateEffect
    hot: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    missing: str = ""

    @property
    def blocks(self) -> bool:
        return self.effect == GateEffect.BLOCK

    def guards(self, definition: str, model: str) -> bool:
        """Whether a hand-off by this hot definition of this model has to pass it; one by hand has no definition."""
        return (not self.hot or definition in self.hot) and (not self.models or model in self.models)


@dataclass(frozen=True, kw_only=True)
class Gates:
    gates: tuple[Gate, ...] = ()
    ownership: Ownership | None = None
    tell: Role = TELLS[0]


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """What a gate may guard: the names of hot definitions, and of the models that hand over."""

    hot: Collection[str]
    models: Collection[str]


def read_gates(raw: Raw, catalog: Catalog) -> Gates:
    """The section as it was published."""
    gates = tuple(_gate(gate, catalog) for gate in raw.get("gates", ()))
    return Gates(gates=gates, ownership=read_ownership(raw), tell=Role(raw.get("tell", TELLS[0])))


def read_ownership(raw: Raw) -> Ownership | None:
    limits = raw.get("ownership")
    return Ownership(shared=limits["shared"], sales=limits["sales"]) if limits else None


def _gate(raw: Raw, catalog: Catalog) -> Gate:
    condition = parse_condition(raw["when"])[0]
    if condition is not None and check_condition(condition, catalog):
        condition = None
    return Gate(
        name=raw["name"],
        when=condition,
        effect=GateEffect(raw.get("effect", GateEffect.BLOCK)),
        hot=tuple(raw.get("hot", ())),
        models=tuple(raw.get("models", ())),
        missing=raw.get("missing", ""),
    )


# --- what is wrong with one ------------------------------------------------------------------------------------------


def gates_problems(raw: Any, catalog: Catalog, guarded: Guarded) -> list[PolicyProblem]:
    """Everything that keeps the section from being published."""
    if not isinstance(raw, Mapping):
        return [PolicyProblem(path="", text=_("Write gates and ownership."))]
    return [
        *unknown_names(raw, PARTS),
        *_gates_problems(raw, catalog, guarded),
        *_ownership_problems(raw.get("ownership")),
        *_tell_problems(raw.get("tell", TELLS[0])),
    ]


def _gates_problems(raw: Mapping[str, Any], catalog: Catalog, guarded: Guarded) -> Iterator[PolicyProblem]:
    gates, problems = entries_of(raw, "gates", MOST_GATES)
    yield from problems
    seen: set[str] = set()
    for place, gate in enumerate(gates):
        path = f"gates[{place}]"
        yield from name_problem(gate.get("name"), f"{path}.name", seen)
        seen.add(str(gate.get("name")))
        yield from unknown_names(gate, GATE_PARTS, path)
        yield from _when_problems(gate.get("when"), catalog, f"{path}.when")
        if not is_in(gate.get("effect", GateEffect.BLOCK), set(GateEffect)):
            yield PolicyProblem(path=f"{path}.effect", text=_("Choose whether the gate blocks or warns."))
        yield from _names_problems(gate.get("hot", []), guarded.hot, f"{path}.hot")
        yield from _names_problems(gate.get("models", []), guarded.models, f"{path}.models")
        missing = gate.get("missing", "")
        if not isinstance(missing, str) or len(missing) > MISSING:
            text = _("Enter at most %(most)s characters.") % {"most": MISSING}
            yield PolicyProblem(path=f"{path}.missing", text=text)


def _when_problems(when: Any, catalog: Catalog, path: str) -> Iterator[PolicyProblem]:
    if when is None:
        yield PolicyProblem(path=path, text=_("Add at least one condition that must be met."))
    else:
        yield from condition_problems(when, catalog, path)


def _names_problems(names: Any, known: Collection[str], path: str) -> Iterator[PolicyProblem]:
    if not isinstance(names, list):
        yield PolicyProblem(path=path, text=_("Write a list."))
        return
    for place, name in enumerate(names):
        if not is_in(name, known):
            words = _("“%(name)s” isn’t known here. Available: %(offered)s.")
            offered = ", ".join(sorted(known)) or "–"
            yield PolicyProblem(path=f"{path}[{place}]", text=words % {"name": name, "offered": offered})


def _ownership_problems(limits: Any) -> Iterator[PolicyProblem]:
    if limits is None:
        return
    if not isinstance(limits, Mapping):
        yield PolicyProblem(path="ownership", text=_("Write the limits of shared and sales."))
        return
    yield from unknown_names(limits, {"shared", "sales"}, "ownership")
    wrong = [name for name in ("shared", "sales") if not is_whole(limits.get(name), 1, 100)]
    for name in wrong:
        text = _("Enter a whole number from 1 to %(most)s.") % {"most": 100}
        yield PolicyProblem(path=f"ownership.{name}", text=text)
    if not wrong and limits["shared"] > limits["sales"]:
        text = _("Sales must begin at or above the shared total.")
        yield PolicyProblem(path="ownership.sales", text=text)


def _tell_problems(tell: Any) -> Iterator[PolicyProblem]:
    if not is_in(tell, set(TELLS)):
        offered = ", ".join(TELLS)
        text = _("“%(name)s” isn’t known here. Available: %(offered)s.") % {"name": tell, "offered": offered}
        yield PolicyProblem(path="tell", text=text)
