"""Every atom on one page, to look at in both themes and languages."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.policies import guarded
from accounts.requests import UserRequest
from web.fields import BoundedDateField
from web.pages import render_page

SCORES = [
    SimpleNamespace(
        name="佐藤 花子", total=8200, fit=2500, engagement=4700, qualification=1000, trend=600, grade="A1", band="hot"
    ),
    SimpleNamespace(
        name="Daniel Weber", total=5450, fit=3800, engagement=1650, qualification=0, trend=-230, grade="A3", band="warm"
    ),
    SimpleNamespace(
        name="Maria Rossi", total=900, fit=900, engagement=0, qualification=0, trend=0, grade="C3", band="cold"
    ),
]


class SampleForm(forms.Form):
    """One control of each kind; bound, so that the errors show."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), help_text=_("As it appears on the business card."))
    email = forms.EmailField(label=_("Email"))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    size = forms.ChoiceField(label=_("Size"), choices=[("", "–"), ("s", "1–49"), ("m", "50–299"), ("l", "300+")])
    due = BoundedDateField(label=_("Due"), required=False)
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=[("a", _("Read")), ("b", _("Write"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label=_("Consent to phone calls"), required=False)


@guarded("accounts.gallery")
def gallery(request: UserRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "form": SampleForm({"name": "", "email": "sato@", "size": "m", "scopes": ["a"], "note": "導入を検討中"}),
        "scores": SCORES,
        "soon": now + timedelta(hours=2, minutes=10),
        "later": now + timedelta(days=4),
        "late": now - timedelta(hours=3),
        "decay": [(day, 82 * 0.5 ** (day / 45) - (18 if day > 38 else 0)) for day in range(0, 91, 2)],
        "numbers": [12, 14, 13, 19, 24, 22, 31, 30, 41],
        "kinds": ["plain", "good", "warning", "bad", "accent", "hot", "warm", "cold"],
    }
    return render_page(request, "frame/gallery.html", context)
