"""The contract as a page to read: every operation with its parameters, bodies, answers and examples, and a curl line.

It is drawn here, from the same document that programs read: no script, no font and no style of anybody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.policies import open_to_all
from frame.api.schema import contract
from web.pages import render_page

PREFIX = "/api/v1/"
DEEPEST = 3
Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Member:
    """A parameter, or a member of a body by its path."""

    name: str
    kind: str
    about: str = ""
    place: str = ""
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: str
    about: str
    members: list[Member] = field(default_factory=list)

    @property
    def is_refusal(self) -> bool:
        return self.status >= "4"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: list[Member]
    body: list[Member]
    answers: list[Answer]
    examples: list[tuple[str, str]]
    curl: str


@open_to_all
@login_not_required
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Open to everybody, as the contract is."""
    context = {"groups": groups(), "base": settings.BASE_URL}
    return render_page(request, "frame/api/reference.html", context)


@cache
def groups() -> list[tuple[str, list[Operation]]]:
    """The operations by the first part of their address, in the order of the contract."""
    document = contract()
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        group = path.removeprefix(PREFIX).partition("/")[0]
        for method, operation in methods.items():
            found.setdefault(group, []).append(operation_of(document, path, method, operation))
    return list(found.items())


def operation_of(document: Schema, path: str, method: str, operation: Schema) -> Operation:
    scopes = [scope for need in operation.get("security", []) for scopes in need.values() for scope in scopes]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = [(name, each["value"]) for name, each in body.get("examples", {}).items()]
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=operation["description"],
        scope=next(iter(scopes), ""),
        parameters=[parameter_of(document, each) for each in operation.get("parameters", [])],
        body=list(members_of(document, body["schema"])) if body else [],
        answers=list(answers_of(document, operation)),
        examples=[(name, json.dumps(value, indent=2, ensure_ascii=False)) for name, value in examples],
        curl=curl_of(path, method, examples[0][1] if examples else None, needs_key=bool(scopes)),
    )


def curl_of(path: str, method: str, body: Any, *, needs_key: bool) -> str:
    """What to type into a terminal; $LEADQUAL is the address of this installation, $KEY the API key."""
    words = ["curl"] if method == "get" else ["curl", "-X", method.upper()]
    lines = [" ".join([*words, f'"$LEADQUAL{path.replace("{id}", "1").replace("{number}", "1")}"'])]
    if needs_key:
        lines.append('  -H "Authorization: Bearer $KEY"')
    if body is not None:
        lines += ['  -H "Content-Type: application/json"', f"  -d '{json.dumps(body, ensure_ascii=False)}'"]
    return " \\\n".join(lines)


def parameter_of(document: Schema, each: Schema) -> Member:
    if "$ref" in each:
        each = document["components"]["parameters"][each["$ref"].rpartition("/")[2]]
    return Member(
        name=each["name"], kind=kind_of(document, each["schema"]), about=each.get("description", ""),
        place=each["in"], required=each.get("required", False),
    )  # fmt: skip


def answers_of(document: Schema, operation: Schema) -> Iterator[Answer]:
    for status, response in operation["responses"].items():
        content: Schema = next(iter(response.get("content", {}).values()), {})
        is_refusal = status >= "4"
        members = [] if is_refusal or not content else list(members_of(document, content["schema"]))
        yield Answer(status=status, about=response["description"], members=members)


def members_of(document: Schema, schema: Schema, path: str = "", depth: int = 0) -> Iterator[Member]:
    """The members of an object with their paths; of a list those of its items; of alternatives those of the first."""
    schema = resolved(document, schema)
    if "items" in schema:
        yield from members_of(document, schema["items"], f"{path}[]", depth)
        return
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield Member(
            name=here, kind=kind_of(document, inner), required=name in required,
            about=inner.get("description") or resolved(document, inner).get("description", ""),
        )  # fmt: skip
        if depth < DEEPEST:
            yield from members_of(document, inner, here, depth + 1)


def resolved(document: Schema, schema: Schema) -> Schema:
    """The schema that a reference means; the first of several that is an object of ours."""
    for _step in range(8):
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "properties" not in schema and (choices := alternatives(schema)):
            schema = choices[0]
        else:
            break
    return schema


def alternatives(schema: Schema) -> list[Schema]:
    return [choice for name in ("oneOf", "anyOf", "allOf") for choice in schema.get(name, ())]


def kind_of(document: Schema, schema: Schema) -> str:
    """Its type in short: `string`, `integer or null`, the values of a choice."""
    whole = resolved(document, schema)
    if "enum" in whole:
        return " | ".join(json.dumps(value) if value is None else str(value) for value in whole["enum"])
    kinds = whole.get("type", "")
    words = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "items" in whole:
        return f"list of {kind_of(document, whole['items'])}"
    shape = whole.get("format", "")
    return f"{words} ({shape})" if shape else words
