from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from web.fields import NormalizedEmailField


class AddressForm(forms.Form):
    """One address, and what is to become of it."""

    address = NormalizedEmailField(label=_("Email address"))
    what = forms.ChoiceField(choices=[("add", _("Add")), ("remove", _("Remove")), ("primary", _("Make primary"))])
