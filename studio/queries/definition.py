"""One definition of a good lead, read out of the published versions: what both departments agree to."""

from __future__ import annotations

from dataclasses import dataclass

from engine.matrix import Level, Matrix
from engine.nodes import Dimension, Document, Group, Rule, hundredths
from engine.words.phrases import Language
from scoring.enums import Dimension as Dimensions
from scoring.enums import Side
from scoring.models import ScoringModel, Version
from scoring.queries.documents import document_of
from scoring.queries.validation import tidy
from scoring.queries.words import (
    HotParts,
    band_words,
    bounds_in_words,
    condition_in_words,
    details_in_words,
    grade_words,
    hot_parts,
    matrix_level,
    most_of,
    reader,
    rule_in_words,
)
from studio.models import SignOff
from studio.queries.stages import StageWords, stages_in_words


@dataclass(frozen=True, kw_only=True)
class RuleWords:
    """A rule to read. `points` are hundredths: the most it gives at once."""

    name: str
    points: int
    sentence: str
    details: str
    disabled: bool
    hypothesis: str


@dataclass(frozen=True, kw_only=True)
class GroupWords:
    name: str
    bounds: str
    rules: tuple[RuleWords, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixWords:
    """Columns are levels of engagement; each row begins with its level of qualification."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class DefinitionWords:
    """A version, all of it, in the reader's words."""

    version: Version
    audience: str
    hot: tuple[tuple[str, HotParts], ...]
    stages: tuple[StageWords, ...]
    bands: str
    grades: str
    matrix: MatrixWords | None
    columns: tuple[tuple[str, str, tuple[GroupWords, ...]], ...]


def definition_of(version: Version) -> DefinitionWords:
    document, words = document_of(version), reader()
    return DefinitionWords(
        version=version,
        audience=condition_in_words(words, document.audience) if document.audience else "",
        hot=tuple((definition.name, hot_parts(words, definition)) for definition in document.hot),
        stages=stages_in_words(words, document),
        bands=band_words(document.bands),
        grades=grade_words(document.grades),
        matrix=_matrix(words, document.matrix) if document.matrix else None,
        columns=_columns(words, version, document),
    )


def _columns(
    words: Language, version: Version, document: Document
) -> tuple[tuple[str, str, tuple[GroupWords, ...]], ...]:
    """Code and name of each dimension, with its groups."""
    raw = {group["name"]: group for group in tidy(version.document)["groups"]}
    return tuple(
        (
            code,
            str(label),
            tuple(
                _group(words, group, bounds_in_words(words, raw[group.name]))
                for group in document.groups
                if group.dimension == Dimension(code)
            ),
        )
        for code, label in Dimensions.choices
    )


def _group(words: Language, group: Group, bounds: str) -> GroupWords:
    return GroupWords(name=group.name, bounds=bounds, rules=tuple(_rule(words, rule) for rule in group.rules))


def _rule(words: Language, rule: Rule) -> RuleWords:
    return RuleWords(
        name=rule.name,
        points=most_of(rule) if rule.gives else hundredths(rule.points),
        sentence=rule_in_words(words, rule),
        details=details_in_words(words, rule),
        disabled=rule.disabled,
        hypothesis=rule.hypothesis,
    )


def _matrix(words: Language, matrix: Matrix) -> MatrixWords:
    return MatrixWords(
        columns=tuple(matrix_level("engagement", level) for level in Level),
        rows=tuple(
            (
                matrix_level("qualification", row),
                tuple(words.actions[matrix.cell(column, row).action] for column in Level),
            )
            for row in Level
        ),
    )


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
    found = list(until.select_related("by", "version").order_by("-version__number"))
    return [_agreement(version, str(side), str(label), found) for side, label in Side.choices]


def _agreement(version: Version, side: str, label: str, found: list[SignOff]) -> Agreement:
    mine = [each for each in found if each.side == side]
    signed = next((each for each in mine if each.version_id == version.pk), None)
    older = next((each for each in mine if each.version_id != version.pk), None)
    return Agreement(side=side, label=label, signed=signed, older=older)


def published_models() -> list[ScoringModel]:
    """The models in force, the primary one first."""
    related = ScoringModel.objects.exclude(current_version=None).select_related(
        "current_version__model", "current_version__published_by"
    )
    return list(related.order_by("-is_primary", "name"))
