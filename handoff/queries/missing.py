"""What leads lack for the gates of the policy, in the words of the engine, and where each piece is filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import is_allowed
from engine import Condition
from engine.matrix_conditions import without_actions
from engine.missing_conditions import Requirement, requirements, unmet_requirements
from engine.nodes import ActivityLeaf, AnswerLeaf, FieldLeaf, Leaf, Op
from engine.words.distances import gap
from engine.words.phrases import Language
from handoff.enums import OPEN_STATES
from handoff.models import Handoff
from handoff.policy.gates import Gate
from handoff.queries.gates import Pair, gates_in_force, gates_in_the_way, model_to_give
from leads.access import may_edit, may_log
from leads.models import Lead
from scoring import policies as scoring_policies
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.conditions import conditions_met
from scoring.queries.documents import document_of
from scoring.queries.words import capitalized, condition_in_words, reader


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One thing that is missing. `url` is where this reader fills it in, empty where they cannot; `verb` says how."""

    text: str
    url: str = ""
    verb: str = ""
    is_dialog: bool = False


@dataclass(frozen=True, kw_only=True)
class MissingGate:
    """A gate that a lead does not meet; `words` are its author's."""

    name: str
    words: str = ""
    pieces: tuple[Piece, ...] = ()


def missing_gates(
    asked: Sequence[tuple[Lead, ScoringModel, Sequence[str]]], user: User, now: datetime
) -> dict[Pair, list[MissingGate]]:
    """Of leads under models and the names of gates each: those that are not met, with the fewest pieces to meet them.

    One statement for each model. A gate that the policy no longer has, or that cannot be read, has no pieces.
    """
    if not asked:
        return {}
    reading = _Reading(user=user, words=reader(), segments=catalog().segments)
    by_name = {gate.name: gate for gate in gates_in_force()[0].gates}
    found: dict[Pair, list[MissingGate]] = {}
    for model in dict.fromkeys(model for _lead, model, _names in asked):
        of_model = [(lead, names) for lead, other, names in asked if other == model]
        gates = [by_name[name] for name in dict.fromkeys(n for _l, names in of_model for n in names) if name in by_name]
        goals = {gate.name: _goal(gate, model) for gate in gates}
        wanted = reading.parts_of(goal for goal in goals.values() if goal)
        met = conditions_met(wanted, leads=[lead.pk for lead, _n in of_model], model=model, t=now)
        for lead, names in of_model:
            verdicts = dict(zip(wanted, met.get(lead.pk, ()), strict=False))
            shown = [reading.missing(name, by_name.get(name), goals.get(name), lead, verdicts) for name in names]
            found[lead.pk, model.pk] = [gate for gate in shown if gate is not None]
    return found


def warnings_of(handoffs: Iterable[Handoff], user: User, now: datetime) -> dict[int, list[MissingGate]]:
    """Of open hand-offs that began with a warning: what is still missing, by hand-off. Asks nothing where none did."""
    warned = [row for row in handoffs if row.warnings and row.state in OPEN_STATES]
    models = ScoringModel.objects.in_bulk({row.model_id for row in warned}) if warned else {}
    asked = [(row.lead, models[row.model_id], row.warnings) for row in warned]
    found = missing_gates(asked, user, now)
    return {row.pk: found.get((row.lead_id, row.model_id), []) for row in warned}


def blocked_by(lead: Lead, user: User, now: datetime) -> list[MissingGate]:
    """What keeps this person from giving a lead to sales by hand: the gates in the way, with what is missing."""
    model = model_to_give()
    if model is None:
        return []
    names = [gate.name for gate in gates_in_the_way(lead, model, now)]
    return missing_gates([(lead, model, names)], user, now)[lead.pk, model.pk] if names else []


def _goal(gate: Gate, model: ScoringModel) -> Condition | None:
    """What must hold, with the scores that they stand for in the place of the matrix's actions."""
    document = document_of(model.current_version_id) if model.current_version_id else None
    return None if gate.when is None else without_actions(gate.when, document.matrix if document else None)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """Who reads what is missing, in whose words, and what segments mean: read once for a whole page."""

    user: User
    words: Language
    segments: Mapping[str, Condition]

    def parts_of(self, goals: Iterable[Condition]) -> list[Condition]:
        """Everything that the goals are made of, to be decided."""
        return list(dict.fromkeys(part.condition for goal in goals for part in requirements(goal, self.segments)))

    def missing(
        self, name: str, gate: Gate | None, goal: Condition | None, lead: Lead, verdicts: Mapping[Condition, bool]
    ) -> MissingGate | None:
        """What a lead lacks for a gate; None where it lacks nothing any more."""
        if gate is None or goal is None:
            return MissingGate(name=name, words=_("The gate can no longer be read. Edit it.") if gate else "")
        lacking = unmet_requirements(goal, lambda part: verdicts.get(part, False), self.segments)
        pieces = tuple(self.piece(requirement, lead) for requirement in lacking)
        return MissingGate(name=name, words=gate.missing, pieces=pieces) if pieces else None

    def piece(self, requirement: Requirement, lead: Lead) -> Piece:
        url, verb, is_dialog = _way(requirement.leaf, lead, self.user)
        return Piece(text=_said(requirement, self.words), url=url, verb=verb, is_dialog=is_dialog)


def _said(requirement: Requirement, words: Language) -> str:
    """The requirement as what is missing: an empty field, an open question; else the condition itself."""
    leaf = requirement.leaf
    if requirement.wanted and isinstance(leaf, FieldLeaf) and leaf.op == Op.KNOWN:
        return capitalized(gap("empty", {"what": words.field(leaf.field)}, words.code))
    if requirement.wanted and isinstance(leaf, AnswerLeaf) and leaf.op == Op.KNOWN:
        return capitalized(gap("unanswered", {"what": words.criterion(leaf.answer)}, words.code))
    return condition_in_words(words, requirement.condition)


def _way(leaf: Leaf, lead: Lead, user: User) -> tuple[str, str, bool]:
    """Where this person fills in what is missing, what they do there, and whether that is a dialog."""
    match leaf:
        case AnswerLeaf() if is_allowed(user, scoring_policies.ANSWER) and may_log(user, lead):
            framework = leaf.answer.partition(".")[0]
            return reverse("scoring:answer", args=[lead.pk, framework]), _("Record answer"), True
        case ActivityLeaf() if may_log(user, lead):
            return reverse("leads:record", args=[lead.pk]), _("Log activity"), True
        case FieldLeaf(field=name) if may_edit(user, lead) and name.startswith("company.") and lead.company_id:
            return reverse("leads:company_edit", args=[lead.company_id]), _("Edit company"), False
        case FieldLeaf(field=name) if may_edit(user, lead):
            anchor = "company_name" if name.startswith("company.") else name.replace(".", "_")
            return f"{reverse('leads:edit', args=[lead.pk])}#id_{anchor}", _("Edit lead"), False
    return "", "", False
