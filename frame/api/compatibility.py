"""What of an older contract a newer one breaks: a client that was written for the older one must go on working.

What a client may leave out may be added, what it may ignore may be answered. Everything else is broken: an address, a
method, an answer or a member of it that is gone or has another type, something new that must be sent, a value that is
no longer taken, or one that is answered where only others were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Contract = dict[str, Any]
DEEPEST = 12


@dataclass(frozen=True)
class _Side:
    """A schema of one of the two contracts; references are followed in its own."""

    contract: Contract
    schema: dict[str, Any]

    def resolved(self) -> dict[str, Any]:
        schema = self.schema
        while "$ref" in schema or len(schema.get("allOf", ())) == 1:
            if "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2]
                schema = self.contract["components"]["schemas"].get(name, {})
            else:
                schema = schema["allOf"][0]
        return schema

    def at(self, schema: dict[str, Any]) -> _Side:
        return _Side(self.contract, schema)


def breaking_changes(old: Contract, new: Contract) -> list[str]:
    """Sentences, one for each thing that a client of `old` may have relied on."""
    found = []
    for path, methods in old["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            now = new["paths"].get(path, {}).get(method)
            if now is None:
                found.append(f"{name} is gone")
                continue
            found += _of_operation(name, _Side(old, operation), _Side(new, now))
    return found


def _of_operation(name: str, old: _Side, new: _Side) -> Iterator[str]:
    yield from _of_parameters(name, old.schema, new.schema)
    if needs(new.schema) - needs(old.schema):
        yield f"{name} needs another scope"
    yield from _of_bodies(name, old, new)
    for status, response in old.schema["responses"].items():
        now = new.schema["responses"].get(status)
        if now is None:
            if status.startswith("2"):
                yield f"{name} no longer answers {status}"
            continue
        for media, content in response.get("content", {}).items():
            if media not in now.get("content", {}):
                yield f"{name} {status} no longer answers {media}"
                continue
            after = new.at(now["content"][media]["schema"])
            yield from _narrowed(f"{name} {status}", old.at(content["schema"]), after, is_sent=False)


def needs(operation: dict[str, Any]) -> set[str]:
    return {scope for need in operation.get("security", []) for scopes in need.values() for scope in scopes}


def _of_parameters(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before = {(one["in"], one["name"]): one for one in old.get("parameters", []) if "name" in one}
    after = {(one["in"], one["name"]): one for one in new.get("parameters", []) if "name" in one}
    for place, one in before.items():
        if place not in after:
            yield f"{name} no longer takes the parameter {one['name']}"
    for place, one in after.items():
        if one.get("required") and not before.get(place, {}).get("required"):
            yield f"{name} asks for the parameter {one['name']}"


def _of_bodies(name: str, old: _Side, new: _Side) -> Iterator[str]:
    before = old.schema.get("requestBody", {}).get("content", {})
    after = new.schema.get("requestBody", {}).get("content", {})
    for media, content in before.items():
        if media not in after:
            yield f"{name} no longer takes {media}"
        else:
            now = new.at(after[media]["schema"])
            yield from _narrowed(f"{name} body", old.at(content["schema"]), now, is_sent=True)
    if after and not before and new.schema["requestBody"].get("required"):
        yield f"{name} asks for a body"


def _narrowed(where: str, old: _Side, new: _Side, *, is_sent: bool, depth: int = 0) -> Iterator[str]:
    """What no longer fits between two schemas: of what is sent, less than before; of what is answered, more."""
    before, after = old.resolved(), new.resolved()
    if depth > DEEPEST or not before or not after:
        return
    kinds, now = types_of(before), types_of(after)
    if kinds and now and (kinds - now if is_sent else now - kinds):
        yield f"{where}: {' or '.join(sorted(kinds))} became {' or '.join(sorted(now))}"
        return
    values, values_now = set(map(str, before.get("enum", ()))), set(map(str, after.get("enum", ())))
    if is_sent and values_now and values - values_now:
        yield f"{where}: {', '.join(sorted(values - values_now))} is no longer taken"
    if is_sent and values_now and not values:
        yield f"{where}: only some values are taken"
    if not is_sent and values and (values_now - values or not values_now):
        yield f"{where}: other values may be answered than {', '.join(sorted(values))}"
    yield from _of_members(where, old, new, is_sent=is_sent, depth=depth)
    for name in ("oneOf", "anyOf", "allOf"):
        for one, one_now in zip(before.get(name, ()), after.get(name, ()), strict=False):
            yield from _narrowed(where, old.at(one), new.at(one_now), is_sent=is_sent, depth=depth + 1)
    if "items" in before and "items" in after:
        yield from _narrowed(
            f"{where}[]", old.at(before["items"]), new.at(after["items"]), is_sent=is_sent, depth=depth + 1
        )


def _of_members(where: str, old: _Side, new: _Side, *, is_sent: bool, depth: int) -> Iterator[str]:
    before, after = old.resolved(), new.resolved()
    members, members_now = before.get("properties", {}), after.get("properties", {})
    for name, schema in members.items():
        if name not in members_now:
            yield f"{where}.{name} is gone"
        else:
            inner = new.at(members_now[name])
            yield from _narrowed(f"{where}.{name}", old.at(schema), inner, is_sent=is_sent, depth=depth + 1)
    required, required_now = set(before.get("required", ())), set(after.get("required", ()))
    if is_sent:
        for name in sorted(required_now - required):
            yield f"{where}.{name} must be sent"
    else:
        for name in sorted((required - required_now) & members_now.keys()):
            yield f"{where}.{name} may be missing"


def types_of(schema: dict[str, Any]) -> set[str]:
    """The JSON types that it allows; nothing where it does not say."""
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)
