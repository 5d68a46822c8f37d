"""What people may type about accounts. Forms only clean; actions change."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGED_ROLES
from accounts.enums import Role, Scope
from accounts.models import ApiKey, Team, User
from accounts.setup import setup_code
from web.cldr import language_choices
from web.cleaning import LAST_INSTANT
from web.fields import BoundedDateField, NormalizedEmailField


def zones() -> list[tuple[str, str]]:
    """The zones a person may live in: those named after a place, plus UTC."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


def languages() -> list[tuple[str, str]]:
    """The languages a person may be spoken to in; none chosen means that of the browser."""
    return [("", gettext("Match browser")), *User._meta.get_field("language").flatchoices]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(label=_("Language"), required=False, choices=languages)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = User
        fields = ["name", "language", "timezone", "theme", "single_keys"]
        labels = {
            "name": pgettext_lazy("person", "Name"),
            "theme": _("Theme"),
            "single_keys": _("Single-key shortcuts"),
        }
        help_texts = {"single_keys": _("Press ? on any page to see them.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class SetupForm(forms.ModelForm):  # type: ignore[type-arg]
    """The first administrator. Outside the demo the set-up code proves that one runs this installation."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A phrase is easier to remember than a word."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=languages)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    code = forms.CharField(
        label=_("Setup code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("You’ll find it in the log of the web process. “manage.py init --link” also prints it."),
    )

    class Meta:
        model = User
        fields = ["name", "email", "language"]
        field_classes = {"email": NormalizedEmailField}
        labels = {"name": pgettext_lazy("person", "Name"), "email": _("Email")}

    def __init__(self, *args: Any, asks_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.order_fields(["code", "name", "email", "password", "language", "timezone"])
        if not asks_code:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not constant_time_compare(code, setup_code()):
            raise forms.ValidationError(_("This isn’t the setup code. You’ll find it in the log of the web process."))
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("password"):
            person = User(email=values.get("email", ""), name=values.get("name", ""))
            try:
                validate_password(values["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account as its administrator sees it; a manager gives their own team and no higher role than rep."""

    class Meta:
        model = User
        fields = [
            "name", "email", "role", "team", "capacity", "daily_capacity", "speaks", "skills", "language", "timezone",
        ]  # fmt: skip
        field_classes = {"email": NormalizedEmailField}
        labels = {"name": pgettext_lazy("person", "Name"), "email": _("Email"), "role": _("Role"), "team": _("Team")}
        labels |= {
            "capacity": _("Open lead limit"), "daily_capacity": _("New leads a day"), "skills": _("Skills"),
        }  # fmt: skip

    speaks = forms.MultipleChoiceField(
        label=_("Spoken languages"),
        required=False,
        choices=language_choices,
        help_text=_("For pools that go by the lead’s language."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=languages)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="Asia/Tokyo")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        role, team = self.fields["role"], self.fields["team"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.filter(is_active=True)
        if by.role != Role.ADMIN:
            role.choices = [(managed.value, managed.label) for managed in MANAGED_ROLES]
            team.queryset = Team.objects.filter(members=by)
            team.required = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        needs_team = values.get("role") in (Role.OUTSOURCED, Role.REP, Role.MANAGER)
        if needs_team and "team" in values and values["team"] is None:
            self.add_error("team", _("Sales users need a team. It decides which leads they can see."))
        return values


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    # Not in Meta.fields: the action takes the mark from the team that has it, so its constraint is no mistake here.
    is_default = forms.BooleanField(
        label=_("Receives unassigned leads"),
        required=False,
        help_text=_("Hot leads that match no other team go to this one."),
    )

    class Meta:
        model = Team
        fields = ["name"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_default"].initial = self.instance.is_default


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = BoundedDateField(
        label=_("Expires"),
        required=False,
        help_text=_("Leave empty for no expiry."),
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scopes", "acts_as"]
        labels = {"name": _("Name"), "acts_as": _("Acts as")}
        help_texts = {"name": _("The system that will use it, for example “Website”.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts_as = self.fields["acts_as"]
        assert isinstance(acts_as, forms.ModelChoiceField)
        acts_as.queryset = User.objects.filter(is_active=True).order_by("name", "pk")
        acts_as.empty_label = _("Me")

    def clean_expires_on(self) -> datetime | None:
        """The end of that day, in the reader's zone; of the last days the last instant that can be kept."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(_("This date is in the past. Choose today or a later date."))
        return min(timezone.make_aware(datetime.combine(day, time.max)), LAST_INSTANT)


class KeyRotationForm(forms.Form):
    """How long the secret of `key` that is replaced goes on working."""

    overlap = forms.TypedChoiceField(
        label=_("Keep the old secret working for"), coerce=int, initial=24,
        choices=[(0, _("not at all")), (1, _("1 hour")), (24, _("1 day")), (168, _("7 days"))],
        help_text=_("Time to enter the new secret in the other system. Both work until then."),
    )  # fmt: skip

    def __init__(self, *args: Any, key: ApiKey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key

    def clean_overlap(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["overlap"])
