"""What the gates of the policy say of leads: a batch at a time, one statement for each model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.enums import PolicySection
from handoff.models import HeldBack
from handoff.policy.gates import Gate, Gates, Guarded, read_gates, read_ownership
from handoff.queries.desk import version_in_force
from leads.models import Lead
from scoring.models import Episode, LeadScore, ScoringModel
from scoring.ownership import Ownership
from scoring.queries.catalog import catalog
from scoring.queries.conditions import conditions_met
from scoring.queries.documents import document_of

Pair = tuple[int, int]
"""A lead and a model, by their keys."""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """What an episode does not meet of the gates that guard it: by those it is held back, of these it is warned."""

    blocking: tuple[Gate, ...] = ()
    warning: tuple[Gate, ...] = ()


def gates_in_force() -> tuple[Gates, int]:
    """The published section and the number of its version; without any, no gate and 0."""
    version = version_in_force(PolicySection.GATES)
    return (read_gates(version.document, catalog()), version.number) if version else (Gates(), 0)


def ownership_in_force() -> Ownership | None:
    """From which totals leads are shared and sales', as published."""
    version = version_in_force(PolicySection.GATES)
    return read_ownership(version.document) if version else None


def guarded_now() -> Guarded:
    """What gates may name: the models that hand over, and the hot definitions of their published versions."""
    models = ScoringModel.objects.filter(hands_over=True)
    versions = [model.current_version_id for model in models if model.current_version_id]
    hot = {definition.name for version in versions for definition in document_of(version).hot}
    return Guarded(hot=hot, models={model.name for model in models})


def unmet_gates(
    gates: Sequence[Gate], *, leads: Sequence[int], model: ScoringModel, now: datetime
) -> dict[int, list[Gate]]:
    """Of each lead the gates that it does not meet, in order; one that can no longer be read is met by none."""
    asked = [gate.when for gate in gates if gate.when is not None]
    met = conditions_met(asked, leads=leads, model=model, t=now) if asked else {}
    unmet: dict[int, list[Gate]] = {}
    for lead in leads:
        verdicts = iter(met.get(lead, ()))
        unmet[lead] = [gate for gate in gates if gate.when is None or not next(verdicts, False)]
    return unmet


def bars_of(definitions: Iterable[str], unmet: Sequence[Gate], model: str) -> Bars:
    """What stands in the way of a lead that is hot by these definitions: by the one in whose way the least does.

    So who asks for a quote passes where the gates guard another definition only.
    """
    best: Bars | None = None
    for definition in definitions:
        guarding = [gate for gate in unmet if gate.guards(definition, model)]
        bars = Bars(
            blocking=tuple(gate for gate in guarding if gate.blocks),
            warning=tuple(gate for gate in guarding if not gate.blocks),
        )
        if best is None or (len(bars.blocking), len(bars.warning)) < (len(best.blocking), len(best.warning)):
            best = bars
    return best or Bars()


def definitions_met(
    episodes: Collection[Episode], scores: Mapping[Pair, LeadScore] | None = None
) -> dict[int, list[str]]:
    """By episode the hot definitions by which its lead is hot: the one that began it, and those met now.

    One that a person began has none but that: "".
    """
    known = scores_by_pair(episodes) if scores is None else scores
    found = {}
    for episode in episodes:
        names = [episode.definition]
        score = known.get((episode.lead_id, episode.model_id))
        if score is not None and not episode.by_id:
            definitions = document_of(score.version_id).hot
            names += [hot.name for hot, is_met in zip(definitions, score.hot, strict=False) if is_met]
        found[episode.pk] = list(dict.fromkeys(names))
    return found


def scores_by_pair(episodes: Iterable[Episode]) -> dict[Pair, LeadScore]:
    """The scores of the episodes' leads under their models."""
    rows = list(episodes)
    scores = LeadScore.objects.filter(
        lead__in=[episode.lead_id for episode in rows], model__in={episode.model_id for episode in rows}
    )
    return {(score.lead_id, score.model_id): score for score in scores}


def by_model(episodes: Iterable[Episode]) -> Mapping[ScoringModel, list[Episode]]:
    """The episodes of each model; they were read with `version__model`."""
    found: dict[ScoringModel, list[Episode]] = {}
    for episode in episodes:
        found.setdefault(episode.version.model, []).append(episode)
    return found


def model_to_give() -> ScoringModel | None:
    """The model under which a person gives a lead to sales: the primary one, else the first that hands over."""
    models = ScoringModel.objects.exclude(current_version=None).filter(hands_over=True)
    return models.order_by("-is_primary", "pk").first()


def gates_in_the_way(lead: Lead, model: ScoringModel, now: datetime) -> tuple[Gate, ...]:
    """The blocking gates that a hand-off by hand does not pass: those that guard no single hot definition, and those
    by which the lead is held back."""
    section, _version = gates_in_force()
    unmet = unmet_gates(section.gates, leads=[lead.pk], model=model, now=now)[lead.pk]
    held = HeldBack.objects.filter(lead=lead, model=model, ended_at=None).values_list("gates", flat=True).first() or []
    blocking = bars_of([""], unmet, model.name).blocking
    return tuple(gate for gate in unmet if gate in blocking or (gate.blocks and gate.name in held))
