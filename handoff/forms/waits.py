"""What brings a lead back that is put aside: a total, activities, or a condition. Part of several dialogs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from engine.catalog import Catalog
from leads.models import ActivityType
from scoring.forms.condition_rows import ConditionRows, rows_for
from scoring.forms.fields import SelectField
from scoring.queries.catalog import catalog
from scoring.queries.validation import language, problems_of

NOTHING: dict[str, Any] = {"wake_total": None, "wake_types": [], "wake_when": None}
PREFIX = "wake"
WAITS = ("wake_total", "wake_types", "joined")


class WaitsForm(forms.Form):
    """Any of what is filled in is enough. `rows` are the rows of the condition, for those who may write one."""

    wake_total = forms.IntegerField(
        label=gettext_lazy("Or when the total score reaches"), required=False, min_value=1, max_value=100
    )
    wake_types = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Or when one of these activities arrives"), required=False,
        queryset=ActivityType.objects.filter(is_active=True, is_interest=True).order_by("pk"),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip
    joined = SelectField(
        label=gettext_lazy("Or when the lead matches"),
        choices=[("all", gettext_lazy("all of these conditions")), ("any", gettext_lazy("any of these conditions"))],
    )

    rows: ConditionRows | None = None
    catalog: Catalog | None = None

    def __init__(self, *args: Any, may_state_conditions: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if may_state_conditions:
            self.catalog = catalog()
            data = self.data if f"{PREFIX}-TOTAL_FORMS" in self.data else None
            self.rows = rows_for(data, prefix=PREFIX, catalog=self.catalog)
        else:
            del self.fields["joined"]

    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in WAITS]

    def wait_fields(self) -> list[forms.BoundField]:
        """Those that stand folded away; `joined` is drawn with the rows."""
        return [self["wake_total"], self["wake_types"]]

    def has_waits(self) -> bool:
        """Whether any of it was filled in, or refused."""
        typed = any(self[name].value() for name in ("wake_total", "wake_types"))
        return typed or (self.rows is not None and self.rows.is_bound and bool(self.rows.kept()))

    def clean(self) -> dict[str, Any]:
        """The condition as the rule language writes it, with problems at the rows that they speak of."""
        cleaned = super().clean() or {}
        joined = cleaned.pop("joined", "all") or "all"
        cleaned["wake_when"] = None
        if self.rows is not None and self.rows.is_bound:
            if self.rows.is_valid():
                cleaned["wake_when"] = self._condition(self.rows, joined)
            for words in self.rows.complaints():
                self.add_error(None, words)
        return cleaned

    def _condition(self, rows: ConditionRows, joined: str) -> dict[str, Any] | None:
        raw = rows.raw(joined)
        if raw is None or self.catalog is None:
            return None
        problems = problems_of({"model": "-", "hot": [{"name": "-", "when": raw}]}, self.catalog)
        for problem in problems:
            words = problem.text(language())
            if not rows.mark(problem.path.removeprefix("hot[0].when").lstrip("."), words):
                self.add_error(None, words)
        return None if problems else raw
