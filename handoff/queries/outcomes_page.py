"""What the page of the outcomes shows: the matrix with what becomes of each cell, and what each reason does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from engine.matrix import Matrix, MatrixLevel
from handoff.enums import PolicySection, RejectEffect
from handoff.models import Policy, RejectReason
from handoff.outcome_words import confirm_in_words, do_names, requests_in_words
from handoff.policy.outcomes import CellDo, Outcomes, code_of, read_outcomes
from handoff.policy.problems import PolicyProblem
from handoff.queries.disagreements import disagreements_by_cell
from handoff.queries.gates import model_to_give
from handoff.queries.outcome_leads import KIND, count_by_cell, count_by_reason
from handoff.queries.policy import problems_of, working_document
from scoring.lead_sets import set_address
from scoring.queries.documents import document_of
from scoring.queries.words import capitalized, matrix_level, reader


@dataclass(frozen=True, kw_only=True)
class ShownCell:
    """`says` is the action of the scoring model's own matrix; `count` who became hot there in the last 30 days, and
    `against` how many decisions of the last 90 sales saw otherwise."""

    column: str
    says: str
    does: str
    is_handed: bool
    count: int
    url: str
    code: str
    against: int


@dataclass(frozen=True, kw_only=True)
class ShownReason:
    """`count` is how many leads were rejected for it in the last 90 days."""

    reason: RejectReason
    effect: str
    count: int
    url: str


@dataclass(frozen=True, kw_only=True)
class ShownOutcomes:
    columns: list[str]
    rows: list[tuple[str, list[ShownCell]]]
    reasons: list[ShownReason]
    requests: str
    confirm: str
    has_matrix: bool
    """Whether the model that hands over has a decision matrix; without one, no cell counts."""
    problems: list[PolicyProblem]


def shown_outcomes(policy: Policy, user: User, now: datetime) -> ShownOutcomes:
    """The draft, else what is in force; disagreements are those that this person sees."""
    document = working_document(policy)
    outcomes, by_reason, model = read_outcomes(document), count_by_reason(now), model_to_give()
    matrix = document_of(model.current_version_id).matrix if model and model.current_version_id else None
    reasons = [
        ShownReason(
            reason=reason, effect=str(outcomes.reasons.get(reason.code, RejectEffect.NURTURE).label),
            count=by_reason[reason.code], url=set_address(f"{KIND}.reason.{reason.code}"),
        )
        for reason in RejectReason.objects.filter(is_active=True)
    ]  # fmt: skip
    return ShownOutcomes(
        columns=[matrix_level("engagement", level) for level in MatrixLevel],
        rows=_rows(outcomes, matrix, user, now),
        reasons=reasons,
        requests=requests_in_words(outcomes.requests),
        confirm=confirm_in_words(outcomes.confirm),
        has_matrix=matrix is not None,
        problems=problems_of(PolicySection.OUTCOMES, document),
    )


def _rows(outcomes: Outcomes, matrix: Matrix | None, user: User, now: datetime) -> list[tuple[str, list[ShownCell]]]:
    """The matrix, qualification falling; in each row engagement falls."""
    names, words = do_names(), reader()
    by_cell, against = count_by_cell(now), disagreements_by_cell(user, now)

    def cell(engagement: MatrixLevel, qualification: MatrixLevel) -> ShownCell:
        code, do = code_of((engagement, qualification)), outcomes.do((engagement, qualification))
        action = words.actions[matrix.cell(engagement, qualification).action] if matrix else ""
        return ShownCell(
            column=matrix_level("engagement", engagement), says=capitalized(action), does=names[do],
            is_handed=do == CellDo.HAND_OVER, count=by_cell[code], url=set_address(f"{KIND}.cell.{code}"),
            code=code, against=against[code],
        )  # fmt: skip

    return [(matrix_level("qualification", row), [cell(column, row) for column in MatrixLevel]) for row in MatrixLevel]
