"""Who gets what at the addresses of the notices: everybody their own, nobody anybody else's."""

from __future__ import annotations

from typing import Any

from notices.models import Notice

TABLE = """
notices:list     GET  -     login 200 200 200 200 200
notices:unread   GET  -     login 200 200 200 200 200
notices:read_all POST -     login 303 303 303 303 303
notices:mails    POST -     login 302 302 302 302 302
notices:sent_mails GET -   login 403 403 403 403 200
notices:sent_mail GET none login 403 403 403 403 404
notices:follow   GET  reps  login 404 302 404 404 404
notices:read     POST reps  login 404 302 404 404 404
notices:read     GET  reps  login 405 405 405 405 405
"""


def reps(world: Any) -> dict[str, Any]:
    """A notice of the rep."""
    return {"pk": Notice.objects.create(user=world.rep, kind="handoff.hot", dedupe_key="a").pk}


OBJECTS = {"reps": reps, "none": lambda world: {"name": "nothing"}}
FORMS = {"notices:mails POST": lambda world: {"mails": "on"}}
