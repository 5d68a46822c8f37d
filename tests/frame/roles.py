"""Who gets what at the addresses of the frame: the first page, settings, people, teams and keys."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from accounts import actions
from tests import factories
from tests.accounts.roles import OBJECTS as PEOPLE

TABLE = """
frame:home             GET  -        login 302 302 302 302 302
frame:settings         GET  -        login 403 200 200 200 200
frame:people           GET  -        login 403 403 200 403 200
frame:people_new       GET  -        login 403 403 200 403 200
frame:people_new       POST -        login 403 403 200 403 200
frame:people_edit      GET  mate     login 403 403 200 403 200
frame:people_edit      POST mate     login 403 403 303 403 303
frame:people_edit      POST peer     login 403 403 403 403 303
frame:people_edit      POST stranger login 403 403 404 403 303
frame:people_switch    GET  mate     login 403 403 200 403 200
frame:people_switch    POST mate     login 403 403 303 403 303
frame:people_switch    POST peer     login 403 403 403 403 303
frame:people_switch    POST stranger login 403 403 404 403 303
frame:teams            GET  -        login 403 403 403 403 200
frame:teams_new        GET  -        login 403 403 403 403 200
frame:teams_new        POST -        login 403 403 403 403 303
frame:teams_edit       GET  team     login 403 403 403 403 200
frame:teams_edit       POST team     login 403 403 403 403 303
frame:teams_switch     GET  team     login 403 403 403 403 200
frame:teams_switch     POST team     login 403 403 403 403 303
frame:api_keys         GET  -        login 403 403 403 403 200
frame:api_keys_new     GET  -        login 403 403 403 403 200
frame:api_keys_new     POST -        login 403 403 403 403 200
frame:api_keys_edit    GET  key      login 403 403 403 403 200
frame:api_keys_edit    POST key      login 403 403 403 403 200
frame:api_keys_switch  GET  key      login 403 403 403 403 200
frame:api_keys_switch  POST key      login 403 403 403 403 303
frame:gallery          GET  -        login 403 403 403 403 200
"""

OBJECTS = PEOPLE | {
    "team": lambda world: {"pk": factories.TeamFactory(name="Nara").pk},
    "key": lambda world: {"pk": actions.make_key(by=world.admin, name="K", scopes=[], expires_at=None)[0].pk},
}


def _form_of_a_person(world: SimpleNamespace, email: str = "new@example.com") -> dict[str, Any]:
    place = {"role": "rep", "team": world.team.pk, "timezone": "Asia/Tokyo", "language": ""}
    return {"name": "New", "email": email, "capacity": 20} | place


FORMS = {
    "frame:people_new POST": _form_of_a_person,
    "frame:people_edit POST": lambda world: _form_of_a_person(world, "mate@example.com"),
    "frame:teams_new POST": lambda world: {"name": "Kobe"},
    "frame:teams_edit POST": lambda world: {"name": "Kobe"},
    "frame:api_keys_new POST": lambda world: {"name": "K", "scopes": ["scores:read"]},
    "frame:api_keys_edit POST": lambda world: {"overlap": "24"},
}
