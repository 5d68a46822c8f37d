"""What the lists of leads and companies can be narrowed to: the query parameters of their pages and of the API.

A parameter that nobody knows is ignored; one that cannot be read is left out, and the form's errors say so. No name of
a field or lookup comes from an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import EMPTY_VALUES, RegexValidator
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet

from accounts.access import visible_people
from accounts.enums import Role
from accounts.models import Team, User
from leads.access import visible_companies
from leads.enums import AttributeOwner, AttributeType, ChannelKind, Origin, Stage, TitleLevel
from leads.models import AttributeDefinition, Company, Lead, Source
from leads.models.lead import LeadQuerySet
from leads.queries.companies import SIZES, companies_by_words, countries, industries, regions
from leads.queries.contact_data import sees_all_contact_data
from leads.queries.search import searched
from leads.wording import value_choices
from web import formats
from web.filters import BoundedDateFilter, SeveralFilter, midnight
from web.widgets import SELECT

CUSTOM = "custom."

Choices = list[tuple[Any, Any]]


class AnonymousFilter(ChoiceFilter):  # type: ignore[misc]  # django-filter has no types
    """Anonymous visitors stay out unless they are asked for."""

    def filter(self, leads: LeadQuerySet, value: str) -> LeadQuerySet:
        return leads if value == "with" else leads.filter(is_anonymous=value == "only")


class ArchivedFilter(ChoiceFilter):  # type: ignore[misc]  # django-filter has no types
    """What was archived stays out unless it is asked for."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Archived"), empty_label=gettext_lazy("excluded"),
            choices=[("with", gettext_lazy("included")), ("only", gettext_lazy("only archived"))],
        )  # fmt: skip

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows if value == "with" else rows.filter(archived_at__isnull=value != "only")


class AttributeFilter(Filter):  # type: ignore[misc]  # django-filter has no types
    """Leads whose attribute, one that an admin added, has exactly this value."""

    def __init__(self, definition: AttributeDefinition) -> None:
        super().__init__(label=str(definition))
        self.definition = definition

    @property
    def field(self) -> forms.Field:
        """Values are kept as JSON: a number is found as a number, a date as its ISO text."""
        kinds: dict[str, forms.Field] = {
            AttributeType.INTEGER: forms.IntegerField(),
            AttributeType.DECIMAL: forms.FloatField(),
            AttributeType.BOOLEAN: forms.TypedChoiceField(
                choices=[("", SELECT), ("true", _("Yes")), ("false", _("No"))],
                coerce=lambda value: value == "true",
                empty_value=None,
            ),
            AttributeType.DATE: forms.CharField(max_length=10, widget=forms.DateInput(attrs={"type": "date"})),
            AttributeType.CHOICE: forms.ChoiceField(
                choices=[("", SELECT), *((choice, choice) for choice in self.definition.choices)]
            ),
        }
        field = kinds.get(self.definition.type) or forms.CharField(max_length=200)
        field.label, field.required = str(self.definition), False
        return field

    def filter(self, leads: LeadQuerySet, value: Any) -> LeadQuerySet:
        return leads if value in EMPTY_VALUES else leads.filter(custom__contains={self.definition.code: value})


class LeadFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Several values of one parameter are alternatives; parameters narrow each other.

    `request` names the reader: who "me" is, and whose addresses may be searched.
    """

    q = CharFilter(label=gettext_lazy("Search"), max_length=200, method="filter_words")
    stage = SeveralFilter("stage", inner=forms.ChoiceField(choices=Stage.choices), label=gettext_lazy("Stage"))
    source = SeveralFilter(inner=forms.CharField(max_length=60), label=gettext_lazy("Source"), method="filter_source")
    channel = SeveralFilter(
        inner=forms.ChoiceField(choices=ChannelKind.choices), label=gettext_lazy("Channel"), method="filter_channel"
    )
    origin = SeveralFilter("origin", inner=forms.ChoiceField(choices=Origin.choices), label=gettext_lazy("Origin"))
    industry = SeveralFilter("company__industry", inner=forms.CharField(max_length=80), label=gettext_lazy("Industry"))
    company = SeveralFilter(
        inner=forms.IntegerField(min_value=1, max_value=2**31), label=gettext_lazy("Company"), method="filter_company"
    )
    title_level = SeveralFilter(
        "title_level",
        inner=forms.TypedChoiceField(choices=TitleLevel.choices, coerce=int),
        label=gettext_lazy("Title level"),
    )
    owner = SeveralFilter(
        inner=forms.CharField(validators=[RegexValidator(r"^(me|none|[0-9]{1,9})$")]),
        label=gettext_lazy("Owner"),
        method="filter_owner",
    )
    team = SeveralFilter("team", inner=forms.IntegerField(min_value=1, max_value=2**31), label=gettext_lazy("Team"))
    created_from = BoundedDateFilter(label=gettext_lazy("Created after"), method="filter_created_from")
    created_to = BoundedDateFilter(label=gettext_lazy("Created before"), method="filter_created_to")
    anonymous = AnonymousFilter(
        label=gettext_lazy("Anonymous visitors"),
        empty_label=gettext_lazy("excluded"),
        choices=[("with", gettext_lazy("included")), ("only", gettext_lazy("only anonymous visitors"))],
    )
    archived = ArchivedFilter()

    class Meta:
        model = Lead
        fields: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user: User = self.request.user
        if any(name.startswith(CUSTOM) for name in self.data):
            self.add_custom_filters()

    def add_custom_filters(self) -> None:
        """One parameter for each attribute that an admin added to leads; call it before the form is made.

        Who may not see contact details does not find them out by filtering either.
        """
        definitions = AttributeDefinition.objects.filter(owner=AttributeOwner.LEAD, is_active=True)
        if not sees_all_contact_data(self.user):
            definitions = definitions.filter(is_contact_data=False)
        for definition in definitions:
            self.filters[CUSTOM + definition.code] = AttributeFilter(definition)

    def offer_choices(self, name: str) -> None:
        """Load what a parameter whose values live in the database can be narrowed to."""
        choices: Choices = []
        if name == "source":
            choices = [(source.code, str(source)) for source in Source.objects.all()]
        elif name == "industry":
            choices = value_choices("industry", industries())
        elif name == "owner":
            people = [(str(person.pk), str(person)) for person in owners_for(self.user) if person != self.user]
            choices = [("me", _("Mine")), ("none", _("No owner")), *people]
        elif name == "team":
            sees_all = self.user.role in (Role.MARKETER, Role.ADMIN)
            teams = Team.objects.all() if sees_all else Team.objects.filter(pk=self.user.team_id or 0)
            choices = [(str(team.pk), str(team)) for team in teams]
        else:
            return
        self.form.fields[name].offer(choices)

    def filter_queryset(self, queryset: LeadQuerySet) -> LeadQuerySet:
        # They stay out, too, where what was asked about them cannot be read.
        for name in ("anonymous", "archived"):
            self.form.cleaned_data.setdefault(name, "")
        leads: LeadQuerySet = super().filter_queryset(queryset)
        return leads

    def filter_words(self, leads: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        return searched(leads, value, self.user)

    # As a list, not as a sub-query: the planner then knows how many leads to expect.

    def filter_source(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        return leads.filter(source__in=list(Source.objects.filter(code__in=value).values_list("pk", flat=True)))

    def filter_channel(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        return leads.filter(source__in=list(Source.objects.filter(channel__in=value).values_list("pk", flat=True)))

    def filter_owner(self, leads: LeadQuerySet, name: str, value: list[str]) -> LeadQuerySet:
        """`me`, `none` and people's ids."""
        people = [self.user.pk if owner == "me" else int(owner) for owner in value if owner != "none"]
        condition = Q(owner__in=people) if people else Q()
        return leads.filter(condition | Q(owner=None) if "none" in value else condition)

    def filter_company(self, leads: LeadQuerySet, name: str, value: list[int]) -> LeadQuerySet:
        """Only a company that the reader sees is called by its name."""
        if not value:
            return leads
        seen = visible_companies(self.user).filter(pk__in=value)
        self.form.fields[name].offer(list(seen.values_list("pk", "name")))
        return leads.filter(company__in=value)

    def filter_created_from(self, leads: LeadQuerySet, name: str, value: date) -> LeadQuerySet:
        return leads.filter(created_at__gte=midnight(value))

    def filter_created_to(self, leads: LeadQuerySet, name: str, value: date) -> LeadQuerySet:
        return leads.filter(created_at__lt=midnight(value, days_later=1))


def owners_for(user: User) -> list[User]:
    """The people whose leads `user` may see."""
    if user.role in (Role.MARKETER, Role.ADMIN):
        return list(User.objects.filter(is_active=True).exclude(role=Role.MARKETER))
    return list(visible_people(user))


def size_words(least: int, most: int | None) -> str:
    """A size of companies, by how many people they have."""
    if most is None:
        return _("%(number)s or more employees") % {"number": formats.number(least)}
    return _("%(range)s employees") % {"range": formats.span(str(least), str(most))}


SIZE_CHOICES = [(least, lazy(size_words, str)(least, most)) for least, most in SIZES]


class CompanyFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Several values of one parameter are alternatives; parameters narrow each other."""

    q = CharFilter(label=gettext_lazy("Search"), max_length=200, method="filter_words")
    industry = SeveralFilter("industry", inner=forms.CharField(max_length=80), label=gettext_lazy("Industry"))
    size = SeveralFilter(
        inner=forms.TypedChoiceField(choices=SIZE_CHOICES, coerce=int),
        label=gettext_lazy("Employees"),
        method="filter_size",
    )
    country = SeveralFilter("country", inner=forms.CharField(max_length=60), label=gettext_lazy("Country"))
    region = SeveralFilter("region", inner=forms.CharField(max_length=80), label=gettext_lazy("Region"))
    archived = ArchivedFilter()

    class Meta:
        model = Company
        fields: Sequence[str] = ()

    def offer_choices(self, name: str) -> None:
        """Load what a parameter whose values live in the database can be narrowed to."""
        loaders = {"industry": industries, "country": countries, "region": regions}
        if name in loaders:
            self.form.fields[name].offer(value_choices(name, loaders[name]()))

    def filter_queryset(self, queryset: QuerySet[Company]) -> QuerySet[Company]:
        self.form.cleaned_data.setdefault("archived", "")
        companies: QuerySet[Company] = super().filter_queryset(queryset)
        return companies

    def filter_words(self, companies: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        return companies_by_words(companies, value)

    def filter_size(self, companies: QuerySet[Company], name: str, value: list[int]) -> QuerySet[Company]:
        condition = Q()
        for least, most in SIZES:
            if least in value:
                condition |= Q(employees__gte=least) & (Q() if most is None else Q(employees__lte=most))
        return companies.filter(condition)
