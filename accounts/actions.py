"""What people do with accounts. Each is one transaction and says who did it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import ApiKey, Team, User
from accounts.signals import staff_changed


def keep_preference(
    *, by: User, language: str | None = None, theme: str | None = None, rows: str | None = None
) -> None:
    """Remember what a person chose for themselves: language, theme, height of rows. What is None stays."""
    chosen = {"language": language, "theme": theme, "rows": rows}
    changed = [name for name, value in chosen.items() if value is not None and getattr(by, name) != value]
    for name in changed:
        setattr(by, name, chosen[name])
    if changed:
        by.save(update_fields=changed)


class AccountsError(Exception):
    """An action on accounts that cannot be done; the words are for people."""


class SetupDoneError(AccountsError):
    """There is somebody already, so that no first administrator can be made."""


@transaction.atomic
def make_first_administrator(*, email: str, name: str, password: str, language: str, timezone: str) -> User:
    """Make the administrator of an installation that nobody can sign in to yet. Raises SetupDoneError where one can.

    Locks the table of people until the end of the transaction: of two at one time the second finds the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")
    if User.objects.exists():
        raise SetupDoneError(_("leadqual is already set up. Log in, or ask an administrator for an invitation."))
    return User.objects.create_user(email, password, name=name, role=Role.ADMIN, language=language, timezone=timezone)


@transaction.atomic
def invite_person(*, by: User, email: str, name: str, **fields: Any) -> User:
    """A new account without a password; the person chooses one by the link that `password_link` makes."""
    return User.objects.create_user(email, None, name=name, **fields)


@transaction.atomic
def change_person(*, by: User, person: User, **fields: Any) -> User:
    """Change role, team, name and the rest. Refuses to leave nobody in charge."""
    keep_one_administrator(
        person, role=fields.get("role", person.role), is_active=fields.get("is_active", person.is_active)
    )
    for name, value in fields.items():
        setattr(person, name, value)
    person.save(update_fields=list(fields))
    if fields.keys() & {"role", "is_active", "team"}:
        staff_changed.send(sender=None, by=by)
    return person


@transaction.atomic
def switch_person(*, by: User, person: User, on: bool) -> None:
    """Let a person in or shut them out; what they did stays under their name."""
    if person.pk == by.pk and not on:
        raise ValidationError(_("You can’t deactivate yourself. Ask another administrator."))
    change_person(by=by, person=person, is_active=on)


def keep_one_administrator(person: User, *, role: str, is_active: bool) -> None:
    """Raise unless an active administrator remains once `person` has this role and state.

    Locks the administrators in the order of their ids: two who demote each other at one time wait for each other.
    """
    in_charge = list(User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("pk"))
    if role == Role.ADMIN and is_active:
        return
    if [admin.pk for admin in in_charge] == [person.pk]:
        raise ValidationError(_("This is the last administrator. Make someone else an administrator first."))


@transaction.atomic
def make_key(
    *, by: User, name: str, scopes: list[str], expires_at: datetime | None, acts_as: User | None = None
) -> tuple[ApiKey, str]:
    """A new API key and its secret, which can be read this once only. It may what `acts_as` may, or else `by`."""
    key = ApiKey(name=name, scopes=scopes, expires_at=expires_at, created_by=by, acts_as=acts_as)
    secret = key.new_secret()
    key.save()
    return key, secret


@transaction.atomic
def rotate_key(*, by: User, key: ApiKey, overlap: timedelta, now: datetime) -> str:
    """A new secret for the key, readable this once only; the one before it works for as long as `overlap`.

    Of secrets that were replaced only the latest goes on working. Raises ValidationError for a revoked key.
    """
    locked = ApiKey.objects.select_for_update().get(pk=key.pk)
    if locked.revoked_at is not None:
        raise ValidationError(_("This key has been revoked. Create a new one."))
    former = locked.digest
    secret = locked.new_secret()
    locked.old_digest, locked.old_until = (former, now + overlap) if overlap else (None, None)
    locked.save(update_fields=["prefix", "digest", "old_digest", "old_until"])
    key.refresh_from_db()
    return secret


@transaction.atomic
def revoke_key(*, by: User, key: ApiKey, now: datetime) -> None:
    """Close an API key for good; the first revocation counts."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


@transaction.atomic
def switch_team(*, by: User, team: Team, on: bool) -> None:
    """Let a team take leads, or no longer. Refuses to leave people or the leads of no other team without one."""
    if not on and team.members.filter(is_active=True).exists():
        raise ValidationError(_("This team still has members. Move them to another team first."))
    if not on and team.is_default:
        raise ValidationError(_("This team receives unassigned leads. Set another team as the fallback first."))
    team.is_active = on
    team.save(update_fields=["is_active"])
    staff_changed.send(sender=None, by=by)


@transaction.atomic
def save_team(*, by: User, team: Team, name: str, is_default: bool) -> Team:
    """Make or change a team. Only one takes the leads of no other team: a new one takes that from the old one."""
    if is_default:
        Team.objects.filter(is_default=True).exclude(pk=team.pk).update(is_default=False)
    elif team.pk and Team.objects.filter(pk=team.pk, is_default=True).exists():
        raise ValidationError(
            _("This team receives leads that match no other team. Set another team as the fallback first.")
        )
    team.name, team.is_default = name, is_default
    team.save()
    return team
