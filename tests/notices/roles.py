"""Who gets what at the addresses of the notices: everybody their own, nobody anybody else's."""

from __future__ import annotations

from typing import Any

from notices.actions.destinations import save_destination, send_test
from notices.models import Destination, Notice
from tests.conftest import NOW

TABLE = """
notices:list     GET  -     login 200 200 200 200 200
notices:unread   GET  -     login 200 200 200 200 200
notices:read_all POST -     login 303 303 303 303 303
notices:preferences GET  - login 200 200 200 200 200
notices:preferences POST - login 422 422 422 422 422
notices:mails    POST -     login 302 302 302 302 302
notices:sent_mails GET -   login 403 403 403 403 200
notices:sent_mail GET none login 403 403 403 403 404
notices:follow   GET  reps  login 404 302 404 404 404
notices:read     POST reps  login 404 302 404 404 404
notices:read     GET  reps  login 405 405 405 405 405
notices:destinations       GET  one   login 403 403 403 403 200
notices:destination_new    GET  -     login 403 403 403 403 200
notices:destination_new    POST -     login 403 403 403 403 200
notices:destination        GET  hook  login 403 403 403 403 200
notices:destination        POST hook  login 403 403 403 403 302
notices:destination_test   POST hook  login 403 403 403 403 303
notices:destination_secret POST hook  login 403 403 403 403 200
notices:destination_switch POST hook  login 403 403 403 403 303
notices:destination_delete GET  hook  login 403 403 403 403 200
notices:destination_delete POST hook  login 403 403 403 403 303
notices:deliveries         GET  tried login 403 403 403 403 200
notices:delivery_again     POST sent  login 403 403 403 403 303
"""


def reps(world: Any) -> dict[str, Any]:
    """A notice of the rep."""
    return {"pk": Notice.objects.create(user=world.rep, kind="handoff.hot", dedupe_key="a").pk}


def hook(world: Any) -> dict[str, Any]:
    """A web hook to a server that cannot exist, so that nothing leaves the machine."""
    made = Destination(kind="webhook")
    save_destination(
        destination=made, by=world.admin, now=NOW, address="https://hook.invalid/x", name="基幹システム",
        topics=["hot"], language="ja",
    )  # fmt: skip
    return {"pk": made.pk}


def sent(world: Any) -> dict[str, Any]:
    """An attempt to send to the web hook."""
    destination = Destination.objects.get(pk=hook(world)["pk"])
    return {"pk": send_test(destination=destination, by=world.admin, now=NOW).pk}


OBJECTS = {
    "reps": reps, "hook": hook, "sent": sent, "one": lambda world: hook(world) and {},
    "tried": lambda world: sent(world) and {}, "none": lambda world: {"name": "nothing"},
}  # fmt: skip
FORMS = {
    "notices:mails POST": lambda world: {"mails": "on"},
    "notices:destination POST": lambda world: {
        "name": "基幹システム", "topics": ["hot"], "language": "ja", "timezone": "Asia/Tokyo",
    },
}  # fmt: skip
