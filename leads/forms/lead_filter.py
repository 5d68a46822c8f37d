"""The filters of the lead list, read from its address. No field: ignored; not to be read: said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.access import visible_people
from accounts.enums import Role
from accounts.models import Team, User
from leads.enums import AttributeOwner, AttributeType, ChannelKind, Origin, Stage, TitleLevel
from leads.forms.several import SeveralField
from leads.models import AttributeDefinition, Source
from leads.queries.companies import industries
from leads.queries.lead_filters import LeadFilter
from web.fields import BoundedDateField

CUSTOM = "custom."


def _one_of(choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices)


class LeadFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    stage = SeveralField(_one_of(Stage.choices), label=_("Stage"))
    source = SeveralField(forms.CharField(max_length=60), label=_("Source"))
    channel = SeveralField(_one_of(ChannelKind.choices), label=_("Channel"))
    origin = SeveralField(_one_of(Origin.choices), label=_("Origin"))
    industry = SeveralField(forms.CharField(max_length=80), label=_("Industry"))
    title_level = SeveralField(forms.TypedChoiceField(choices=TitleLevel.choices, coerce=int), label=_("Title level"))
    owner = SeveralField(forms.CharField(validators=[RegexValidator(r"^(me|none|[0-9]{1,9})$")]), label=_("Owner"))
    team = SeveralField(forms.IntegerField(min_value=1, max_value=2**31), label=_("Team"))
    created_from = BoundedDateField(label=_("Created from"), required=False)
    created_to = BoundedDateField(label=_("Created until"), required=False)
    anonymous = forms.ChoiceField(
        label=_("Anonymous visitors"),
        choices=[("", _("left out")), ("with", _("included")), ("only", _("only these"))],
        required=False,
    )

    def __init__(self, data: QueryDict, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user = user
        if any(name.startswith(CUSTOM) for name in data):
            self.add_custom_fields()

    def add_custom_fields(self) -> None:
        """One field for each attribute that an admin added to leads."""
        for definition in AttributeDefinition.objects.filter(owner=AttributeOwner.LEAD, is_active=True):
            self.fields[CUSTOM + definition.code] = _custom_field(definition)

    def lead_filter(self) -> LeadFilter:
        """What could be read; fields with errors are as if not given (the page says so)."""
        self.is_valid()
        known = {name: self.cleaned_data.get(name) for name in LeadFilter.__dataclass_fields__ if name in self.fields}
        return LeadFilter(
            **{name: value for name, value in known.items() if value not in (None, "", [])}, custom=self._custom()
        )

    def _custom(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name.startswith(CUSTOM)}
        return {name.removeprefix(CUSTOM): value for name, value in given.items() if value not in (None, "")}

    def offer_choices(self, name: str) -> None:
        """Load what a field whose values live in the database can be narrowed to."""
        loaders = {"source": _sources, "industry": _industries, "owner": self._owners, "team": self._teams}
        if name in loaders:
            self.fields[name].offer(loaders[name]())  # type: ignore[attr-defined]

    def _owners(self) -> list[tuple[str, Any]]:
        people = [(str(person.pk), str(person)) for person in owners_for(self.user) if person != self.user]
        return [("me", _("Mine")), ("none", _("Nobody")), *people]

    def _teams(self) -> list[tuple[str, Any]]:
        teams = Team.objects.all() if self.user.role in (Role.MARKETER, Role.ADMIN) else _team_of(self.user)
        return [(str(team.pk), str(team)) for team in teams]


def owners_for(user: User) -> list[User]:
    """The people whose leads `user` may see."""
    if user.role in (Role.MARKETER, Role.ADMIN):
        return list(User.objects.filter(is_active=True).exclude(role=Role.MARKETER))
    return list(visible_people(user))


def _team_of(user: User) -> Any:
    return Team.objects.filter(pk=user.team_id)


def _sources() -> list[tuple[str, str]]:
    return [(source.code, str(source)) for source in Source.objects.all()]


def _industries() -> list[tuple[str, str]]:
    return [(name, name) for name in industries()]


def _custom_field(definition: AttributeDefinition) -> forms.Field:
    # Values are kept as JSON: a number is found as a number, a date as its ISO text.
    kinds: dict[str, forms.Field] = {
        AttributeType.INTEGER: forms.IntegerField(),
        AttributeType.DECIMAL: forms.FloatField(),
        AttributeType.BOOLEAN: forms.TypedChoiceField(
            choices=[("", ""), ("true", _("Yes")), ("false", _("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
        ),
        AttributeType.DATE: forms.CharField(max_length=10, widget=forms.DateInput(attrs={"type": "date"})),
        AttributeType.CHOICE: forms.ChoiceField(choices=[("", ""), *((one, one) for one in definition.choices)]),
    }
    chosen = kinds.get(definition.type) or forms.CharField(max_length=200)
    chosen.label, chosen.required = str(definition), False
    return chosen
