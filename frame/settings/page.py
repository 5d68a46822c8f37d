"""What a settings page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import UserRequest

Words = str | Promise
AnyForm = forms.ModelForm  # type: ignore[type-arg]
IN_USE = Q(is_active=True)
NEW, OFF, ON = _("New"), _("Deactivate"), _("Activate")
Done = Callable[[UserRequest, Any, bool], HttpResponse | None]


@dataclass(frozen=True)
class Column:
    """A column of the list: what stands above it, and the attribute, method or function that fills it."""

    label: Words
    show: str | Callable[[Any], Any]
    small: str | Callable[[Any], Any] = ""
    numeric: bool = False

    def value(self, row: Any) -> Any:
        return _shown(row, self.show)

    def below(self, row: Any) -> Any:
        return _shown(row, self.small) if self.small else ""


def _shown(row: Any, show: str | Callable[[Any], Any]) -> Any:
    if callable(show):
        return show(row)
    found = getattr(row, show)
    return found() if callable(found) else found


@dataclass(frozen=True)
class Filter:
    """A choice above the list. `field` is fixed here, never taken from the address."""

    name: str
    label: Words
    field: str
    choices: Callable[[User], Iterable[tuple[Any, Any]]]


def _everything(page: SettingsPage, user: User) -> QuerySet[Any]:
    return page.model._default_manager.all()


def _bind(page: SettingsPage, user: User, data: Any, instance: Any) -> AnyForm:
    return page.form(data, instance=instance)


def _save(form: AnyForm, user: User) -> Any:
    return form.save()


def _switch(row: Any, on: bool, user: User) -> None:
    row.is_active = on
    row.save(update_fields=["is_active"])


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """One kind of rows that administrators look after.

    `switch` turns a row off (and on again where `on_words` says so); None means rows are never turned off. A save or a
    switch that is not allowed raises ValidationError, whose words are shown.
    """

    name: str
    path: str
    model: type[models.Model]
    form: type[AnyForm]
    view: str
    edit: str
    title: Words
    columns: tuple[Column, ...]
    about: Words = ""
    add: Words = NEW
    empty: Words = ""
    icon: str = "settings"
    order: str = "name"
    search: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    rows: Callable[[User], QuerySet[Any]] | None = None
    may_change: Callable[[User, Any], bool] = field(default=lambda user, row: True)
    bind: Callable[[SettingsPage, User, Any, Any], AnyForm] = _bind
    save: Callable[[AnyForm, User], Any] = _save
    done: Done = field(default=lambda request, row, created: None)
    editable: bool = True
    active: Q | None = IN_USE
    switch: Callable[[Any, bool, User], None] | None = _switch
    off_words: Words = OFF
    on_words: Words = ON
    off_warning: Words = ""
    beside: str = ""  # a template shown below the form of a row that exists

    def rows_for(self, user: User) -> QuerySet[Any]:
        return self.rows(user) if self.rows else _everything(self, user)

    def is_on(self, row: Any) -> bool:
        """Whether a row is in use, for rows that can be turned off."""
        return self.active is None or self.model._default_manager.filter(self.active, pk=row.pk).exists()
