"""Who gets what at the addresses of accounts. Columns: anonymous, outsourced, rep, manager, marketer, admin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests import factories

TABLE = """
accounts:setup            GET  -        login login login login login login
accounts:setup            POST -        login login login login login login

accounts:draft            GET  -        login 204 204 204 204 204
accounts:draft            POST -        login 204 204 204 204 204
accounts:profile          GET  -        login 200 200 200 200 200
accounts:profile          POST -        login 302 302 302 302 302
accounts:language         POST -        303   303 303 303 303 303
accounts:language         GET  -        405   405 405 405 405 405
accounts:theme            POST -        303   303 303 303 303 303
accounts:rows             POST -        login 303 303 303 303 303
accounts:theme            GET  -        405   405 405 405 405 405

accounts:people_link      POST mate     login 403 403 200 403 200
accounts:people_link      POST peer     login 403 403 403 403 200
accounts:people_link      POST stranger login 403 403 404 403 200



accounts:audit            GET  -        login 403 403 403 403 200
"""


def _person(world: SimpleNamespace, **said: Any) -> dict[str, Any]:
    return {"pk": factories.UserFactory(**said).pk}


OBJECTS = {
    "mate": lambda world: _person(world, name="Mate", email="mate@example.com", team=world.team),
    "peer": lambda world: _person(world, name="Peer", email="mate@example.com", team=world.team, role="manager"),
    "stranger": lambda world: _person(world, name="Stranger", email="mate@example.com", team=world.other_team),
}


FORMS = {
    "accounts:profile POST": lambda world: {"name": "N", "language": "ja", "timezone": "UTC", "theme": "dark"},
    "accounts:language POST": lambda world: {"language": "ja"},
    "accounts:rows POST": lambda world: {"rows": "roomy"},
    "accounts:draft POST": lambda world: {"place": "/leads/1/", "about": "1", "values": "{}"},
    "accounts:theme POST": lambda world: {"theme": "dark"},
}
