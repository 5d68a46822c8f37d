"""What the API may be told about leads: cleaned by hand, because a batch of 1,000 must cost milliseconds."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from frame.api.problems import ApiError, ApiProblem
from intake.actions.intake import IncomingActivity
from intake.actions.upsert import LeadValues
from intake.imports.fields import COMPANY_FIELDS, LEAD_FIELDS, CleaningContext, ImportField, custom_fields
from intake.imports.problems import ROW
from leads.actions.identification import Identity
from leads.models import ActivityType
from web import cleaning
from web.cleaning import OUT_OF_BOUNDS, CleaningError

log = logging.getLogger(__name__)

MAX_BATCH = 1_000
AHEAD = timedelta(minutes=5)
IDENTITY_LENGTHS = {"email": 254, "external_id": 120, "anonymous_id": 80}
ACTIVITY_FIELDS = frozenset({"key", "lead", "type", "occurred_at", "object", "properties"})
# Somebody will try: scores are computed here, from what happened.
IGNORED = frozenset({"score", "total", "points", "band", "grade", "received_at"})
MAX_PROPERTIES, MAX_PROPERTY_DEPTH = 100, 8


@dataclass
class Notes:
    """The problems of one thing that was sent, each with its path inside it."""

    root: str
    problems: list[ApiProblem]

    def add(self, where: str, code: str, text: str) -> None:
        self.problems.append(ApiProblem(where=f"{self.root}.{where}".strip("."), code=code, text=text))


def listed(data: Any, name: str) -> tuple[list[Any], bool]:
    """The things sent, and whether they came as a batch. Raises ApiError for a shape that is neither."""
    if isinstance(data, dict) and name not in data:
        return [data], False
    rows = data.get(name) if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        text = _("Send one object, or a list of 1 to %(max)d under %(name)s.") % {"max": MAX_BATCH, "name": name}
        raise ApiError(text, [ApiProblem(where=name, code="shape", text=text)])
    if len(rows) > MAX_BATCH:
        text = _("At most %(max)d at once.") % {"max": MAX_BATCH}
        raise ApiError(text, [ApiProblem(where=name, code="too_many", text=text)])
    return rows, True


def clean_activities(
    rows: Iterable[Any], *, root: str, now: datetime
) -> tuple[list[tuple[int, IncomingActivity]], dict[int, list[ApiProblem]]]:
    """The good ones with their place, and what is wrong with each of the others."""
    types = {kind.code: kind.pk for kind in ActivityType.objects.filter(is_active=True)}
    good: list[tuple[int, IncomingActivity]] = []
    bad: dict[int, list[ApiProblem]] = {}
    for place, row in enumerate(rows):
        notes = Notes(f"{root}[{place}]" if root else "", [])
        told = _activity(row, types, now, notes)
        if told is None or notes.problems:
            bad[place] = notes.problems
        else:
            good.append((place, told))
    return good, bad


def _activity(row: Any, types: Mapping[str, int], now: datetime, notes: Notes) -> IncomingActivity | None:
    if not isinstance(row, dict):
        notes.add("", "shape", _("Expected an object."))
        return None
    _refuse_strangers(row, ACTIVITY_FIELDS, notes)
    key = clean_text(row, "key", 200, notes, required=True)
    identity = clean_identity(row.get("lead"), notes)
    code = clean_text(row, "type", 40, notes, required=True)
    if code and code not in types:
        notes.add("type", "unknown_type", _("There is no activity type %(code)s.") % {"code": code})
    occurred_at = clean_time(row.get("occurred_at"), now, notes)
    about = clean_text(row, "object", 500, notes)
    properties = _properties(row.get("properties"), notes)
    if notes.problems or identity is None or occurred_at is None:
        return None
    return IncomingActivity(
        identity=identity, type_id=types[code], occurred_at=occurred_at, key=key, object=about, properties=properties
    )


def clean_identity(given: Any, notes: Notes, where: str = "lead") -> Identity | None:
    """The lead that is meant: at least one of e-mail, external id and the browser's own id."""
    if not isinstance(given, dict):
        notes.add(where, "required", _("Say which lead: email, external_id or anonymous_id."))
        return None
    inner = Notes(f"{notes.root}.{where}".strip("."), notes.problems)
    before = len(notes.problems)
    _refuse_strangers(given, frozenset(IDENTITY_LENGTHS), inner)
    names = {name: clean_text(given, name, length, inner) for name, length in IDENTITY_LENGTHS.items()}
    names["email"] = clean_email(names["email"], inner)
    if not any(names.values()) and len(notes.problems) == before:
        notes.add(where, "required", _("Say which lead: email, external_id or anonymous_id."))
    return Identity(**names) if len(notes.problems) == before else None


def clean_email(value: str, notes: Notes) -> str:
    """Plain width and lower case, as it is stored."""
    if not value:
        return ""
    try:
        return cleaning.clean_email(value)
    except CleaningError:
        notes.add("email", "email", _("This is not an e-mail address."))
        return ""


def clean_text(row: Mapping[str, Any], name: str, length: int, notes: Notes, *, required: bool = False) -> str:
    """A text without the space around it; a number is taken as its digits (ids often come as numbers)."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**40 else "9" * (length + 1)
    if value is None or value == "":
        if required:
            notes.add(name, "required", _("This is needed."))
        return ""
    if not isinstance(value, str):
        notes.add(name, "text", _("Expected a text."))
        return ""
    value = value.strip()
    if len(value) > length:
        notes.add(name, "too_long", _("At most %(max)d characters.") % {"max": length})
    elif required and not value:
        notes.add(name, "required", _("This is needed."))
    return value


def clean_time(value: Any, now: datetime, notes: Notes, name: str = "occurred_at") -> datetime | None:
    """An instant with its zone, not before 2000 and not ahead of our clock by more than a few minutes."""
    if value is None or value == "":
        notes.add(name, "required", _("This is needed."))
        return None
    try:
        instant = cleaning.clean_instant(value if isinstance(value, str) else "")
    except CleaningError as error:
        if error.code == "out_of_bounds":
            notes.add(name, error.code, str(OUT_OF_BOUNDS))
        else:
            notes.add(name, "time", _("Expected a time with its zone, such as 2026-06-01T10:00:00+09:00."))
        return None
    if instant > now + AHEAD:
        notes.add(name, "in_future", _("This lies in the future."))
    return instant


def _properties(value: Any, notes: Notes) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        notes.add("properties", "shape", _("Expected an object."))
        return {}
    if len(value) > MAX_PROPERTIES:
        notes.add("properties", "too_many", _("At most %(max)d at once.") % {"max": MAX_PROPERTIES})
    if _depth(value, MAX_PROPERTY_DEPTH) > MAX_PROPERTY_DEPTH:
        notes.add("properties", "too_deep", _("Nested too deeply."))
    return value


def _depth(value: Any, limit: int) -> int:
    """How deeply it is nested; stops counting past `limit`."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if members is None or limit < 0:
        return 0
    return 1 + max((_depth(member, limit - 1) for member in members), default=0)


def _refuse_strangers(row: Mapping[str, Any], known: frozenset[str], notes: Notes) -> None:
    """A misspelt name must not lose data in silence. A score is not ours to be told: ignored, and logged."""
    for name in row.keys() - known:
        if name in IGNORED:
            log.warning("ignored_field", extra={"field": name})
        else:
            notes.add(name[:60], "unknown_field", _("There is no such field."))


# --- leads -----------------------------------------------------------------------------------------------------------

IDENTITY_FIELDS = ("email", "external_id", "anonymous_id")


def clean_lead(row: Any, *, now: datetime) -> tuple[Identity, LeadValues]:
    """Who it is and what is said of them. Raises ApiError with everything that is wrong."""
    notes = Notes("", [])
    identity, values = None, LeadValues()
    if not isinstance(row, dict):
        notes.add("", "shape", _("Expected an object."))
    else:
        identity = clean_identity({name: row[name] for name in IDENTITY_FIELDS if name in row}, notes, where="")
        if identity is not None and identity.is_anonymous:
            notes.add("", "required", _("Say which lead: email or external_id. A browser alone has no fields."))
        values = _lead_values({name: value for name, value in row.items() if name not in IDENTITY_FIELDS}, now, notes)
    if notes.problems or identity is None:
        raise ApiError(_("The lead cannot be stored."), notes.problems)
    return identity, values


def _lead_values(row: Mapping[str, Any], now: datetime, notes: Notes) -> LeadValues:
    """`company` and `custom` are objects; a null empties a field."""
    setting = CleaningContext(zone=ZoneInfo("UTC"), now=now)
    known = {each.name.removeprefix("lead."): each for each in (*LEAD_FIELDS, *COMPANY_FIELDS, *custom_fields())}
    found: dict[str, dict[str, Any]] = {"": {}, "custom.": {}, "company.": {}, "company.custom.": {}}
    for path, value in _flat(row):
        home = max((prefix for prefix in found if path.startswith(prefix)), key=len)
        if path in IGNORED:
            log.warning("ignored_field", extra={"field": path})
        elif path not in known:
            notes.add(path[:80], "unknown_field", _("There is no such field."))
        else:
            found[home][path.removeprefix(home)] = _value(known[path], value, path, setting, notes)
    return LeadValues(
        lead=found[""], custom=found["custom."], company=found["company."], company_custom=found["company.custom."]
    )


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, dict) and f"{prefix}{name}" in {"company", "custom", "company.custom"}:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _value(known: ImportField, given: Any, path: str, setting: CleaningContext, notes: Notes) -> Any:
    """The same cleaners as files have: what may stand in a cell may stand here, as text or as a number."""
    if given is None or given == "":
        return EMPTY.get(path, None if path.count("custom.") else "")
    if isinstance(given, dict | list):
        notes.add(path, "text", _("Expected a text."))
        return None
    try:
        return known.cleaner(setting)("yes" if given is True else "no" if given is False else str(given).strip())
    except CleaningError as error:
        notes.add(path, error.code, str(ROW[error.code]) % error.params)
        return None


EMPTY: dict[str, Any] = {
    "title_level": None,
    "planned_on": None,
    "consent": None,
    "company.employees": None,
    "company.revenue": None,
}
