from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Role, RowHeight, Theme


def check_timezone(value: str) -> None:
    """Refuse a time zone that this machine does not know."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(
            _("Unknown time zone “%(value)s”. Write it like Asia/Tokyo."), params={"value": value}
        ) from error


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in by e-mail; without a password the account waits for an invitation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, role=Role.ADMIN, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.REP)
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("ja", "日本語"), ("en", "English")], blank=True, default=""
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo", validators=[check_timezone])
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    rows = models.CharField(_("rows of the queue"), max_length=7, choices=RowHeight.choices, default=RowHeight.COMPACT)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    capacity = models.PositiveSmallIntegerField(
        _("open lead limit"), default=20, help_text=_("How many hot leads this user can handle at once.")
    )
    daily_capacity = models.PositiveSmallIntegerField(
        _("new leads a day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many new leads this user gets on one day. Leave empty for no limit."),
    )
    speaks = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("spoken languages"),
        default=list,
        blank=True,
        help_text=_("For pools that go by the lead’s language."),
    )
    skills = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("skills"),
        default=list,
        blank=True,
        help_text=_("Separated by commas. For pools that ask for a skill."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        db_table = "accounts_user"
        ordering = ["name", "pk"]
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def initials(self) -> str:
        """Two letters for the avatar; the first character where the name has no spaces (Japanese names)."""
        parts = (self.name or self.email).split()
        return "".join(part[0] for part in parts[:2]).upper()
