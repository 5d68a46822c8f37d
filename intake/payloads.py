"""What the API may be told about leads: cleaned by hand, because a batch of 1,000 must cost milliseconds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frame.api.problems import ApiError, ApiProblem
from intake.actions.upsert import LeadValues
from intake.imports.fields import (
    COMPANY_FIELDS,
    LEAD_FIELDS,
    ONLY_IN_FILES,
    CleaningContext,
    ImportField,
    Remarked,
    custom_fields,
)
from intake.imports.problems import ROW
from intake.incoming import CleanedBatch, IncomingActivity, RefusedRow
from intake.models import TypeSetting
from intake.repairs import MOST_REPAIRS, PROPERTY, Fault, Repairs, mend
from leads.actions.identification import Identity
from leads.models import ActivityType
from leads.properties import PropertyType, unreadable
from web import cleaning
from web.cleaning import OUT_OF_BOUNDS, CleaningError
from web.formats import number

log = logging.getLogger(__name__)

MAX_BATCH = 1_000
AHEAD = timedelta(minutes=5)
IDENTITY_LENGTHS = {"email": 254, "external_id": 120, "anonymous_id": 80}
ACTIVITY_FIELDS = frozenset({"key", "lead", "type", "occurred_at", "object", "properties"})
# Somebody will try: scores are computed here, from what happened.
IGNORED = frozenset({"score", "total", "points", "band", "grade", "received_at"})
MAX_PROPERTIES, MAX_PROPERTY_DEPTH, MAX_PROPERTIES_BYTES = 100, 8, 64 * 1024


@dataclass(frozen=True)
class ProblemList:
    """Collects the problems of one thing that was sent; `root` is the path of that thing."""

    root: str
    entries: list[ApiProblem]

    def add(self, where: str, code: str, text: str) -> None:
        self.entries.append(ApiProblem(where=f"{self.root}.{where}".strip("."), code=code, text=text))

    def within(self, problem: ApiProblem) -> str:
        """The path of a problem inside the thing."""
        return problem.where.removeprefix(self.root).lstrip(".")


def listed(data: Any, name: str) -> tuple[list[Any], bool]:
    """The things sent, and whether they came as a batch. Raises ApiError for a shape that is neither."""
    if isinstance(data, dict) and name not in data:
        return [data], False
    rows = data.get(name) if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        text = _("Send one object, or a list of 1 to %(max)s as %(name)s.") % {"max": number(MAX_BATCH), "name": name}
        raise ApiError(text, [ApiProblem(where=name, code="shape", text=text)])
    if len(rows) > MAX_BATCH:
        text = _("At most %(max)s per request.") % {"max": number(MAX_BATCH)}
        raise ApiError(text, [ApiProblem(where=name, code="too_many", text=text)])
    return rows, True


@dataclass(frozen=True, kw_only=True)
class PlannedType:
    """An activity type as the doors read it."""

    pk: int
    property_types: Mapping[str, str]
    takes_parts: bool


def planned_types() -> dict[str, PlannedType]:
    """The activity types in use by their codes."""
    strict = set(TypeSetting.objects.filter(takes_parts=False).values_list("type_id", flat=True))
    kinds = ActivityType.objects.filter(is_active=True).only("code", "property_types")
    return {
        kind.code: PlannedType(pk=kind.pk, property_types=kind.property_types, takes_parts=kind.pk not in strict)
        for kind in kinds
    }


def row_path(root: str, index: int) -> str:
    """The path of a row in what was sent; `root` is "" for one alone."""
    return f"{root}[{index}]" if root else ""


def clean_activities(rows: Iterable[Any], *, root: str, now: datetime, repairs: Repairs | None = None) -> CleanedBatch:
    """The activities that can be stored, and what is wrong with the others.

    `root` is the name of the list in what was sent, "" for one activity alone. `repairs` are what the door does with
    faults that somebody has repaired.
    """
    types = planned_types()
    batch = CleanedBatch(rows=list(rows), activities={}, refused={}, root=root)
    for index, row in enumerate(batch.rows):
        cleaned = clean_repaired(row, types, now, row_path(root, index), repairs or {})
        if isinstance(cleaned, IncomingActivity):
            batch.activities[index] = cleaned
        else:
            batch.refused[index] = cleaned
    return batch


def clean_repaired(
    row: Any,
    types: Mapping[str, PlannedType],
    now: datetime,
    path: str,
    repairs: Repairs,
    received_at: datetime | None = None,
) -> IncomingActivity | RefusedRow:
    """One activity, or what is wrong with it after every repair of its faults. A row without faults costs no look.

    `received_at` is when it was sent first, for repairs that need that; without it: now.
    """
    cleaned = clean_activity(row, types, now, ProblemList(path, []))
    for _round in range(MOST_REPAIRS):
        faults = faults_in(cleaned)
        mended = mend(row, faults, repairs, received_at=received_at or now) if faults and repairs else row
        if mended is row:
            break
        row = mended
        cleaned = clean_activity(row, types, now, ProblemList(path, []))
    return cleaned


def faults_in(cleaned: IncomingActivity | RefusedRow) -> list[Fault]:
    """The faults of a row, each called as its group is: an unknown type after its code, a property with its type, all
    others after their path."""
    if isinstance(cleaned, RefusedRow):
        return [Fault.of(fault, cleaned.type_code) for fault in cleaned.faults]
    return [Fault.of(fault, cleaned.type_code) for fault in cleaned.set_aside]


def clean_activity(
    row: Any, types: Mapping[str, PlannedType], now: datetime, problems: ProblemList
) -> IncomingActivity | RefusedRow:
    """One activity, or what is wrong with it. Of a type that takes parts, faulty properties are set aside."""
    key = code = subject = ""
    identity, occurred_at, properties = None, None, {}
    set_aside = ProblemList("", [])
    if isinstance(row, dict):
        refuse_unknown_fields(row, ACTIVITY_FIELDS, problems)
        key = clean_text(row, "key", 200, problems, required=True)
        identity = clean_identity(row.get("lead"), problems)
        code = clean_text(row, "type", 40, problems, required=True)
        if code and code not in types and len(code) <= 40:
            problems.add("type", "unknown_type", _("There’s no activity type %(code)s.") % {"code": code})
        occurred_at = clean_time(row.get("occurred_at"), now, problems)
        subject = clean_text(row, "object", 500, problems)
        properties = clean_properties(row.get("properties"), problems)
        if code in types:
            into = set_aside if types[code].takes_parts else problems
            properties = check_types(properties, types[code].property_types, into)
    else:
        problems.add("", "shape", _("Expected an object."))
    if problems.entries or identity is None or occurred_at is None:
        return RefusedRow(
            key=key[:200],
            identity=identity,
            occurred_at=occurred_at,
            type_code=code[:40],
            faults=[replace(problem, where=problems.within(problem)) for problem in problems.entries],
            problems=problems.entries,
        )
    return IncomingActivity(
        identity=identity,
        type_id=types[code].pk,
        type_code=code,
        occurred_at=occurred_at,
        key=key,
        object=subject,
        properties=properties,
        set_aside=tuple(set_aside.entries),
    )


EXPECTED: dict[str, Any] = {
    PropertyType.TEXT: gettext_lazy("Expected text."),
    PropertyType.NUMBER: gettext_lazy("Expected a number."),
    PropertyType.BOOLEAN: gettext_lazy("Expected yes or no."),
    PropertyType.DATE: gettext_lazy("Expected a date."),
}


def check_types(properties: dict[str, Any], types: Mapping[str, str], problems: ProblemList) -> dict[str, Any]:
    """The properties without those whose values are not what the activity type says; those become problems."""
    wrong = unreadable(properties, types) if types else {}
    for name, kind in wrong.items():
        problems.add(f"properties.{name}", f"{PROPERTY}{kind}", str(EXPECTED.get(kind, EXPECTED[PropertyType.TEXT])))
    return {name: value for name, value in properties.items() if name not in wrong} if wrong else properties


def clean_identity(given: Any, problems: ProblemList, where: str = "lead") -> Identity | None:
    """The lead that is meant: at least one of e-mail, external id and the browser's own id."""
    if not isinstance(given, dict):
        problems.add(where, "required", _("Identify the lead by email, external_id or anonymous_id."))
        return None
    inner = ProblemList(f"{problems.root}.{where}".strip("."), problems.entries)
    before = len(problems.entries)
    refuse_unknown_fields(given, frozenset(IDENTITY_LENGTHS), inner)
    names = {name: clean_text(given, name, length, inner) for name, length in IDENTITY_LENGTHS.items()}
    names["email"] = clean_email(names["email"], inner)
    if not any(names.values()) and len(problems.entries) == before:
        problems.add(where, "required", _("Identify the lead by email, external_id or anonymous_id."))
    return Identity(**names) if len(problems.entries) == before else None


def clean_email(value: str, problems: ProblemList) -> str:
    """Plain width and lower case, as it is stored."""
    if not value:
        return ""
    try:
        return cleaning.clean_email(value)
    except CleaningError:
        problems.add("email", "email", _("This isn’t an email address."))
        return ""


def clean_text(row: Mapping[str, Any], name: str, length: int, problems: ProblemList, *, required: bool = False) -> str:
    """A text without the space around it; a number is taken as its digits (ids often come as numbers)."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**40 else "9" * (length + 1)
    if value is None or value == "":
        if required:
            problems.add(name, "required", _("Required."))
        return ""
    if not isinstance(value, str):
        problems.add(name, "text", _("Expected text."))
        return ""
    value = value.strip()
    if len(value) > length:
        problems.add(name, "too_long", _("At most %(max)s characters.") % {"max": number(length)})
    elif required and not value:
        problems.add(name, "required", _("Required."))
    return value


def clean_time(value: Any, now: datetime, problems: ProblemList, name: str = "occurred_at") -> datetime | None:
    """An instant with its zone, not before 2000 and not ahead of our clock by more than a few minutes."""
    if value is None or value == "":
        problems.add(name, "required", _("Required."))
        return None
    try:
        instant = cleaning.clean_instant(value if isinstance(value, str) else "")
    except CleaningError as error:
        if error.code == "out_of_bounds":
            problems.add(name, error.code, str(OUT_OF_BOUNDS))
        else:
            problems.add(name, "time", _("Expected a time with a time zone, such as 2026-06-01T10:00:00+09:00."))
        return None
    if instant > now + AHEAD:
        problems.add(name, "in_future", _("This is in the future. Choose an earlier time."))
    return instant


def clean_properties(value: Any, problems: ProblemList) -> dict[str, Any]:
    """Any object of JSON that is not too large."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        problems.add("properties", "shape", _("Expected an object."))
        return {}
    if len(value) > MAX_PROPERTIES:
        problems.add("properties", "too_many", _("At most %(max)s per request.") % {"max": number(MAX_PROPERTIES)})
    if _depth(value, MAX_PROPERTY_DEPTH) > MAX_PROPERTY_DEPTH:
        problems.add("properties", "too_deep", _("Nested too deeply."))
    elif len(json.dumps(value, ensure_ascii=False).encode()) > MAX_PROPERTIES_BYTES:
        problems.add(
            "properties",
            "too_large",
            _("The properties of one activity can have up to 64 kB. Send fewer or shorter ones."),
        )
    return value


def _depth(value: Any, limit: int) -> int:
    """How deeply it is nested; stops counting past `limit`."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if members is None or limit < 0:
        return 0
    return 1 + max((_depth(member, limit - 1) for member in members), default=0)


def refuse_unknown_fields(row: Mapping[str, Any], known: frozenset[str], problems: ProblemList) -> None:
    """Add a problem for each name that is not known: a misspelt one must not lose data in silence.

    A score is computed here and never taken over: it is ignored, with a warning in the log.
    """
    for name in row.keys() - known:
        if name in IGNORED:
            log.warning("ignored_field", extra={"field": name})
        else:
            problems.add(name[:60], "unknown_field", _("There’s no such field."))


# --- leads -----------------------------------------------------------------------------------------------------------

IDENTITY_FIELDS = ("email", "external_id", "anonymous_id")


def clean_lead(row: Any, *, now: datetime) -> tuple[Identity, LeadValues]:
    """Who it is and what is said of them. Raises ApiError with everything that is wrong."""
    problems = ProblemList("", [])
    identity, values = None, LeadValues()
    if not isinstance(row, dict):
        problems.add("", "shape", _("Expected an object."))
    else:
        identity = clean_identity({name: row[name] for name in IDENTITY_FIELDS if name in row}, problems, where="")
        if identity is not None and identity.is_anonymous:
            problems.add(
                "", "required", _("Identify the lead by email or external_id. An anonymous ID alone can’t hold fields.")
            )
        values = clean_values(
            {name: value for name, value in row.items() if name not in IDENTITY_FIELDS}, now, problems
        )
    if problems.entries or identity is None:
        raise ApiError(
            _("The lead can’t be saved. Correct the fields listed under problems and send it again."), problems.entries
        )
    return identity, values


def clean_values(row: Mapping[str, Any], now: datetime, problems: ProblemList) -> LeadValues:
    """The values by their owner; `company` and `custom` are objects in what was sent."""
    context = CleaningContext(zone=ZoneInfo("UTC"), now=now)
    known = (field for field in (*LEAD_FIELDS, *COMPANY_FIELDS, *custom_fields()) if field.name not in ONLY_IN_FILES)
    fields = {field.name.removeprefix("lead."): field for field in known}
    values: dict[str, dict[str, Any]] = {"": {}, "custom.": {}, "company.": {}, "company.custom.": {}}
    for path, value in flattened(row):
        owner = max((prefix for prefix in values if path.startswith(prefix)), key=len)
        if path in IGNORED:
            log.warning("ignored_field", extra={"field": path})
        elif path not in fields:
            problems.add(path[:80], "unknown_field", _("There’s no such field."))
        else:
            values[owner][path.removeprefix(owner)] = clean_value(fields[path], value, path, context, problems)
    return LeadValues(
        lead=values[""],
        custom=values["custom."],
        company=values["company."],
        company_custom=values["company.custom."],
    )


def flattened(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Each value with its path, such as `company.custom.plants`."""
    for name, value in row.items():
        if isinstance(value, dict) and f"{prefix}{name}" in {"company", "custom", "company.custom"}:
            yield from flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def clean_value(field: ImportField, given: Any, path: str, context: CleaningContext, problems: ProblemList) -> Any:
    """A value by the cleaner that files have too: what may stand in a cell may stand here, as text or as a number.

    null and "" empty the field.
    """
    if path == "other_emails" and isinstance(given, list):
        given = ", ".join(map(str, given))
    if given is None or given == "":
        return EMPTY.get(path, None if path.count("custom.") else "")
    if isinstance(given, dict | list):
        problems.add(path, "text", _("Expected text."))
        return None
    try:
        value = field.cleaner(context)("yes" if given is True else "no" if given is False else str(given).strip())
    except CleaningError as error:
        problems.add(path, error.code, str(ROW[error.code]) % error.params)
        return None
    return value.value if isinstance(value, Remarked) else value


EMPTY: dict[str, Any] = {
    "other_emails": [],
    "title_level": None,
    "planned_on": None,
    "consent": None,
    "company.employees": None,
    "company.revenue": None,
}
