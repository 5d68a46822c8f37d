"""What is asked when a version is published or brought back, and when a model is created."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scoring.models import ScoringModel
from scoring.starters import starters

NOTE = {"max_length": 2_000, "widget": forms.Textarea(attrs={"rows": 3})}


class PublishForm(forms.Form):
    note = forms.CharField(
        label=_("What changed and why"), help_text=_("Everybody who works with the leads reads this."), **NOTE
    )


class RollBackForm(forms.Form):
    note = forms.CharField(label=_("Why"), **NOTE)


class NewModelForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    starter = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect, initial="blank")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starter"].choices = [("blank", _("An empty model")), *self.offered()]

    @staticmethod
    def offered() -> list[tuple[str, str]]:
        return [(each.code, each.title) for each in starters(get_language() or "en")]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if ScoringModel.objects.filter(name=name).exists():
            raise forms.ValidationError(_("There is a model of this name already."))
        return name
