"""How a lead was, in more words than one press says: which of the rules that spoke for it were wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.enums import SURVEY_ANSWERS
from handoff.forms.steps import explained, note_field
from handoff.models import Feedback
from handoff.queries.spoken_rules import Spoken, SpokenRule
from web import formats


class SurveyForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("How was this lead?"), choices=[(answer.value, answer.label) for answer in SURVEY_ANSWERS],
        widget=forms.RadioSelect,
    )  # fmt: skip
    doubted = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which of these were wrong?"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They spoke for the lead when it became hot. You can leave this empty."),
    )  # fmt: skip
    comment = note_field(
        gettext_lazy("Comment"), help_text=gettext_lazy("What should marketing know? It helps improve the rules.")
    )

    def __init__(self, *args: Any, spoken: Spoken, feedback: Feedback | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.spoken = spoken.rules
        self.fields["doubted"].choices = [  # type: ignore[attr-defined]
            (number, explained(rule.name, _effect(rule))) for number, rule in enumerate(self.spoken)
        ]
        if not self.spoken:
            del self.fields["doubted"]
        if feedback is not None:
            doubted = {(rule.group, rule.rule) for rule in feedback.rules.all() if rule.is_doubted}
            self.initial = {
                "answer": feedback.verdict, "comment": feedback.comment,
                "doubted": [number for number, rule in enumerate(self.spoken) if rule.key in doubted],
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The rules by name."""
        cleaned = super().clean() or {}
        cleaned["doubted"] = [self.spoken[number].key for number in cleaned.get("doubted", ())]
        return cleaned


def _effect(rule: SpokenRule) -> str:
    """What a rule did for the lead."""
    if not rule.group:
        return _("hot definition")
    return _("%(points)s points") % {"points": formats.signed_points(rule.points)}
