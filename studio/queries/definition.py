"""One definition of a good lead, read out of the published versions: what both departments agree to."""

from __future__ import annotations

from dataclasses import dataclass

from engine.nodes import Dimension, Group, hundredths
from engine.words.phrases import ConditionLine, Language
from scoring.enums import DimensionChoices, Side
from scoring.models import ScoringModel, Version
from scoring.queries.documents import document_of
from scoring.queries.validation import tidy
from scoring.queries.words import (
    ConditionText,
    HotParts,
    MatrixWords,
    band_words,
    bounds_in_words,
    condition_laid_out,
    details_in_words,
    grade_words,
    hot_parts,
    matrix_words,
    most_of,
    reader,
    rule_in_words,
    rule_laid_out,
)
from studio.draft.document import Entry
from studio.models import SignOff
from studio.queries.stages import StageWords, stages_in_words


@dataclass(frozen=True, kw_only=True)
class RuleWords:
    """A rule to read. `points` are hundredths: the most it gives at once."""

    name: str
    points: int
    sentence: str
    when: ConditionLine | None
    """A group of conditions, to be drawn in the place of the sentence."""
    details: str
    disabled: bool
    hypothesis: str


@dataclass(frozen=True, kw_only=True)
class GroupWords:
    name: str
    bounds: str
    rules: tuple[RuleWords, ...]


@dataclass(frozen=True, kw_only=True)
class DefinitionWords:
    """A version, all of it, in the reader's words. `columns` are dimensions: code, name, groups."""

    version: Version
    audience: ConditionText | None
    hot: tuple[tuple[str, HotParts], ...]
    stages: tuple[StageWords, ...]
    bands: str
    grades: str
    matrix: MatrixWords | None
    columns: tuple[tuple[str, str, tuple[GroupWords, ...]], ...]


def definition_of(version: Version) -> DefinitionWords:
    document, words = document_of(version), reader()
    raw_groups = {group["name"]: group for group in tidy(version.document)["groups"]}
    groups = [(group.dimension, group_words(words, group, raw_groups[group.name])) for group in document.groups]
    return DefinitionWords(
        version=version,
        audience=condition_laid_out(words, document.audience) if document.audience else None,
        hot=tuple((definition.name, hot_parts(words, definition)) for definition in document.hot),
        stages=stages_in_words(words, document),
        bands=band_words(document.bands),
        grades=grade_words(document.grades),
        matrix=matrix_words(words, document.matrix) if document.matrix else None,
        columns=tuple(
            (code, str(label), tuple(group for dimension, group in groups if dimension == Dimension(code)))
            for code, label in DimensionChoices.choices
        ),
    )


def group_words(words: Language, group: Group, raw: Entry) -> GroupWords:
    """A group with its rules; `raw` is the same group as the language writes it."""
    rules = tuple(
        RuleWords(
            name=rule.name,
            points=most_of(rule) if rule.gives else hundredths(rule.points),
            sentence=rule_in_words(words, rule),
            when=rule_laid_out(words, rule).when,
            details=details_in_words(words, rule),
            disabled=rule.disabled,
            hypothesis=rule.hypothesis,
        )
        for rule in group.rules
    )
    return GroupWords(name=group.name, bounds=bounds_in_words(words, raw), rules=rules)


# --- agreement -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What one department says of a version; `older` is the latest earlier version it agreed to."""

    side: str
    label: str
    signed: SignOff | None
    older: SignOff | None

    @property
    def is_stale(self) -> bool:
        """It agreed to an earlier version, not to this one."""
        return self.signed is None and self.older is not None


def agreements(version: Version) -> list[Agreement]:
    """Marketing and sales."""
    until = SignOff.objects.filter(version__model=version.model_id, version__number__lte=version.number)
    sign_offs = list(until.select_related("by", "version").order_by("-version__number"))
    agreed = []
    for side, label in Side.choices:
        of_side = [sign_off for sign_off in sign_offs if sign_off.side == side]
        signed = next((sign_off for sign_off in of_side if sign_off.version_id == version.pk), None)
        older = next((sign_off for sign_off in of_side if sign_off.version_id != version.pk), None)
        agreed.append(Agreement(side=str(side), label=str(label), signed=signed, older=older))
    return agreed


def published_models() -> list[ScoringModel]:
    """The models in force, the primary one first."""
    related = ScoringModel.objects.exclude(current_version=None).select_related(
        "current_version__model", "current_version__published_by"
    )
    return list(related.order_by("-is_primary", "name"))
