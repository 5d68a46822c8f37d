"""Who may what. Each app registers its actions here; a view names one; what is not named is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

POST = "POST"
READ = ("GET", "HEAD")
FORM = (*READ, POST)

EVERYONE = (Role.OUTSOURCED, Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)

_allowed: dict[str, frozenset[str]] = {}


def allow(action: str, *roles: Role) -> str:
    """Register `action` ("leads.import") for these roles. Each action is registered once."""
    if action in _allowed:
        raise ValueError(f"{action} is registered twice")
    _allowed[action] = frozenset(roles)
    return action


def is_allowed(user: User | AnonymousUser, action: str) -> bool:
    """Whether the role of `user` may do `action` at all; which objects it may touch is `access.py`'s to say.

    Raises KeyError for an action that nobody registered, so that a typing mistake never opens a door.
    """
    roles = _allowed[action]
    return isinstance(user, User) and user.is_active and user.role in roles


def require(user: User | AnonymousUser, action: str) -> None:
    if not is_allowed(user, action):
        raise PermissionDenied(action)


def guarded(policy: str, *methods: str) -> Callable[[View], View]:
    """Serve a view to the roles of `policy`, by `methods` only: to read (GET, HEAD) unless others are named.

    `@guarded("leads.edit", *FORM)` shows and takes a form, `@guarded("leads.edit", POST)` takes a press. Other roles
    get 403, other methods 405. `PolicyMiddleware` refuses views that carry no such mark.
    """

    def decorate(view: View) -> View:
        by_method = require_http_methods(methods or READ)(view)

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.user, policy)
            return by_method(request, *args, **kwargs)

        checked.policy = policy  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def open_to_all(view: View) -> View:
    """Mark a view that needs no policy: sign-in, health, the API (which authenticates by key)."""
    view.policy = ""  # type: ignore[attr-defined]
    return view


PROFILE = allow("accounts.profile", *EVERYONE)
SETTINGS = allow("frame.settings", Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)
PEOPLE_VIEW = allow("accounts.people.view", Role.MANAGER, Role.ADMIN)
PEOPLE_EDIT = allow("accounts.people.edit", Role.MANAGER, Role.ADMIN)
TEAMS_EDIT = allow("accounts.teams.edit", Role.ADMIN)
API_KEYS = allow("accounts.api_keys", Role.ADMIN)
AUDIT = allow("accounts.audit", Role.ADMIN)
GALLERY = allow("accounts.gallery", Role.ADMIN)
