from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from leads.access import visible_leads
from leads.models import Lead


class MergeForm(forms.Form):
    """The lead that is to become part of `lead`: one that this person sees."""

    other = forms.IntegerField(label=gettext_lazy("The other lead"), min_value=1, max_value=2**63 - 1)

    def __init__(self, *args: Any, user: User, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.lead = user, lead

    def clean_other(self) -> Lead:
        pk = self.cleaned_data["other"]
        if pk == self.lead.pk:
            raise ValidationError(_("A lead can’t be merged with itself. Choose another one."))
        related = ("company", "source", "owner", "team")
        other = visible_leads(self.user).select_related(*related).filter(pk=pk).first()
        if other is None:
            raise ValidationError(
                _(
                    "No such lead: it doesn’t exist, was already merged, or you don’t have access. "
                    "Search by name or choose from the list."
                )
            )
        return other
