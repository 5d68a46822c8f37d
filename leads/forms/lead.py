"""What a person may type about a lead. Forms clean; actions decide and write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from leads.access import visible_leads
from leads.enums import AttributeOwner, AttributeType
from leads.models import ActivityType, AttributeDefinition, Company, Lead, Source
from leads.queries.companies import companies_called
from leads.queries.erased import GivenPerson, was_erased
from leads.queries.search import with_address
from leads.wording import value_words
from web import cldr
from web.cleaning import narrow
from web.fields import BoundedDateField, NormalizedEmailField, PhoneField, closed_choices
from web.widgets import SELECT

CUSTOM = "custom_"
ERASED = gettext_lazy(
    "The person’s data was erased, so they can’t be entered again. If they want to be contacted after all, an "
    "administrator can allow it on the page of the erased lead."
)


class LeadForm(forms.ModelForm):  # type: ignore[type-arg]
    """A lead's own fields, company by name, and the attributes that admins added.

    `only` keeps some fields: the page edits one at a time.
    """

    email = NormalizedEmailField(label=gettext_lazy("Email"), required=False, max_length=254)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False, max_length=40)
    company_name = forms.CharField(
        label=gettext_lazy("Company"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Choose from the list, or type a new company name."),
        widget=forms.TextInput(
            attrs={
                "list": "company-names",
                "autocomplete": "off",
                "hx-get": reverse_lazy("leads:company_names"),
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#company-names",
            }
        ),
    )
    company = forms.ModelChoiceField(
        queryset=companies_called("").none(), label=gettext_lazy("Which one?"), required=False
    )
    planned_on = BoundedDateField(label=gettext_lazy("Planned start"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    class Meta:
        model = Lead
        fields = (
            "name", "kana", "email", "phone", "company_name", "company", "title", "title_level", "department", "source",
            "campaign", "planned_on", "consent", "language", "country", "region", "external_id",
        )  # fmt: skip

    def __init__(self, *args: Any, user: User, only: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        sources = Source.objects.filter(is_active=True) | Source.objects.filter(pk=self.instance.source_id or 0)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        self.initial["country"] = value_words("country", self.initial.get("country"))
        languages = closed_choices(cldr.language_choices(), self.instance.language, cldr.language_name)
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        if self.instance.company_id and "company_name" not in self.initial:
            self.initial["company_name"] = self.instance.company.name
        for definition in AttributeDefinition.objects.filter(owner=AttributeOwner.LEAD, is_active=True):
            name = CUSTOM + definition.code
            self.fields[name] = custom_field(definition)
            self.initial.setdefault(name, self.instance.custom.get(definition.code))
        for name in [name for name in self.fields if only and name not in only]:
            del self.fields[name]
        if "company" in self.fields:
            self._offer_companies()

    def _offer_companies(self) -> None:
        """Two companies of one name: the person chooses, we do not guess. Asked only where there is a doubt."""
        typed = str(self.data.get(self.add_prefix("company_name"), "")).replace("\0", "")[:200].strip()
        same = companies_called(typed).order_by("pk") if typed else companies_called("").none()
        doubtful = self.is_bound and same.count() > 1
        field = self.fields["company"]
        field.queryset = same if doubtful else same.none()  # type: ignore[attr-defined]
        field.label_from_instance = company_words  # type: ignore[attr-defined]
        if not doubtful:
            field.widget = forms.HiddenInput()

    def clean_company_name(self) -> str:
        return re.sub(r"\s+", " ", self.cleaned_data["company_name"]).strip()

    def clean_external_id(self) -> str:
        return self._unless_known("external_id", narrow(self.cleaned_data["external_id"]))

    def clean_consent(self) -> bool | None:
        """Who refused, refuses until somebody lifts that with a reason."""
        consent: bool | None = self.cleaned_data["consent"]
        if self.instance.pk and self.instance.consent is False and consent is not False:
            raise ValidationError(
                _("The lead doesn’t want to be contacted. Lift that with a reason at the top of the lead’s page.")
            )
        return consent

    def clean_country(self) -> str:
        return cldr.country_code(self.cleaned_data["country"])

    def clean_email(self) -> str:
        return self._unless_known("email", self.cleaned_data["email"])

    def _unless_known(self, field: str, value: str) -> str:
        """The value, unless another lead has it: then a message that names that lead where the reader may see it."""
        named = with_address(value) if field == "email" else Q(**{field: value})
        others = Lead.objects.present().filter(named).exclude(pk=self.instance.pk)
        if not value or not (other := others.first()):
            return value
        if not visible_leads(self.user).filter(pk=other.pk).exists():
            raise ValidationError(
                _("A lead with this value already exists and belongs to someone else. Ask your manager.")
            )
        raise ValidationError(
            format_html(
                '{} <a href="{}">{}</a>',
                _("A lead with this value already exists. Open it, or enter another value:"),
                other.get_absolute_url(),
                other.name or f"#{other.pk}",
            )
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "company" in self.fields and self.fields["company"].queryset.exists() and not cleaned.get("company"):  # type: ignore[attr-defined]
            self.add_error("company", _("Several companies have this name. Choose one."))
        asked_who = {"name", "email", "external_id"} <= self.fields.keys() and not self.errors
        if asked_who and not (cleaned["name"] or cleaned["email"] or cleaned["external_id"]):
            raise ValidationError(_("Enter at least a name, an email or an external ID."))
        if not self.errors and self._is_erased(cleaned):
            raise ValidationError(ERASED)
        return cleaned

    def _is_erased(self, cleaned: dict[str, Any]) -> bool:
        """Whether what was changed names somebody whose data was erased."""
        given = {name: str(cleaned.get(name) or "") for name in ("name", "email", "external_id", "phone")}
        if not any(given[name] not in ("", getattr(self.instance, name)) for name in given):
            return False
        values = {name: given[name] if name in cleaned else str(getattr(self.instance, name)) for name in given}
        emails = [values.pop("email")] if values["email"] else []
        values.pop("email", None)
        return was_erased(GivenPerson(emails=emails, **values))

    def _post_clean(self) -> None:
        """The action writes; the instance stays as the database has it, so that a refused form shows old and new."""

    def person_fields(self) -> list[forms.BoundField]:
        """The fields that say who the lead is, for the first column of the page."""
        return [field for field in self if field.name not in ORIGIN + ENQUIRY]

    def origin_fields(self) -> list[forms.BoundField]:
        """The fields that say where the lead comes from and what is next."""
        return [self[name] for name in ORIGIN if name in self.fields]

    def values(self) -> dict[str, Any]:
        """What the action takes, except the company, which may have to be entered first."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in cleaned if not name.startswith((CUSTOM, "company"))}
        custom = {name.removeprefix(CUSTOM): cleaned[name] for name in cleaned if name.startswith(CUSTOM)}
        if custom:
            kept = {**self.instance.custom, **{code: jsonable(value) for code, value in custom.items()}}
            values["custom"] = {code: value for code, value in kept.items() if value not in (None, "")}
        return {name: values[name] for name in values if name in SAVED}


ORIGIN = ("source", "campaign", "planned_on", "consent", "owner")
ENQUIRY = ("enquiry", "enquiry_type")
SAVED = {*LeadForm.Meta.fields, "custom"} - {"company", "company_name"}


class NewLeadForm(LeadForm):
    """A new lead; an enquiry that sales quotes makes it an SQL at once (S97)."""

    owner = forms.ModelChoiceField(queryset=User.objects.none(), label=gettext_lazy("Owner"), required=False)
    enquiry = forms.CharField(
        label=gettext_lazy("What the customer asked"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Enter it word for word. The lead’s origin becomes “From sales” and its stage SQL."),
    )
    enquiry_type = forms.ModelChoiceField(
        label=gettext_lazy("How they contacted us"),
        required=False,
        queryset=ActivityType.objects.none(),
        to_field_name="code",
        empty_label=gettext_lazy("Select"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        types = ActivityType.objects.filter(code__in=ENQUIRY_TYPES, is_active=True)
        self.fields["enquiry_type"].queryset = types  # type: ignore[attr-defined]
        if user.role == Role.REP:
            del self.fields["owner"]
        else:
            self.fields["owner"].queryset = assignable(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("enquiry") and not cleaned.get("enquiry_type"):
            self.add_error("enquiry_type", _("Select how they contacted us."))
        return cleaned


ENQUIRY_TYPES = ("chat_question", "form_submit", "phone_call", "quote_request")


def assignable(user: User) -> Any:
    """To whom `user` may give leads: managers to their team, admins to all who sell."""
    people = User.objects.filter(is_active=True, role__in=(Role.REP, Role.MANAGER, Role.OUTSOURCED))
    return people.filter(team=user.team_id) if user.role == Role.MANAGER else people


def company_words(company: Company) -> str:
    """What tells companies of one name apart."""
    industry = value_words("industry", company.industry)
    return " · ".join(filter(None, [company.name, company.domain, industry, company.region, f"#{company.pk}"]))


def jsonable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def custom_field(definition: AttributeDefinition) -> forms.Field:
    """The form field of an attribute that an admin added."""
    options = [("", SELECT), *((choice, choice) for choice in definition.choices)]
    kinds: dict[str, forms.Field] = {
        AttributeType.INTEGER: forms.IntegerField(min_value=-(2**53), max_value=2**53),
        AttributeType.DECIMAL: forms.FloatField(),
        AttributeType.BOOLEAN: forms.NullBooleanField(widget=forms.NullBooleanSelect),
        AttributeType.DATE: BoundedDateField(),
        AttributeType.CHOICE: forms.ChoiceField(choices=options),
    }
    field = kinds.get(definition.type) or forms.CharField(max_length=500)
    field.label, field.required = str(definition), False
    return field
