"""The settings pages of this app: people, teams, API keys."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.access import may_change_person, visible_people
from accounts.enums import Role, Scope
from accounts.forms import ApiKeyForm, PersonForm, TeamForm
from accounts.models import ApiKey, Team, User
from accounts.requests import UserRequest
from accounts.views.invitation import show_link
from frame.settings.page import AnyForm, Column, Filter, SettingsPage
from web import moments
from web.pages import render_page

# ---- people ----


def _bind_person(page: SettingsPage, user: User, data: Any, person: User | None) -> AnyForm:
    return PersonForm(data, instance=person, by=user)


def _save_person(form: AnyForm, by: User) -> User:
    values = form.cleaned_data
    if form.instance.pk is None:
        return actions.invite_person(by=by, **values)
    return actions.change_person(by=by, person=User.objects.get(pk=form.instance.pk), **values)


def _people_done(request: UserRequest, person: User, created: bool) -> HttpResponse | None:
    return show_link(request, person) if created else None


def _last_login(person: User) -> str:
    return moments.moment(person.last_login, timezone.now()) if person.last_login else gettext("never")


def _people_teams(user: User) -> list[tuple[int, str]]:
    return list(Team.objects.filter(members__in=visible_people(user)).distinct().values_list("pk", "name"))


PEOPLE = SettingsPage(
    name="frame:people",
    path="people",
    icon="users",
    model=User,
    form=PersonForm,
    view="accounts.people.view",
    edit="accounts.people.edit",
    title=_("People"),
    about=_("Who works here, in which role, and in which team."),
    add=_("Invite a person"),
    columns=(
        Column(_("Name"), "name", small="email"),
        Column(_("Role"), "get_role_display"),
        Column(_("Team"), "team"),
        Column(_("Open leads at most"), "capacity", numeric=True),
        Column(_("Last login"), _last_login),
    ),
    search=("name", "email"),
    filters=(
        Filter("role", _("Role"), "role", lambda user: Role.choices),
        Filter("team", _("Team"), "team_id", _people_teams),
    ),
    rows=visible_people,
    may_change=may_change_person,
    bind=_bind_person,
    save=_save_person,
    done=_people_done,
    switch=lambda person, on, user: actions.switch_person(by=user, person=person, on=on),
    off_warning=_("This person can no longer log in. What they did stays under their name."),
    beside="frame/settings/_person_beside.html",
)

# ---- teams ----


def _teams(user: User) -> QuerySet[Team]:
    return Team.objects.annotate(people=Count("members", filter=Q(members__is_active=True)))


def _switch_team(team: Team, on: bool, user: User) -> None:
    if not on and team.members.filter(is_active=True).exists():
        raise ValidationError(gettext("Somebody still works in this team. Move its people to another team first."))
    if not on and team.is_default:
        raise ValidationError(gettext("This team takes the leads of no other team. Give that to another team first."))
    team.is_active = on
    team.save(update_fields=["is_active"])


def _save_team(form: AnyForm, by: User) -> Team:
    return actions.save_team(by=by, team=form.instance, **form.cleaned_data)


TEAMS = SettingsPage(
    name="frame:teams",
    path="teams",
    icon="users-round",
    model=Team,
    form=TeamForm,
    view="accounts.teams.edit",
    edit="accounts.teams.edit",
    title=_("Teams"),
    about=_("Sales people who share a queue and a business calendar."),
    add=_("New team"),
    columns=(
        Column(_("Name"), "name"),
        Column(_("People"), "people", numeric=True),
        Column(_("Takes leads of no other team"), "is_default"),
    ),
    search=("name",),
    rows=_teams,
    save=_save_team,
    switch=_switch_team,
)

# ---- API keys ----


def _save_key(form: AnyForm, by: User) -> ApiKey:
    values = form.cleaned_data
    key, secret = actions.make_key(by=by, name=values["name"], scopes=values["scopes"], expires_at=values["expires_on"])
    key.secret = secret  # type: ignore[attr-defined]  # for the next page only, never stored
    return key


def _key_done(request: UserRequest, key: ApiKey, created: bool) -> HttpResponse | None:
    return render_page(request, "frame/settings/key.html", {"key": key}, part="frame/settings/_key.html")


def _scopes(key: ApiKey) -> str:
    return ", ".join(str(Scope(scope).label) for scope in key.scopes)


def _works_until(key: ApiKey) -> str:
    return moments.moment(key.expires_at, timezone.now()) if key.expires_at else gettext("until revoked")


def _last_used(key: ApiKey) -> str:
    return moments.moment(key.last_used_at, timezone.now()) if key.last_used_at else gettext("never")


API_KEYS = SettingsPage(
    name="frame:api_keys",
    path="api-keys",
    icon="key-round",
    model=ApiKey,
    form=ApiKeyForm,
    view="accounts.api_keys",
    edit="accounts.api_keys",
    title=_("API keys"),
    about=_("How other systems send activities and read scores."),
    add=_("New key"),
    columns=(
        Column(_("Name"), "name", small=lambda key: f"{key.prefix}…"),
        Column(_("Allowed to"), _scopes),
        Column(_("Works until"), _works_until),
        Column(_("Last used"), _last_used),
        Column(_("Made by"), "created_by"),
    ),
    search=("name", "prefix"),
    rows=lambda user: ApiKey.objects.select_related("created_by"),
    save=_save_key,
    done=_key_done,
    editable=False,
    active=Q(revoked_at=None),
    switch=lambda key, on, user: actions.revoke_key(by=user, key=key, now=timezone.now()),
    off_words=_("Revoke"),
    on_words="",
    off_warning=_("Systems that use this key are refused from now on. This cannot be undone."),
)
