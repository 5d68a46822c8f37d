"""Whether the site is up, and the API: machines come with a key, who is signed in does not matter."""

from __future__ import annotations

from collections.abc import Iterator

from leadqual import api

OPEN = ("contract", "reference")


def lines() -> Iterator[str]:
    """Without a key nobody gets in by any method; tests/leadqual/test_api_rights.py says who gets what with one."""
    for pattern in api.urlpatterns:
        names = list(pattern.pattern.converters)
        if pattern.name not in OPEN:
            for method in ("get", "post", "put", "patch", "delete"):
                if hasattr(pattern.callback.view_class, method):
                    yield f"api:{pattern.name} {method.upper()} {'_'.join(names) or '-'} {'401 ' * 6}"


TABLE = """
public:script            GET  -         404   404 404 404 404 404
public:beacon            POST -         400   400 400 400 400 400
public:segment           POST verb      400   400 400 400 400 400
public:posthog           POST -         400   400 400 400 400 400
healthz         GET  -    200 200 200 200 200 200
readyz          GET  -    200 200 200 200 200 200
api:contract    GET  -    200 200 200 200 200 200
api:reference   GET  -    200 200 200 200 200 200
""" + "\n".join(lines())

OBJECTS = {
    "verb": lambda world: {"verb": "track"},
    "pk": lambda world: {"pk": 1},
    "pk_number": lambda world: {"pk": 1, "number": 1},
}
