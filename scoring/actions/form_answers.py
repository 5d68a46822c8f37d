"""Questions of frameworks in forms: what may be asked, and what a visitor answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from intake.webforms.document import Bilingual, FormOption
from intake.webforms.targets import ANSWER, FieldKind, FormTarget
from leads.models import Lead
from scoring.actions.judgement import CriterionAnswer, answer_criteria
from scoring.models import Criterion


def form_targets() -> list[FormTarget]:
    """One for each question of a framework in use, with the answers that it has."""
    criteria = Criterion.objects.filter(is_active=True, framework__is_active=True).select_related("framework")
    return [
        FormTarget(
            name=f"{ANSWER}{criterion.field}",
            label=f"{criterion.framework}: {criterion}",
            kind=FieldKind.CHOICE,
            options=tuple(
                FormOption(value=option.code, label=Bilingual(ja=option.label_ja, en=option.label_en))
                for option in criterion.options.all()
                if option.is_active
            ),
            question=Bilingual(ja=criterion.label_ja, en=criterion.label_en),
        )
        for criterion in criteria.prefetch_related("options")
    ]


def write_form_answers(lead: int, answers: Mapping[str, str], evidence: str, at: datetime) -> None:
    """Record what a visitor chose, with the form as evidence; what is no answer any more is left out."""
    known = {criterion.field: criterion for criterion in Criterion.objects.select_related("framework")}
    said = []
    for name, code in answers.items():
        criterion = known.get(name)
        option = criterion.options.filter(code=code).first() if criterion else None
        if criterion and option:
            said.append(CriterionAnswer(criterion=criterion, option=option, evidence=evidence))
    if said:
        answer_criteria(lead=Lead.objects.get(pk=lead), answers=said, by=None, now=at)
