"""Which column fills which field: the document of docs/import.md, from YAML or from the browser's form."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from collections.abc import Mapping as Given
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from intake.imports.fields import PROPERTY, Field, property_field
from intake.imports.kinds import Kind
from intake.imports.problems import words_of

IDENTITIES = ("email", "external_id")
KEYS = ("identity", "columns", "constants", "values", "activity", "timezone")
ACTIVITY_KEYS = ("type", "occurred_at", "object", "properties", "key")
PROPERTY_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
DEFAULT_ZONE = "Asia/Tokyo"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One problem of a mapping, with its path in the document."""

    where: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        words = words_of(self.code, self.params)
        return f"{self.where}: {words}" if self.where else words


class Unmappable(Exception):
    """A mapping that cannot be used; all its problems at once."""

    def __init__(self, problems: list[Wrong]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class ActivityMapping:
    """One activity of every row: its type, and the columns of the rest."""

    type: str
    occurred_at: str
    object: str = ""
    key: str = ""
    properties: dict[str, str] = field(default_factory=dict)

    def columns(self) -> list[tuple[str, str, str]]:
        """Path in the document, column and field of each part."""
        names = [f"activity.{name}" for name in ("occurred_at", "object", "key")]
        parts = [(name, getattr(self, name.removeprefix("activity.")), name) for name in names]
        parts += [(f"activity.properties.{name}", column, PROPERTY + name) for name, column in self.properties.items()]
        return [part for part in parts if part[1]]


@dataclass(frozen=True, kw_only=True)
class FileMapping:
    identity: str
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    activity: ActivityMapping | None = None
    timezone: str = DEFAULT_ZONE

    @property
    def identity_field(self) -> str:
        return f"lead.{self.identity}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def as_data(self) -> dict[str, Any]:
        """The document again; what `parse` reads."""
        data: dict[str, Any] = {"identity": self.identity, "columns": self.columns}
        data |= {name: value for name in ("constants", "values") if (value := getattr(self, name))}
        if self.activity:
            parts = {name: getattr(self.activity, name) for name in ACTIVITY_KEYS}
            data["activity"] = {name: value for name, value in parts.items() if value}
        return data | {"timezone": self.timezone}


class _Loader(yaml.BaseLoader):
    """All values are texts: a column may be called `on` or `no`, which YAML takes for yes and no.

    Two equal keys are refused; YAML's own loaders let the last one win in silence.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{name[:60]}” is there twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def load_yaml(text: str) -> Any:
    """The document of a mapping file. Raises Unmappable when it is no YAML."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - makes texts, lists and mappings only
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" ({mark.line + 1}:{mark.column + 1})" if mark else ""
        detail = f"{getattr(error, 'problem', None) or error}{place}"
        raise Unmappable([Wrong(where="", code="yaml", params={"detail": detail})]) from error


def parse(data: Any, *, kind: Kind, columns: Iterable[str], types: Iterable[str]) -> FileMapping:
    """The mapping, checked against the file's columns. Raises Unmappable with all problems."""
    reader = _Reader(kind=kind, columns=list(columns), types=set(types))
    mapping = reader.read(data)
    if reader.problems or mapping is None:
        raise Unmappable(reader.problems)
    return mapping


class _Reader:
    """Walks the document and keeps every problem with its path."""

    def __init__(self, *, kind: Kind, columns: list[str], types: set[str]) -> None:
        self.kind, self.columns, self.types = kind, set(columns), types
        self.fields = kind.fields()
        self.problems: list[Wrong] = []
        self.filled: dict[str, str] = {}

    def add(self, where: str, code: str, **params: Any) -> None:
        self.problems.append(Wrong(where=where, code=code, params=params))

    def read(self, data: Any) -> FileMapping | None:
        if not isinstance(data, dict):
            self.add("", "not_a_mapping")
            return None
        self._only_known(data, KEYS if self.kind.may_have_activity else tuple(k for k in KEYS if k != "activity"), "")
        identity, timezone = self._identity(data), self._timezone(data)
        columns = self._columns(self._texts(data, "columns"))
        constants = self._constants(self._texts(data, "constants"))
        values = self._values(data.get("values"))
        activity = self._activity(data.get("activity")) if self.kind.may_have_activity else None
        self._complete(identity, columns, constants)
        if self.problems:
            return None
        return FileMapping(
            identity=identity, columns=columns, constants=constants, values=values, activity=activity, timezone=timezone
        )

    def _only_known(self, data: Given[Any, Any], known: tuple[str, ...], root: str) -> None:
        for key in data:
            if key not in known:
                self.add(f"{root}{str(key)[:60]}", "unknown_key", known=", ".join(known))

    def _identity(self, data: Given[str, Any]) -> str:
        identity = data.get("identity")
        if identity not in IDENTITIES:
            self.add("identity", "identity" if identity else "needed")
            return ""
        return str(identity)

    def _timezone(self, data: Given[str, Any]) -> str:
        given = data.get("timezone")
        name = given if isinstance(given, str) and given else DEFAULT_ZONE
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.add("timezone", "timezone", name=name[:60])
        return name

    def _texts(self, data: Given[str, Any], key: str, root: str = "") -> dict[str, str]:
        """A mapping of names to texts; numbers of YAML are taken as they were written."""
        given = data.get(key)
        if given in (None, ""):
            return {}
        if not isinstance(given, dict):
            self.add(root + key, "not_a_mapping")
            return {}
        for name, value in given.items():
            if isinstance(value, dict | list) or value is None:
                self.add(f"{root}{key}.{name}", "text")
        return {str(n): _plain(v) for n, v in given.items() if not isinstance(v, dict | list) and v is not None}

    def _columns(self, given: dict[str, str]) -> dict[str, str]:
        for column, name in given.items():
            where = f"columns.{column}"
            if column not in self.columns:
                self.add(where, "unknown_column", column=column)
            self._fill(where, name, column)
        return given

    def _constants(self, given: dict[str, str]) -> dict[str, str]:
        for name in given:
            where = f"constants.{name}"
            if self._fill(where, name, where) and name in ("lead.email", "lead.external_id"):
                self.add(where, "constant_identity")
        return given

    def _fill(self, where: str, name: str, by: str) -> bool:
        """Whether `name` is a field; one that something else fills already is a problem too."""
        if not self._known(where, name):
            return False
        if name in self.filled:
            self.add(where, "mapped_twice", field=name, first=self.filled[name], second=by)
        self.filled.setdefault(name, by)
        return True

    def _known(self, where: str, name: str) -> bool:
        if name in self.fields:
            return True
        if self.kind.has_properties and name.startswith(PROPERTY):
            return self._property_name(where, name.removeprefix(PROPERTY))
        near = [
            one
            for word in (name, f"lead.{name}")
            for one in difflib.get_close_matches(word, self.fields, n=1, cutoff=0.75)
        ]
        if near:
            self.add(where, "unknown_field_near", field=name, near=near[0])
        else:
            self.add(where, "unknown_field", field=name)
        return False

    def _property_name(self, where: str, name: str) -> bool:
        if not PROPERTY_NAME.fullmatch(name):
            self.add(where, "property_name")
            return False
        return True

    def _values(self, given: Any) -> dict[str, dict[str, str]]:
        if given in (None, ""):
            return {}
        if not isinstance(given, dict):
            self.add("values", "not_a_mapping")
            return {}
        for name in given:
            if self._known(f"values.{name}", str(name)) and name not in self.filled:
                self.add(f"values.{name}", "values_not_mapped", field=name)
        return {str(name): self._texts(given, name, "values.") for name in given}

    def _activity(self, given: Any) -> ActivityMapping | None:
        if given in (None, ""):
            return None
        if not isinstance(given, dict):
            self.add("activity", "not_a_mapping")
            return None
        self._only_known(given, ACTIVITY_KEYS, "activity.")
        parts = {name: self._text(given, name) for name in ("type", "occurred_at", "object", "key")}
        for name in ("type", "occurred_at"):
            if not parts[name]:
                self.add(f"activity.{name}", "needed")
        if parts["type"] and parts["type"] not in self.types:
            self.add("activity.type", "unknown_type", type=parts["type"][:60])
        activity = ActivityMapping(
            **parts,
            properties=self._texts(given, "properties", "activity."),
        )
        self._activity_columns(activity)
        return activity

    def _text(self, given: Given[str, Any], name: str) -> str:
        value = given.get(name)
        if isinstance(value, dict | list):
            self.add(f"activity.{name}", "text")
            return ""
        return "" if value is None else str(value)

    def _activity_columns(self, activity: ActivityMapping) -> None:
        for where, column, _name in activity.columns():
            if column not in self.columns:
                self.add(where, "unknown_column", column=column)
        for name in activity.properties:
            self._property_name(f"activity.properties.{name}", name)

    def _complete(self, identity: str, columns: dict[str, str], constants: dict[str, str]) -> None:
        """What is missing from the whole."""
        if not columns:
            self.add("columns", "nothing_mapped")
        elif identity and f"lead.{identity}" not in columns.values():
            self.add("identity", "identity_not_mapped", field=identity)
        for name in self.kind.required:
            if name not in self.filled:
                self.add(name, "needed")
        company = [name for name in self.filled if name.startswith("company.")]
        if company and "company.name" not in self.filled:
            self.add("columns", "company_name")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def field_of(name: str, fields: dict[str, Field]) -> Field:
    """The field, also of a property, whose names are free."""
    return fields.get(name) or property_field(name)
