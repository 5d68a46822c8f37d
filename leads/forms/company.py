from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import AttributeOwner
from leads.forms.lead import CUSTOM, custom_field, jsonable
from leads.models import AttributeDefinition, Company
from leads.queries.companies import industries
from leads.wording import value_behind, value_words
from web import cldr
from web.cleaning import narrow
from web.fields import closed_choices


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    employees = forms.IntegerField(label=gettext_lazy("Employees"), required=False, min_value=0, max_value=10_000_000)
    revenue = forms.IntegerField(
        label=gettext_lazy("Annual revenue"),
        required=False,
        min_value=0,
        max_value=10**17,
        help_text=gettext_lazy("Whole units of the currency."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))

    class Meta:
        model = Company
        fields = ("name", "domain", "industry", "employees", "revenue", "currency", "country", "region")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].widget.attrs["list"] = "industries"
        for name in ("industry", "country"):
            self.initial[name] = value_words(name, self.initial.get(name))
        currencies = closed_choices(cldr.currency_choices(), self.instance.currency, cldr.currency_name)
        self.fields["currency"].choices = currencies[1:]  # type: ignore[attr-defined]
        for definition in AttributeDefinition.objects.filter(owner=AttributeOwner.COMPANY, is_active=True):
            self.fields[CUSTOM + definition.code] = custom_field(definition)
            self.initial.setdefault(CUSTOM + definition.code, self.instance.custom.get(definition.code))

    def clean_domain(self) -> str:
        """`https://www.Acme.example/about` is `acme.example`."""
        domain = re.sub(r"^[a-z]+://", "", narrow(self.cleaned_data["domain"]).lower()).split("/")[0]
        domain = domain.removeprefix("www.")
        if domain and not re.fullmatch(r"[^\s@]+\.[^\s@]+", domain):
            raise ValidationError(_("Enter a domain, such as acme.co.jp."))
        return domain

    def clean_industry(self) -> str:
        return value_behind("industry", self.cleaned_data["industry"], [self.instance.industry, *industries()])

    def clean_country(self) -> str:
        return cldr.country_code(self.cleaned_data["country"])

    def _post_clean(self) -> None:
        """The action writes; the instance stays as the database has it."""

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        values = {name: value for name, value in cleaned.items() if not name.startswith(CUSTOM)}
        custom = {
            **self.instance.custom,
            **{name.removeprefix(CUSTOM): jsonable(cleaned[name]) for name in cleaned if name.startswith(CUSTOM)},
        }
        return {**values, "custom": {code: value for code, value in custom.items() if value not in (None, "")}}
