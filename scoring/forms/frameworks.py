"""The words of a framework in both languages; its codes are what rules speak of and stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.models import Criterion, Framework, Option

Row = Framework | Criterion | Option


class FrameworkForm(forms.Form):
    """Two names for the framework, each criterion and each option."""

    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework = framework
        self.fields["is_active"].initial = framework.is_active
        self.labelled = list(self._rows())
        for key, row in self.labelled:
            for language, words in (("en", _("English")), ("ja", _("Japanese"))):
                self.fields[f"{key}_{language}"] = forms.CharField(
                    label=words, max_length=80, initial=getattr(row, f"label_{language}")
                )

    def _rows(self) -> Iterator[tuple[str, Row]]:
        yield "framework", self.framework
        for criterion in self.framework.criteria.prefetch_related("options"):
            yield f"criterion_{criterion.pk}", criterion
            for option in criterion.options.all():
                yield f"option_{option.pk}", option

    def rows(self) -> list[tuple[str, Row, Any, Any]]:
        kinds = {Framework: "framework", Criterion: "criterion", Option: "option"}
        return [(kinds[type(row)], row, self[f"{key}_en"], self[f"{key}_ja"]) for key, row in self.labelled]

    @property
    def names(self) -> list[tuple[Row, str, str]]:
        return [(row, self.cleaned_data[f"{key}_en"], self.cleaned_data[f"{key}_ja"]) for key, row in self.labelled]
