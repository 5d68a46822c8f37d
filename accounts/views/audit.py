"""Who changed what, when, from what to what."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.audit import Wanted, entries, kind_words, kinds
from accounts.models import User
from accounts.policies import guarded
from accounts.requests import UserRequest
from web.fields import BoundedDateField
from web.pages import render_page


class AuditForm(forms.Form):
    """The filters of the trail."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    person = forms.ModelChoiceField(
        label=_("Who"), required=False, queryset=User.objects.all(), empty_label=_("Anybody")
    )
    since = BoundedDateField(label=_("From"), required=False)
    until = BoundedDateField(label=_("To"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)
        named = sorted(((name, kind_words(event)) for name, event in kinds().items()), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", _("Anything")), *named]

    def wanted(self) -> Wanted:
        """What a filter says wrongly is not filtered by; the form says so."""
        said = {} if not self.is_valid() and not hasattr(self, "cleaned_data") else self.cleaned_data
        person = said.get("person")
        return Wanted(
            kind=said.get("kind") or "",
            person=person.pk if person else None,
            since=said.get("since"),
            until=said.get("until"),
        )


@guarded("accounts.audit")
def audit(request: UserRequest) -> HttpResponse:
    form = AuditForm(request.GET)
    rows, older = entries(form.wanted(), mark=request.GET.get("after", ""))
    return render_page(request, "accounts/audit.html", {"form": form, "rows": rows, "older": older})
