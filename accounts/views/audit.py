"""Who changed what, when, from what to what."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit import AuditFilter, entries, kind_words, kinds
from accounts.models import User
from accounts.policies import guarded
from accounts.requests import UserRequest
from web.fields import BoundedDateField
from web.pages import render_page


def kind_choices() -> list[tuple[str, str]]:
    kinds_in_words = ((name, kind_words(event)) for name, event in kinds().items())
    return [("", gettext("All")), *sorted(kinds_in_words, key=lambda pair: pair[1])]


class AuditForm(forms.Form):
    """The filters of the trail."""

    kind = forms.ChoiceField(label=_("Type"), required=False, choices=kind_choices)
    person = forms.ModelChoiceField(
        label=_("Who"), required=False, queryset=User.objects.all(), empty_label=_("All users")
    )
    since = BoundedDateField(label=_("From"), required=False)
    until = BoundedDateField(label=_("To"), required=False)

    def filters(self) -> AuditFilter:
        """What is filled in rightly; the form says what is not."""
        self.is_valid()
        values = self.cleaned_data
        person = values.get("person")
        return AuditFilter(
            kind=values.get("kind") or "",
            person=person.pk if person else None,
            since=values.get("since"),
            until=values.get("until"),
        )


@guarded("accounts.audit")
def audit(request: UserRequest) -> HttpResponse:
    form = AuditForm(request.GET)
    rows, older = entries(form.filters(), mark=request.GET.get("after", ""))
    return render_page(request, "accounts/audit.html", {"form": form, "rows": rows, "older": older})
