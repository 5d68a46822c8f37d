"""Who gets what at the addresses of accounts. Columns: anonymous, outsourced, rep, manager, marketer, admin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from accounts import actions
from tests import factories

TABLE = """
accounts:home             GET  -        login 302 302 302 302 302
accounts:profile          GET  -        login 200 200 200 200 200
accounts:profile          POST -        login 302 302 302 302 302
accounts:language         POST -        303   303 303 303 303 303
accounts:language         GET  -        405   405 405 405 405 405
accounts:theme            POST -        303   303 303 303 303 303
accounts:theme            GET  -        405   405 405 405 405 405
accounts:settings         GET  -        login 403 200 200 200 200

accounts:people           GET  -        login 403 403 200 403 200
accounts:people_new       GET  -        login 403 403 200 403 200
accounts:people_new       POST -        login 403 403 200 403 200
accounts:people_edit      GET  mate     login 403 403 200 403 200
accounts:people_edit      POST mate     login 403 403 303 403 303
accounts:people_edit      POST peer     login 403 403 403 403 303
accounts:people_edit      POST stranger login 403 403 404 403 303
accounts:people_switch    GET  mate     login 403 403 200 403 200
accounts:people_switch    POST mate     login 403 403 303 403 303
accounts:people_switch    POST peer     login 403 403 403 403 303
accounts:people_switch    POST stranger login 403 403 404 403 303
accounts:people_link      POST mate     login 403 403 200 403 200
accounts:people_link      POST peer     login 403 403 403 403 200
accounts:people_link      POST stranger login 403 403 404 403 200

accounts:teams            GET  -        login 403 403 403 403 200
accounts:teams_new        GET  -        login 403 403 403 403 200
accounts:teams_new        POST -        login 403 403 403 403 303
accounts:teams_edit       GET  team     login 403 403 403 403 200
accounts:teams_edit       POST team     login 403 403 403 403 303
accounts:teams_switch     GET  team     login 403 403 403 403 200
accounts:teams_switch     POST team     login 403 403 403 403 303

accounts:api_keys         GET  -        login 403 403 403 403 200
accounts:api_keys_new     GET  -        login 403 403 403 403 200
accounts:api_keys_new     POST -        login 403 403 403 403 200
accounts:api_keys_edit    GET  key      login 403 403 403 403 404
accounts:api_keys_switch  GET  key      login 403 403 403 403 200
accounts:api_keys_switch  POST key      login 403 403 403 403 303

accounts:audit            GET  -        login 403 403 403 403 200
accounts:gallery          GET  -        login 403 403 403 403 200
"""


def _person(world: SimpleNamespace, **said: Any) -> dict[str, Any]:
    return {"pk": factories.UserFactory(**said).pk}


OBJECTS = {
    "mate": lambda world: _person(world, name="Mate", email="mate@example.com", team=world.team),
    "peer": lambda world: _person(world, name="Peer", email="mate@example.com", team=world.team, role="manager"),
    "stranger": lambda world: _person(world, name="Stranger", email="mate@example.com", team=world.other_team),
    "team": lambda world: {"pk": factories.TeamFactory(name="Nara").pk},
    "key": lambda world: {"pk": actions.make_key(by=world.admin, name="K", scopes=[], expires_at=None)[0].pk},
}


def _form_of_a_person(world: SimpleNamespace, email: str = "new@example.com") -> dict[str, Any]:
    place = {"role": "rep", "team": world.team.pk, "timezone": "Asia/Tokyo", "language": ""}
    return {"name": "New", "email": email, "capacity": 20} | place


FORMS = {
    "accounts:profile POST": lambda world: {"name": "N", "language": "ja", "timezone": "UTC", "theme": "dark"},
    "accounts:language POST": lambda world: {"language": "ja"},
    "accounts:theme POST": lambda world: {"theme": "dark"},
    "accounts:people_new POST": _form_of_a_person,
    "accounts:people_edit POST": lambda world: _form_of_a_person(world, "mate@example.com"),
    "accounts:teams_new POST": lambda world: {"name": "Kobe"},
    "accounts:teams_edit POST": lambda world: {"name": "Kobe"},
    "accounts:api_keys_new POST": lambda world: {"name": "K", "scopes": ["scores:read"]},
}
