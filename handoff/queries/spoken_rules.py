"""Which rules spoke for a lead when it became hot: what was stored of that decision, in the names of its version."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.queries.reasons import grouped_rules
from scoring.models import Episode, LeadScore, ScoreChange, Version

RuleName = tuple[str, str]
"""The name of the group, "" for a hot definition, and the name of the rule."""


@dataclass(frozen=True, kw_only=True)
class SpokenRule:
    """One rule with its points of then, in hundredths; a hot definition has none of its own."""

    group: str
    name: str
    points: int

    @property
    def key(self) -> RuleName:
        return self.group, self.name


@dataclass(frozen=True, kw_only=True)
class Spoken:
    version_id: int
    rules: tuple[SpokenRule, ...]


def spoken_for(episode: Episode) -> Spoken:
    """The hot definition and the rules that brought points, the most first.

    An episode that a person opened, or whose decision is no longer kept, has those of the last decision before it.
    """
    facts = _decision(episode)
    version_id = facts.version_id if facts else episode.version_id
    rules: list[SpokenRule] = []
    if facts is not None:
        known = grouped_rules(Version.objects.defer("document").get(pk=version_id))
        pairs = zip(facts.contributions, known, strict=False)
        speaking = sorted((pair for pair in pairs if pair[0] > 0), key=lambda pair: -pair[0])
        rules = [SpokenRule(group=group, name=rule.name, points=points) for points, (group, rule) in speaking]
    if episode.definition:
        rules.insert(0, SpokenRule(group="", name=episode.definition, points=0))
    return Spoken(version_id=version_id, rules=tuple({rule.key: rule for rule in rules}.values()))


def _decision(episode: Episode) -> ScoreChange | LeadScore | None:
    """What was stored with the episode, else the last change before it, else the score of now."""
    changes = ScoreChange.objects.filter(lead=episode.lead_id, model=episode.model_id, at__lte=episode.started_at)
    then = changes.filter(version=episode.version_id, at=episode.started_at).first()
    if then is not None:
        return then
    score = LeadScore.objects.filter(lead=episode.lead_id, model=episode.model_id).first()
    return changes.order_by("-at", "-pk").first() or score
