"""Leads and companies as an import reads and writes them: a batch at a time, by COPY and one statement.

`Tables` is the database. `Rehearsal` looks the same but keeps what would be written in temporary tables of its own, so
that a dry run takes the very same decisions, also about rows that meet again later in the file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import connection

from leads.models.company import NAME_KEY

State = dict[str, Any]

LEAD: dict[str, str] = {
    "id": "bigint", "email": "text", "external_id": "text", "name": "text", "title": "text", "title_level": "smallint",
    "department": "text", "phone": "text", "language": "text", "country": "text", "region": "text",
    "source_id": "bigint", "campaign": "text", "origin": "text", "stage": "text", "created_at": "timestamptz",
    "planned_on": "date", "consent": "boolean", "custom": "jsonb", "company_id": "bigint", "team_id": "bigint",
}  # fmt: skip
COMPANY: dict[str, str] = {
    "id": "bigint", "name": "text", "domain": "text", "industry": "text", "employees": "integer", "revenue": "bigint",
    "country": "text", "region": "text", "custom": "jsonb", "created_at": "timestamptz",
}  # fmt: skip
CUSTOM = {len(columns): list(columns).index("custom") for columns in (LEAD, COMPANY)}
# One encoder for all: json.dumps makes a new one each time.
as_json = json.JSONEncoder(ensure_ascii=False, default=lambda value: value.isoformat()).encode
DATES = {"created_at": datetime.fromisoformat, "planned_on": date.fromisoformat}


class Overtaken(Exception):
    """Somebody else added one of the leads meanwhile: read again and decide again."""


class Tables:
    """The database itself. Call inside a transaction: what is found is locked until its end, in the order of ids."""

    lock = "FOR NO KEY UPDATE"

    def find_leads(
        self, emails: Collection[str], external_ids: Collection[str], also: Iterable[int] = ()
    ) -> list[State]:
        """The leads that have these names today, and those of the ids `also`."""
        ids = self._ids(
            "SELECT id FROM leads_lead WHERE merged_into_id IS NULL AND email <> '' AND email = ANY(%s)"
            " UNION SELECT id FROM leads_lead"
            " WHERE merged_into_id IS NULL AND external_id <> '' AND external_id = ANY(%s)",
            [list(emails), list(external_ids)],
        )
        return self.leads({*ids, *also})

    def leads(self, ids: Collection[int]) -> list[State]:
        return self._states("leads_lead", LEAD, ids)

    def companies(self, ids: Collection[int]) -> list[State]:
        return self._states("leads_company", COMPANY, ids)

    def find_companies(self, names: Collection[str]) -> tuple[dict[str, str], list[State]]:
        """What makes each name the same name, and the companies that have one of them (the oldest of several first)."""
        if not names:
            return {}, []
        keys = dict(_fetch(f"SELECT name, {NAME_KEY % 'name'} FROM unnest(%s::text[]) AS given(name)", [list(names)]))
        ids = self._ids(f"SELECT id FROM leads_company WHERE {NAME_KEY % 'name'} = ANY(%s)", [list(keys.values())])
        return keys, self.companies(ids)

    def keys_of(self, companies: Sequence[State]) -> dict[int, str]:
        names = [company["name"] for company in companies]
        sql = f"SELECT {NAME_KEY % 'name'} FROM unnest(%s::text[]) WITH ORDINALITY AS given(name, place) ORDER BY place"
        return dict(zip((one["id"] for one in companies), (key for (key,) in _fetch(sql, [names])), strict=True))

    def lock_new_companies(self) -> None:
        """Companies have no unique name: whoever adds some goes alone."""
        _run("SELECT pg_advisory_xact_lock(hashtext('leads_company'))", [])

    def new_ids(self, table: str, number: int) -> list[int]:
        sql = f"SELECT nextval(pg_get_serial_sequence('leads_{table}', 'id')) FROM generate_series(1, %s)"
        return self._ids(sql, [number])

    def write_leads(self, *, new: Sequence[State], changed: Sequence[State], now: datetime) -> None:
        _write("leads_lead", LEAD, {"is_anonymous": False}, new, changed, now)

    def write_companies(self, *, new: Sequence[State], changed: Sequence[State], now: datetime) -> None:
        _write("leads_company", COMPANY, {"currency": "JPY"}, new, changed, now)

    def known_keys(self, keys: Collection[str], source: str) -> set[str]:
        """Those of an activity's unique keys that are taken."""
        sql = "SELECT key FROM leads_activitykey WHERE source = %s AND key = ANY(%s)"
        return {key for (key,) in _fetch(sql, [source, list(keys)])}

    def _states(self, table: str, columns: dict[str, str], ids: Collection[int]) -> list[State]:
        if not ids:
            return []
        sql = f"SELECT {', '.join(columns)} FROM {table} WHERE id = ANY(%s) ORDER BY id {self.lock}"
        states = [dict(zip(columns, row, strict=True)) for row in _fetch(sql, [list(ids)])]
        for state in states:
            state["custom"] = json.loads(state["custom"])
        return states

    def _ids(self, sql: str, params: Sequence[Any]) -> list[int]:
        return [pk for (pk,) in _fetch(sql, params)]


class Rehearsal(Tables):
    """Nothing is locked and nothing written but temporary tables of this session."""

    lock = ""

    def __init__(self) -> None:
        self._numbers = count(-1, -1)
        self.close()
        _run("CREATE TEMP TABLE rehearsed_lead (id bigint PRIMARY KEY, email text, external_id text, state text)", [])
        _run("CREATE INDEX ON rehearsed_lead (email)", [])
        _run("CREATE INDEX ON rehearsed_lead (external_id)", [])
        _run("CREATE TEMP TABLE rehearsed_company (id bigint PRIMARY KEY, key text, state text)", [])
        _run("CREATE INDEX ON rehearsed_company (key)", [])
        _run("CREATE TEMP TABLE rehearsed_key (key text PRIMARY KEY)", [])

    def close(self) -> None:
        _run("DROP TABLE IF EXISTS pg_temp.rehearsed_lead, pg_temp.rehearsed_company, pg_temp.rehearsed_key", [])

    def find_leads(
        self, emails: Collection[str], external_ids: Collection[str], also: Iterable[int] = ()
    ) -> list[State]:
        stored = super().find_leads(emails, external_ids, also)
        pretended = _thawed(
            "SELECT state FROM rehearsed_lead WHERE email = ANY(%s) OR external_id = ANY(%s) OR id = ANY(%s)",
            [list(emails), list(external_ids), [one["id"] for one in stored]],
        )
        return _overlaid(stored, pretended)

    def find_companies(self, names: Collection[str]) -> tuple[dict[str, str], list[State]]:
        keys, stored = super().find_companies(names)
        sql = "SELECT state FROM rehearsed_company WHERE key = ANY(%s)"
        return keys, _overlaid(stored, _thawed(sql, [list(keys.values())]))

    def companies(self, ids: Collection[int]) -> list[State]:
        sql = "SELECT state FROM rehearsed_company WHERE id = ANY(%s)"
        return _overlaid(super().companies(ids), _thawed(sql, [list(ids)]))

    def lock_new_companies(self) -> None:
        """Nobody waits for a rehearsal."""

    def new_ids(self, table: str, number: int) -> list[int]:
        return [next(self._numbers) for _each in range(number)]

    def write_leads(self, *, new: Sequence[State], changed: Sequence[State], now: datetime) -> None:
        rows = [[one["id"], one["email"], one["external_id"], frozen(one)] for one in (*new, *changed)]
        self._replace("rehearsed_lead", ("id", "email", "external_id", "state"), rows)

    def write_companies(self, *, new: Sequence[State], changed: Sequence[State], now: datetime) -> None:
        both = (*new, *changed)
        keys = self.keys_of(both)
        rows = [[one["id"], keys[one["id"]], frozen(one)] for one in both]
        self._replace("rehearsed_company", ("id", "key", "state"), rows)

    def known_keys(self, keys: Collection[str], source: str) -> set[str]:
        sql = "SELECT key FROM rehearsed_key WHERE key = ANY(%s)"
        known = super().known_keys(keys, source) | {key for (key,) in _fetch(sql, [list(keys)])}
        _copy("rehearsed_key (key)", ([key] for key in sorted(set(keys) - known)))
        return known

    def _replace(self, table: str, columns: tuple[str, ...], rows: list[list[Any]]) -> None:
        if rows:
            _run(f"DELETE FROM {table} WHERE id = ANY(%s)", [[row[0] for row in rows]])
            _copy(f"{table} ({', '.join(columns)})", rows)


def frozen(state: State) -> str:
    """A state as JSON text."""
    return as_json(state)


def thawed(column: str, value: Any) -> Any:
    """A value that went through JSON, as its column has it."""
    return DATES[column](value) if isinstance(value, str) and column in DATES else value


def _thawed(sql: str, params: Sequence[Any]) -> list[State]:
    states = [json.loads(text) for (text,) in _fetch(sql, params)]
    return [{column: thawed(column, value) for column, value in state.items()} for state in states]


def _overlaid(stored: Iterable[State], pretended: Iterable[State]) -> list[State]:
    return list(({one["id"]: one for one in stored} | {one["id"]: one for one in pretended}).values())


def _cells(columns: dict[str, str], state: State) -> list[Any]:
    cells = [state[name] for name in columns]
    cells[CUSTOM[len(columns)]] = as_json(state["custom"]) if state["custom"] else "{}"
    return cells


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return list(cursor.fetchall())


def _run(sql: str, params: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return int(cursor.rowcount)


def _copy(target: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _write(
    table: str, columns: dict[str, str], fixed: State, new: Sequence[State], changed: Sequence[State], now: datetime
) -> None:
    """New rows and changed ones through a staging table. Raises Overtaken when a new one is there already."""
    if not new and not changed:
        return
    staged = f"staged_{table}"
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    _run(f"CREATE TEMP TABLE IF NOT EXISTS {staged} ({listed}, is_new boolean) ON COMMIT DELETE ROWS", [])
    _run(f"TRUNCATE {staged}", [])
    states = [(one, True) for one in new] + [(one, False) for one in changed]
    _copy(f"{staged} ({', '.join(columns)}, is_new)", ([*_cells(columns, one), is_new] for one, is_new in states))
    if new and _insert(table, staged, columns, fixed, now) != len(new):
        raise Overtaken
    if changed:
        settings = ", ".join(f"{name} = staged.{name}" for name in columns if name != "id")
        _run(
            f"UPDATE {table} SET {settings}, updated_at = %s FROM {staged} AS staged"
            f" WHERE {table}.id = staged.id AND NOT staged.is_new",
            [now],
        )


def _insert(table: str, staged: str, columns: dict[str, str], fixed: State, now: datetime) -> int:
    names, holders = ", ".join(columns), ", ".join(["%s"] * len(fixed))
    return _run(
        f"INSERT INTO {table} ({names}, updated_at, {', '.join(fixed)})"
        f" SELECT {names}, %s, {holders} FROM {staged} WHERE is_new ORDER BY id ON CONFLICT DO NOTHING",
        [now, *fixed.values()],
    )
