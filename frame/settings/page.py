"""What a settings page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import UserRequest

Words = str | Promise
if TYPE_CHECKING:
    AnyForm = forms.ModelForm[Any]
else:
    AnyForm = forms.ModelForm  # generic for the type checker only
IN_USE = Q(is_active=True)
NEW, SAVE, OFF, ON = _("Create"), _("Save"), _("Deactivate"), _("Activate")


@dataclass(frozen=True)
class SettingsColumn:
    """A column of the list: what stands above it, and the attribute, method or function that fills it.

    `small` stands below that; `code` likewise, for the name that rules, files and the API use.
    """

    label: Words
    show: str | Callable[[Any], Any]
    small: str | Callable[[Any], Any] = ""
    code: str = ""
    numeric: bool = False

    def cell(self, row: Any) -> dict[str, Any]:
        """What the table shows of a row in this column, and small below it."""
        value = shown(row, self.show)
        return {
            "label": self.label,
            "numeric": self.numeric,
            "value": value,
            "is_empty": value is False or value is None or value == "",
            "below": shown(row, self.small) if self.small else "",
            "code": shown(row, self.code) if self.code else "",
        }


def shown(row: Any, show: str | Callable[[Any], Any]) -> Any:
    """What a column shows of a row: the value of a function, or of an attribute or method by its name."""
    if callable(show):
        return show(row)
    value = getattr(row, show)
    return value() if callable(value) else value


@dataclass(frozen=True)
class SettingsFilter:
    """A choice above the list. `field` is fixed here, never taken from the address."""

    name: str
    label: Words
    field: str
    choices: Callable[[User], Iterable[tuple[Any, Any]]]


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """One kind of rows that administrators look after: what is said about them, and in a subclass what differs.

    `save` and `switch` may raise ValidationError, whose words are shown.
    """

    name: str
    path: str
    model: type[models.Model]
    form: type[AnyForm]
    view: str
    edit: str
    title: Words
    columns: tuple[SettingsColumn, ...]
    about: Words = ""
    add: Words = NEW
    empty: Words = ""
    icon: str = "settings"
    order: str = "name"
    search: tuple[str, ...] = ()
    filters: tuple[SettingsFilter, ...] = ()
    editable: bool = True
    active: Q | None = IN_USE  # None: rows are never turned off
    edit_words: Words = SAVE
    has_edit_button: bool = False  # where what is done to a row is no change of what it says
    off_words: Words = OFF
    on_words: Words = ON  # "": a row that was turned off stays so
    off_warning: Words = ""
    help: Words = ""
    help_name: str = ""  # the address of a page that says more, by its name
    beside: str = ""  # a template shown below the form of a row that exists

    def rows(self, user: User) -> QuerySet[Any]:
        """The rows that `user` sees."""
        return self.model._default_manager.all()

    def may_change(self, user: User, row: Any) -> bool:
        """Whether `user`, who may edit rows of this kind, may change this one."""
        return True

    def form_for(self, user: User, data: Any, row: Any) -> AnyForm:
        """The form of a row, or of a new one where `row` is None."""
        return self.form(data, instance=row)

    def save(self, form: AnyForm, user: User) -> Any:
        """Store a valid form. Returns the row."""
        return form.save()

    def done(self, request: UserRequest, row: Any, created: bool) -> HttpResponse | None:
        """The answer to a save, or None to go back to the list."""
        return None

    def switch(self, row: Any, on: bool, user: User) -> None:
        """Turn a row on or off."""
        row.is_active = on
        row.save(update_fields=["is_active"])

    def is_on(self, row: Any) -> bool:
        """Whether a row is in use, for rows that can be turned off."""
        return self.active is None or self.model._default_manager.filter(self.active, pk=row.pk).exists()
