"""The settings page of people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.access import may_change_person, visible_people
from accounts.enums import Role
from accounts.forms import PersonForm
from accounts.models import Team, User
from accounts.requests import UserRequest
from accounts.views.invitation import show_link
from frame.settings.page import AnyForm, SettingsColumn, SettingsFilter, SettingsPage
from web import formats


class PeoplePage(SettingsPage):
    """A manager sees and changes the own team only; whoever is new chooses a password by a link."""

    def rows(self, user: User) -> QuerySet[User]:
        return visible_people(user)

    def may_change(self, user: User, row: User) -> bool:
        return may_change_person(user, row)

    def form_for(self, user: User, data: Any, row: User | None) -> AnyForm:
        return PersonForm(data, instance=row, by=user)

    def save(self, form: AnyForm, user: User) -> User:
        if form.instance.pk is None:
            return actions.invite_person(by=user, **form.cleaned_data)
        # Read anew: the form has written what was typed into its own instance.
        return actions.change_person(by=user, person=User.objects.get(pk=form.instance.pk), **form.cleaned_data)

    def done(self, request: UserRequest, row: User, created: bool) -> HttpResponse | None:
        return show_link(request, row) if created else None

    def switch(self, row: User, on: bool, user: User) -> None:
        actions.switch_person(by=user, person=row, on=on)


def last_login(person: User) -> str:
    return formats.moment(person.last_login, timezone.now()) if person.last_login else gettext("never")


def teams_of_people(user: User) -> list[tuple[int, str]]:
    """The teams of those whom `user` sees."""
    return list(Team.objects.filter(members__in=visible_people(user)).distinct().values_list("pk", "name"))


PEOPLE = PeoplePage(
    name="frame:people",
    path="people",
    icon="users",
    model=User,
    form=PersonForm,
    view="accounts.people.view",
    edit="accounts.people.edit",
    title=_("Users"),
    about=_("Users, their roles and their teams."),
    add=_("Invite user"),
    columns=(
        SettingsColumn(pgettext_lazy("person", "Name"), "name", small="email"),
        SettingsColumn(_("Role"), "get_role_display"),
        SettingsColumn(_("Team"), "team"),
        SettingsColumn(_("Open lead limit"), "capacity", numeric=True),
        SettingsColumn(_("Last login"), last_login),
    ),
    search=("name", "email"),
    filters=(
        SettingsFilter("role", _("Role"), "role", lambda user: Role.choices),
        SettingsFilter("team", _("Team"), "team_id", teams_of_people),
    ),
    off_warning=_("This user can no longer log in. Their past actions stay under their name."),
    beside="frame/settings/_person_beside.html",
)
