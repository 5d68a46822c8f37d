"""What is asked when a version is published or brought back, and when a model is created."""

from __future__ import annotations

from itertools import count
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from scoring.enums import Side
from scoring.forms.fields import NoteField, set_choices
from scoring.models import ScoringModel, Version
from scoring.starters import starters


class PublishForm(forms.Form):
    note = NoteField(label=_("What changed and why"), help_text=_("Visible to everyone who works with leads."))


class RollBackForm(forms.Form):
    note = NoteField(label=_("Reason"))


class ProposalForm(forms.Form):
    """Why a draft is sent back; nothing is needed to agree."""

    reason = NoteField(label=_("What should change"), required=False)

    def clean(self) -> dict[str, Any]:
        if "send_back" in self.data and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Describe what should change so marketing can fix it."))
        return self.cleaned_data


class SignForm(forms.Form):
    side = forms.ChoiceField(choices=Side.choices, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )


class CompareForm(forms.Form):
    """Two versions of a model, the older one first unless said otherwise."""

    one = forms.TypedChoiceField(label=_("Version"), coerce=int)
    other = forms.TypedChoiceField(label=_("compared with"), coerce=int)

    def __init__(self, data: Any = None, *, versions: list[Version]) -> None:
        offered = [(version.number, f"v{version.number}") for version in versions]
        super().__init__(data, initial={"one": offered[1][0], "other": offered[0][0]} if len(offered) > 1 else None)
        for name in ("one", "other"):
            set_choices(self, name, offered)


def free_name() -> str:
    """A name for a new model that none has yet: "Lead scoring", "Lead scoring 2"."""
    name, taken = gettext("Lead scoring"), set(ScoringModel.objects.values_list("name", flat=True))
    numbered = (name if number == 1 else f"{name} {number}" for number in count(1))
    return next(each for each in numbered if each not in taken)


class NewModelForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    starter = forms.ChoiceField(label=_("Start from"), widget=forms.RadioSelect, initial="blank")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(starter.code, starter.title) for starter in starters(get_language() or "en")]
        set_choices(self, "starter", [("blank", _("Empty model")), *offered])
        self.fields["name"].initial = free_name()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if ScoringModel.objects.filter(name=name).exists():
            raise forms.ValidationError(_("A model with this name already exists. Enter another name."))
        return name
