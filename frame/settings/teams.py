"""The settings page of teams."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.forms import TeamForm
from accounts.models import Team, User
from frame.settings.page import AnyForm, SettingsColumn, SettingsPage


class TeamsPage(SettingsPage):
    """A team that has people, or that takes the leads of no other team, stays."""

    def rows(self, user: User) -> QuerySet[Team]:
        return Team.objects.annotate(people=Count("members", filter=Q(members__is_active=True)))

    def save(self, form: AnyForm, user: User) -> Team:
        return actions.save_team(by=user, team=form.instance, **form.cleaned_data)

    def switch(self, row: Team, on: bool, user: User) -> None:
        actions.switch_team(by=user, team=row, on=on)


TEAMS = TeamsPage(
    name="frame:teams",
    path="teams",
    icon="users-round",
    model=Team,
    form=TeamForm,
    view="accounts.teams.edit",
    edit="accounts.teams.edit",
    title=_("Teams"),
    about=_("Sales users who share a queue and a business calendar."),
    add=_("New team"),
    columns=(
        SettingsColumn(_("Name"), "name"),
        SettingsColumn(_("Users"), "people", numeric=True),
        SettingsColumn(_("Receives unassigned leads"), "is_default"),
    ),
    search=("name",),
)
