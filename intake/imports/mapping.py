"""Which column fills which field: the document of docs/import.md, from YAML or from the browser's form."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Given
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from intake.errors import IntakeError
from intake.imports.fields import PROPERTY, SEVERAL, ImportField, property_field
from intake.imports.kinds import FileKind
from intake.imports.problems import words_of
from web.bounded_yaml import BoundedComposer, BoundedYamlError
from web.cleaning import ORDERS, YEARS

IDENTITIES = ("email", "external_id", "id")
IDENTITY_FIELDS = tuple(f"lead.{name}" for name in IDENTITIES)
# One of these says at least something of who or what a row is about.
WHO = (*IDENTITY_FIELDS, "lead.name", "lead.family_name", "lead.phone", "company.name")
FAMILY_FIRST, GIVEN_FIRST = NAME_ORDERS = ("family_first", "given_first")
# Rows of one address and different names: two people where the address is of a shared mailbox, always two, or one.
MAILBOX, PEOPLE, PERSON = ADDRESS_RULES = ("mailbox", "people", "person")
CHOICES = {"dates": ORDERS, "year": YEARS, "names": NAME_ORDERS, "addresses": ADDRESS_RULES}
KEYS = ("identity", "columns", "constants", "values", "empty", *CHOICES, "activity", "timezone")
ACTIVITY_KEYS = ("type", "occurred_at", "object", "properties", "key")
PROPERTY_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
DEFAULT_ZONE = "Asia/Tokyo"


@dataclass(frozen=True, kw_only=True)
class MappingProblem:
    """One problem of a mapping, with its path in the document."""

    where: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        words = words_of(self.code, self.params)
        return f"{self.where}: {words}" if self.where else words


class MappingError(IntakeError):
    """A mapping that cannot be used; all its problems at once."""

    def __init__(self, problems: list[MappingProblem]) -> None:
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
    """`columns` names the fields that a column fills; several may fill those of SEVERAL. `empty` are the texts that
    stand for nothing, `dates`, `year`, `names` and `addresses` one of CHOICES or ""."""

    identity: str
    columns: dict[str, tuple[str, ...]]
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    activity: ActivityMapping | None = None
    timezone: str = DEFAULT_ZONE
    empty: tuple[str, ...] = ()
    dates: str = ""
    year: str = ""
    names: str = ""
    addresses: str = ""

    @property
    def identity_field(self) -> str:
        return f"lead.{self.identity}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each column with each field that it fills."""
        return [(column, name) for column, names in self.columns.items() for name in names]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def as_data(self) -> dict[str, Any]:
        """The document again; what `parse` reads."""
        columns = {column: names[0] if len(names) == 1 else list(names) for column, names in self.columns.items()}
        data: dict[str, Any] = {"identity": self.identity, "columns": columns}
        data |= {name: value for name in ("constants", "values", *CHOICES) if (value := getattr(self, name))}
        data |= {"empty": list(self.empty)} if self.empty else {}
        if self.activity:
            parts = {name: getattr(self.activity, name) for name in ACTIVITY_KEYS}
            data["activity"] = {name: value for name, value in parts.items() if value}
        return data | {"timezone": self.timezone}


class MappingLoader(BoundedComposer, yaml.BaseLoader):
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
    """The document of a mapping file. Raises MappingError when it is no YAML."""
    try:
        return yaml.load(text, Loader=MappingLoader)  # noqa: S506 - makes texts, lists and mappings only
    except BoundedYamlError as error:
        detail = f"{error.words} ({error.line})"
        raise MappingError([MappingProblem(where="", code="yaml", params={"detail": detail})]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" ({mark.line + 1}:{mark.column + 1})" if mark else ""
        detail = f"{getattr(error, 'problem', None) or error}{place}"
        raise MappingError([MappingProblem(where="", code="yaml", params={"detail": detail})]) from error


def parse(data: Any, *, kind: FileKind, columns: Iterable[str], types: Iterable[str]) -> FileMapping:
    """The mapping, checked against the file's columns. Raises MappingError with all problems."""
    reader = MappingReader(kind=kind, columns=set(columns), types=set(types))
    mapping = reader.read(data)
    if reader.problems or mapping is None:
        raise MappingError(reader.problems)
    return mapping


class MappingReader:
    """Walks the document and keeps every problem with its path."""

    def __init__(self, *, kind: FileKind, columns: set[str], types: set[str]) -> None:
        self.kind, self.columns, self.types = kind, columns, types
        self.fields = kind.fields()
        self.problems: list[MappingProblem] = []
        self.filled: dict[str, str] = {}

    def add(self, where: str, code: str, **params: Any) -> None:
        self.problems.append(MappingProblem(where=where, code=code, params=params))

    def read(self, data: Any) -> FileMapping | None:
        """None where there is a problem."""
        if not isinstance(data, dict):
            self.add("", "not_a_mapping")
            return None
        self._refuse_unknown(data, [key for key in KEYS if key != "activity" or self.kind.may_have_activity], "")
        identity, timezone = data.get("identity") or "", data.get("timezone")
        if identity and identity not in IDENTITIES:
            self.add("identity", "identity")
            identity = ""
        if not isinstance(timezone, str) or not timezone:
            timezone = DEFAULT_ZONE
        try:
            ZoneInfo(timezone)
        except (KeyError, ValueError, OSError):
            self.add("timezone", "timezone", name=timezone[:60])
        columns, constants = self._columns(data), self._texts(data, "constants")
        self._check_targets(columns, constants)
        chosen = {name: self._choice(data, name) for name in CHOICES}
        empty = self._empty(data)
        values = self._read_values(data)
        activity = self._read_activity(data) if self.kind.may_have_activity else None
        self._check_whole(identity)
        if self.problems:
            return None
        own = next((name for name in IDENTITIES if f"lead.{name}" in self.filled), IDENTITIES[0])
        return FileMapping(
            identity=identity or own, columns=columns, constants=constants, values=values, activity=activity,
            timezone=timezone, empty=empty, **chosen,
        )  # fmt: skip

    def _choice(self, data: Given[str, Any], name: str) -> str:
        value = data.get(name) or ""
        if value and value not in CHOICES[name]:
            self.add(name, name)
            return ""
        return str(value)

    def _empty(self, data: Given[str, Any]) -> tuple[str, ...]:
        texts = data.get("empty") or []
        if not isinstance(texts, list) or any(isinstance(text, dict | list) for text in texts):
            self.add("empty", "list")
            return ()
        return tuple(str(text) for text in texts)

    def _columns(self, data: Given[str, Any]) -> dict[str, tuple[str, ...]]:
        """The fields of each column: one, or a list of several."""
        columns: dict[str, tuple[str, ...]] = {}
        for name, value in self._section(data, "columns").items():
            names = value if isinstance(value, list) else [value]
            if not names or any(isinstance(one, dict | list) or one is None for one in names):
                self.add(f"columns.{name}", "text")
            else:
                columns[str(name)] = tuple(dict.fromkeys(str(one) for one in names))
        return columns

    def _refuse_unknown(self, data: Given[Any, Any], known: Sequence[str], root: str) -> None:
        for key in data:
            if key not in known:
                self.add(f"{root}{str(key)[:60]}", "unknown_key", known=", ".join(known))

    def _section(self, data: Given[str, Any], key: str, root: str = "") -> dict[Any, Any]:
        """A mapping inside the document; one that is not there is empty."""
        section = data.get(key)
        if section in (None, ""):
            return {}
        if not isinstance(section, dict):
            self.add(root + key, "not_a_mapping")
            return {}
        return section

    def _texts(self, data: Given[str, Any], key: str, root: str = "") -> dict[str, str]:
        """A section of names and texts; numbers and truths of YAML are taken as they were written."""
        texts: dict[str, str] = {}
        for name, value in self._section(data, key, root).items():
            if isinstance(value, dict | list) or value is None:
                self.add(f"{root}{key}.{name}", "text")
            else:
                texts[str(name)] = str(value).lower() if isinstance(value, bool) else str(value)
        return texts

    def _check_targets(self, columns: dict[str, tuple[str, ...]], constants: dict[str, str]) -> None:
        """Every column is one of the file's, and every field but those of SEVERAL is filled once; a constant
        says nothing of who is who."""
        for column, names in columns.items():
            if column not in self.columns:
                self.add(f"columns.{column}", "unknown_column", column=column)
            for name in names:
                self._fill(f"columns.{column}", name, column)
        for name in constants:
            where = f"constants.{name}"
            if self._fill(where, name, where) and name in IDENTITY_FIELDS:
                self.add(where, "constant_identity")

    def _fill(self, where: str, name: str, by: str) -> bool:
        """Whether `name` is a field; one that something else fills already is a problem too."""
        if not self._known(where, name):
            return False
        if name in self.filled and name not in SEVERAL:
            self.add(where, "mapped_twice", field=name, first=self.filled[name], second=by)
        self.filled.setdefault(name, by)
        return True

    def _known(self, where: str, name: str) -> bool:
        if name in self.fields:
            return True
        if self.kind.has_properties and name.startswith(PROPERTY):
            return self._property_name(where, name.removeprefix(PROPERTY))
        near = [
            match
            for word in (name, f"lead.{name}")
            for match in difflib.get_close_matches(word, self.fields, n=1, cutoff=0.75)
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

    def _read_values(self, data: Given[str, Any]) -> dict[str, dict[str, str]]:
        section = self._section(data, "values")
        for name in section:
            if self._known(f"values.{name}", str(name)) and name not in self.filled:
                self.add(f"values.{name}", "values_not_mapped", field=name)
        return {str(name): self._texts(section, name, "values.") for name in section}

    def _read_activity(self, data: Given[str, Any]) -> ActivityMapping | None:
        section = self._section(data, "activity")
        if not section and data.get("activity") != {}:
            return None
        self._refuse_unknown(section, ACTIVITY_KEYS, "activity.")
        parts: dict[str, str] = {}
        for name in ("type", "occurred_at", "object", "key"):
            value = section.get(name)
            if isinstance(value, dict | list):
                self.add(f"activity.{name}", "text")
            parts[name] = "" if value is None or isinstance(value, dict | list) else str(value)
        for name in ("type", "occurred_at"):
            if not parts[name]:
                self.add(f"activity.{name}", "needed")
        if parts["type"] and parts["type"] not in self.types:
            self.add("activity.type", "unknown_type", type=parts["type"][:60])
        activity = ActivityMapping(**parts, properties=self._texts(section, "properties", "activity."))
        for where, column, _name in activity.columns():
            if column not in self.columns:
                self.add(where, "unknown_column", column=column)
        for name in activity.properties:
            self._property_name(f"activity.properties.{name}", name)
        return activity

    def _check_whole(self, identity: str) -> None:
        """What is missing from the whole."""
        if not self.filled:
            self.add("columns", "nothing_mapped")
        elif identity and f"lead.{identity}" not in self.filled and not self.kind.makes_leads:
            self.add("identity", "identity_not_mapped", field=f"lead.{identity}")
        elif not any(name in self.filled for name in (WHO if self.kind.makes_leads else IDENTITY_FIELDS)):
            self.add("columns", "nobody_mapped")
        for name in self.kind.required:
            if name not in self.filled:
                self.add(name, "needed")
        company = [name for name in self.filled if name.startswith("company.")]
        if company and "company.name" not in self.filled:
            self.add("columns", "company_name")


def field_of(name: str, fields: dict[str, ImportField]) -> ImportField:
    """The field, also of a property, whose names are free."""
    return fields.get(name) or property_field(name)
